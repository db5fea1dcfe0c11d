// Who calls in a soak, and what must stand in the records of each afterwards.
import { numberScript } from '../sandbox/number-script'
import type { Behaviour } from '../sandbox/scenario-uas'
import type { UacOptions } from '../sandbox/sipp'

/** What the phones do. */
export const phones: Readonly<Record<string, Behaviour>> = {
  alice: { kind: 'refuse', code: 486 },
  bob: { kind: 'answer', afterMs: 100 },
  carol: { kind: 'ring' },
  dave: { kind: 'answer', afterMs: 100, hangupAfterMs: 1000 }
}

const ringSeconds = 20

export interface Callers {
  readonly what: string
  readonly number: string
  /** Of a hundred calls. */
  readonly share: number
  /** Who is rung, one after another. */
  readonly dials: readonly string[]
  readonly call: Pick<UacOptions, 'expect' | 'hangupAfterMs' | 'cancelAfterMs'>
  /** What its record may say: the outcome, who ended it, and the outcomes of the attempts. */
  readonly records: readonly string[]
}

export const callers: readonly Callers[] = [
  {
    what: 'the first is busy, the second answers, the caller hangs up',
    number: '+14155550100',
    share: 60,
    dials: ['PJSIP/alice', 'PJSIP/bob'],
    call: { hangupAfterMs: 1000 },
    // The second where the machine is so busy that they have hung up before they were joined.
    records: ['answered caller busy,answered', 'abandoned caller busy,answered']
  },
  {
    what: 'the first is busy, the second answers and hangs up',
    number: '+14155550101',
    share: 15,
    dials: ['PJSIP/alice', 'PJSIP/dave'],
    call: {},
    records: ['answered target busy,answered', 'fallback followme busy,answered']
  },
  {
    what: 'the first is busy, the second rings, the caller gives up',
    number: '+14155550102',
    share: 15,
    dials: ['PJSIP/alice', 'PJSIP/carol'],
    call: { cancelAfterMs: 1000, expect: 487 },
    // The others where they have given up before the first could say that it is busy, or the second ring.
    records: ['busy,cancelled', 'busy', 'cancelled', 'nobody'].map((attempts) => `abandoned caller ${attempts}`)
  },
  {
    what: 'everybody is busy',
    number: '+14155550103',
    share: 10,
    dials: ['PJSIP/alice'],
    call: { expect: 486 },
    records: ['fallback followme busy']
  }
]

/** How many of so many calls are theirs: all together, no more and no fewer. */
export function countOf(each: Callers, calls: number): number {
  const before = callers.slice(0, callers.indexOf(each)).reduce((sum, { share }) => sum + share, 0)
  return Math.floor(((before + each.share) * calls) / 100) - Math.floor((before * calls) / 100)
}

/** The rules for them. */
export function siteScript(): string {
  const steps = (dials: readonly string[]) => dials.map((dial) => [[dial, ringSeconds] as const])
  return callers.map(({ number, dials }) => numberScript(number, steps(dials))).join('\n')
}
