import type { RuleStore } from '../../src/ports'
import type { RuleBook } from '../../src/rules/rule'
import { FakeClock, rulesOf, settled } from './fakes'
import { caller, number, setUp } from './set-up'

test('an incoming call is claimed, and its first target rings', async () => {
  const { telephony, switchboard, arrive, handle } = setUp()
  await arrive()
  expect(telephony.asked).toEqual(['createLeg c1.1.1 PJSIP/alice'])
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  expect(telephony.asked).toContain('dialLeg c1.1.1')
  expect(switchboard.liveCalls).toBe(1)
})

test('if the caller hangs up while the rules are being read, no target rings and no attempt is recorded', async () => {
  let answer: (book: RuleBook) => void = () => undefined
  const slow: RuleStore = { ...rulesOf(number, []), rulesFor: () => new Promise((resolve) => (answer = resolve)) }
  const { telephony, switchboard, arrive, handle, calls } = setUp(slow)
  await arrive()
  await handle({ type: 'legGone', leg: '17.1', cause: 127 })
  answer(await rulesOf(number, [['PJSIP/alice']]).rulesFor(number))
  await settled()
  const { call, attempts } = calls.calls.get('c1') ?? {}
  expect(call).toMatchObject({ outcome: 'abandoned', endedBy: 'caller', cause: 16, decision: 'rule' })
  expect([telephony.asked, attempts, switchboard.liveCalls]).toEqual([[], [], 0])
})

test('if the rules cannot be read, the call is handed to the failsafe, and the next call is claimed', async () => {
  const good = rulesOf(number, [['PJSIP/alice']])
  let broken = true
  const { telephony, arrive, logged, switchboard } = setUp({
    ...good,
    rulesFor: (dialled) => (broken ? Promise.reject(new Error('disk I/O error')) : good.rulesFor(dialled))
  })
  await arrive()
  expect(telephony.asked).toEqual([`leaveToDialplan 17.1 followme-failsafe,${number}`])
  expect(logged).toEqual(['warn call left to the failsafe'])
  expect(switchboard.liveCalls).toBe(0)
  broken = false
  await arrive('17.2')
  expect(telephony.asked).toContain('createLeg c2.1.1 PJSIP/alice')
})

test('if the rules have an unexpected shape, the call is handed to the failsafe, and the next call is claimed', async () => {
  const good = rulesOf(number, [['PJSIP/alice']])
  const books: Promise<RuleBook>[] = [Promise.resolve({ get: () => ({ enabled: true }) } as unknown as RuleBook)]
  const { telephony, arrive, switchboard } = setUp({
    ...good,
    rulesFor: (dialled) => books.pop() ?? good.rulesFor(dialled)
  })
  await arrive()
  expect(telephony.asked).toEqual([`leaveToDialplan 17.1 followme-failsafe,${number}`])
  expect(switchboard.liveCalls).toBe(0)
  await arrive('17.2')
  expect(telephony.asked).toContain('createLeg c2.1.1 PJSIP/alice')
})

test('a fault in the rules is logged once, not with every call', async () => {
  const { arrive, logged } = setUp(rulesOf(number, [['PJSIP/alice', 'Local/x@y']]))
  for (const aLeg of ['17.1', '17.2', '17.3']) await arrive(aLeg)
  expect(logged.filter((line) => line.startsWith('warn '))).toEqual([
    expect.stringContaining('skipped: target "Local/x@y" cannot be dialled')
  ])
})

test('after a call has ended no timer and no entry is left', async () => {
  const { clock, switchboard, arrive, handle, calls } = setUp()
  await arrive()
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  await handle({ type: 'legLeft', leg: '17.1' })
  await handle({ type: 'legGone', leg: '17.1', cause: 16 })
  await handle({ type: 'legGone', leg: 'c1.1.1', cause: 16 })
  expect(switchboard.liveCalls).toBe(0)
  expect(clock.pending).toBe(0)
  expect(calls.calls.get('c1')?.call.outcome).toBe('abandoned')
})

test('a caller who returns is a new call, even while the first is still being cleared', async () => {
  const { arrive, handle, calls, switchboard } = setUp()
  await arrive()
  await handle({ type: 'legLeft', leg: '17.1' })
  await arrive()
  await handle({ type: 'legGone', leg: '17.1', cause: 16 })
  await handle({ type: 'legGone', leg: 'c2.1.1', cause: 16 })
  expect(calls.calls.get('c2')?.call.outcome).toBe('abandoned')
  expect(switchboard.liveCalls).toBe(1)
})

