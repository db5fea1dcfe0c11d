// A look at Asterisk while calls go on: its lists are older than what is told, or newer.
import type { RuleStore } from '../../../src/ports'
import { rulesOf, settled } from '../fakes'
import { caller, number, setUp } from '../set-up'

test('after a lost connection, an old call begins only once a snapshot shows that the caller still waits', async () => {
  const { telephony, handle, clock, calls, switchboard } = setUp()
  await handle({ type: 'connected' })
  telephony.isDeaf = true
  for (const aLeg of ['17.1', '17.2']) {
    await handle({ type: 'incoming', at: clock.now() - 3000, call: { aLeg, number, caller } })
  }
  await handle({ type: 'disconnected' })
  telephony.isDeaf = false
  telephony.present = {
    legs: new Map([
      ['17.1', { state: 'down', ours: false, controlled: false }],
      ['17.2', { state: 'down', ours: false, controlled: true, incoming: { aLeg: '17.2', number, caller } }]
    ]),
    bridges: new Map()
  }
  await settled()
  expect([telephony.asked, switchboard.liveCalls]).toEqual([[], 2])
  await handle({ type: 'connected' })
  expect(telephony.asked.filter((each) => each.startsWith('createLeg'))).toEqual(['createLeg c2.1.1 PJSIP/alice'])
  expect([[...calls.calls.keys()], switchboard.liveCalls]).toEqual([['c2'], 1])
  switchboard.stop()
})

test('an old call whose caller is missing in the snapshot after a gap is recorded, and nothing rings', async () => {
  const { telephony, handle, clock, calls, switchboard } = setUp()
  await handle({ type: 'connected' })
  telephony.isDeaf = true
  const at = clock.now() - 3000
  await handle({ type: 'incoming', at, call: { aLeg: '17.1', number, caller } })
  await handle({ type: 'disconnected' })
  telephony.isDeaf = false
  clock.pass(2000)
  await handle({ type: 'connected' })
  expect([telephony.asked, switchboard.liveCalls]).toEqual([[], 0])
  const { call, attempts } = calls.calls.get('c1') ?? {}
  expect(call).toMatchObject({ outcome: 'lost', recovered: true, startedAt: at, endedAt: at + 5000, decision: 'rule' })
  expect([call?.plan.steps.length, attempts]).toEqual([2, []])
  switchboard.stop()
})

test('a caller who leaves while the rules are read has no call; one who is gone at the next snapshot is recorded as lost', async () => {
  let read = (): void => undefined
  const slow: RuleStore = {
    numbersAmong: () => Promise.resolve([]),
    rulesFor: async (...args) => {
      await new Promise<void>((resolve) => (read = resolve))
      return rulesOf(number, [['PJSIP/alice']]).rulesFor(...args)
    }
  }
  const { telephony, handle, arrive, calls, switchboard } = setUp(slow)
  await handle({ type: 'connected' })
  await arrive('17.1')
  await handle({ type: 'legLeft', leg: '17.1' })
  read()
  await settled()
  expect([telephony.asked, [...calls.calls.keys()], switchboard.liveCalls]).toEqual([[], [], 0])
  await arrive('17.2')
  await handle({ type: 'connected' })
  read()
  await settled()
  expect([telephony.asked, switchboard.liveCalls]).toEqual([[], 0])
  expect(calls.calls.get('c2')?.call).toMatchObject({ aLeg: '17.2', outcome: 'lost', recovered: true })
  switchboard.stop()
})

test("if an old caller's end is reported during a gap, the call is closed without waiting for a connection", async () => {
  const { telephony, handle, clock, calls, switchboard } = setUp()
  telephony.isDeaf = true
  for (const aLeg of ['17.1', '17.2']) {
    switchboard.handle({ type: 'incoming', at: clock.now() - 3000, call: { aLeg, number, caller } })
  }
  await handle({ type: 'disconnected' })
  expect(switchboard.liveCalls).toBe(2)
  await handle({ type: 'legLeft', leg: '17.1' })
  await handle({ type: 'legHangingUp', leg: '17.2', cause: 16 })
  expect(calls.calls.get('c2')?.call).toMatchObject({ outcome: 'abandoned', endedBy: 'caller' })
  expect(calls.calls.has('c1')).toBe(false)
  switchboard.stop()
})

