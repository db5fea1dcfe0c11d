// How a call ends: we hang up, the caller does, or somebody else takes them. PURE.
import { CallDraft, hangUpRetryMs } from './call-draft'
import { Cause } from './cause'
import type { CallOutcome, EndedBy } from './record'

export class Ending extends CallDraft {
  protected hangUpCaller(outcome: CallOutcome, endedBy: EndedBy | null, cause: number): void {
    this.phase({ kind: 'ending' })
    this.call = { ...this.call, closing: { outcome, endedBy, cause } }
    this.endLegs('cancelled', Cause.normalClearing)
    this.commands.push({ type: 'hangUpCaller', cause }, { type: 'startTimer', timer: 'caller', ms: hangUpRetryMs })
  }

  /** They pay from now on, whether they are joined to anybody or not. */
  protected callerUp(): void {
    this.call = { ...this.call, callerUpAt: this.call.callerUpAt ?? this.at }
  }

  /** Whether the caller, who leaves, has been answered by somebody; notes where the two were not joined yet. */
  private wasAnswered(): boolean {
    const { phase, callerUpAt } = this.call
    if (phase.kind === 'bridged') return true
    if (phase.kind !== 'connecting' || callerUpAt === null) return false
    this.note({ at: callerUpAt, type: 'unjoined', leg: phase.leg })
    return true
  }

  /**
   * The caller has gone or is in other hands: Asterisk says which in a moment, if they have gone. Whoever rings for them
   * stops now.
   */
  protected callerVanished(): void {
    const { phase } = this.call
    if (phase.kind === 'ending') return
    const outcome = this.wasAnswered() ? 'answered' : 'abandoned'
    this.call = { ...this.call, closing: { outcome, endedBy: 'caller', cause: null } }
    this.phase({ kind: 'ending' })
    this.endLegs('cancelled', Cause.normalClearing)
    this.commands.push({ type: 'startTimer', timer: 'caller', ms: hangUpRetryMs })
  }

  /** The caller's end was not confirmed in time. One whom we did not ask to go is not hung up: the dialplan has them. */
  protected callerUnconfirmed(): void {
    const { outcome, cause } = this.call.closing ?? { outcome: 'lost', cause: null }
    if (cause === null) {
      this.call = { ...this.call, closing: null }
      return this.close(outcome === 'answered' ? outcome : 'lost', null, 0, true)
    }
    this.commands.push({ type: 'hangUpCaller', cause }, { type: 'startTimer', timer: 'caller', ms: hangUpRetryMs })
  }

  protected callerGone(cause: number): void {
    const { phase } = this.call
    if (this.wasAnswered()) this.close('answered', 'caller', cause)
    else if (phase.kind === 'leaving') this.close('fallback', 'caller', cause)
    else this.close('abandoned', 'caller', cause)
  }

  /** They went while nobody looked: how is told by how far they had come. */
  protected callerLost(): void {
    const { kind } = this.call.phase
    this.close(kind === 'bridged' ? 'answered' : kind === 'leaving' ? 'fallback' : 'lost', null, 0, true)
  }

  protected callerLeft(): void {
    const { phase, closing } = this.call
    if (phase.kind === 'leaving') this.close('fallback', null, 0)
    // Asked to go, and out of our hands: whoever has them now, they are not to be hung up again.
    else if (phase.kind === 'ending' && closing?.cause != null) this.close(closing.outcome, closing.endedBy, 0)
    else this.callerVanished()
  }

  /** Closes the record, once; what we had decided ourselves goes before what is reported. */
  protected close(outcome: CallOutcome, endedBy: EndedBy | null, cause: number, recovered = false): void {
    if (this.isClosed()) return
    const { closing } = this.call
    const end = closing ?? { outcome, endedBy, cause: null }
    const { outcome: as, endedBy: by } = end
    const isRecovered = recovered && closing === null
    this.note({
      at: this.at,
      type: 'closed',
      outcome: as,
      endedBy: by,
      cause: end.cause ?? cause,
      recovered: isRecovered
    })
    this.phase({ kind: 'ending' })
    this.commands.push({ type: 'cancelTimer', timer: 'caller' })
    // Where the caller was answered elsewhere, the phones that ring show no missed call either (RFC 3326, 3.1).
    this.endLegs('cancelled', cause === Cause.answeredElsewhere ? cause : Cause.normalClearing)
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
  protected finish(): void {
    if (!this.isClosed() || this.call.bridge !== 'none' || this.legs.some((leg) => leg.state !== 'gone')) return
    this.phase({ kind: 'ended' })
  }
}
