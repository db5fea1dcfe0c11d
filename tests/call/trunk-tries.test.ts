// A number that is tried through one trunk after another: what makes a call go on to the next one, and how long each of them has.
import { attemptOutcome, isTrunkFailure } from '../../src/call/cause'
import { attemptRecords, callRecord } from '../../src/call/cdr'
import { restore } from '../../src/call/restore'
import { start, step } from '../../src/call/step'
import { timerKey } from '../../src/call/timers'
import type { CallEvent, Command, Turn } from '../../src/call/types'
import type { PlannedTrunk } from '../../src/rules/hunt-plan'
import { said } from './final-responses'
import { incoming } from './given-caller'
import { begin } from './play'

const mobile = '+447400123456'
const through = (...names: readonly string[]): readonly PlannedTrunk[] =>
  names.map((name) => ({ name, dial: `PJSIP/${mobile}@${name}` }))

type Unstamped = CallEvent extends infer E ? (E extends CallEvent ? Omit<E, 'at'> : never) : never

/** Perhaps Alice; a mobile behind these trunks, for twenty seconds; then Bob. */
function hunt(trunks = through('a', 'b', 'c'), seconds = 20, first: readonly string[] = []) {
  const plan = {
    steps: [
      ...first.map((dial) => ({ targets: [{ dial, ringSeconds: 30 }] })),
      { targets: [{ dial: mobile, ringSeconds: seconds, trunks }] },
      { targets: [{ dial: 'PJSIP/bob', ringSeconds: 5 }] }
    ],
    fallback: 'busy'
  }
  const decided = { decision: 'rule', rule: 'day', plan } as const
  let [call, commands]: Turn = start('c', incoming, decided, { at: begin, maxCallSeconds: 3600 })
  return {
    get call() {
      return call
    },
    get created() {
      return commands.flatMap((each) => (each.type === 'createLeg' ? [each] : []))
    },
    get timers() {
      return commands.flatMap((each) => (each.type === 'startTimer' ? [`${timerKey(each.timer)} ${each.ms}`] : []))
    },
    get commands(): readonly Command[] {
      return commands
    },
    at(ms: number, event: Unstamped) {
      ;[call, commands] = step(call, { ...event, at: begin + ms })
      return this
    }
  }
}

const seen = { type: 'legSeen', leg: 'c.1.1' } as const
const gone = (cause: number, sipCode?: number, leg = 'c.1.1') =>
  ({ type: 'legGone', leg, cause, ...(sipCode !== undefined && { sipCode }) }) as const
const failed = (
  failure: 'unavailable' | 'limited' | 'trunk-limited' | 'barred' | 'timeout' | 'failed',
  reason?: string
) =>
  ({
    type: 'failed',
    command: { type: 'createLeg', leg: 'c.1.1', dial: mobile },
    failure,
    ...(reason !== undefined && { reason })
  }) as const

test('the first try goes through the first trunk, and may be passed over', () => {
  expect(hunt().created).toEqual([
    { type: 'createLeg', leg: 'c.1.1', dial: mobile, trunk: through('a')[0], mayPass: true }
  ])
  expect(hunt(through('a')).created).toEqual([
    { type: 'createLeg', leg: 'c.1.1', dial: mobile, trunk: through('a')[0] }
  ])
})

test('a trunk that fails before the call rings is followed by the next one, and after the last by the next step', () => {
  const call = hunt().at(1, seen).at(2, gone(34, 503))
  expect(call.created).toMatchObject([{ leg: 'c.1.t2.1', trunk: { name: 'b' }, mayPass: true }])
  call.at(3, { ...seen, leg: 'c.1.t2.1' }).at(4, gone(34, 503, 'c.1.t2.1'))
  expect(call.created).toMatchObject([{ leg: 'c.1.t3.1', trunk: { name: 'c' } }])
  expect(call.created[0]).not.toHaveProperty('mayPass')
  call.at(5, { ...seen, leg: 'c.1.t3.1' }).at(6, gone(34, 503, 'c.1.t3.1'))
  expect(call.created).toMatchObject([{ leg: 'c.2.1', dial: 'PJSIP/bob' }])
  expect(attemptRecords(call.call).map(({ tryNumber, trunk, outcome }) => [tryNumber, trunk, outcome])).toEqual([
    [1, 'a', 'congestion'],
    [2, 'b', 'congestion'],
    [3, 'c', 'congestion'],
    [1, null, null]
  ])
})

test.each([
  ['cannot be reached by Asterisk', failed('unavailable'), 'c.1.t2.1'],
  ['is passed over, or full', failed('trunk-limited', 'why'), 'c.1.t2.1'],
  ['must not be dialled', failed('barred', 'why'), 'c.2.1'],
  ['was asked for without an answer', failed('timeout'), 'c.2.1'],
  ['could not be asked for', failed('failed'), 'c.2.1']
])('what follows a trunk that %s', (_, event, next) => {
  expect(
    hunt()
      .at(1, event)
      .created.map(({ leg }) => leg)
  ).toEqual([next])
})

test('a target that is in as many calls as it may be is not tried through another trunk', () => {
  const { call } = hunt().at(1, failed('limited', 'it is in call d'))
  expect(attemptRecords(call)).toMatchObject([
    { outcome: 'limited', cause: 17, reason: 'it is in call d' },
    { step: 2, outcome: null }
  ])
})

test('the reason why a trunk was passed over is recorded', () => {
  const { call } = hunt().at(1, failed('trunk-limited', 'trunk a is full'))
  expect(attemptRecords(call)[0]).toMatchObject({ outcome: 'limited', cause: 34, reason: 'trunk a is full' })
})

