// Who rings is decided by number, time and caller; whatever the caller calls themselves does no harm.
import type { Clock } from '../../src/ports'
import { systemClock } from '../../src/system/clock'
import { overrideCommand } from '../../src/cli/commands/override'
import { answers, number, useWorld } from './world'

// Runs like the system's, from any instant.
let offset = 0
const clock: Clock = { now: () => systemClock.now() + offset, after: (ms, callback) => systemClock.after(ms, callback) }

const world = useWorld({ clock })
afterEach(() => {
  offset = 0
  delete process.env['FOLLOWME_DATABASE']
  jest.restoreAllMocks()
})

async function last() {
  const stored = (await world.settle()).at(-1)
  if (stored === undefined) throw new Error('no call was recorded')
  return stored.call
}

test('an unknown number is refused with 404, and logged', async () => {
  world.rule([['PJSIP/alice']])
  const { calls } = await world.call({ number: '+14155550111', expect: 404 })
  expect(calls[0]).toMatchObject({ finalCode: 404 })
  const refused = await last()
  // Closed when the caller has gone, not when a timer finds out.
  expect(refused.ringMs).toBeLessThan(3000)
  expect(refused).toMatchObject({
    number: '+14155550111',
    decision: 'unknown-number',
    outcome: 'refused',
    cause: 1
  })
  expect(world.logged.some((line) => line.includes('+14155550111') && line.includes('unknown-number'))).toBe(true)
})

test('a disabled number is refused with 480, and nobody rings', async () => {
  world.rule([['PJSIP/alice']])
  world.sql(`UPDATE virtual_numbers SET enabled = 0`)
  const alice = await world.phone('alice', answers)
  const { calls } = await world.call({ expect: 480 })
  expect(calls[0]).toMatchObject({ finalCode: 480 })
  expect(alice.calls()).toEqual([])
  expect(await last()).toMatchObject({ decision: 'disabled', outcome: 'refused', cause: 20 })
})

test('at noon the office rings, at night the phone on duty', async () => {
  world.sql(`
    DELETE FROM calls; -- so that the newest is the last, whatever the clock says
    DELETE FROM virtual_numbers;
    INSERT INTO schedules (name, time_zone) VALUES ('office', 'Europe/London');
    INSERT INTO schedule_windows (schedule, opens, minutes) VALUES ('office', '0 9 * * *', 480);
    INSERT INTO virtual_numbers (number, label, time_zone) VALUES ('${number}', 'Test', 'Europe/London');
    INSERT INTO rules (number, name, position, schedule) VALUES ('${number}', 'day', 10, 'office'), ('${number}', 'night', 20, NULL);
    INSERT INTO targets (number, rule, step, dial) VALUES ('${number}', 'day', 1, 'PJSIP/alice'), ('${number}', 'night', 1, 'PJSIP/bob')`)
  await world.phone('alice', answers)
  await world.phone('bob', answers)
  offset = Date.parse('2026-07-01T11:00:00Z') - Date.now()
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  const noon = await last()
  expect(noon).toMatchObject({ rule: 'day', answeredBy: 'PJSIP/alice' })
  expect(new Date(noon.startedAt).toISOString()).toMatch(/^2026-07-01T11:00/)
  await world.phone('bob', answers)
  // Five in the afternoon in London, where it is summer: closed. By UTC it would be open.
  offset = Date.parse('2026-07-01T16:30:00Z') - Date.now()
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  expect(await last()).toMatchObject({ rule: 'night', answeredBy: 'PJSIP/bob' })
})

