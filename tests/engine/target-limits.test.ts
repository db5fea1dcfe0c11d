// target_limits while calls are in progress: a target that is in as many calls as it may be is passed over at once.
import fc from 'fast-check'
import type { AttemptRecord } from '../../src/call/record'
import { TargetMonitor } from '../../src/engine/target-monitor'
import { TargetLimits } from '../../src/rules/target-limits'
import { anAttempt } from '../store/fresh-database'
import { play } from '../call/play'
import { fakeLog } from '../fake-log'
import { FakeClock, rulesOf, settled } from './fakes'
import { alice, created, firstOf, limitsOf, looked, type Looked } from './limited-target'
import { number, setUp } from './set-up'

const newcomer = play([[alice]]).call

async function talk({ handle, telephony }: Pick<Looked, 'handle' | 'telephony'>, leg: string, aLeg = '17.1') {
  await handle({ type: 'legSeen', leg })
  await handle({ type: 'legRinging', leg })
  await handle({ type: 'legAnswered', leg })
  await handle({ type: 'legAnswered', leg: aLeg })
  expect(telephony.asked.some((each) => each.startsWith(`bridge`) && each.endsWith(`${aLeg} ${leg}`))).toBe(true)
}

test('a target that a call rings is passed over, and the record names that call', async () => {
  const all = await looked()
  await all.arrive('17.1')
  await all.arrive('17.2')
  expect(created(all)).toEqual(['c1.1.1 PJSIP/alice', 'c2.2.1 PJSIP/bob'])
  expect(firstOf(all, 'c2')).toMatchObject({
    outcome: 'limited',
    reason: 'PJSIP/alice is in call c1, and target_limits allows 1',
    cause: 17,
    dialledAt: null,
    endedAt: all.clock.now()
  })
  all.switchboard.stop()
})

test('a target without a row rings as often as it is called', async () => {
  const all = await looked(new TargetLimits([]))
  await all.arrive('17.1')
  await all.arrive('17.2')
  expect(created(all)).toEqual(['c1.1.1 PJSIP/alice', 'c2.1.1 PJSIP/alice'])
  all.switchboard.stop()
})

test('a target may ring again in a later step of its own call', async () => {
  const all = await looked(limitsOf(1), [[alice], [alice, 'PJSIP/bob']])
  await all.arrive('17.1')
  await all.handle({ type: 'legSeen', leg: 'c1.1.1' })
  await all.clock.passSlowly(10_000)
  expect(created(all)).toEqual(['c1.1.1 PJSIP/alice', 'c1.2.1 PJSIP/alice', 'c1.2.2 PJSIP/bob'])
  all.switchboard.stop()
})

test('all devices of a phone are one place', async () => {
  const all = await looked()
  all.telephony.contacts.set(alice, ['PJSIP/alice/sip:1', 'PJSIP/alice/sip:2'])
  await all.arrive('17.1')
  await settled()
  expect(created(all).sort()).toEqual(['c1.1.1 PJSIP/alice/sip:1', 'c1.1.c2.1 PJSIP/alice/sip:2'])
  // One of them is busy; the other one still rings.
  await all.handle({ type: 'legGone', leg: 'c1.1.1', cause: 17 })
  await all.arrive('17.2')
  expect(created(all).at(-1)).toBe('c2.2.1 PJSIP/bob')
  await all.handle({ type: 'legGone', leg: 'c1.1.c2.1', cause: 17 })
  await all.arrive('17.3')
  expect(created(all)).toContain('c3.1.1 PJSIP/alice/sip:1')
  all.switchboard.stop()
})

test.each<[string, (all: Looked) => Promise<void>]>([
  ['is busy', (all) => all.handle({ type: 'legGone', leg: 'c1.1.1', cause: 17 })],
  ['loses the caller', (all) => all.handle({ type: 'legGone', leg: '17.1', cause: 16 })],
  [
    'has talked',
    async (all) => {
      await talk(all, 'c1.1.1')
      await all.handle({ type: 'legGone', leg: 'c1.1.1', cause: 16 })
    }
  ]
])('a target that %s may be called again', async (_what, happen) => {
  const all = await looked()
  await all.arrive('17.1')
  await happen(all)
  await all.arrive('17.2')
  expect(created(all).at(-1)).toBe('c2.1.1 PJSIP/alice')
  all.switchboard.stop()
})

