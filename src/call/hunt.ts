// The moves of a hunt: people ring in turn, one answers. What each event means for a call, apart from
// what becomes of our own commands, which is in call.ts. PURE.
import { isActive, joiningSeconds, marginSeconds, ringbackMs, setupMs } from './call-draft'
import { Ending } from './call-ending'
import type { Leg } from './call-state'
import { attemptOutcome, Cause, clearingCause, isAnswerRefused } from './cause'
import { dialRefusal } from '../rules/gate'
import { finalFallback } from '../rules/number'
import type { AttemptOutcome } from './record'

export class Hunt extends Ending {
  /** Claims the caller, and rings the first step. */
  begin(waitedMs: number): void {
    this.note({ at: this.at, type: 'arrived' })
    this.ringFirst(waitedMs)
  }

  /** Records a caller who had hung up before anything could be done for them. */
  beginGone(cause: number): void {
    this.note({ at: this.at, type: 'arrived' })
    this.callerGone(clearingCause(cause))
  }

  protected ringFirst(waitedMs: number): void {
    if (this.call.decision === 'unknown-number') this.refuse(Cause.unallocatedNumber)
    else if (this.call.decision === 'disabled') this.refuse(Cause.subscriberAbsent)
    else {
      this.commands.push({ type: 'startTimer', timer: 'ringback', ms: Math.max(0, ringbackMs - waitedMs) })
      this.ring(1)
    }
  }

  /** Rings a step (counted from 1); past the last one, the fallback. */
  private ring(number: number): void {
    const planned = this.call.plan.steps[number - 1]
    if (planned === undefined) return this.fallBack()
    this.phase({ kind: 'hunting', step: number })
    planned.targets.forEach(({ dial, ringSeconds }, index) => {
      const id = `${this.call.id}.${String(number)}.${String(index + 1)}`
      const leg: Leg = { id, step: number, target: index + 1, dial, ringSeconds, state: 'creating', endCause: null }
      this.legs.push(leg)
      this.note({ at: this.at, type: 'attempt', leg: id })
    })
    for (const leg of this.legs.filter((each) => each.step === number)) this.make(leg)
    this.leaseWhileRinging()
  }

  /**
   * Just past what the step may last, from when the caller hears ringing. One who hears nothing yet has the short lease of
   * the door: should we be stopped or hang at that moment, the failsafe has them within seconds.
   */
  protected leaseWhileRinging(): void {
    if (!this.call.ringback || this.call.phase.kind !== 'hunting') return
    const longest = Math.max(0, ...this.legs.filter(isActive).map(({ ringSeconds }) => ringSeconds))
    this.setLease({ seconds: setupMs / 1000 + longest + marginSeconds, talking: false })
  }

  /** Goes on to the next step once nobody of this one can answer any more. */
  protected advance(): void {
    const { phase } = this.call
    if (phase.kind !== 'hunting' || this.legs.some((leg) => leg.step === phase.step && isActive(leg))) return
    this.ring(phase.step + 1)
  }

  protected legSeen(id: string): void {
    const leg = this.leg(id)
    // It came up after all, when everybody had given it up.
    if (leg?.state === 'gone') this.commands.push({ type: 'hangUpLeg', leg: id, cause: Cause.normalClearing })
    if (leg?.state !== 'creating') return
    this.commands.push({ type: 'cancelTimer', timer: `setup:${id}` })
    this.dial(leg)
  }

  /** `again`: it may have been dialled before. */
  protected dial(leg: Leg, again = false): void {
    const { id, ringSeconds } = leg
    this.change(leg, { state: 'dialling' })
    this.commands.push(
      { type: 'dialLeg', leg: id, timeoutSeconds: ringSeconds + marginSeconds, again },
      { type: 'startTimer', timer: `ring:${id}`, ms: ringSeconds * 1000 }
    )
  }

  /** Nothing is made that the gate refuses, whatever an older plan says. */
  protected make(leg: Leg): void {
    const { id, dial } = leg
    const planned = this.call.plan.steps[leg.step - 1]?.targets[leg.target - 1]
    if (planned?.refused !== undefined || dialRefusal(dial) !== undefined) {
      return this.legGone(id, Cause.outgoingCallsBarred, undefined, 'refused')
    }
    this.commands.push({ type: 'createLeg', leg: id, dial }, { type: 'startTimer', timer: `setup:${id}`, ms: setupMs })
  }

  protected legRinging(id: string): void {
    const leg = this.leg(id)
    if (leg?.state !== 'dialling') return
    this.change(leg, { state: 'ringing' })
    this.note({ at: this.at, type: 'ringing', leg: id })
    this.ringCaller()
  }

  /** The caller hears ringing as soon as something rings, and after a while in any case: never dead air. */
  protected ringCaller(): void {
    if (this.call.ringback || this.call.phase.kind !== 'hunting') return
    this.call = { ...this.call, ringback: true }
    this.commands.push({ type: 'ringCaller' })
    this.leaseWhileRinging()
  }

  /** The first to answer wins; everyone else's leg is cleared with cause 26, so that no phone shows a missed call. */
  protected legAnswered(id: string): void {
    const leg = this.leg(id)
    if (leg === undefined || !isActive(leg) || this.call.phase.kind !== 'hunting') return
    // Before the hang-ups of those who rang with them: Asterisk does one after another.
    this.commands.push({ type: 'answerCaller' })
    this.wins(leg)
    this.leaseWhileJoining()
  }