test('family members get through, other callers get the fallback', async () => {
  world.sql(`
    DELETE FROM virtual_numbers;
    INSERT INTO caller_lists (name) VALUES ('family');
    INSERT INTO caller_list_entries (list, pattern) VALUES ('family', '+4420718*');
    INSERT INTO virtual_numbers (number, label, time_zone) VALUES ('${number}', 'Test', 'UTC');
    INSERT INTO rules (number, name, position, callers) VALUES ('${number}', 'family', 10, 'family');
    INSERT INTO targets (number, rule, step, dial) VALUES ('${number}', 'family', 1, 'PJSIP/alice')`)
  await world.phone('alice', answers)
  expect((await world.call({ from: '<sip:+442071838750@127.0.0.1>' })).calls[0]).toMatchObject({ finalCode: 200 })
  expect(await last()).toMatchObject({ rule: 'family', outcome: 'answered' })
  expect((await world.call({ from: '<sip:+12125550123@127.0.0.1>', expect: 486 })).calls[0]).toMatchObject({
    finalCode: 486
  })
  expect(await last()).toMatchObject({ decision: 'fallback', rule: null })
})

test('a blocked caller is rejected in any spelling of the number, until an override replaces the rules', async () => {
  world.sql(`
    DELETE FROM calls; -- so that the newest is the last
    DELETE FROM virtual_numbers;
    INSERT INTO caller_lists (name) VALUES ('nuisance');
    INSERT INTO caller_list_entries (list, pattern) VALUES ('nuisance', '+1212555*');
    INSERT INTO virtual_numbers (number, label, time_zone) VALUES ('${number}', 'Test', 'UTC');
    INSERT INTO rules (number, name, position, callers, fallback) VALUES
      ('${number}', 'block', 10, 'nuisance', 'hangup'), ('${number}', 'all', 20, NULL, NULL);
    INSERT INTO targets (number, rule, step, dial) VALUES ('${number}', 'all', 1, 'PJSIP/alice')`)
  const alice = await world.phone('alice', answers)
  const from = '<sip:2125550123@127.0.0.1>'
  expect((await world.call({ from, expect: 480 })).calls[0]).toMatchObject({ finalCode: 480 })
  expect(alice.calls()).toEqual([])
  expect(await last()).toMatchObject({ rule: 'block', outcome: 'fallback', fallback: 'hangup' })

  await world.phone('bob', answers)
  process.env['FOLLOWME_DATABASE'] = world.database
  jest.spyOn(console, 'log').mockReturnValue()
  await overrideCommand().parseAsync(['set', number, 'forward:PJSIP/bob', '--for', '2h', '--by', 'ann'], {
    from: 'user'
  })
  expect((await world.call({ from })).calls[0]).toMatchObject({ finalCode: 200 })
  expect(await last()).toMatchObject({
    decision: 'override',
    rule: null,
    answeredBy: 'PJSIP/bob',
    plan: { override: { kind: 'forward', value: 'PJSIP/bob', setBy: 'ann' } }
  })
  expect(world.logged.some((line) => line.includes('"override":"forward to PJSIP/bob, set by ann"'))).toBe(true)
})

test.each([
  ['anonymous', '"Anonymous" <sip:anonymous@anonymous.invalid>'],
  ['no name and no number', '<sip:127.0.0.1>'],
  ['64 characters', `"${'x'.repeat(64)}" <sip:${'1'.repeat(64)}@127.0.0.1>`],
  ['quotes and backslashes', '"a \\"quoted\\" \\\\ name" <sip:+15005550006@127.0.0.1>'],
  ['UTF-8', '"Zoë Ünïcødé 电话 📞" <sip:+15005550006@127.0.0.1>'],
  ['SQL', `"x'); DROP TABLE calls;--" <sip:+15005550006@127.0.0.1>`],
  ['dialplan expressions', '"${SHELL(touch /tmp/owned)}" <sip:+15005550006@127.0.0.1>'],
  ['an invalid number', '"x" <sip:alice%20%00bob@127.0.0.1>']
])('a caller with %s is connected and recorded like any other', async (_, from) => {
  world.rule([['PJSIP/alice']])
  const alice = await world.phone('alice', answers)
  const { calls } = await world.call({ from })
  expect(calls[0]).toMatchObject({ finalCode: 200 })
  expect(alice.calls()).toHaveLength(1)
  expect(await last()).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/alice' })
})
