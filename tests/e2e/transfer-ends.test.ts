// How transfers end that people do not wait for, or that fail, on an office's Asterisk: nobody is left in silence, and no channel.
import { until } from '../sandbox/child'
import type { HandsetCall } from '../sandbox/handset-call'
import { talk, useParties } from './parties'
import { conversation, type Conversation } from './replacing'
import { useWorld } from './world'

const world = useWorld({ office: true })
const parties = useParties(world)
const second = '+14155550199'

beforeEach(() => {
  world.sql(`DELETE FROM calls;
    INSERT OR IGNORE INTO virtual_numbers (number, label, time_zone, fallback) VALUES ('${second}', 'Two', 'UTC', 'busy');
    INSERT OR IGNORE INTO rules (number, name, position) VALUES ('${second}', 'always', 10);
    INSERT OR IGNORE INTO targets (number, rule, step, dial, ring_seconds) VALUES ('${second}', 'always', 1, 'PJSIP/dave', 10);`)
})

/** The caller talks with carol; dave only rings. */
const given = (): Promise<Conversation> => conversation(world, parties, { rings: true })

const released = async (call: HandsetCall): Promise<void> => {
  await until('the other one to be released', () => call.state === 'over')
  expect(call.endedBy).toBe('them')
}

/** Two talk, the others leave, one of the two hangs up, and the other is told. Gives the records. */
async function ends(stays: HandsetCall, last: HandsetCall, ...leave: readonly HandsetCall[]) {
  await talk(stays, last)
  for (const each of leave) each.hangUp()
  await talk(stays, last)
  last.hangUp()
  await released(stays)
  return world.settle()
}

const numbers: Readonly<Record<string, readonly [to: string, cause: number, ownCalls: number]>> = {
  'a busy phone': ['dave', 17, 1],
  'a phone that does not exist': ['nobody', 3, 1],
  'a virtual number whose target is busy': [second, 17, 2],
  'an unknown number': ['+14155550666', 1, 2]
}

describe.each(Object.keys(numbers))('a blind transfer to %s', (name) => {
  const [to = '', cause, ownCalls] = numbers[name] ?? []

  test.each(['called', 'caller'] as const)(
    'by the %s: the transferred party is released with that cause',
    async (by) => {
      const { caller, called, dave } = await given()
      const [transferor, stays] = by === 'called' ? [called, caller] : [caller, called]
      expect(await transferor.refer(to)).toBe(202)
      if (cause === 17) (await dave.nth(0, 'ringing')).refuse(486)
      await released(stays)
      transferor.hangUp()
      const records = await world.settle()
      const endedBy = by === 'called' ? 'target' : 'caller'
      expect(records).toHaveLength(ownCalls ?? 0)
      expect(records[0]).toMatchObject({ call: { outcome: 'answered', endedBy, cause }, replacements: [{}] })
    }
  )
})

test('a transfer to an extension that does not exist is refused, and the conversation continues', async () => {
  const { caller, called } = await given()
  expect(await called.refer('999')).toBe(202)
  await until('the transfer to have failed', () => called.notified.includes(404))
  expect(await ends(called, caller)).toMatchObject([{ call: { endedBy: 'caller' }, replacements: [] }])
})

test('an attended transfer to a party that has hung up is refused, and the conversation continues', async () => {
  const { caller, called, carol, dave } = await given()
  const asking = carol.call(second)
  const asked = await dave.nth(0, 'ringing')
  await asked.answer()
  await talk(asking, asked)
  asked.hangUp()
  await released(asking)
  await called.refer('dave', asking)
  await until('the transfer to have failed', () => called.notified.some((code) => code >= 400))
  expect(await ends(called, caller)).toMatchObject([{ replacements: [] }, { replacements: [] }])
})