test('a call that rings has reached the person: no other trunk is tried, however it ends', () => {
  const rung = hunt().at(1, seen).at(2, { type: 'legRinging', leg: 'c.1.1' }).at(3, gone(34, 503))
  expect(rung.created.map(({ leg }) => leg)).toEqual(['c.2.1'])
})

describe('the ring time of a target', () => {
  test('is shared by its trunks', () => {
    const call = hunt()
      .at(1, seen)
      .at(4000, gone(38, 500))
      .at(4001, { ...seen, leg: 'c.1.t2.1' })
    expect(call.timers).toEqual(['ring c.1.t2.1 16000', 'progress c.1.t2.1 8000'])
  })

  test.each([
    [17_999, 'c.1.t2.1'],
    [18_000, 'c.1.t2.1'],
    [18_001, 'c.2.1']
  ])('leaves no time for another trunk after %d ms of 20 s, or it does', (ms, next) => {
    expect(
      hunt()
        .at(1, seen)
        .at(ms, gone(38, 500))
        .created.map(({ leg }) => leg)
    ).toEqual([next])
  })

  test.each([
    [20, 10_000],
    [60, 10_000],
    [6, 3000]
  ])('of %d s leaves a trunk %d ms to show something', (seconds, ms) => {
    expect(hunt(through('a', 'b'), seconds).at(1, seen).timers).toContain(`progress c.1.1 ${ms}`)
  })

  test('begins with the first try, whatever rang before', () => {
    const call = hunt(through('a', 'b'), 20, ['PJSIP/alice']).at(1, seen).at(15_000, gone(17, 486))
    call.at(15_001, { ...seen, leg: 'c.2.1' }).at(19_000, gone(34, 503, 'c.2.1'))
    expect(attemptRecords(call.call).map(({ leg, startedAt }) => [leg, startedAt - begin])).toEqual([
      ['c.1.1', 0],
      ['c.2.1', 15_000],
      ['c.2.t2.1', 19_000]
    ])
    expect(call.at(19_001, { ...seen, leg: 'c.2.t2.1' }).timers).toContain('ring c.2.t2.1 16000')
  })

  test('belongs to the last trunk alone', () => {
    expect(hunt(through('a')).at(1, seen).timers).toEqual(['ring c.1.1 20000'])
  })
})

test('a trunk that says nothing is hung up, and the next one tried', () => {
  const silent = hunt()
    .at(1, seen)
    .at(10_001, { type: 'timer', timer: { kind: 'progress', leg: 'c.1.1' } })
  expect(silent.commands).toMatchObject([
    { type: 'cancelTimer', timer: { kind: 'ring', leg: 'c.1.1' } },
    { type: 'hangUpLeg', leg: 'c.1.1', cause: 18 },
    { type: 'startTimer', timer: { kind: 'hangUp' } },
    { type: 'createLeg', leg: 'c.1.t2.1' },
    { type: 'startTimer', timer: { kind: 'setup' } }
  ])
  expect(attemptRecords(silent.call)[0]).toMatchObject({ outcome: 'unreachable' })
})

test.each(['legRinging', 'legAnswered'] as const)('after %s it has shown something', (type) => {
  const call = hunt().at(1, seen).at(2, { type, leg: 'c.1.1' })
  expect(call.at(10_001, { type: 'timer', timer: { kind: 'progress', leg: 'c.1.1' } }).commands).toEqual([])
})

test('a caller who has hung up is not tried for through another trunk', () => {
  const call = hunt().at(1, seen).at(2, { type: 'callerGone', cause: 16 }).at(3, gone(34, 503))
  expect(call.created).toEqual([])
})

describe('a call taken over', () => {
  const second = hunt()
    .at(1, seen)
    .at(4000, gone(38, 500))
    .at(4001, { ...seen, leg: 'c.1.t2.1' })

  test('goes on with the try that rings, for the time that is left', () => {
    const [call, commands] = restore(callRecord(second.call), attemptRecords(second.call), {
      at: begin + 5000,
      maxCallSeconds: 3600
    })
    expect(call.legs.map(({ id, state, tryNumber, ringSeconds }) => [id, state, tryNumber, ringSeconds])).toEqual([
      ['c.1.1', 'gone', 1, 20],
      ['c.1.t2.1', 'dialling', 2, 16]
    ])
    const timers = commands.flatMap((each) =>
      each.type === 'startTimer' ? [`${timerKey(each.timer)} ${each.ms}`] : []
    )
    expect(timers.slice(0, 2)).toEqual(['ring c.1.t2.1 15000', 'progress c.1.t2.1 7000'])
  })

  test('takes a later try that Asterisk has for the end of those before', () => {
    const first = hunt().at(1, seen)
    first.at(500, { type: 'legFound', leg: 'c.1.t2.1' })
    expect(first.call.legs.map(({ id, state }) => [id, state])).toEqual([
      ['c.1.1', 'ending'],
      ['c.1.t2.1', 'dialling']
    ])
  })
})

test.each(Object.entries(said))('responses that mean %s are about the trunk, or they are not', (outcome, codes) => {
  const ofPersons = [404, 410, 480, 484, 485, 486, 600, 603, 604, 607, 608, 433, 440, 481, 482, 483, 487, 491]
  for (const code of codes) {
    const isAboutTrunk = code >= 400 && !ofPersons.includes(code)
    expect([code, outcome, isTrunkFailure(attemptOutcome(0, code), code)]).toEqual([code, outcome, isAboutTrunk])
  }
})

test('without a response, as on Asterisk 16, a cause tells only what no person has caused', () => {
  const tried = Array.from({ length: 128 }, (_, cause) => cause).filter((cause) =>
    isTrunkFailure(attemptOutcome(cause, undefined), undefined)
  )
  expect(tried).toEqual([18, 27, 32, 33, 34, 35, 36, 37, 38, 39, 41, 42, 44, 45, 46, 47, 102])
})
