// The moves of a hunt: people ring in turn, one answers, somebody hangs up. What each event means for a call, apart from
// what becomes of our own commands, which is in call.ts. PURE.
import { CallDraft, hangUpRetryMs, isActive, marginSeconds, ringbackMs, setupMs } from './call-draft'
import type { Leg } from './call-state'
import { Cause, attemptOutcome, clearingCause } from './cause'
import { finalFallback } from './number'
import type { AttemptOutcome, CallOutcome, EndedBy } from './record'

export class Hunt extends CallDraft {
  /** Claims the caller, and rings the first step. */
  begin(): void {
    this.note({ at: this.at, type: 'arrived' })
    if (this.call.decision === 'unknown-number') this.refuse(Cause.unallocatedNumber)
    else if (this.call.decision === 'disabled') this.refuse(Cause.subscriberAbsent)
    else {
      this.commands.push({ type: 'startTimer', timer: 'ringback', ms: ringbackMs })
      this.ring(1)
    }
  }

  /** Rings a step (counted from 1); past the last one, the fallback. */
  private ring(number: number): void {
    const planned = this.call.plan.steps[number - 1]
    if (planned === undefined) return this.fallBack()
    this.phase({ kind: 'hunting', step: number })
    const longest = Math.max(...planned.targets.map((target) => target.ringSeconds))
    this.setLease({ seconds: setupMs / 1000 + longest + marginSeconds, talking: false })
    planned.targets.forEach(({ dial, ringSeconds }, index) => {
      const id = `${this.call.id}.${String(number)}.${String(index + 1)}`
      this.legs.push({ id, step: number, target: index + 1, dial, ringSeconds, state: 'creating', endCause: null })
      this.note({ at: this.at, type: 'attempt', leg: id })
      this.commands.push({ type: 'createLeg', leg: id, dial })
      this.commands.push({ type: 'startTimer', timer: `setup:${id}`, ms: setupMs })
    })
  }

  /** Goes on to the next step once nobody of this one can answer any more. */
  private advance(): void {
    const { phase } = this.call
    if (phase.kind !== 'hunting' || this.legs.some((leg) => leg.step === phase.step && isActive(leg))) return
    this.ring(phase.step + 1)
  }

  protected legSeen(id: string): void {
    const leg = this.leg(id)
    // It came up after all, when everybody had given it up.
    if (leg?.state === 'gone') this.commands.push({ type: 'hangUpLeg', leg: id, cause: Cause.normalClearing })
    if (leg?.state !== 'creating') return
    this.change(leg, { state: 'dialling' })
    this.commands.push(
      { type: 'cancelTimer', timer: `setup:${id}` },
      { type: 'dialLeg', leg: id, timeoutSeconds: leg.ringSeconds + marginSeconds },
      { type: 'startTimer', timer: `ring:${id}`, ms: leg.ringSeconds * 1000 }
    )
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
  }

  /** The first to answer wins; everyone else's leg is cleared with cause 26, so that no phone shows a missed call. */
  protected legAnswered(id: string): void {
    const leg = this.leg(id)
    if (leg === undefined || !isActive(leg) || this.call.phase.kind !== 'hunting') return
    this.stopTimers(leg)
    this.change(leg, { state: 'answered' })
    this.note({ at: this.at, type: 'answered', leg: id })
    this.endLegs('answered-elsewhere', Cause.answeredElsewhere, id)
    this.phase({ kind: 'connecting', leg: id, answers: 1 })
    this.commands.push({ type: 'answerCaller' })
  }

  /** The caller is answered: now the two are joined. Before, a conversation would have a caller who only rings. */
  protected callerAnswered(): void {
    const { phase, maxCallSeconds } = this.call
    if (phase.kind !== 'connecting') return
    this.call = { ...this.call, bridge: 'made' }
    this.commands.push({ type: 'bridge', leg: phase.leg })
    this.setLease({ seconds: maxCallSeconds, talking: true })
  }

  /** Asked once more; a caller who cannot be answered cannot be joined to anybody. */
  protected answerFailed(): void {
    const { phase } = this.call
    if (phase.kind !== 'connecting') return
    if (phase.answers >= 2) return this.bridgeFailed(phase.leg)
    this.phase({ ...phase, answers: phase.answers + 1 })
    this.commands.push({ type: 'answerCaller' })
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
      const natural = leg.state === 'answered' ? 'answered' : attemptOutcome(cause, sipCode)
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
    this.ring(leg.step + 1)
    this.call = { ...this.call, ringback: false }
    this.ringCaller()
  }

