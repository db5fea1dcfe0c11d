// Which call a leg belongs to, and its place there. A B-leg's id begins with the call's id, so every B-leg is found. A leg that
// replaces another (src/call/places.ts) is registered, and the leg that it replaced no longer has a place.
import { callIdOf } from '../call/ids'
import type { CallOut } from '../call/loop'
import type { Phase } from '../call/types'
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
  /** Those that nobody has answered. */
  private readonly hunting = new Set<CallRunner>()
  private waiting: (() => void)[] = []
  /**
   * Calls that ended while a snapshot was taken, and every leg that left or hung up in that time: the snapshot may be older, and
   * still show them.
   */
  private readonly ended = new Set<string>()
  private remembering = false

  /** From now until {@link forgetEnded}, calls and legs that have ended still count as seen. */
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
    const place = this.replacements.get(leg)
    if (place !== undefined && !this.byCall.has(place.runner.id)) this.replacements.delete(leg)
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
    this.hunting.delete(runner)
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

  /** The call is over, and the leg that lost its place in it is still there: until it ends, it counts as replaced. */
  keepReplaced(runner: CallRunner, leg: string): void {
    this.replacements.set(leg, { runner, leg: null, isLost: true })
  }

  /** Call this when the phase of a call in progress has changed. */
  moved(runner: CallRunner, phase: Phase['kind']): void {
    if (phase === 'hunting') this.hunting.add(runner)
    else this.hunting.delete(runner)
    this.changed()
  }

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

  /** Another leg has replaced it. */
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

  /** The calls with legs out through a trunk that nobody has answered. */
  out(): ReadonlyMap<CallOut, CallRunner> {
    const calls = new Map<CallOut, CallRunner>()
    for (const runner of this.hunting) {
      const { out } = runner
      if (out !== undefined) calls.set(out, runner)
    }
    return calls
  }

  /** How many calls of this number count against its max_calls. */
  callsOf(number: string): number {
    let calls = 0
    for (const runner of this.byCall.values()) if (runner.incoming.number === number && runner.hasPlace) calls += 1
    return calls
  }

  get size(): number {
    return this.byCall.size
  }

  /** Resolves once `condition` holds; it is checked whenever a call has changed or ended. */
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
