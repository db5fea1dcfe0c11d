// One call as a pure state machine: start(…) and step(call, event) → [call, commands]. Nothing else changes a call: no
// clock, no randomness, no I/O, and the same events always give the same call. The hunt's own moves are in hunt.ts.
import { joinMs, leaseRetryMs, ringRetryMs, setupMs } from './call-draft'
import type { Call, CallEvent, Command, Decided, Leg } from './call-state'
import { Cause, clearingCause, failedToRing } from './cause'
import { FoundLegs } from './found-legs'
import type { IncomingCall, TelephonyFailure } from '../ports'

/**
 * Begins a call: claims the caller, who has waited so long, and rings the first step, or goes straight to the fallback. A
 * caller who hung up before that, with the Q.850 cause `goneWith`, is recorded, and nobody is rung.
 */
export function start(
  id: string,
  incoming: IncomingCall,
  decided: Decided,
  options: {
    readonly at: number
    readonly maxCallSeconds: number
    readonly waitedMs?: number
    readonly goneWith?: number | undefined
  }
): [Call, readonly Command[]] {
  const call: Call = {
    id,
    incoming,
    decision: decided.decision,
    rule: decided.rule,
    plan: decided.plan,
    maxCallSeconds: options.maxCallSeconds,
    phase: { kind: 'hunting', step: 0 },
    ringback: false,
    callerUpAt: null,
    legs: [],
    bridge: 'none',
    lease: null,
    talked: false,
    closing: null,
    unsent: [],
    history: []
  }
  const turn = new Turn(call, options.at)
  if (options.goneWith === undefined) turn.begin(options.waitedMs ?? 0)
  else turn.beginGone(options.goneWith)
  return turn.result()
}

/** Takes one event. An event that no longer means anything (a stale timer, a leg that has ended) changes nothing. */
export function step(call: Call, event: CallEvent): [Call, readonly Command[]] {
  if (call.phase.kind === 'ended') return [call, []]
  const turn = new Turn(call, event.at)
  turn.take(event)
  return turn.result()
}

/** One event's worth of work: hands it to the hunt, and judges what became of what the hunt has asked for. */
class Turn extends FoundLegs {
  take(event: CallEvent): void {
    switch (event.type) {
      case 'legSeen':
        return this.legSeen(event.leg)
      case 'legRinging':
      case 'legProgress':
        return this.legRinging(event.leg)
      case 'legAnswered':
        return this.legAnswered(event.leg)
      case 'legGone':
        return this.legGone(event.leg, event.cause, event.sipCode)
      case 'legLost':
        return this.legLost(event.leg)
      case 'legFound':
        return this.legFound(event.leg)
      case 'legUndialled':
        return this.legUndialled(event.leg)
      case 'legUnmade':
        return this.legUnmade(event.leg)
      case 'joined':
        return this.joined(event.leg)
      case 'parted':
        return this.parted(event.leg)
      case 'callerUp':
        return this.callerUp()
      case 'callerGone':
        return this.callerGone(clearingCause(event.cause))
      case 'callerLeft':
        return this.callerLeft()
      case 'callerLost':
        return this.callerLost()
      case 'bridgeLost':
        return this.bridgeGone()
      case 'recovered':
        return this.recovered()
      case 'timer':
        return this.timerFired(event.timer)
      case 'done':
        return this.done(event.command)
      case 'failed':
        return this.failed(event.command, event.failure)
    }
  }

  private timerFired(timer: string): void {
    const [kind, id = ''] = timer.split(':')
    const leg = this.leg(id)
    if (kind === 'setup' && leg?.state === 'creating') this.setupTooLong(leg)
    else if (kind === 'ring' && leg?.state === 'ringing') this.giveUp(leg, 'no-answer', Cause.noAnswer)
    else if (kind === 'ring' && leg?.state === 'dialling') this.giveUp(leg, 'unreachable', Cause.noUserResponding)
    else if (kind === 'hangup' && leg?.state === 'ending') this.hangUpLeg(leg)
    else if (kind === 'bridge' && this.call.bridge === 'ending') this.commands.push({ type: 'destroyBridge' })
    else if (kind === 'join') this.bridgeFailed(id)
    else if (kind === 'ringback') this.ringCaller()
    else if (kind === 'silence' && this.call.ringback && this.call.phase.kind === 'hunting') {
      this.commands.push({ type: 'ringCaller' })
    } else if (kind === 'leave' && this.call.phase.kind === 'leaving') this.giveFallback()
    else if (kind === 'lease' && this.call.lease !== null && this.isInOurHands()) this.setLease(this.call.lease)
    else if (kind === 'caller' && !this.isClosed()) this.callerUnconfirmed()
  }

  private done(command: Command): void {
    const { phase } = this.call
    if (command.type === 'bridge' && phase.kind === 'connecting' && phase.leg === command.leg) {
      this.connected(phase.leg)
    } else if (command.type === 'bridge' && phase.kind === 'bridged') this.phase({ ...phase, rejoins: 0 })
    else if (command.type === 'answerCaller') this.callerAnswered()
    else if (command.type === 'leaveToDialplan') this.callerLeft()
    else if (command.type === 'destroyBridge') this.bridgeGone()
  }