describe('a target that has talked', () => {
  const wrapping = async () => {
    const all = await looked(limitsOf(1, 30))
    await all.arrive('17.1')
    await talk(all, 'c1.1.1')
    await all.handle({ type: 'legGone', leg: 'c1.1.1', cause: 16 })
    return all
  }
  test('wraps up for as long as its row says, and then is called', async () => {
    const all = await wrapping()
    const until = all.clock.now() + 30_000
    await all.clock.passSlowly(29_000)
    await all.arrive('17.2')
    expect(firstOf(all, 'c2')).toMatchObject({
      outcome: 'limited',
      reason: `PJSIP/alice wraps up until ${new Date(until).toISOString()}`
    })
    await all.clock.passSlowly(1000)
    await all.arrive('17.3')
    expect(created(all).at(-1)).toBe('c3.1.1 PJSIP/alice')
    all.switchboard.stop()
  })
  test('does not wrap up if nobody was connected', async () => {
    const all = await looked(limitsOf(1, 30))
    await all.arrive('17.1')
    await all.handle({ type: 'legSeen', leg: 'c1.1.1' })
    await all.handle({ type: 'legGone', leg: 'c1.1.1', cause: 17 })
    await all.arrive('17.2')
    expect(created(all)).toContain('c2.1.1 PJSIP/alice')
    all.switchboard.stop()
  })
  test('wraps up after a restart', () => {
    const [clock, log] = [new FakeClock(), fakeLog()]
    const attempt: AttemptRecord = anAttempt('c1', { dial: alice, outcome: 'answered', endedAt: clock.now() - 10_000 })
    const asked: number[] = []
    const records = {
      talkedSince: (at: number) => {
        asked.push(at)
        return [attempt]
      }
    }
    const monitor = new TargetMonitor({ limits: () => limitsOf(1, 30), records, clock, log })
    monitor.loadRecords()
    expect(monitor.refusalOf(newcomer, 'c9.1.1', alice)).toContain('wraps up until')
    expect(asked).toEqual([clock.now() - 3_600_000])
  })
  test('is called if the records cannot be read', () => {
    const log = fakeLog()
    const records = {
      talkedSince: () => {
        throw new Error('disk I/O error')
      }
    }
    const monitor = new TargetMonitor({ limits: () => limitsOf(1, 30), records, clock: new FakeClock(), log })
    monitor.loadRecords()
    expect(monitor.refusalOf(newcomer, 'c9.1.1', alice)).toBeUndefined()
    expect(log.texts).toEqual(['warn the records cannot be read, so targets that wrapped up may be called'])
  })
})

describe('a target whose place somebody else takes', () => {
  const replaced = async () => {
    const limits = new TargetLimits([alice, 'PJSIP/bob'].map((dial) => ({ dial, maxCalls: 1, wrapUpSeconds: 0 })))
    const all = await looked(limits, [[alice], ['PJSIP/bob']])
    await all.arrive('17.1')
    await talk(all, 'c1.1.1')
    await all.handle({ type: 'legReplaced', leg: 'c1.1.1', by: 't1', isUp: true, who: 'PJSIP/bob' })
    return all
  }
  test('may be called, and the other one is in the call', async () => {
    const all = await replaced()
    await all.arrive('17.2')
    await all.arrive('17.3')
    expect(created(all).slice(1)).toEqual(['c2.1.1 PJSIP/alice'])
    expect(all.calls.calls.get('c3')?.attempts.map(({ reason }) => reason)).toEqual([
      'PJSIP/alice is in call c2, and target_limits allows 1',
      'PJSIP/bob is in call c1, and target_limits allows 1'
    ])
    all.switchboard.stop()
  })
  test('leaves no place behind when the call ends', async () => {
    const all = await replaced()
    await all.handle({ type: 'legHangingUp', leg: 't1', cause: 16 })
    await all.handle({ type: 'legGone', leg: '17.1', cause: 16 })
    await all.arrive('17.2')
    await all.handle({ type: 'legGone', leg: 'c2.1.1', cause: 17 })
    expect(created(all).slice(1)).toEqual(['c2.1.1 PJSIP/alice', 'c2.2.1 PJSIP/bob'])
    all.switchboard.stop()
  })
})

test('after a restart, the calls that are taken over count', async () => {
  const first = await looked()
  await first.arrive('17.1')
  await first.handle({ type: 'legSeen', leg: 'c1.1.1' })
  first.switchboard.stop()
  const { clock, telephony, calls } = first
  const second = setUp(rulesOf(number, [[alice], ['PJSIP/bob']]), {
    clock,
    telephony,
    calls,
    minted: 10,
    limits: limitsOf(1)
  })
  telephony.present = {
    legs: new Map([
      ['17.1', { state: 'down', ours: false, controlled: true }],
      ['c1.1.1', { state: 'ringing', ours: true, controlled: true, ringsFor: '17.1' }]
    ]),
    bridges: new Map()
  }
  await second.handle({ type: 'connected' })
  await settled()
  await second.arrive('17.2')
  await settled()
  expect(calls.calls.get('c11')?.attempts[0]?.reason).toBe('PJSIP/alice is in call c1, and target_limits allows 1')
  second.switchboard.stop()
})

test('however calls arrive and end, a target is never in more calls than it may be, and is free after the last', async () => {
  const act = fc.record({ kind: fc.constantFrom('arrive', 'busy', 'hang up', 'talk'), which: fc.nat(5) })
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), fc.integer({ min: 1, max: 3 }), async (acts, maxCalls) => {
      const all = await looked(limitsOf(maxCalls))
      let arrived = 0
      const inCall = new Set<number>()
      for (const { kind, which } of acts) {
        const leg = `c${which}.1.1`
        if (kind === 'arrive') {
          arrived += 1
          const before = created(all).length
          await all.arrive(`17.${arrived}`)
          const isRung = created(all).slice(before).includes(`c${arrived}.1.1 PJSIP/alice`)
          expect(isRung).toBe(inCall.size < maxCalls)
          if (isRung) inCall.add(arrived)
        } else if (kind === 'busy') {
          await all.handle({ type: 'legGone', leg, cause: 17 })
          inCall.delete(which)
        } else if (kind === 'hang up') {
          await all.handle({ type: 'legGone', leg: `17.${which}`, cause: 16 })
          inCall.delete(which)
        } else {
          await all.handle({ type: 'legSeen', leg })
          await all.handle({ type: 'legAnswered', leg })
        }
      }
      all.switchboard.stop()
    }),
    { numRuns: 60 }
  )
})