test('requests about the same leg are sent one after another, requests about different legs are not', async () => {
  const { telephony, arrive, handle } = setUp(rulesOf(number, [['PJSIP/alice', 'PJSIP/bob']]))
  let release: () => void = () => undefined
  const create = telephony.createLeg
  telephony.createLeg = async (leg, dial) => {
    await create(leg, dial)
    if (leg === 'c1.1.1') await new Promise<void>((resolve) => (release = resolve))
  }
  await arrive()
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  await handle({ type: 'legSeen', leg: 'c1.1.2' })
  expect(telephony.asked).toContain('dialLeg c1.1.2')
  expect(telephony.asked).not.toContain('dialLeg c1.1.1')
  release()
  await settled()
  expect(telephony.asked).toContain('dialLeg c1.1.1')
})

test('a leg that appears after its call has ended is hung up, but only once its owner can be known', async () => {
  const { telephony, handle, switchboard } = setUp()
  await handle({ type: 'legSeen', leg: 'gone.1.1' })
  expect(telephony.asked).toEqual([])
  await handle({ type: 'connected' })
  await handle({ type: 'legSeen', leg: 'gone.1.1' })
  expect(telephony.asked).toEqual(['hangUp gone.1.1 16'])
  switchboard.stop()
})

test('events of unknown legs and calls change nothing', async () => {
  const { telephony, handle, switchboard } = setUp()
  for (const type of ['legRinging', 'legAnswered', 'legLeft'] as const) await handle({ type, leg: '' })
  await handle({ type: 'legGone', leg: 'x', cause: 16 })
  expect(telephony.asked).toEqual([])
  expect(switchboard.liveCalls).toBe(0)
})

test('a caller who has gone to the dialplan is left alone, and no phone rings for them', async () => {
  const { telephony, arrive, handle } = setUp()
  await arrive()
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  telephony.present = {
    legs: new Map([
      ['17.1', { state: 'up', ours: false, controlled: false }],
      ['c1.1.1', { state: 'ringing', ours: true, controlled: true }]
    ]),
    bridges: new Map()
  }
  await handle({ type: 'connected' })
  expect(telephony.asked).toContain('hangUp c1.1.1 16')
  expect(telephony.asked.some((each) => each.startsWith('hangUp 17.1'))).toBe(false)
})

test('a failed snapshot is retried', async () => {
  const { telephony, arrive, handle, clock, switchboard } = setUp()
  await arrive()
  const { snapshot } = telephony
  telephony.snapshot = () => Promise.reject(new Error('timeout'))
  await handle({ type: 'connected' })
  telephony.snapshot = snapshot
  telephony.failing.set('hangUp', 'gone')
  clock.pass(1000)
  await settled()
  clock.pass(5000)
  await settled()
  expect(switchboard.liveCalls).toBe(0)
})

test('after a reconnect, lost calls are closed and answered ones are bridged', async () => {
  const { telephony, arrive, handle, calls, switchboard } = setUp()
  await arrive('17.1')
  await arrive('17.2')
  for (const leg of ['c1.1.1', 'c2.1.1']) await handle({ type: 'legSeen', leg })
  telephony.present = {
    legs: new Map([
      ['17.2', { state: 'down', ours: false, controlled: true }],
      ['c2.1.1', { state: 'up', ours: true, controlled: true }]
    ]),
    bridges: new Map()
  }
  telephony.failing.set('hangUp c1.1.1', 'gone')
  await handle({ type: 'connected' })
  expect(calls.calls.get('c1')?.call.outcome).toBe('lost')
  expect(telephony.asked).toContain('bridge c2.bridge 17.2 c2.1.1')
  expect(switchboard.liveCalls).toBe(1)
})

test('a leg created during a snapshot does not count as missing', async () => {
  const { telephony, handle, arrive, switchboard } = setUp()
  await arrive()
  let answer = (): void => undefined
  telephony.snapshot = () =>
    new Promise((resolve) => {
      answer = () =>
        resolve({ legs: new Map([['17.1', { state: 'down', ours: false, controlled: true }]]), bridges: new Map() })
    })
  await handle({ type: 'connected' })
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  answer()
  await settled()
  await handle({ type: 'legRinging', leg: 'c1.1.1' })
  expect(telephony.asked).not.toContain('createLeg c1.2.1 PJSIP/bob')
  expect(telephony.asked).toContain('ringCaller 17.1')
  switchboard.stop()
})

