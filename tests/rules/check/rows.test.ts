// Where a row just is, or just is not, at fault: limits of numbers, overrides, steps, dates, windows and the policy.
import { anotherNumber, faultsAfter } from '../given-rules'

const [london, american] = ['+442071838750', '+14155550100']
const spell = (list: readonly string[]) => list.map((each) => [each] as const)

test.each([
  [
    `UPDATE virtual_numbers SET fallback_full = 'busy' WHERE number = '${american}'`,
    `warning virtual_numbers (${american}): fallback_full busy is never given: there is no max_calls; give max_calls, or set fallback_full to null`
  ],
  [
    `UPDATE virtual_numbers SET max_calls = 3, fallback_full = 'number:+14155550177' WHERE number = '${american}'`,
    `error virtual_numbers (${american}): number:+14155550177 leads nowhere, there is no virtual number +14155550177; add it to virtual_numbers, or correct it`
  ],
  [
    `UPDATE virtual_numbers SET max_calls = 3, fallback_full = 'voicemial:1@default' WHERE number = '${american}'`,
    `error virtual_numbers (${american}): fallback "voicemial:1@default" is not one that followme knows; write busy, hangup, voicemail:100@default, announce:sound-file, dialplan:context,exten,priority or number:+14155550199`
  ],
  [
    `UPDATE virtual_numbers SET caller_id = '${london}', caller_id_policy = 'number' WHERE number = '${american}'`,
    `warning virtual_numbers (${american}): caller_id ${london} is never shown: caller_id_policy is number; set caller_id_policy to outside or fixed, or caller_id to null`
  ],
  [
    `UPDATE virtual_numbers SET caller_id = '+14155550177', caller_id_policy = 'fixed' WHERE number = '${american}'`,
    `error virtual_numbers (${american}): caller_id +14155550177 is not a number of this site; write one of the virtual numbers, or add it to them, with enabled 0 if followme does not answer it`
  ],
  [
    `UPDATE virtual_numbers SET fallback = 'number:+44999' WHERE number = '${american}'`,
    `error virtual_numbers (${american}): target "number:+44999" would call the emergency number 999; write the number in full, like +442071838750`
  ],
  [
    `${anotherNumber} UPDATE virtual_numbers SET enabled = 0 WHERE number = '+14155550199';
     UPDATE virtual_numbers SET fallback = 'number:+14155550199' WHERE number = '${american}'`,
    `warning virtual_numbers (${american}): number:+14155550199 leads to a disabled number; set enabled to 1 for +14155550199, or correct it`
  ],
  [
    `INSERT INTO overrides (number, kind, expires_at) VALUES ('${london}', 'closed', '2026-11-22T12:00:00Z')`,
    `warning overrides (${london}): it expired on Sun 2026-11-22 12:00 Europe/London; delete it`
  ],
  [
    `${anotherNumber} INSERT INTO overrides (number, kind, value) VALUES ('+14155550199', 'rule', 'day')`,
    `error overrides (+14155550199): it names the rule 'day', which +14155550199 does not have; add that rule, or delete the override`
  ],
  [
    `INSERT INTO rules (number, name, position, valid_from, valid_until) VALUES ('${american}', 'old', 90, '2026-11-23', '2026-11-22');
     INSERT INTO targets (number, rule, step, dial) VALUES ('${american}', 'old', 1, 'PJSIP/bob')`,
    `error rules (${american}, old): it never answers: it ends on 2026-11-22, before it begins; write the later date in valid_until`
  ]
])('%s', (sql, fault) => {
  expect(faultsAfter(sql, { force: true })).toEqual([fault])
})

test('a caller_id that is another virtual number is not a fault', () => {
  expect(faultsAfter(`UPDATE virtual_numbers SET caller_id = '${london}' WHERE number = '${american}'`)).toEqual([])
})

