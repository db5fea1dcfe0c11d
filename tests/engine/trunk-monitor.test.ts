// The trunks while calls are in progress: which are full, which are passed over, and what says so.
import { attemptRecords, callRecord } from '../../src/call/cdr'
import { restore } from '../../src/call/restore'
import { start, step } from '../../src/call/step'
import type { Call, CallEvent, Turn } from '../../src/call/types'
import { TrunkMonitor } from '../../src/engine/trunk-monitor'
import type { PlannedTrunk } from '../../src/rules/hunt-plan'
import { incoming } from '../call/given-caller'
import { fakeLog } from '../fake-log'
import { FakeClock } from './fakes'

const trunk = (name: string, maxCalls?: number): PlannedTrunk => ({
  name,
  dial: `PJSIP/+442071838750@${name}`,
  ...(maxCalls !== undefined && { maxCalls })
})
type Unstamped = CallEvent extends infer E ? (E extends CallEvent ? Omit<E, 'at'> : never) : never

function given(trunks = [trunk('a', 2), trunk('b')]) {
  const clock = new FakeClock()
  const log = fakeLog()
  const monitor = new TrunkMonitor(clock, log)
  const plan = { steps: [{ targets: [{ dial: '+442071838750', ringSeconds: 20, trunks }] }], fallback: 'busy' }
  const decided = { decision: 'rule', rule: 'day', plan } as const
  let made = 0
  /** A call whose first leg has asked for its trunk. */
  const arrives = () => {
    const id = `c${++made}`
    let call!: Call
    const take = ([next, commands, transitions]: Turn): void => {
      call = next
      monitor.listener(call, transitions)
      for (const each of commands) {
        if (each.type === 'createLeg' && each.trunk !== undefined)
          refusals.push(monitor.refusalOf(each.leg, each.trunk, each.mayPass === true))
      }
    }
    const refusals: (string | undefined)[] = []
    take(start(id, incoming, decided, { at: clock.now(), maxCallSeconds: 3600 }))
    return {
      id,
      refusals,
      get call() {
        return call
      },
      takes: (event: Unstamped) => take(step(call, { ...event, at: clock.now() }))
    }
  }
  const fails = (times: number): void => {
    for (let each = 0; each < times; each++) {
      const { id, takes } = arrives()
      takes({ type: 'legSeen', leg: `${id}.1.1` })
      takes({ type: 'legGone', leg: `${id}.1.1`, cause: 34, sipCode: 503 })
    }
  }
  return { clock, monitor, arrives, fails, logged: log.texts }
}

test('a trunk takes as many calls as it may have, also if it is the only one; a call that ends makes room', () => {
  const { arrives, monitor } = given([trunk('a', 2)])
  const [one, two, three] = [arrives(), arrives(), arrives()]
  expect([one, two, three].map(({ refusals }) => refusals[0])).toEqual([
    undefined,
    undefined,
    'trunk a carries 2 calls, and its max_calls is 2'
  ])
  one.takes({ type: 'legGone', leg: `${one.id}.1.1`, cause: 17 })
  expect(monitor.state).toEqual([{ name: 'a', calls: 1, restingUntil: null }])
  expect(arrives().refusals).toEqual([undefined])
})

test('a call of the process before counts', () => {
  const { arrives, monitor } = given()
  const { call } = arrives()
  const next = new TrunkMonitor(new FakeClock(), fakeLog())
  const [restored, , transitions] = restore(callRecord(call), attemptRecords(call), { at: 0, maxCallSeconds: 3600 })
  next.listener(restored, transitions)
  expect(next.state).toEqual(monitor.state)
})

test('after three failures it is passed over for a minute, the next trunk is not, and the log says so once', () => {
  const { fails, arrives, clock, logged } = given()
  fails(4)
  const { refusals } = arrives()
  const until = new Date(clock.now() + 60_000).toISOString()
  expect(refusals).toEqual([`trunk a is passed over until ${until}: its latest calls failed`])
  expect(logged).toEqual([`warn trunk a keeps failing, and is passed over until ${until}`])
})

test('after the minute one call tries it; when it rings, the trunk works again', () => {
  const { fails, arrives, clock, monitor, logged } = given()
  fails(3)
  clock.pass(60_000)
  const [probe, other] = [arrives(), arrives()]
  expect([probe.refusals, other.refusals]).toEqual([
    [undefined],
    ['trunk a is passed over while another call tries it: its latest calls failed']
  ])
  probe.takes({ type: 'legSeen', leg: `${probe.id}.1.1` })
  probe.takes({ type: 'legRinging', leg: `${probe.id}.1.1` })
  expect(monitor.state[0]?.restingUntil).toBeNull()
  expect(logged.at(-1)).toBe('info trunk a works again')
})

test('the only trunk of a number is never passed over', () => {
  const { fails, arrives } = given([trunk('a')])
  fails(5)
  expect(arrives().refusals).toEqual([undefined])
})

test.each([
  ['busy', 17, 486],
  ['declined', 21, 603],
  ['switched off', 20, 480],
  ['unknown', 1, 404]
])('a person who is %s shows that the trunk works', (_, cause, sipCode) => {
  const { fails, arrives } = given()
  fails(2)
  const { id, takes } = arrives()
  takes({ type: 'legSeen', leg: `${id}.1.1` })
  takes({ type: 'legGone', leg: `${id}.1.1`, cause, sipCode })
  fails(2)
  expect(arrives().refusals).toEqual([undefined])
})

test('a caller who hangs up says nothing about the trunk', () => {
  const { fails, arrives } = given()
  fails(2)
  const { id, takes } = arrives()
  takes({ type: 'legSeen', leg: `${id}.1.1` })
  takes({ type: 'callerGone', cause: 16 })
  fails(1)
  expect(arrives().refusals[0]).toMatch(/^trunk a is passed over/)
})

test('a trunk that Asterisk cannot reach fails, too', () => {
  const { arrives } = given()
  for (let each = 0; each < 3; each++) {
    const { id, takes } = arrives()
    takes({
      type: 'failed',
      command: { type: 'createLeg', leg: `${id}.1.1`, dial: '+442071838750' },
      failure: 'unavailable'
    })
  }
  expect(arrives().refusals[0]).toMatch(/^trunk a is passed over/)
})
