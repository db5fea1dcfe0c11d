// The two ends of a leg that a transfer makes. Asterisk connects what a transfer joins by a pair of legs, `55@office-0000001f;1` and
// `55@office-0000001f;2`; the first takes a place in one call, and the second may have a place in another. PURE.

const pair = /^(.+@.+-[0-9a-f]{8});([12])$/

/** What the other end is called; undefined: such a leg has none. */
export function otherEndOf(who: string): string | undefined {
  const [, name, half] = pair.exec(who) ?? []
  return name === undefined ? undefined : `${name};${half === '1' ? '2' : '1'}`
}

/** `55@office` of `55@office-0000001f;1`; any other name as it is. */
export function withoutEnd(who: string): string {
  return who.replace(/-[0-9a-f]{8};[12]$/, '')
}

/**
 * Whether two legs whose names are the ends of one pair are that pair, by their ids. Asterisk counts pairs from 0 again when it starts,
 * and another Asterisk counts its own: but it makes both ends at once, and an id is `SYSTEM-SECONDS.COUNT`.
 */
export function areMadeTogether(leg: string, other: string): boolean {
  const [one, two] = [idParts(leg), idParts(other)]
  if (one === undefined || two === undefined) return false
  return one.system === two.system && Math.abs(one.second - two.second) <= 1
}

/** The ids that the second end can have, by the first one's: Asterisk makes it next, within a second. */
export function secondEndIds(first: string): readonly string[] {
  return idsBeside(first, 1)
}

/** The ids that the first end can have, by the second one's. */
export function firstEndIds(second: string): readonly string[] {
  return idsBeside(second, -1)
}

function idsBeside(leg: string, step: 1 | -1): readonly string[] {
  const parts = idParts(leg)
  if (parts === undefined) return []
  const { system, second, count } = parts
  return [second, second + step].map((each) => `${system}${String(each)}.${String(count + step)}`)
}

function idParts(leg: string) {
  const [, system = '', second, count] = /^(.*-)?(\d{1,15})\.(\d{1,15})$/.exec(leg) ?? []
  return second === undefined ? undefined : { system, second: Number(second), count: Number(count) }
}
