// What a look at Asterisk tells a call of its legs, after a gap in the events or after the process before has died. PURE.
import { isActive } from './call-draft'
import type { Leg } from './call-state'
import { Cause } from './cause'
import { Hunt } from './hunt'

export class FoundLegs extends Hunt {
  /** A leg of this call was seen that it does not know of, since the records were behind: its id tells which it is. */
  protected legFound(id: string): void {
    const known = this.leg(id)
    if (known?.state === 'gone') return this.hangUpAgain(known)
    if (known !== undefined) return
    const [step = 0, target = 0] = id
      .slice(this.call.id.length + 1)
      .split('.')
      .map(Number)
    const planned = this.call.plan.steps[step - 1]?.targets[target - 1]
    if (planned === undefined)
      return void this.commands.push({ type: 'hangUpLeg', leg: id, cause: Cause.normalClearing })
    const leg: Leg = { id, step, target, ...planned, state: 'dialling', endCause: null }
    this.note({ at: this.at, type: 'attempt', leg: id })
    const { phase } = this.call
    if (phase.kind !== 'hunting' || step < phase.step) {
      this.legs.push(leg)
      return this.endLeg(leg, 'cancelled', Cause.normalClearing)
    }
    // Those of the steps before had ended, or it would not be there.
    if (step > phase.step) this.endLegs('lost', Cause.normalClearing)
    this.legs.push(leg)
    this.phase({ kind: 'hunting', step })
    this.leaseWhileRinging()
    this.commands.push({ type: 'startTimer', timer: `ring:${id}`, ms: leg.ringSeconds * 1000 })
  }

  private hangUpAgain(leg: Leg): void {
    const ending = { ...leg, state: 'ending', endCause: Cause.normalClearing } as const
    this.change(leg, ending)
    this.hangUpLeg(ending)
  }

  /**
   * Its process died before it was made; or it failed while nobody looked, and is not known to have rung. One that has had its
   * time, or has rung, is over.
   */
  protected legUnmade(id: string): void {
    const leg = this.leg(id)
    const since = this.call.history.find((each) => each.type === 'attempt' && each.leg === id)?.at ?? this.at
    const isLate = leg === undefined || this.at - since >= leg.ringSeconds * 1000
    if (isLate || leg.state !== 'dialling' || this.call.phase.kind !== 'hunting') return this.legLost(id)
    this.stopTimers(leg)
    this.change(leg, { state: 'creating' })
    this.make(leg)
    this.leaseWhileRinging()
  }

  /** Its process died between making and dialling it. */
  protected legUndialled(id: string): void {
    const leg = this.leg(id)
    if (leg?.state !== 'dialling') return
    this.dial(leg)
    this.leaseWhileRinging()
  }

  protected legLost(id: string): void {
    const leg = this.leg(id)
    // One still being made may not have been there to be seen. Its setup timer watches it, or the hang-up we have asked for.
    if (leg === undefined || leg.state === 'creating' || leg.state === 'ending') return
    this.legGone(id, 0, undefined, leg.state === 'answered' ? undefined : 'lost')
  }

  /** Asterisk was seen to have the two in their bridge: they talk, whoever has joined them. */
  protected joined(id: string): void {
    const leg = this.leg(id)
    if (leg !== undefined && isActive(leg) && this.call.phase.kind === 'hunting') this.wins(leg)
    const { phase, lease, maxCallSeconds } = this.call
    if (phase.kind !== 'connecting' || phase.leg !== id) return
    this.call = { ...this.call, bridge: 'made' }
    if (lease?.talking !== true) this.setLease({ seconds: maxCallSeconds, talking: true })
    this.connected(id)
  }
}
