import type { AsteriskSnapshot, SnapshotLeg } from '../../../src/ports'
import { unreadablePlan } from '../../../src/call/record'
import { rulesOf, settled } from '../fakes'
import { caller, number, setUp } from '../set-up'

const held = { ours: false, controlled: true } as const
const made = { ours: true, controlled: true } as const

/** What Asterisk shows of the legs that are there. */
function alive(
  legs: readonly (readonly [string, SnapshotLeg])[],
  bridges: AsteriskSnapshot['bridges'] = new Map()
): AsteriskSnapshot {
  return { legs: new Map(legs), bridges }
}

describe('takeover of the calls of a dead process', () => {
  test('the record names the server that handles the call, before and after a takeover', async () => {
    const first = setUp()
    await first.arrive()
    const server = () => first.calls.calls.get('c1')?.call.server
    expect(server()).toBe('sales-1')
    await first.handle({ type: 'legSeen', leg: 'c1.1.1' })
    first.switchboard.stop()
    first.telephony.present = alive([
      ['17.1', { state: 'down', ...held }],
      ['c1.1.1', { state: 'ringing', ...made }]
    ])
    const next = setUp(undefined, { ...first, server: 'sales-2' })
    await next.handle({ type: 'connected' })
    await next.handle({ type: 'legGone', leg: 'c1.1.1', cause: 17 })
    expect(server()).toBe('sales-2')
    next.switchboard.stop()
  })

  test('a ringing phone keeps ringing for its remaining time, then the next one rings', async () => {
    const first = setUp()
    await first.arrive()
    await first.handle({ type: 'legSeen', leg: 'c1.1.1' })
    await first.handle({ type: 'legRinging', leg: 'c1.1.1' })
    first.switchboard.stop()
    first.clock.pass(4000)
    first.telephony.asked.length = 0
    first.telephony.present = alive([
      ['17.1', { state: 'down', ...held }],
      ['c1.1.1', { state: 'ringing', ...made }]
    ])
    const next = setUp(undefined, first)
    await next.handle({ type: 'connected' })
    expect(next.switchboard.liveCalls).toBe(1)
    expect(next.telephony.asked).toEqual(['ringCaller 17.1', 'setLease 17.1 20'])
    next.clock.pass(6000)
    await settled()
    expect(next.telephony.asked).toContain('hangUp c1.1.1 19')
    expect(next.telephony.asked).toContain('createLeg c1.2.1 PJSIP/bob')
    expect(next.calls.lost).toEqual([])
  })

  test('a planned leg that is missing is created, and an existing leg that was not dialled is dialled', async () => {
    const first = setUp(rulesOf(number, [['PJSIP/alice', 'PJSIP/bob', 'PJSIP/carol']]))
    await first.arrive()
    await first.handle({ type: 'legSeen', leg: 'c1.1.3' })
    await first.handle({ type: 'legRinging', leg: 'c1.1.3' })
    first.switchboard.stop()
    first.telephony.asked.length = 0
    first.telephony.present = alive([
      ['17.1', { state: 'down', ...held }],
      ['c1.1.2', { state: 'down', ...made, undialled: true }]
    ])
    const next = setUp(undefined, first)
    await next.handle({ type: 'connected' })
    expect(next.telephony.asked.filter((each) => !each.startsWith('setLease'))).toEqual([
      'ringCaller 17.1',
      'dialLeg c1.1.2',
      'createLeg c1.1.1 PJSIP/alice'
    ])
    // The third had rung, and is gone: it is not rung again.
    expect(next.calls.calls.get('c1')?.attempts[2]).toMatchObject({ outcome: 'lost' })
    next.switchboard.stop()
  })

  test('a target that answered in the meantime is bridged with the caller', async () => {
    const first = setUp()
    await first.arrive()
    first.switchboard.stop()
    first.telephony.asked.length = 0
    first.telephony.present = alive([
      ['17.1', { state: 'down', ...held }],
      ['c1.1.1', { state: 'up', ...made }]
    ])
    const next = setUp(undefined, first)
    await next.handle({ type: 'connected' })
    expect(next.telephony.asked).toContain('answerCaller 17.1')
    expect(next.telephony.asked).toContain('bridge c1.bridge 17.1 c1.1.1')
    await next.handle({ type: 'legGone', leg: 'c1.1.1', cause: 16 })
    await next.handle({ type: 'legGone', leg: '17.1', cause: 16 })
    expect(next.calls.calls.get('c1')?.call).toMatchObject({ outcome: 'answered', endedBy: 'target' })
  })

  test('a leg missing in the records is recognised by its id', async () => {
    const first = setUp()
    await first.arrive()
    first.switchboard.stop()
    first.telephony.present = alive([
      ['17.1', { state: 'down', ...held }],
      ['c1.2.1', { state: 'ringing', ...made }]
    ])
    const next = setUp(undefined, first)
    await next.handle({ type: 'connected' })
    await next.handle({ type: 'legAnswered', leg: 'c1.2.1' })
    expect(next.telephony.asked).toContain('bridge c1.bridge 17.1 c1.2.1')
    expect(next.telephony.asked).not.toContain('createLeg c1.2.1 PJSIP/bob')
  })

  test('if the caller has gone or is in the dialplan, the call is closed and its phones stop ringing', async () => {
    const first = setUp()
    await first.arrive('17.1')
    await first.arrive('17.2')
    first.switchboard.stop()
    first.telephony.present = alive([
      ['17.2', { state: 'up', ours: false, controlled: false }],
      ['c1.1.1', { state: 'ringing', ...made }],
      ['c2.1.1', { state: 'ringing', ...made }]
    ])
    const next = setUp(undefined, first)
    await next.handle({ type: 'connected' })
    expect(next.calls.lost).toEqual(['c1', 'c2'])
    expect(next.telephony.asked).toContain('hangUp c1.1.1 16')
    expect(next.telephony.asked).toContain('hangUp c2.1.1 16')
    expect(next.switchboard.liveCalls).toBe(0)
  })

  test('a caller found at a fallback in the dialplan is recorded with that fallback, whatever the last record said', async () => {
    const rules = rulesOf(number, [['PJSIP/alice']], { fallback: 'voicemail:100@default' })
    const first = setUp(rules)
    await first.arrive()
    await first.arrive('17.2')
    first.switchboard.stop()
    const at = (extension: string) => ({ context: 'followme-fallback', extension })
    first.telephony.present = alive([
      ['17.1', { state: 'up', ours: false, controlled: false, at: at('voicemail') }],
      ['17.2', { state: 'up', ours: false, controlled: false, at: at('sorry') }]
    ])
    const closed: (string | null)[] = []
    first.calls.closeLost = (calls) => void closed.push(...calls.map(({ call }) => call.fallback))
    const next = setUp(undefined, first)
    await next.handle({ type: 'connected' })
    expect(closed).toEqual(['voicemail:100@default', null])
  })

  test('a caller without a record becomes a new call after a second snapshot', async () => {
    const call = { aLeg: '17.9', number, caller }
    const next = setUp()
    next.telephony.present = alive(
      [
        ['17.9', { state: 'down', ...held, incoming: call }],
        ['17.8', { state: 'up', ...held, incoming: { ...call, aLeg: '17.8' } }],
        ['c0.1.1', { state: 'up', ...made }]
      ],
      new Map([['c0.bridge', { ours: true, members: ['17.8', 'c0.1.1'] }]])
    )
    await next.handle({ type: 'connected' })
    expect(next.switchboard.liveCalls).toBe(0)
    next.clock.pass(1000)
    await settled()
    expect(next.switchboard.liveCalls).toBe(1)
    expect(next.telephony.asked).toContain('createLeg c1.1.1 PJSIP/alice')
    next.clock.pass(1000)
    await settled()
    expect(next.switchboard.liveCalls).toBe(1)
  })

  test('a caller without a record for whom a phone already rings is taken over together with that phone', async () => {
    const call = { aLeg: '17.9', number, caller }
    const next = setUp()
    next.telephony.present = alive([
      ['17.9', { state: 'down', ...held, incoming: call }],
      ['c0.1.1', { state: 'ringing', ...made, ringsFor: '17.9' }],
      ['c7.1.1', { state: 'ringing', ...made, ringsFor: '17.5' }]
    ])
    await next.handle({ type: 'connected' })
    expect(next.switchboard.liveCalls).toBe(1)
    await next.handle({ type: 'legAnswered', leg: 'c0.1.1' })
    expect(next.telephony.asked).toContain('bridge c0.bridge 17.9 c0.1.1')
    // For whom it rang has gone.
    expect(next.telephony.asked).toContain('hangUp c7.1.1 16')
    expect(next.telephony.asked.filter((each) => each.startsWith('createLeg'))).toEqual([])
    expect(next.calls.calls.get('c0')?.attempts).toMatchObject([{ leg: 'c0.1.1', dial: 'PJSIP/alice' }])
  })

  test('connected parties without a record stay connected for the maximum call duration', async () => {
    const next = setUp(rulesOf(number, []))
    const call = { aLeg: '17.9', number, caller }
    next.telephony.present = alive(
      [
        ['17.9', { state: 'up', ...held, incoming: call }],
        ['c0.2.1', { state: 'up', ...made, ringsFor: '17.9' }]
      ],
      new Map([['c0.bridge', { ours: true, members: ['17.9', 'c0.2.1'] }]])
    )
    await next.handle({ type: 'connected' })
    next.clock.pass(60_000)
    await settled()
    expect(next.telephony.asked).toEqual(['setLease 17.9 3600'])
    next.switchboard.stop()
  })

  test('unreadable records are read again, and none of their legs is removed before', async () => {
    const first = setUp()
    await first.arrive()
    first.switchboard.stop()
    first.telephony.asked.length = 0
    first.telephony.present = alive([
      ['17.1', { state: 'down', ...held }],
      ['c1.1.1', { state: 'ringing', ...made, ringsFor: '17.1' }]
    ])
    const { openCalls } = first.calls
    first.calls.openCalls = () => Promise.reject(new Error('disk I/O error'))
    const next = setUp(undefined, first)
    await next.handle({ type: 'connected' })
    next.clock.pass(1000)
    await settled()
    expect(next.telephony.asked).toEqual([])
    first.calls.openCalls = openCalls
    next.clock.pass(1000)
    await settled()
    expect(next.switchboard.liveCalls).toBe(1)
    expect(next.telephony.asked).toContain('ringCaller 17.1')
    expect(next.logged.filter((line) => line.includes('cannot be read'))).toHaveLength(1)
    next.switchboard.stop()
  })

  test('an invalid record does not prevent the takeover of another call', async () => {
    const first = setUp()
    await first.arrive('17.1')
    await first.arrive('17.2')
    first.switchboard.stop()
    const broken = first.calls.calls.get('c1')
    if (broken === undefined) throw new Error('no record')
    first.calls.calls.set('c1', {
      ...broken,
      call: { ...broken.call, plan: JSON.parse('{}') as typeof broken.call.plan }
    })
    first.telephony.present = alive([
      ['17.1', { state: 'down', ...held }],
      ['17.2', { state: 'down', ...held }],
      ['c2.1.1', { state: 'ringing', ...made }]
    ])
    const next = setUp(undefined, first)
    await next.handle({ type: 'connected' })
    expect(next.logged.join()).toContain('a call cannot be taken over from its records')
    expect(next.switchboard.liveCalls).toBe(1)
  })

  test('a call with an unreadable plan is decided again, and its ringing phone keeps ringing', async () => {
    const first = setUp()
    await first.arrive('17.1')
    await first.handle({ type: 'legSeen', leg: 'c1.1.1' })
    first.switchboard.stop()
    const recorded = first.calls.calls.get('c1')
    if (recorded === undefined) throw new Error('no record')
    first.calls.calls.set('c1', { ...recorded, call: { ...recorded.call, plan: unreadablePlan } })
    first.telephony.present = alive([
      ['17.1', { state: 'down', ...held, incoming: { aLeg: '17.1', number, caller } }],
      ['c1.1.1', { state: 'ringing', ...made, ringsFor: '17.1' }]
    ])
    const next = setUp(undefined, first)
    await next.handle({ type: 'connected' })
    next.clock.pass(1000)
    await settled()
    expect(next.logged.join()).toContain('a call cannot be taken over from its records')
    expect(next.switchboard.liveCalls).toBe(1)
    expect(next.telephony.asked.filter((each) => /hangUp|leave/i.test(each))).toEqual([])
    next.switchboard.stop()
  })

  test('a second snapshot changes nothing', async () => {
    const first = setUp()
    await first.arrive()
    await first.handle({ type: 'legSeen', leg: 'c1.1.1' })
    first.switchboard.stop()
    first.telephony.present = alive([
      ['17.1', { state: 'down', ...held }],
      ['c1.1.1', { state: 'ringing', ...made }]
    ])
    const next = setUp(undefined, first)
    await next.handle({ type: 'connected' })
    const asked = [...next.telephony.asked]
    next.clock.pass(3_000)
    await next.handle({ type: 'connected' })
    expect(next.telephony.asked).toEqual(asked)
  })
})
