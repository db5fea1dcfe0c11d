// Legs whose place was taken, and that the process before has not hung up yet.
import type { SnapshotLeg } from '../../../src/ports'
import { unreadablePlan } from '../../../src/call/record'
import { settled } from '../fakes'
import { caller, number, setUp } from '../set-up'

const held = { ours: false, controlled: true } as const

test.each([
  ['the replacing party has gone', 'caller'],
  ['the plan cannot be read', 'plan']
])('a replaced caller who is still in Stasis is hung up and not treated as waiting: %s', async (_, why) => {
  const first = setUp()
  await first.arrive()
  await first.handle({ type: 'legReplaced', leg: '17.1', by: '17.9', isUp: true, who: 'PJSIP/dave' })
  first.switchboard.stop()
  const incoming = { aLeg: '17.1', number, caller }
  const old = ['17.1', { state: 'up', ...held, incoming }] as const
  first.telephony.present = {
    legs: new Map<string, SnapshotLeg>(why === 'caller' ? [old] : [old, ['17.9', { state: 'up', ...held }]]),
    bridges: new Map()
  }
  const recorded = first.calls.calls.get('c1')
  if (recorded !== undefined && why === 'plan')
    first.calls.calls.set('c1', { ...recorded, call: { ...recorded.call, plan: unreadablePlan } })
  const made = first.telephony.asked.length
  const next = setUp(undefined, first)
  await next.handle({ type: 'connected' })
  expect(next.telephony.asked.slice(made)).toContain('hangUp 17.1 16')
  for (let looks = 0; looks < 3; looks += 1) {
    next.clock.pass(1000)
    await settled()
  }
  expect(next.telephony.asked.slice(made).filter((each) => each.startsWith('createLeg'))).toEqual([])
  expect(next.switchboard.liveCalls).toBe(0)
})
