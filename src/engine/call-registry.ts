// Which place of which call a leg has. B-leg ids begin with the call's own id, so none can be missing here; a leg that has
// taken another's place (src/call/places.ts) is known from then on, and the other has none any more.
import { callIdOf } from '../call/ids'
import type { CallRunner } from './call-runner'

/** A place in a call: its caller's (null), or a target's by its id. */
export interface Place {
  readonly runner: CallRunner
  readonly leg: string | null
}

export class CallRegistry {
  private readonly byCall = new Map<string, CallRunner>()
  private readonly byALeg = new Map<string, CallRunner>()
  /** The places that legs have taken, and those that legs had until then. */
  private readonly replacements = new Map<string, Place & { readonly isLost: boolean }>()
  private waiting: (() => void)[] = []
  /**
   * Calls that ended while Asterisk is looked at, and every leg that left us or hung up meanwhile, whether it belonged to a
   * call or not: the lists may be older, and still show them.
   */
  private readonly ended = new Set<string>()
  private remembering = false

  /** From now on calls that end, and legs that go, count as known, until {@link forgetEnded}. */
  rememberEnded(): void {
    this.remembering = true
  }

  forgetEnded(): void {
    this.remembering = false
    this.ended.clear()
  }

  /** The leg has hung up or left our hands. */
  legEnded(leg: string): void {
    if (this.remembering) this.ended.add(leg)
  }

  /** A call with this id or this caller is here, or was a moment ago. */
  hasSeen(id: string): boolean {
    return this.byCall.has(id) || this.byALeg.has(id) || this.ended.has(id)
  }

  add(runner: CallRunner): void {
    this.byCall.set(runner.id, runner)
    this.byALeg.set(runner.incoming.aLeg, runner)
    this.replacements.delete(runner.incoming.aLeg)
  }

  /** Leg `by` has the place of `leg` now. */
  replace(leg: string, by: string): void {
    const place = this.placeOf(leg)
    if (place === undefined) return
    this.replacements.set(leg, { ...place, isLost: true })
    this.replacements.set(by, { ...place, isLost: false })
  }

  /** Nothing of the call is left in Asterisk. */
  end(runner: CallRunner): void {
    if (this.remembering) this.ended.add(runner.id).add(runner.incoming.aLeg)
    this.remove(runner)
  }

  remove(runner: CallRunner): void {
    this.byCall.delete(runner.id)
    // The dialplan may have sent the same caller to us again meanwhile, as another call.
    if (this.byALeg.get(runner.incoming.aLeg) === runner) this.byALeg.delete(runner.incoming.aLeg)
    if (this.replacements.size > 0) this.forgetPlaces(runner)
    this.changed()
  }

  private forgetPlaces(runner: CallRunner): void {
    for (const [leg, place] of this.replacements) {
      if (place.runner !== runner) continue
      this.replacements.delete(leg)
      this.legEnded(leg)
    }
  }

  /** To be called when a call has come to another phase. */
  changed(): void {
    for (const check of [...this.waiting]) check()
  }

  /** The place that this leg has; undefined: none. */
  placeOf(leg: string): Place | undefined {
    const replacement = this.replacements.get(leg)
    if (replacement !== undefined) return replacement.isLost ? undefined : replacement
    const caller = this.byALeg.get(leg)
    if (caller !== undefined) return { runner: caller, leg: null }
    const maker = this.makerOf(leg)
    return maker === undefined ? undefined : { runner: maker, leg }
  }

  /** Its place was taken by another. */
  isReplaced(leg: string): boolean {
    return this.replacements.get(leg)?.isLost === true
  }

  /** The call whose caller this leg is. */
  callerOf(leg: string): CallRunner | undefined {
    const place = this.placeOf(leg)
    return place?.leg === null ? place.runner : undefined
  }

  /** The call that made this B-leg. */
  makerOf(leg: string): CallRunner | undefined {
    return this.byCall.get(callIdOf(leg))
  }

  /** The leg belongs to a call, as its caller's or as one that it made. */
  isKnown(leg: string): boolean {
    return this.placeOf(leg) !== undefined
  }

  has(callId: string): boolean {
    return this.byCall.has(callId)
  }

  all(): readonly CallRunner[] {
    return [...this.byCall.values()]
  }

  get size(): number {
    return this.byCall.size
  }

  /** Resolves once `condition` holds; it is asked whenever a call has changed or ended. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return
        this.waiting = this.waiting.filter((each) => each !== check)
        resolve()
      }
      this.waiting.push(check)
      check()
    })
  }
}