  private failed(command: Command, failure: TelephonyFailure): void {
    if (failure === 'disconnected' && this.isStillWanted(command)) {
      // The connection may have gone with the answer, after Asterisk has acted.
      const unsent = command.type === 'dialLeg' ? { ...command, again: true } : command
      this.call = { ...this.call, unsent: [...this.call.unsent, unsent] }
      return
    }
    switch (command.type) {
      case 'createLeg':
        return this.createFailed(command.leg, failure)
      case 'dialLeg':
        // One that rings, whatever became of the answer, is dialled; so is one where a conflict says so.
        if (failure === 'conflict' || this.leg(command.leg)?.state !== 'dialling') return
        if (failure !== 'gone') return this.giveUpById(command.leg)
        // How it ended its own event says, which is on its way.
        return void this.commands.push({ type: 'startTimer', timer: `ring:${command.leg}`, ms: joinMs })
      case 'hangUpLeg':
        if (failure === 'gone') return this.legGone(command.leg, 0)
        return this.retryLater(`hangup:${command.leg}`)
      case 'answerCaller':
        return failure === 'gone' || failure === 'conflict' ? this.callerVanished() : this.answerFailed()
      case 'bridge':
        if (failure === 'failed' || failure === 'invalid') return this.bridgeFailed(command.leg)
        if (failure === 'timeout') return this.joinUnknown(command.leg)
        // One of the two has gone, and its own event says which: nobody is rung for a caller who may not be there.
        this.commands.push({ type: 'startTimer', timer: `join:${command.leg}`, ms: joinMs })
        return
      case 'destroyBridge':
        if (failure === 'gone') return this.bridgeGone()
        return this.retryLater('bridge')
      case 'hangUpCaller':
        // 404 is the one proof without an event that the caller is gone.
        if (failure === 'gone') return this.close('lost', null, 0, true)
        return
      case 'leaveToDialplan':
        if (this.call.phase.kind !== 'leaving') return
        if (failure === 'gone') return this.callerGone(Cause.normalClearing)
        if (failure === 'conflict') return this.callerLeft()
        // Nobody knows whether they have left: asked again, they have, or leave now.
        if (failure === 'timeout') return void this.commands.push(command)
        // Their lease stands: where this never works, it takes them to the failsafe.
        return void this.commands.push({ type: 'startTimer', timer: 'leave', ms: leaseRetryMs })
      case 'setLease':
        // An old one that stays armed would tear a conversation apart.
        if (failure === 'gone' || failure === 'conflict' || !this.isCurrent(command)) return
        return void this.commands.push({ type: 'startTimer', timer: 'lease', ms: leaseRetryMs })
      case 'ringCaller':
        // The caller's own end, if that is why, comes as an event. Otherwise they may hear nothing.
        if (failure === 'gone' || failure === 'conflict') return
        return void this.commands.push({ type: 'startTimer', timer: 'silence', ms: ringRetryMs })
      case 'startTimer':
      case 'cancelTimer':
      case 'record':
    }
  }

  private recovered(): void {
    const { unsent } = this.call
    this.call = { ...this.call, unsent: [] }
    const wanted = unsent.filter((command) => this.isStillWanted(command))
    for (const command of wanted) this.askAgain(command)
    // A leg that has all its time to ring before it.
    if (wanted.some(({ type }) => type === 'createLeg' || type === 'dialLeg')) this.leaseWhileRinging()
  }

  /** Its time begins anew: the timer of the first time may be over, and waits for this look alone. */
  private askAgain(command: Command): void {
    const leg = 'leg' in command ? this.leg(command.leg) : undefined
    if (leg !== undefined && command.type === 'createLeg') this.make(leg)
    else if (leg !== undefined && command.type === 'dialLeg') this.dial(leg, true)
    else this.commands.push(command)
  }

  /** Whether a command is worth asking again. Hang-ups are repeated by timers of their own. */
  private isStillWanted(command: Command): boolean {
    const { phase } = this.call
    switch (command.type) {
      case 'createLeg':
        return this.leg(command.leg)?.state === 'creating'
      case 'dialLeg':
        return this.leg(command.leg)?.state === 'dialling'
      case 'ringCaller':
        return phase.kind === 'hunting'
      case 'answerCaller':
        return phase.kind === 'connecting'
      case 'bridge':
        return phase.kind === 'connecting' && phase.leg === command.leg
      case 'leaveToDialplan':
        return phase.kind === 'leaving'
      case 'setLease':
        return this.isInOurHands() && this.isCurrent(command)
      default:
        return false
    }
  }

  private isInOurHands(): boolean {
    const { kind } = this.call.phase
    return kind === 'hunting' || kind === 'connecting' || kind === 'bridged'
  }

  private isCurrent({ seconds, talking }: Extract<Command, { type: 'setLease' }>): boolean {
    return this.call.lease?.seconds === seconds && this.call.lease.talking === talking
  }

  /** What has not even been sent cannot have been seen: the target is not given up for that. */
  private setupTooLong(leg: Leg): void {
    const isUnsent = this.call.unsent.some((each) => each.type === 'createLeg' && each.leg === leg.id)
    if (!isUnsent) return this.giveUp(leg, 'failed', Cause.temporaryFailure)
    this.commands.push({ type: 'startTimer', timer: `setup:${leg.id}`, ms: setupMs })
  }

  private createFailed(id: string, failure: TelephonyFailure): void {
    const leg = this.leg(id)
    // One that was shown to us is made, whatever became of the answer.
    if (leg?.state !== 'creating' && leg?.state !== 'ending') return
    // The id is there already, so the leg is: an earlier request has made it. Where nobody knows, hanging it up tells.
    if (failure === 'conflict') return
    if (failure === 'timeout' || failure === 'disconnected') return this.giveUpById(id)
    const { outcome, cause } = failedToRing(failure)
    this.legGone(id, cause, undefined, outcome)
  }
}
