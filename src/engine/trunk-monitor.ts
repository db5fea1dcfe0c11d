// The trunks while calls are in progress: how many calls each one carries, and whether it is passed over because it keeps failing.
import { isDialled } from '../call/legs'
import { saidOfTrunk } from '../call/target-use'
import { TrunkHealth } from '../call/trunk-health'
import { trunkOf } from '../call/trunk-tries'
import type { Call, CallListener, Transition } from '../call/types'
import type { Clock, Log } from '../ports'
import type { PlannedTrunk } from '../rules/hunt-plan'

/** A trunk as it is now. `restingUntil` is ISO 8601; null: it is used. */
export interface TrunkState {
  readonly name: string
  readonly calls: number
  readonly restingUntil: string | null
}

export class TrunkMonitor {
  private readonly trunks = new Map<string, { readonly health: TrunkHealth; readonly legs: Set<string> }>()

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly log: Log
  ) {}

  /**
   * Why this leg must not go through the trunk, in words; undefined if it may, and then it counts. `mayPass`: another trunk is there, so
   * one that keeps failing is passed over.
   */
  refusalOf(leg: string, { name, maxCalls = Infinity }: PlannedTrunk, mayPass: boolean): string | undefined {
    const { health, legs } = this.trunkOf(name)
    const others = legs.size - (legs.has(leg) ? 1 : 0)
    if (others >= maxCalls) {
      return `trunk ${name} carries ${others === 1 ? '1 call' : `${others} calls`}, and its max_calls is ${maxCalls}`
    }
    if (mayPass && !health.allows(leg, this.clock.now())) {
      return `trunk ${name} is passed over ${this.untilText(health)}: its latest calls failed`
    }
    legs.add(leg)
    return undefined
  }

  /** Every trunk that has been used, by name. */
  get state(): readonly TrunkState[] {
    return [...this.trunks.entries()]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, { health, legs }]) => ({
        name,
        calls: legs.size,
        restingUntil: health.restingUntil === null ? null : new Date(health.restingUntil).toISOString()
      }))
  }

  /** Follows the legs of a call. */
  readonly listener: CallListener = (call, transitions) => {
    for (const each of transitions) if ('leg' in each && each.leg !== null) this.follow(call, each.leg, each)
  }

  private follow(call: Call, id: string, each: Transition): void {
    const leg = call.legs.find((one) => one.id === id)
    const trunk = leg && trunkOf(call.plan, leg)
    if (trunk === undefined) return
    const { name } = trunk
    const { health, legs } = this.trunkOf(name)
    if (each.type === 'ringing' || each.type === 'answered') this.worked(name)
    if (each.type === 'attempt-ended') {
      const isDialledOnly = call.history.every((one) => one.type !== 'ringing' || one.leg !== id)
      const wasDialled = isDialled({ call }, id)
      const { outcome, sipCode } = each
      const said = saidOfTrunk(outcome, sipCode, wasDialled)
      if (said === 'failed' && isDialledOnly) this.failed(name, outcome, each.at)
      else if (said === 'worked') this.worked(name)
    }
    if (each.type !== 'leg') return
    if (each.to === 'gone') {
      legs.delete(id)
      health.ended(id)
    } else if (each.from === undefined && each.to !== 'creating') {
      // Created by the previous process. Legs of this process were counted before they were created.
      legs.add(id)
    }
  }

  private failed(name: string, outcome: string, at: number): void {
    const { health } = this.trunkOf(name)
    if (health.failed(at)) {
      this.log.warn(`trunk ${name} keeps failing, and is passed over ${this.untilText(health)}`, { outcome })
    }
  }

  private worked(name: string): void {
    if (this.trunkOf(name).health.worked()) this.log.info(`trunk ${name} works again`)
  }

  private untilText({ restingUntil }: TrunkHealth): string {
    return restingUntil !== null && restingUntil > this.clock.now()
      ? `until ${new Date(restingUntil).toISOString()}`
      : 'while another call tries it'
  }

  private trunkOf(name: string) {
    let trunk = this.trunks.get(name)
    if (trunk === undefined) this.trunks.set(name, (trunk = { health: new TrunkHealth(), legs: new Set() }))
    return trunk
  }
}
