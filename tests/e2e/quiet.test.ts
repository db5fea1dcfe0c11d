// What calls normally meet is no fault: the log has no warning, however callers and phones cross each other.
import type { Behaviour } from '../sandbox/scenario-uas'
import type { UacOptions } from '../sandbox/sipp'
import { until } from '../sandbox/child'
import { useWorld } from './world'

jest.setTimeout(240_000)

const world = useWorld({ withoutApp: true })
afterEach(() => world.stopApp())

const burst = { count: 15, ratePerSecond: 30 }
const crossing = (afterMs: number, moments: readonly number[]): Case => ({
  alice: { kind: 'answer', afterMs },
  calls: moments.map((cancelAfterMs) => ({ ...burst, cancelAfterMs }))
})

interface Case {
  readonly alice: Behaviour
  readonly steps?: readonly (readonly string[])[]
  readonly fallback?: string
  /** One after another. */
  readonly calls: readonly Partial<UacOptions>[]
}

const ordinary: Readonly<Record<string, Case>> = {
  'callers hang up while their call is claimed and the first leg made': crossing(5000, [0, 2, 4, 8, 16]),
  'callers hang up at the moment of an immediate answer': crossing(0, [3, 6, 9, 15, 100, 200]),
  'callers hang up at the moment of a later answer': crossing(300, [300, 303, 306]),
  'callers hang up between two steps': {
    alice: { kind: 'ring' },
    steps: [['PJSIP/alice@1'], ['PJSIP/dave@1']],
    calls: [990, 1005].map((cancelAfterMs) => ({ ...burst, cancelAfterMs }))
  },
  'callers hang up as soon as they are answered': {
    alice: { kind: 'answer' },
    calls: [0, 2].map((hangupAfterMs) => ({ ...burst, hangupAfterMs }))
  },
  'the target hangs up as soon as it has answered': {
    alice: { kind: 'answer', hangupAfterMs: 0 },
    steps: [['PJSIP/alice']],
    calls: [{ ...burst, expect: [200, 486] }]
  },
  'the answer crosses the end of the ring time': {
    alice: { kind: 'answer-on-cancel' },
    steps: [['PJSIP/alice@1']],
    calls: [{ ...burst, expect: [200, 486] }]
  },
  'two targets answer at the same time': {
    alice: { kind: 'answer' },
    steps: [['PJSIP/alice', 'PJSIP/bob']],
    calls: [{ ...burst, hangupAfterMs: 300 }]
  },
  'busy, declined, not registered, and no answer': {
    alice: { kind: 'refuse', code: 603 },
    steps: [['PJSIP/alice', 'PJSIP/nobody'], ['PJSIP/carol@1']],
    calls: [{ expect: 486 }]
  },
  'callers hang up while they get the fallback': {
    alice: { kind: 'refuse', code: 486 },
    steps: [['PJSIP/alice']],
    fallback: 'announce:im-sorry',
    calls: [0, 5].map((hangupAfterMs) => ({ ...burst, hangupAfterMs }))
  }
}

describe.each(['http', 'websocket'] as const)('over %s', (transport) => {
  test.each(Object.entries(ordinary))('%s: no warning is logged', async (_, { alice, steps, fallback, calls }) => {
    const isOld = / (16|18)\./.test(await world.asterisk.cli('core show version'))
    await world.startApp({ FOLLOWME_ARI_TRANSPORT: isOld ? 'http' : transport })
    await until('followme to connect', () => world.app().connected)
    world.rule(steps ?? [['PJSIP/alice'], ['PJSIP/bob']], fallback)
    for (const call of calls) {
      await world.phone('alice', alice)
      await world.phone('bob', { kind: 'answer' })
      await world.phone('carol', { kind: 'ring' })
      await world.call(call)
      await world.settle()
    }
    // A leg that was refused something is looked for after a second.
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect(world.logged.filter((line) => /"level":"(warn|error)"/.test(line))).toEqual([])
  })
})
