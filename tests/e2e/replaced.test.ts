// Somebody else takes a leg's place: call pickup, transfers by REFER, INVITE with Replaces, on an office's Asterisk. Meanwhile followme
// looks at Asterisk five times a second.
import { systemClock } from '../../src/system/clock'
import { until } from '../sandbox/child'
import type { HandsetCall } from '../sandbox/handset-call'
import type { Handset } from '../sandbox/handset'
import { talk, useParties } from './parties'
import { useWorld } from './world'
import type { RecordedCall } from '../../src/ports'

const oftenLooking = {
  ...systemClock,
  after: (ms: number, callback: () => void) => systemClock.after(ms === 60_000 ? 200 : ms, callback)
}
const world = useWorld({ office: true, clock: oftenLooking })
const people = useParties(world)
const second = '+14155550199'
beforeEach(() => world.sql('DELETE FROM calls'))

const over = (call: HandsetCall): Promise<void> => until('the call to be over', () => call.state === 'over')

/** As phones do once their transfer has succeeded (RFC 5589, 6.1). */
async function leaves(...calls: readonly HandsetCall[]): Promise<void> {
  await until('the transfer to succeed', () => calls.some(({ notified }) => notified.includes(200)))
  for (const call of calls) call.hangUp()
}

/** One hangs up; the other is told at once, and nothing is left. */
async function ends(first: HandsetCall, other: HandsetCall) {
  first.hangUp()
  await over(other)
  expect(other.endedBy).toBe('them')
  await until('the last channel to go', async () => (await world.asterisk.channels()).length === 0)
  return world.settle()
}

interface Scene {
  readonly from: HandsetCall
  readonly target: HandsetCall
  readonly dave: Handset
  readonly carol: Handset
}

async function ringing(): Promise<Scene> {
  world.rule([['PJSIP/dave@8']])
  const [dave, carol] = [await people.phone('dave', { rings: true }), await people.phone('carol')]
  const { call } = await people.caller()
  const target = await dave.nth(0, 'ringing')
  await until('the caller to hear ringing', () => call.state === 'ringing')
  return { from: call, target, dave, carol }
}

async function talking(): Promise<Scene> {
  const scene = await ringing()
  await scene.target.answer()
  await talk(scene.from, scene.target)
  await until('the talk to be recorded', async () => (await world.records()).at(-1)?.call.answeredAt != null)
  return scene
}

describe.each(['caller', 'target'] as const)("the party in the %s's place hangs up", (endedBy) => {
  const endBy = (from: HandsetCall, target: HandsetCall): Promise<readonly RecordedCall[]> =>
    endedBy === 'caller' ? ends(from, target) : ends(target, from)

  test.each([
    ['PickupChan()', '**dave'],
    ['*8', '*8'],
    ['INVITE with Replaces;early-only', 'anyone']
  ] as const)('after a pickup by %s', async (how, dialled) => {
    const { from, target, carol } = await ringing()
    const isReplaces = how.startsWith('INVITE')
    const headers = isReplaces ? ['Require: replaces', `Replaces: ${target.replaces(';early-only')}`] : []
    const picker = carol.call(dialled, headers)
    await talk(from, picker)
    await over(target)
    // To the others Asterisk gives another cause.
    if (how === 'PickupChan()') expect(target.reason).toContain('cause=26')
    const [record] = await endBy(from, picker)
    expect(record?.call).toMatchObject({ outcome: 'answered', endedBy, recovered: false })
    expect(record?.attempts).toMatchObject([{ outcome: 'answered' }])
  })

  test('after the target transferred the caller', async () => {
    const { from, target, carol } = await talking()
    expect(await target.refer('carol')).toBe(202)
    const last = await carol.nth(0, 'up')
    await talk(from, last)
    await leaves(target)
    await talk(from, last)
    const [record] = await endBy(from, last)
    expect(record?.call).toMatchObject({ outcome: 'answered', endedBy, recovered: false })
  })

  test('after the caller transferred the target', async () => {
    const { from, target, carol } = await talking()
    expect(await from.refer('carol')).toBe(202)
    const last = await carol.nth(0, 'up')
    await talk(last, target)
    await leaves(from)
    await talk(last, target)
    const [record] = await endBy(last, target)
    expect(record?.call).toMatchObject({ outcome: 'answered', endedBy, recovered: false })
  })

  test.each(['caller', 'target'] as const)("after INVITE with Replaces took the %s's place", async (place) => {
    const { from, target, carol } = await talking()
    const [old, stays] = place === 'caller' ? [from, target] : [target, from]
    const last = carol.call('anyone', ['Require: replaces', `Replaces: ${old.replaces()}`])
    await talk(stays, last)
    await over(old)
    expect(old.endedBy).toBe('them')
    await talk(stays, last)
    const [record] = await (place === 'caller' ? endBy(last, stays) : endBy(stays, last))
    expect(record?.call).toMatchObject({ outcome: 'answered', endedBy, recovered: false })
  })

  test.each(['a second call through followme', 'a call of their own'])(
    'after the target transferred the caller to a consulted party, by %s',
    async (how) => {
      const { from, target, dave, carol } = await talking()
      world.sql(`INSERT OR IGNORE INTO virtual_numbers (number, label, time_zone, fallback) VALUES ('${second}', 'Two', 'UTC', 'busy');
        INSERT OR IGNORE INTO rules (number, name, position) VALUES ('${second}', 'always', 10);
        INSERT OR IGNORE INTO targets (number, rule, step, dial, ring_seconds) VALUES ('${second}', 'always', 1, 'PJSIP/carol', 10);`)
      const isSecond = how === 'a second call through followme'
      const asking = dave.call(isSecond ? second : 'carol')
      const last = await carol.nth(0, 'up')
      await talk(asking, last)
      expect(await target.refer('carol', asking)).toBe(202)
      await talk(from, last)
      await leaves(target, asking)
      await talk(from, last)
      const records = await endBy(from, last)
      expect(records).toHaveLength(isSecond ? 2 : 1)
      for (const { call } of records) expect(call).toMatchObject({ outcome: 'answered', endedBy, recovered: false })
    }
  )
})

test('a transferred call can be transferred again', async () => {
  const { from, target, carol } = await talking()
  const bob = await people.phone('bob')
  await target.refer('carol')
  const middle = await carol.nth(0, 'up')
  await talk(from, middle)
  await leaves(target)
  expect(await middle.refer('bob')).toBe(202)
  const last = await bob.nth(0, 'up')
  await talk(from, last)
  await leaves(middle)
  await talk(from, last)
  await ends(from, last)
})

test('a picked-up call continues beyond a short ring time', async () => {
  world.rule([['PJSIP/dave@2']])
  const [dave, carol] = [await people.phone('dave', { rings: true }), await people.phone('carol')]
  const { call } = await people.caller()
  await dave.nth(0, 'ringing')
  const picker = carol.call('**dave')
  await talk(call, picker)
  await new Promise((resolve) => setTimeout(resolve, 8000))
  await talk(call, picker)
  await ends(call, picker)
})
