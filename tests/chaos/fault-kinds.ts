// The faults that strike, and what each may cost. PURE.
interface FaultTraits {
  /** How long it lasts, at least and at most. */
  readonly lastsMs: readonly [from: number, to: number]
  /** How long until the next may strike: all is to be well by then. */
  readonly afterMs: number
  /** How often it comes again, once every kind has struck. */
  readonly again: number
  /** Callers may be kept from followme by it, and get the failsafe; the others must not be noticed at all. */
  readonly keepsAway: boolean
  /** followme does not hear meanwhile what happens to its calls, and will never hear it. */
  readonly cutsOff: boolean
  /** followme hears later of what happens to its calls. */
  readonly delays: boolean
}

export const faultsByKind = {
  killed: { lastsMs: [0, 0], afterMs: 5000, again: 6, keepsAway: true, cutsOff: true, delays: false },
  replaced: { lastsMs: [0, 0], afterMs: 3000, again: 3, keepsAway: false, cutsOff: true, delays: false },
  stopped: { lastsMs: [7000, 8000], afterMs: 3500, again: 1, keepsAway: true, cutsOff: false, delays: true },
  'half-open': { lastsMs: [4000, 8000], afterMs: 6000, again: 1, keepsAway: true, cutsOff: true, delays: false },
  reset: { lastsMs: [0, 0], afterMs: 3000, again: 4, keepsAway: true, cutsOff: true, delays: false },
  slow: { lastsMs: [3000, 6000], afterMs: 3000, again: 3, keepsAway: false, cutsOff: false, delays: true },
  locked: { lastsMs: [3000, 6000], afterMs: 3000, again: 2, keepsAway: false, cutsOff: false, delays: false },
  'disk-full': { lastsMs: [3000, 6000], afterMs: 3000, again: 2, keepsAway: false, cutsOff: false, delays: false },
  blocked: { lastsMs: [2000, 4000], afterMs: 3000, again: 4, keepsAway: true, cutsOff: false, delays: true },
  migrated: { lastsMs: [0, 0], afterMs: 3000, again: 3, keepsAway: false, cutsOff: false, delays: false },
  overridden: { lastsMs: [5000, 6000], afterMs: 3000, again: 2, keepsAway: false, cutsOff: false, delays: false },
  reloaded: { lastsMs: [0, 0], afterMs: 3000, again: 3, keepsAway: false, cutsOff: false, delays: false }
} as const satisfies Readonly<Record<string, FaultTraits>>

/**
 * What may strike while a fault lasts. Left out is what undoes the other, what needs the other to be over, and what loses by
 * design: a process that dies while its records cannot be written.
 */
const combinations: { readonly [Kind in keyof typeof faultsByKind]?: readonly (keyof typeof faultsByKind)[] } = {
  stopped: ['killed', 'reset', 'locked', 'migrated', 'reloaded'],
  'half-open': ['killed', 'reset', 'locked', 'disk-full', 'migrated', 'reloaded'],
  slow: ['killed', 'replaced', 'stopped', 'reset', 'locked', 'disk-full', 'blocked', 'migrated', 'reloaded'],
  locked: ['stopped', 'half-open', 'reset', 'slow', 'blocked', 'reloaded'],
  'disk-full': ['stopped', 'half-open', 'reset', 'slow', 'blocked', 'migrated', 'reloaded'],
  blocked: ['reset', 'locked', 'migrated', 'reloaded'],
  overridden: ['killed', 'stopped', 'reset', 'slow', 'blocked', 'reloaded']
}

export type FaultKind = keyof typeof faultsByKind

export const faultKinds = Object.keys(faultsByKind) as FaultKind[]

/** See {@link FaultTraits}. */
export function keepsAway(kind: FaultKind): boolean {
  return faultsByKind[kind].keepsAway
}

/** See {@link FaultTraits}. */
export function cutsOff(kind: FaultKind): boolean {
  return faultsByKind[kind].cutsOff
}

/** Whether a fault may strike while another lasts. */
export function mayStrikeDuring(kind: FaultKind, lasting: FaultKind): boolean {
  return combinations[lasting]?.includes(kind) ?? false
}

/** Whether a call may show any trace of it. */
export function mayBeFelt(kind: FaultKind): boolean {
  return faultsByKind[kind].keepsAway || faultsByKind[kind].cutsOff || faultsByKind[kind].delays
}