  /** Where somebody answers at once, under the lease of the door, the two have time to be joined. */
  protected leaseWhileJoining(): void {
    if (this.call.lease === null) this.setLease({ seconds: joiningSeconds, talking: false })
  }

  protected wins(leg: Leg): void {
    this.stopTimers(leg)
    this.change(leg, { state: 'answered' })
    this.note({ at: this.at, type: 'answered', leg: leg.id })
    this.endLegs('answered-elsewhere', Cause.answeredElsewhere, leg.id)
    this.phase({ kind: 'connecting', leg: leg.id, asked: 1 })
  }

  protected connected(id: string): void {
    this.phase({ kind: 'bridged', leg: id })
    this.note({ at: this.at, type: 'connected', leg: id })
  }

  /** Their bridge was destroyed, or one was taken out of it. What came of joining them again, the next look tells. */
  protected parted(id: string): void {
    const { phase } = this.call
    if (phase.kind !== 'bridged' || phase.leg !== id) return
    const { rejoins = 0 } = phase
    if (rejoins >= 2) return this.hangUpCaller('answered', 'followme', Cause.temporaryFailure)
    this.phase({ ...phase, rejoins: rejoins + 1 })
    this.commands.push({ type: 'bridge', leg: id })
  }

  /** The caller is answered: now the two are joined. Before, a conversation would have a caller who only rings. */
  protected callerAnswered(): void {
    const { phase, maxCallSeconds } = this.call
    if (phase.kind !== 'connecting') return
    this.callerUp()
    this.call = { ...this.call, bridge: 'made' }
    this.phase({ ...phase, asked: 1 })
    this.commands.push({ type: 'bridge', leg: phase.leg })
    this.setLease({ seconds: maxCallSeconds, talking: true })
  }

  /** Asked once more; a caller who cannot be answered cannot be joined to anybody. */
  protected answerFailed(): void {
    const { phase } = this.call
    if (phase.kind !== 'connecting') return
    if (phase.asked >= 2) return this.bridgeFailed(phase.leg)
    this.phase({ ...phase, asked: phase.asked + 1 })
    this.commands.push({ type: 'answerCaller' })
  }

  /**
   * Nobody knows whether the two were joined. To join them again does nothing to two who are, and a person who has
   * answered is not let go of for an answer of Asterisk's that was lost.
   */
  protected joinUnknown(leg: string): void {
    const { phase } = this.call
    if (phase.kind !== 'connecting' || phase.leg !== leg) return
    if (phase.asked >= 2) return this.bridgeFailed(leg)
    this.phase({ ...phase, asked: phase.asked + 1 })
    this.commands.push({ type: 'bridge', leg })
  }

  /** How it ended is told by its cause, where neither we nor `outcome` know better. */
  protected legGone(id: string, cause: number, sipCode?: number, outcome?: AttemptOutcome): void {
    const leg = this.leg(id)
    if (leg === undefined || leg.state === 'gone') return
    const { phase } = this.call
    const isPartner = (phase.kind === 'connecting' || phase.kind === 'bridged') && phase.leg === id
    this.stopTimers(leg)
    this.change(leg, { state: 'gone' })
    // A leg that we have ended echoes our own cause, and its end is noted already.
    if (leg.state !== 'ending') {
      const isAnswered = leg.state === 'answered' && (phase.kind === 'bridged' || !isAnswerRefused(cause, sipCode))
      const natural = isAnswered ? 'answered' : attemptOutcome(cause, sipCode)
      this.note({ at: this.at, type: 'attempt-ended', leg: id, outcome: outcome ?? natural, cause, sipCode })
    }
    if (isPartner && phase.kind === 'bridged') {
      this.hangUpCaller('answered', 'target', clearingCause(cause))
    } else if (isPartner) {
      this.resumeHunt(leg)
    } else {
      this.advance()
    }
    this.finish()
  }

  /** The person who answered was lost before the two could talk: the caller goes on ringing, at the next step. */
  private resumeHunt(leg: Leg): void {
    this.call = { ...this.call, ringback: false }
    this.ring(leg.step + 1)
    this.ringCaller()
  }

  private fallBack(): void {
    this.note({ at: this.at, type: 'fallback', fallback: this.call.plan.fallback })
    this.giveFallback()
  }

  protected giveFallback(): void {
    const parsed = finalFallback(this.call.plan.fallback)
    if (parsed.kind === 'busy') return this.hangUpCaller('fallback', 'followme', Cause.userBusy)
    if (parsed.kind === 'hangup') return this.hangUpCaller('fallback', 'followme', Cause.noAnswer)
    // The lease stays until the dialplan has the caller, and ends it there.
    this.phase({ kind: 'leaving' })
    this.commands.push({ type: 'leaveToDialplan', fallback: parsed })
  }

  private refuse(cause: number): void {
    this.hangUpCaller('refused', 'followme', cause)
  }

  protected bridgeFailed(id: string): void {
    const leg = this.leg(id)
    if (this.call.phase.kind !== 'connecting' || this.call.phase.leg !== id || leg === undefined) return
    this.endLeg(leg, 'failed', Cause.temporaryFailure)
    this.resumeHunt(leg)
  }

  protected giveUpById(id: string): void {
    const leg = this.leg(id)
    if (leg !== undefined && isActive(leg)) this.giveUp(leg, 'failed', Cause.temporaryFailure)
  }

  protected giveUp(leg: Leg, outcome: AttemptOutcome, cause: number): void {
    this.endLeg(leg, outcome, cause)
    this.advance()
  }
}