describe.each([
  ['a direct call', 'dave', 1],
  ['a call through followme', second, 2]
])('an attended transfer to a party that still rings, by %s', (_, to, ownCalls) => {
  async function transferred() {
    const scene = await given()
    const asking = scene.carol.call(to)
    const asked = await scene.dave.nth(0, 'ringing')
    await until('the one who asks to hear ringing', () => asking.state === 'ringing')
    expect(await scene.called.refer('dave', asking)).toBe(202)
    await until('the transfer to succeed', () => scene.called.notified.includes(200))
    return { ...scene, asking, asked }
  }

  test('if that party answers, it talks with the caller', async () => {
    const { caller, called, asking, asked } = await transferred()
    await asked.answer()
    const records = await ends(caller, asked, called, asking)
    expect(records).toHaveLength(ownCalls)
    for (const each of records) {
      expect(each).toMatchObject({ call: { outcome: 'answered', endedBy: 'target' }, replacements: [{}] })
    }
  })

  test('if that party is busy, the caller is released', async () => {
    const { caller, called, asking, asked } = await transferred()
    for (const each of [called, asking]) each.hangUp()
    asked.refuse(486)
    await released(caller)
    const records = await world.settle()
    expect(records).toHaveLength(ownCalls)
    expect(records[0]?.call).toMatchObject({ outcome: 'answered', endedBy: 'target', cause: 17 })
  })
})

test('a blind transfer after putting the caller on hold, as phones do', async () => {
  const { caller, called, dave } = await given()
  expect(await called.hold(true)).toBe(200)
  expect(await called.refer('dave')).toBe(202)
  const last = await dave.nth(0, 'ringing')
  called.hangUp()
  await last.answer()
  expect(await ends(caller, last)).toMatchObject([{ call: { endedBy: 'target' } }])
})

test('an attended transfer between two calls of followme, both on hold', async () => {
  const { caller, called, carol, dave } = await given()
  expect(await called.hold(true)).toBe(200)
  const asking = carol.call(second)
  const last = await dave.nth(0, 'ringing')
  await last.answer()
  await talk(asking, last)
  expect(await asking.hold(true)).toBe(200)
  expect(await called.refer('dave', asking)).toBe(202)
  expect(await ends(caller, last, called, asking)).toMatchObject([{ replacements: [{}] }, { replacements: [{}] }])
})

test.each([
  ['by their phones', 'dave', 'carol', 1],
  ['by virtual numbers', second, '+14155550100', 3]
])('the caller can be transferred on and back to the first target, %s', async (_, on, back, ownCalls) => {
  const { caller, called, carol, dave } = await given()
  expect(await called.refer(on)).toBe(202)
  const middle = await dave.nth(0, 'ringing')
  await middle.answer()
  await talk(caller, middle)
  called.hangUp()
  expect(await middle.refer(back)).toBe(202)
  const again = await carol.nth(1, 'up')
  const records = await ends(caller, again, middle)
  expect(records).toHaveLength(ownCalls)
  for (const { call } of records)
    expect(call).toMatchObject({ outcome: 'answered', endedBy: 'target', recovered: false })
})

test('if both parties transfer each other at the same time, the two new parties talk', async () => {
  const { caller, called, dave } = await given()
  const bob = await parties.phone('bob')
  expect(await Promise.all([called.refer('bob'), caller.refer('dave')])).toEqual([202, 202])
  const [one, other] = [await bob.nth(0, 'up'), await dave.nth(0, 'ringing')]
  await other.answer()
  const [record] = await ends(one, other, called, caller)
  expect(record?.replacements.map(({ place }) => place === null)).toContain(true)
  expect(record?.replacements).toHaveLength(2)
})

test('the caller may hang up while the transfer target rings', async () => {
  const { caller, called, dave } = await given()
  expect(await called.refer('dave')).toBe(202)
  const asked = await dave.nth(0, 'ringing')
  called.hangUp()
  caller.hangUp()
  await released(asked)
  expect(await world.settle()).toMatchObject([{ call: { outcome: 'answered', endedBy: 'caller' } }])
})