test('events from before a gap do not show who waits; the snapshot after the gap does', async () => {
  const { telephony, clock, calls, switchboard } = setUp()
  const waiting = { state: 'down', ours: false, controlled: true } as const
  telephony.present = {
    legs: new Map([
      ['17.1', { ...waiting, controlled: false }],
      ['17.2', { ...waiting, incoming: { aLeg: '17.2', number, caller } }]
    ]),
    bridges: new Map()
  }
  // As one who was held back is told all at once.
  switchboard.handle({ type: 'connected' })
  for (const aLeg of ['17.1', '17.2']) {
    switchboard.handle({ type: 'incoming', at: clock.now() - 3000, call: { aLeg, number, caller } })
  }
  switchboard.handle({ type: 'disconnected' })
  switchboard.handle({ type: 'connected' })
  await settled()
  expect(telephony.asked).toEqual(['createLeg c2.1.1 PJSIP/alice'])
  expect([[...calls.calls.keys()], switchboard.liveCalls]).toEqual([['c2'], 1])
  switchboard.stop()
})

test('a snapshot requested during another one follows it, whatever the first one found', async () => {
  const { telephony, handle, clock, switchboard } = setUp()
  const leg = { state: 'up', ours: false, controlled: true, at: { context: 'x', extension: 'y' } } as const
  telephony.present = {
    legs: new Map([
      ['17.1', { ...leg, incoming: { aLeg: '17.1', number, caller: { number: '', name: '' } } }],
      ['c9.1.1', { ...leg, ours: true }]
    ]),
    bridges: new Map([['c9.bridge', { ours: true, members: ['17.1', 'c9.1.1'] }]])
  }
  let leased = (): void => undefined
  telephony.setLease = () => new Promise((resolve) => (leased = resolve))
  await handle({ type: 'connected' })
  await handle({ type: 'disconnected' })
  await handle({ type: 'connected' })
  let looks = 0
  telephony.snapshot = () => Promise.resolve((looks++, telephony.present))
  leased()
  await settled()
  clock.pass(1000)
  await settled()
  expect(looks).toBe(1)
  switchboard.stop()
})

test('a caller who hangs up during a snapshot is recorded as abandoned, not as lost', async () => {
  const { telephony, handle, arrive, calls, switchboard } = setUp()
  await handle({ type: 'connected' })
  await arrive()
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  await handle({ type: 'legRinging', leg: 'c1.1.1' })
  // The list is here, and has them no more, before their last event is.
  let list = (): void => undefined
  telephony.snapshot = () => new Promise((resolve) => (list = () => resolve(telephony.present)))
  let passBarrier = (): void => undefined
  telephony.eventBarrier = () => new Promise((resolve) => (passBarrier = resolve))
  await handle({ type: 'connected' })
  list()
  await settled()
  await handle({ type: 'legHangingUp', leg: '17.1', cause: 16 })
  passBarrier()
  await settled()
  expect(calls.calls.get('c1')?.call).toMatchObject({ outcome: 'abandoned', endedBy: 'caller', recovered: false })
  switchboard.stop()
})

test('a call that ends during a snapshot does not begin again, even if the snapshot contains its caller and leg', async () => {
  const { telephony, handle, arrive, calls, switchboard } = setUp()
  await handle({ type: 'connected' })
  await arrive()
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  telephony.present = {
    legs: new Map([
      ['17.1', { state: 'down', ours: false, controlled: true, incoming: { aLeg: '17.1', number, caller } }],
      ['c1.1.1', { state: 'ringing', ours: true, ringsFor: '17.1', controlled: true }]
    ]),
    bridges: new Map()
  }
  let list = (): void => undefined
  telephony.snapshot = () => new Promise((resolve) => (list = () => resolve(telephony.present)))
  await handle({ type: 'connected' })
  await handle({ type: 'legHangingUp', leg: '17.1', cause: 16 })
  await handle({ type: 'legGone', leg: 'c1.1.1', cause: 16 })
  const record = calls.calls.get('c1')?.call
  expect(record).toMatchObject({ outcome: 'abandoned', endedBy: 'caller' })
  const asked = [...telephony.asked]
  list()
  await settled()
  expect(calls.calls.get('c1')?.call).toEqual(record)
  expect([telephony.asked, switchboard.liveCalls]).toEqual([asked, 0])
  switchboard.stop()
})

