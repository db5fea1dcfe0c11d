// The ids of calls. Those of their legs and bridges begin with them.
import { randomInt } from 'node:crypto'

/** `20261122-114812-k3f9q2`: when it arrived (UTC) and enough chance to be alone; short enough to say aloud. */
export function newCallId(at: number): string {
  const [day = '', time = ''] = new Date(at).toISOString().replace(/[-:]/g, '').split(/[T.]/)
  return `${day}-${time}-${randomInt(32 ** 6)
    .toString(32)
    .padStart(6, '0')}`
}
