// Legs and bridges in Asterisk that no call controls any more, because an earlier process died or let go of them. PURE.
import { bridgeIdOf, callIdOf } from './ids'
import type { AsteriskSnapshot, SnapshotLeg } from '../ports'

export interface Orphans {
  /** Legs to hang up: they ring for nobody, or wait in a bridge for somebody who has gone. */
  readonly legs: readonly string[]
  /** Bridges to destroy. */
  readonly bridges: readonly string[]
  /** Legs of conversations that go on without us: when one of them goes, reconcile again. */
  readonly talking: ReadonlySet<string>
}

/** What is known of the calls in hand. */
export interface KnownCalls {
  /** A call with this id, or a leg that has come or gone meanwhile. */
  hasSeen(id: string): boolean
  /** The leg has a place in a call. */
  isKnown(leg: string): boolean
  /** Another leg has taken its place. */
  isReplaced(leg: string): boolean
}

/**
 * Only considers legs and bridges that we have made, legs in such a bridge, and replacements; never those of a live call.
 * Conversations are left alone.
 */
export function orphans({ legs, bridges }: AsteriskSnapshot, known: KnownCalls): Orphans {
  const isLive = (callId: string): boolean => known.hasSeen(callId)
  const isForgotten = (id: string): boolean => !isLive(callIdOf(id))
  const forgotten = [...bridges].filter(([id, { ours }]) => ours && id === bridgeIdOf(callIdOf(id)) && isForgotten(id))
  const over = forgotten.filter(([, { members }]) => members.length < 2)
  const talking = new Set(forgotten.flatMap(([, { members }]) => (members.length < 2 ? [] : members)))
  const lonely = over.flatMap(([, { members }]) => members)
  const joined = new Set([...bridges.values()].flatMap(({ members }) => members))
  const isStray = ([id, { ours, stranger, controlled }]: readonly [string, SnapshotLeg]): boolean => {
    if (known.isReplaced(id)) return controlled && !joined.has(id)
    if (known.isKnown(id) || known.hasSeen(id)) return false
    return (ours && isForgotten(id) && !talking.has(id)) || (stranger === true && !joined.has(id))
  }
  const stray = [...legs].filter(isStray).map(([id]) => id)
  return { legs: [...new Set([...lonely, ...stray])], bridges: over.map(([id]) => id), talking }
}
