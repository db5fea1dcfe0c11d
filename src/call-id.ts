// The ids of calls. The ids of their legs and bridges begin with the call's id.
import { randomInt } from 'node:crypto'

/** Creates the id of a call that arrived at an instant, in milliseconds since the epoch. */
export type MintCallId = (at: number) => string

/**
 * `20261122-114812-k3f9q2`: the time of arrival (UTC) and a random part; short enough to say aloud. Ids of the latest second
 * are checked for repeats, because two calls with one id would share legs and record.
 */
export function callIds(chance = (): number => randomInt(32 ** 6)): MintCallId {
  let latest = ''
  const given = new Set<number>()
  return (at) => {
    const [day = '', time = ''] = new Date(at).toISOString().replace(/[-:]/g, '').split(/[T.]/)
    const second = `${day}-${time}`
    if (second > latest) {
      latest = second
      given.clear()
    }
    let drawn = chance()
    while (second === latest && given.has(drawn)) drawn = chance()
    if (second === latest) given.add(drawn)
    return `${second}-${drawn.toString(32).padStart(6, '0')}`
  }
}
