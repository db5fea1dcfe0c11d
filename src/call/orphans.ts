// What is left in Asterisk of calls that nobody controls any more: an earlier process has died, or let go of them. PURE.
import { bridgeOf, callOf } from './ids'
import type { AsteriskSnapshot } from '../ports'

export interface Orphans {
  /** Legs to hang up: they ring for nobody, or wait in a bridge for somebody who has gone. */
  readonly legs: readonly string[]
  /** Bridges to destroy. */
  readonly bridges: readonly string[]
  /** Legs of conversations that go on without us: when one of them goes, look again. */
  readonly talking: ReadonlySet<string>
}

/**
 * Only legs and bridges that we have made are judged, and those who sit in such a bridge; never those of a call for which
 * `isLive` says that it is in hand. Two who talk are left to talk.
 */
export function orphans({ legs, bridges }: AsteriskSnapshot, isLive: (callId: string) => boolean): Orphans {
  const isForgotten = (id: string): boolean => !isLive(callOf(id))
  const forgotten = [...bridges].filter(([id, { ours }]) => ours && id === bridgeOf(callOf(id)) && isForgotten(id))
  const over = forgotten.filter(([, { members }]) => members.length < 2)
  const talking = new Set(forgotten.flatMap(([, { members }]) => (members.length < 2 ? [] : members)))
  const lonely = over.flatMap(([, { members }]) => members)
  const stray = [...legs].flatMap(([id, { ours }]) => (ours && isForgotten(id) && !talking.has(id) ? [id] : []))
  return { legs: [...new Set([...lonely, ...stray])], bridges: over.map(([id]) => id), talking }
}