test("a caller who returns before the failsafe's takeover is known is a new call", async () => {
  const { telephony, handle, arrive, clock, switchboard } = setUp()
  let passBarrier = (): void => undefined
  telephony.eventBarrier = () => new Promise((resolve) => (passBarrier = resolve))
  await handle({ type: 'incoming', at: clock.now() - 3000, call: { aLeg: '17.1', number, caller } })
  await handle({ type: 'legLeft', leg: '17.1' })
  await arrive('17.1')
  passBarrier()
  await settled()
  expect(telephony.asked).toEqual(['createLeg c2.1.1 PJSIP/alice'])
  expect(switchboard.liveCalls).toBe(1)
  switchboard.stop()
})

test('an old call does not begin after the process has been stopped', async () => {
  const { telephony, handle, clock, calls, switchboard } = setUp()
  let passBarrier = (): void => undefined
  telephony.eventBarrier = () => new Promise((resolve) => (passBarrier = resolve))
  await handle({ type: 'incoming', at: clock.now() - 3000, call: { aLeg: '17.1', number, caller } })
  switchboard.stop()
  passBarrier()
  await settled()
  expect([telephony.asked, [...calls.calls.keys()]]).toEqual([[], []])
})

test.each([
  ['who leaves Stasis', { type: 'legLeft', leg: '17.1' }],
  ['who hangs up', { type: 'legHangingUp', leg: '17.1', cause: 16 }],
  ['whose leg is gone', { type: 'legGone', leg: '17.1', cause: 16 }]
] as const)('no target rings for a caller %s during a snapshot that still contains them', async (_who, event) => {
  const { telephony, handle, clock, calls, switchboard } = setUp()
  telephony.present = {
    legs: new Map([
      ['17.1', { state: 'down', ours: false, controlled: true, incoming: { aLeg: '17.1', number, caller } }],
      ['c9.1.1', { state: 'down', ours: true, ringsFor: '9.9', controlled: true }]
    ]),
    bridges: new Map()
  }
  let hungUp = (): void => undefined
  await handle({ type: 'connected' })
  telephony.hangUp = () => new Promise((resolve) => (hungUp = resolve))
  clock.pass(1000)
  await settled()
  // The second look is clearing away the stray leg, and would claim the caller next.
  await handle(event)
  hungUp()
  await settled()
  expect([telephony.asked.filter((each) => each.startsWith('createLeg')), calls.calls.size]).toEqual([[], 0])
  expect(switchboard.liveCalls).toBe(0)
  switchboard.stop()
})

test('a snapshot requested before the connection was lost claims no caller, because it may be outdated', async () => {
  const { telephony, handle, clock, switchboard } = setUp()
  const waiting = {
    legs: new Map([
      ['17.1', { state: 'down', ours: false, controlled: true, incoming: { aLeg: '17.1', number, caller } } as const]
    ]),
    bridges: new Map()
  }
  telephony.present = waiting
  await handle({ type: 'connected' })
  let list = (): void => undefined
  telephony.snapshot = () => new Promise((resolve) => (list = () => resolve(waiting)))
  clock.pass(1000)
  await settled()
  await handle({ type: 'disconnected' })
  await handle({ type: 'connected' })
  telephony.snapshot = () => Promise.resolve({ legs: new Map(), bridges: new Map() })
  list()
  await settled()
  clock.pass(0)
  await settled()
  expect([telephony.asked, switchboard.liveCalls]).toEqual([[], 0])
  switchboard.stop()
})
