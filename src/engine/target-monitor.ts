// The targets while calls are in progress: which calls each of them is in, whichever numbers they are for, and whether it may have one more.
import { longestWrapUpMs, TargetPlaces } from '../call/target-places'
import { placeInPlan } from '../call/ids'
import type { AttemptOutcome, AttemptRecord } from '../call/record'
import { TrunkHealth, withTargets } from '../call/trunk-health'
import { trunkOf } from '../call/trunk-tries'
import type { Call, CallListener, Leg, Transition } from '../call/types'
import { reasonOf } from '../errors'
import type { Clock, Log, TargetRecords } from '../ports'
import type { TargetLimits } from '../rules/target-limits'

export interface TargetMonitorOptions {
  /** The rows as they are now; undefined where they cannot be read. */
  readonly limits: () => TargetLimits | undefined
  /** The conversations of earlier processes. */
  readonly records: TargetRecords
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

const forgetMs = 60_000

/** Outcomes of attempts that have reached somebody, or their network. */
const theirs: readonly AttemptOutcome[] = ['answered', 'busy', 'declined', 'no-answer', 'wrong-number', 'unavailable']

export class TargetMonitor {
  private readonly places = new TargetPlaces()
  /** Of targets where nothing rang the last time. */
  private readonly silent = new Map<string, TrunkHealth>()
  private forgotAt = -Infinity

  constructor(private readonly options: TargetMonitorOptions) {}

  /** Reads the conversations that earlier processes ended, before the first call arrives. */
  loadRecords(): void {
    const { records, clock, log } = this.options
    try {
      for (const attempt of records.talkedSince(clock.now() - longestWrapUpMs)) this.count(attempt)
    } catch (error) {
      log.warn('the records cannot be read, so targets that wrapped up may be called', { reason: reasonOf(error) })
    }
  }

  /** Counts the conversations of a failsafe call that has just been imported into the records. */
  addFailsafeAttempts(attempts: readonly AttemptRecord[]): void {
    for (const each of attempts) if (each.outcome === 'answered') this.count(each)
  }

  /** Why the target must not get this leg, in words; undefined if it may, and then it counts. */
  refusalOf(call: Call, leg: string, dial: string): string | undefined {
    const place = placeOf(call.id, leg)
    const limit = this.options.limits()?.for(dial)
    const now = this.options.clock.now()
    if (limit !== undefined) {
      // What the same event has ended the listener is told only afterwards.
      for (const each of call.legs) if (!isInCall(each)) this.ended(call, each.id, now)
      const refusal = this.places.refusalOf(place, limit, now)
      if (refusal !== undefined) return refusal
    }
    // Another device of the phone, or another try.
    if (this.places.has(place)) return undefined
    const rest = this.restOf(call, leg, dial, now)
    if (rest !== undefined) return rest
    this.places.take(place, dial, call.id)
    return undefined
  }

  /** Follows the legs of a call. */
  readonly listener: CallListener = (call, transitions) => {
    for (const each of transitions) this.follow(call, each)
  }

  /** A target alone in its step, before a later one, is not rung while it rests: otherwise ringing it costs nothing, or is the last hope. */
  private restOf({ id, plan }: Call, leg: string, dial: string, now: number): string | undefined {
    const health = this.silent.get(dial)
    if (health === undefined) return undefined
    const { step } = placeInPlan(id, leg)
    if (plan.steps[step - 1]?.targets.length !== 1 || plan.steps.length === step) return undefined
    if (health.allows(placeOf(id, leg), now)) return undefined
    const until = health.restingUntil ?? now
    const when = until > now ? `until ${new Date(until).toISOString()}` : 'while another call tries it'
    return `${dial} is passed over ${when}: nothing rang there during its latest calls`
  }

  /** Whether anything rings where a target is called. */
  private followHealth(call: Call, each: Transition): void {
    if (each.type !== 'ringing' && each.type !== 'answered' && each.type !== 'attempt-ended') return
    if (this.silent.size === 0 && (each.type !== 'attempt-ended' || each.outcome !== 'unreachable')) return
    const leg = call.legs.find(({ id }) => id === each.leg)
    if (leg === undefined) return
    const health = this.silent.get(leg.dial)
    if (each.type !== 'attempt-ended' || theirs.includes(each.outcome)) {
      if (health !== undefined) this.silent.delete(leg.dial)
      return
    }
    health?.ended(placeOf(call.id, leg.id))
    if (each.outcome !== 'unreachable' || trunkOf(call.plan, { ...leg, tryNumber: leg.tryNumber + 1 })) return
    const known = health ?? new TrunkHealth(withTargets)
    this.silent.set(leg.dial, known)
    if (known.failed(each.at)) {
      this.options.log.warn(
        `nothing rings at ${leg.dial}: it is passed over for two minutes where another target follows`
      )
    }
  }

  private follow(call: Call, each: Transition): void {
    this.followHealth(call, each)
    if (each.type === 'phase' && each.to === 'ended') {
      for (const { id } of call.legs) this.places.leave(placeOf(call.id, id))
    } else if (each.type === 'leg') {
      if (each.to === 'ending' || each.to === 'gone') this.ended(call, each.leg, each.at)
      // Created by the previous process. Legs of this process were counted before they were created.
      else if (each.from === undefined && each.to !== 'creating') this.found(call, each.leg)
    } else if (each.type === 'replaced' && each.leg !== null) this.replaced(call, each.leg, each.who, each.at)
  }

  private found(call: Call, id: string): void {
    const leg = call.legs.find((one) => one.id === id)
    if (leg !== undefined && isInCall(leg)) this.places.take(placeOf(call.id, id), whoHas(call, leg), call.id)
  }

  /** All devices of a phone are one place, and so are all tries of a number. */
  private ended(call: Call, id: string, at: number): void {
    const place = placeOf(call.id, id)
    if (!this.places.has(place) || call.legs.some((leg) => isInCall(leg) && placeOf(call.id, leg.id) === place)) return
    const dial = this.places.leave(place)
    if (dial !== undefined && hasTalked(call, place)) this.talked(place, dial, at)
  }

  /** A transfer, or a pickup: whose place was taken is in the call no longer, and the other one is. */
  private replaced(call: Call, id: string, who: string, at: number): void {
    const place = placeOf(call.id, id)
    const dial = this.places.leave(place)
    if (dial === undefined) return
    if (hasTalked(call, place)) this.talked(place, dial, at)
    this.places.take(place, who, call.id)
  }

  private count({ call, step, target, dial, endedAt }: AttemptRecord): void {
    if (endedAt !== null) this.talked(`${call}.${step}.${target}`, dial, endedAt)
  }

  private talked(place: string, dial: string, at: number): void {
    this.places.talked(place, dial, at)
    const now = this.options.clock.now()
    if (Math.abs(now - this.forgotAt) < forgetMs) return
    this.forgotAt = now
    this.places.forget(now - longestWrapUpMs)
  }
}

function placeOf(call: string, leg: string): string {
  const { step, target } = placeInPlan(call, leg)
  return `${call}.${step}.${target}`
}

function isInCall({ state }: Leg): boolean {
  return state !== 'ending' && state !== 'gone'
}

/** The target, or whoever has taken its place. */
function whoHas({ history }: Call, { id, dial }: Leg): string {
  const last = history.findLast((each) => each.type === 'replaced' && each.leg === id)
  return last?.type === 'replaced' ? last.who : dial
}

function hasTalked({ id, history }: Call, place: string): boolean {
  return history.some((each) => each.type === 'connected' && placeOf(id, each.leg) === place)
}