test.each([
  ['has answered: the parties are bridged', 'up', 'bridge c1.bridge 17.1 c1.1.1'],
  ['still rings: it is hung up', 'ringing', 'hangUp c1.1.1 19']
] as const)(
  'a ring time that ends without a connection is decided after reconnecting; the target %s',
  async (_, state, asked) => {
    const { telephony, handle, arrive, clock, switchboard } = setUp()
    await arrive()
    await handle({ type: 'legSeen', leg: 'c1.1.1' })
    await handle({ type: 'legRinging', leg: 'c1.1.1' })
    telephony.isDeaf = true
    clock.pass(10_000)
    await handle({ type: 'disconnected' })
    telephony.isDeaf = false
    telephony.present = {
      legs: new Map([
        ['17.1', { state: 'down', ours: false, controlled: true }],
        ['c1.1.1', { state, ours: true, controlled: true }]
      ]),
      bridges: new Map()
    }
    expect(telephony.asked.filter((each) => each.startsWith('hangUp'))).toEqual([])
    await handle({ type: 'connected' })
    expect(telephony.asked).toContain(asked)
    switchboard.stop()
  }
)

test('a caller is not hung up before all events are received, because the failsafe may have taken the call', async () => {
  const { telephony, handle, arrive, calls, switchboard } = setUp(rulesOf(number, []))
  let passBarrier = (): void => undefined
  telephony.eventBarrier = () => new Promise((resolve) => (passBarrier = resolve))
  await arrive()
  expect(telephony.asked).toEqual([])
  await handle({ type: 'legLeft', leg: '17.1' })
  passBarrier()
  await settled()
  expect(telephony.asked).toEqual([])
  expect(calls.calls.get('c1')?.call.outcome).toBe('fallback')
  switchboard.stop()
})

test('an old incoming event is not acted on before all events are received, because the failsafe may have taken the call', async () => {
  const { telephony, handle, clock, calls, switchboard } = setUp()
  let passBarrier = (): void => undefined
  telephony.eventBarrier = () => new Promise((resolve) => (passBarrier = resolve))
  const old = { type: 'incoming', at: clock.now() - 6000 } as const
  await handle({ ...old, call: { aLeg: '17.1', number, caller } })
  await handle({ type: 'legLeft', leg: '17.1' })
  passBarrier()
  await settled()
  expect([telephony.asked, [...calls.calls.keys()], switchboard.liveCalls]).toEqual([[], [], 0])
  await handle({ ...old, call: { aLeg: '17.2', number, caller } })
  expect(telephony.asked).toEqual([])
  passBarrier()
  await settled()
  expect(telephony.asked).toContain('createLeg c2.1.1 PJSIP/alice')
  switchboard.stop()
})

test('ringback that Asterisk refused is retried until it works', async () => {
  const { telephony, arrive, handle, clock, switchboard } = setUp()
  const rung = (): number => telephony.asked.filter((each) => each === 'ringCaller 17.1').length
  await arrive()
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  telephony.failing.set('ringCaller', 'timeout')
  await handle({ type: 'legRinging', leg: 'c1.1.1' })
  expect(rung()).toBe(1)
  clock.pass(1000)
  await settled()
  expect(rung()).toBe(2)
  telephony.failing.clear()
  clock.pass(1000)
  await settled()
  expect(rung()).toBe(3)
  clock.pass(5000)
  await settled()
  expect(rung()).toBe(3)
  switchboard.stop()
  expect(clock.pending).toBe(0)
})

test('the id of a live call is not given to another call', async () => {
  const { telephony, calls, clock, switchboard, arrive } = setUp()
  await arrive('17.1')
  switchboard.stop()
  // The next process begins to count anew, in the same second.
  const ids = ['c1', 'c1', 'c2', 'c2', 'c1', 'c3']
  const next = setUp(undefined, { clock, telephony, calls, mint: () => ids.shift() ?? 'none' })
  telephony.present = {
    legs: new Map([['17.1', { state: 'down', ours: false, controlled: true }]]),
    bridges: new Map()
  }
  await next.handle({ type: 'connected' })
  await next.arrive('17.2')
  await next.arrive('17.3')
  expect([...calls.calls.values()].map(({ call }) => `${call.id} ${call.aLeg}`)).toEqual([
    'c1 17.1',
    'c2 17.2',
    'c3 17.3'
  ])
  next.switchboard.stop()
})

test('the rules are evaluated for the time at which they were read', async () => {
  const book = await rulesOf(number, [['PJSIP/alice']]).rulesFor(number)
  const { rules, ...rest } = book.get(number)!
  const clock = new FakeClock()
  const override = { kind: 'closed', value: null, expiresAt: clock.now() + 1000, setBy: null } as const
  let read = (): void => undefined
  const slow: RuleStore = {
    ...rulesOf(number, []),
    rulesFor: () => new Promise((resolve) => (read = () => resolve(new Map([[number, { ...rest, rules, override }]]))))
  }
  const { arrive, calls, switchboard } = setUp(slow, { clock })
  await arrive()
  clock.pass(1500)
  read()
  await settled()
  expect(calls.calls.get('c1')?.call.decision).toBe('rule')
  switchboard.stop()
})