test('a row of an unknown number is read in UTC', () => {
  const sql = `INSERT INTO overrides (number, kind, expires_at) VALUES ('+14155550177', 'closed', '2026-11-22T11:00:00Z');
    INSERT INTO rules (number, name, position, valid_until, fallback) VALUES ('+14155550177', 'day', 1, '2026-11-21', 'busy')`
  expect(faultsAfter(sql, { force: true })).toEqual([
    'error rules (+14155550177, day): there is no virtual number +14155550177; add it to virtual_numbers, or delete this row',
    'error overrides (+14155550177): there is no virtual number +14155550177; add it to virtual_numbers, or delete this row',
    'warning rules (+14155550177, day): it never answers again: its last day was 2026-11-21; delete it',
    'warning overrides (+14155550177): it expired on Sun 2026-11-22 11:00 UTC; delete it'
  ])
})

test("if the number's zone is unknown, the dates of its rules give no further warning", () => {
  const sql = `UPDATE virtual_numbers SET time_zone = 'Mars/Base' WHERE number = '${american}';
    UPDATE rules SET valid_until = '2020-01-01' WHERE name = 'night'`
  expect(faultsAfter(sql)).toEqual([expect.stringMatching(/^error virtual_numbers .*"Mars\/Base" is unknown/)])
})

test.each(
  spell([
    `INSERT INTO overrides (number, kind, expires_at) VALUES ('${london}', 'closed', '2026-11-22T12:00:01Z')`,
    `INSERT INTO overrides (number, kind, value) VALUES ('${london}', 'rule', 'vip')`,
    `INSERT INTO targets (number, rule, step, dial) VALUES ('${london}', 'vip', 1, 'PJSIP/bob'), ('${london}', 'vip', 2, 'PJSIP/carol')`,
    "UPDATE rules SET valid_until = '2026-11-22' WHERE name = 'vip'",
    "UPDATE rules SET valid_from = '2026-12-01', valid_until = '2026-12-01' WHERE name = 'vip'",
    "UPDATE rules SET valid_from = '2026-12-03', valid_until = '2026-12-03' WHERE name = 'day'",
    `INSERT INTO schedule_exceptions VALUES ('nights', '2026-11-24', '2026-11-24', '09:00', '12:00', NULL);
     DELETE FROM schedule_windows WHERE schedule = 'nights'`,
    "UPDATE targets SET enabled = 0 WHERE rule = 'vip'; UPDATE rules SET enabled = 0 WHERE name = 'vip'",
    "INSERT INTO dial_policy (prefix, verdict) VALUES ('+', 'deny'), ('+4', 'deny'), ('+99', 'deny'), ('+3906', 'deny'), ('+1', 'allow'), ('+44207', 'allow')"
  ])
)('%s is no fault', (sql) => {
  expect(faultsAfter(sql)).toEqual([])
})

test.each([
  ['4420', 'no number begins with "4420"; write + and digits, such as +44'],
  ['+44x', 'no number begins with "+44x"; write + and digits, such as +44'],
  ['x+44', 'no number begins with "x+44"; write + and digits, such as +44'],
  ['+210', 'no number begins with +210: no country has this code; correct the prefix, or delete this row'],
  ['+44020', 'no number begins with +44020: the 0 is not part of it; write +4420']
])('the policy row for %s is reported: %s', (prefix, message) => {
  const sql = `INSERT INTO dial_policy (prefix, verdict) VALUES ('${prefix}', 'deny')`
  expect(faultsAfter(sql, { force: true })).toEqual([`error dial_policy (${prefix}): ${message}`])
})

test.each([
  ['0 9 * * *', 1440],
  ['0 1,23 * * *', 120],
  ['30 1,23 * * *', 120],
  ['0,45 9 * * *', 45],
  ['10,50 9,10 * * *', 20],
  ['0 9 * * MON,WED', 2880],
  ['0 9 * * SUN', 10_080],
  ['0 22 * * MON-FRI', 1440],
  ['0 9 1,31 * *', 1440],
  ['0 9 1 * *', 40_320],
  ['0 0 1 1 *', 525_600]
])('%s may stay open for at most %d minutes', (opens, minutes) => {
  const window = (length: number) =>
    faultsAfter(`INSERT INTO schedule_windows VALUES ('office', '${opens}', ${length})`)
  expect(window(minutes)).toEqual([])
  expect(window(minutes + 1)).toEqual([
    `error schedule_windows (office, ${opens}, ${minutes + 1}): the window stays open for ${minutes + 1} minutes, but opens again after ${minutes}; write ${minutes} minutes or fewer, or let it open less often`
  ])
})