  protected legLost(id: string): void {
    const leg = this.leg(id)
    // One still being made may not have been there to be seen. Its setup timer watches it, or the hang-up we have asked for.
    if (leg === undefined || leg.state === 'creating' || leg.state === 'ending') return
    this.legGone(id, 0, undefined, 'lost')
  }

  private fallBack(): void {
    const { fallback } = this.call.plan
    this.note({ at: this.at, type: 'fallback', fallback })
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

  protected hangUpCaller(outcome: CallOutcome, endedBy: EndedBy | null, cause: number): void {
    this.phase({ kind: 'ending' })
    this.call = { ...this.call, closing: { outcome, endedBy, cause } }
    this.endLegs('cancelled', Cause.normalClearing)
    this.commands.push({ type: 'hangUpCaller', cause }, { type: 'startTimer', timer: 'caller', ms: hangUpRetryMs })
  }

  /**
   * The caller has gone or is in other hands: Asterisk says which in a moment, if they have gone. Whoever rings for them
   * stops now.
   */
  protected callerVanished(): void {
    const { phase } = this.call
    if (phase.kind === 'ending') return
    const outcome = phase.kind === 'bridged' ? 'answered' : 'abandoned'
    this.call = { ...this.call, closing: { outcome, endedBy: 'caller', cause: null } }
    this.phase({ kind: 'ending' })
    this.endLegs('cancelled', Cause.normalClearing)
    this.commands.push({ type: 'startTimer', timer: 'caller', ms: hangUpRetryMs })
  }

  /** The caller's end was not confirmed in time. One whom we did not ask to go is not hung up: the dialplan has them. */
  protected callerUnconfirmed(): void {
    const cause = this.call.closing?.cause ?? null
    if (cause === null) {
      this.call = { ...this.call, closing: null }
      return this.close('lost', null, 0)
    }
    this.commands.push({ type: 'hangUpCaller', cause }, { type: 'startTimer', timer: 'caller', ms: hangUpRetryMs })
  }

  protected callerGone(cause: number): void {
    const { phase } = this.call
    if (phase.kind === 'bridged') this.close('answered', 'caller', cause)
    else if (phase.kind === 'leaving') this.close('fallback', 'caller', cause)
    else this.close('abandoned', 'caller', cause)
  }

  protected callerLeft(): void {
    const { phase, closing } = this.call
    if (phase.kind === 'leaving') this.close('fallback', null, 0)
    // Asked to go, and out of our hands: whoever has them now, they are not to be hung up again.
    else if (phase.kind === 'ending' && closing?.cause != null) this.close(closing.outcome, closing.endedBy, 0)
    else this.callerVanished()
  }

  /** Closes the record, once; what we had decided ourselves goes before what is reported. */
  protected close(outcome: CallOutcome, endedBy: EndedBy | null, cause: number): void {
    if (this.isClosed()) return
    const end = this.call.closing ?? { outcome, endedBy, cause: null }
    this.note({ at: this.at, type: 'closed', outcome: end.outcome, endedBy: end.endedBy, cause: end.cause ?? cause })
    this.phase({ kind: 'ending' })
    this.commands.push({ type: 'cancelTimer', timer: 'caller' })
    this.endLegs('cancelled', Cause.normalClearing)
    if (this.call.bridge === 'made') this.endBridge()
    this.finish()
  }

  private endBridge(): void {
    this.call = { ...this.call, bridge: 'ending' }
    this.commands.push({ type: 'destroyBridge' })
  }

  protected bridgeGone(): void {
    if (this.call.bridge !== 'ending') return
    this.call = { ...this.call, bridge: 'none' }
    this.commands.push({ type: 'cancelTimer', timer: 'bridge' })
    this.finish()
  }

  /** Ends when the record is closed and nothing of the call is left in Asterisk. */
  private finish(): void {
    if (!this.isClosed() || this.call.bridge !== 'none' || this.legs.some((leg) => leg.state !== 'gone')) return
    this.phase({ kind: 'ended' })
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
