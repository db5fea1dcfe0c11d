// Calls for the bench: which number is dialled, and by whom.
import { generator } from '../rules/schedule/any-schedules'
import { callerOf, entriesOf, entryOf, numberOf, type SiteSize } from './site'

export interface BenchCall {
  readonly number: string
  readonly caller: string
}

/** A number by its place: each as likely as the other, or the k-th as likely as 1/k. */
export type Spread = 'uniform' | 'zipf'

/** So many calls; the same seed, the same calls. Two in five callers do not show an international number. */
export function anyCalls(many: number, spread: Spread, size: SiteSize, seed: number): BenchCall[] {
  const random = generator(seed)
  return Array.from({ length: many }, () => {
    const i =
      spread === 'uniform'
        ? Math.floor(random() * size.numbers)
        : (Math.floor(size.numbers ** random()) * 7_919) % size.numbers
    return { number: numberOf(i), caller: anyCaller(i, random, size) }
  })
}

function anyCaller(i: number, random: () => number, size: SiteSize): string {
  const list = 5 * Math.floor((random() * size.lists) / 5) + (i % 5)
  const listed = entryOf(list, Math.floor(random() * entriesOf(list))).replace('*', '55')
  const { international, national } = callerOf(i, Math.floor(random() * 1_000_000))
  const draw = random()
  if (draw < 0.1) return listed
  if (draw < 0.6) return international
  if (draw < 0.75) return national
  if (draw < 0.85) return international.replace('+', '00')
  return draw < 0.92 ? international.slice(1) : ''
}
