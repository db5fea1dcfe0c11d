// What a migration changes in the rules, row by row: two real databases are compared.
import { ruleChanges } from '../../../src/rules/analysis/rule-changes'
import { rulesAfter } from '../given-rules'

const london = '+442071838750'

test('a rule set compared with itself has no differences', () => {
  expect(ruleChanges(rulesAfter(''), rulesAfter(''))).toEqual([])
})

test.each([
  [
    'a number',
    "INSERT INTO virtual_numbers (number, label, time_zone) VALUES ('+14155550199', 'Fax', 'UTC')",
    'number +14155550199: label Fax; zone UTC; fallback busy'
  ],
  [
    'a disabled number without a label',
    "INSERT INTO virtual_numbers (number, time_zone, enabled) VALUES ('+14155550199', 'UTC', 0)",
    'number +14155550199: zone UTC; fallback busy; switch disabled'
  ],
  [
    'a number with a limit and a caller ID',
    `INSERT INTO virtual_numbers (number, time_zone, max_calls, fallback_full, caller_id_policy, caller_id, name_prefix, alert_info)
       VALUES ('+14155550199', 'UTC', 2, 'hangup', 'fixed', '${london}', 'Sales: ', '<x>')`,
    `number +14155550199: zone UTC; fallback busy; most calls 2; when full hangup; shows fixed; caller ID ${london}; name prefix Sales: ; Alert-Info <x>`
  ],
  [
    'a rule with every attribute',
    `INSERT INTO rules (number, name, position, schedule, callers, valid_from, valid_until, enabled, fallback)
       VALUES ('${london}', 'new', 7, 'office', 'vip', '2026-12-01', '2026-12-31', 0, 'hangup')`,
    `rule ${london}, new: position 7; schedule office; callers vip; valid from 2026-12-01; valid until 2026-12-31; switch disabled; rings nobody; fallback hangup`
  ],
  ['an empty schedule', "INSERT INTO schedules VALUES ('shop', 'Europe/Paris')", 'schedule shop: zone Europe/Paris'],
  [
    'a schedule with windows and exceptions',
    `INSERT INTO schedules VALUES ('shop', 'UTC');
     INSERT INTO schedule_windows VALUES ('shop', '0 9 * * *', 60), ('shop', '0 14 * * *', 90);
     INSERT INTO schedule_exceptions VALUES ('shop', '2026-12-24', '2026-12-24', '09:00', '12:00', NULL),
       ('shop', '2026-12-25', '2026-12-26', NULL, NULL, 'Christmas')`,
    "schedule shop: zone UTC; opens '0 14 * * *' for 90 min, '0 9 * * *' for 60 min; exceptions 2026-12-24 09:00-12:00, 2026-12-25 to 2026-12-26 closed (Christmas)"
  ],
  [
    'a list',
    "INSERT INTO caller_lists VALUES ('south'); INSERT INTO caller_list_entries VALUES ('south', '+34*'), ('south', '+39*')",
    'caller list south: callers +34*, +39*'
  ],
  ['an empty list', "INSERT INTO caller_lists VALUES ('south')", 'caller list south: empty'],
  [
    'an override',
    `INSERT INTO overrides (number, kind, value, expires_at, set_by)
       VALUES ('${london}', 'forward', 'PJSIP/carol', '2026-11-22T18:00:00Z', 'ann')`,
    `override of ${london}: kind forward; value PJSIP/carol; until 2026-11-22T18:00:00.000Z; set by ann`
  ],
  [
    'an override without an end',
    `INSERT INTO overrides (number, kind) VALUES ('${london}', 'closed')`,
    `override of ${london}: kind closed`
  ],
  [
    'a row of the policy',
    "INSERT INTO dial_policy (prefix, verdict, note) VALUES ('+34', 'deny', 'fraud')",
    'dial policy for +34: verdict deny; note fraud'
  ]
])('%s is reported as added, and in reverse as removed', (_what, sql, line) => {
  const name = line.slice(0, line.indexOf(': '))
  expect(ruleChanges(rulesAfter(''), rulesAfter(sql))).toEqual([`added ${line}`])
  expect(ruleChanges(rulesAfter(sql), rulesAfter(''))).toEqual([`removed ${name}`])
})

const vip = `rule ${london}, vip`
test.each([
  [
    `UPDATE virtual_numbers SET label = 'Front desk' WHERE number = '${london}'`,
    `number ${london}`,
    'label (none) → Front desk'
  ],
  [
    `UPDATE virtual_numbers SET enabled = 0 WHERE number = '${london}'`,
    `number ${london}`,
    'switch enabled → disabled'
  ],
  [
    `UPDATE virtual_numbers SET caller_id_policy = 'number', name_prefix = 'Sales: ' WHERE number = '${london}'`,
    `number ${london}`,
    'shows outside → number; name prefix (none) → Sales: '
  ],
  [
    `UPDATE virtual_numbers SET time_zone = 'UTC', fallback = 'busy' WHERE number = '${london}'`,
    `number ${london}`,
    'zone Europe/London → UTC; fallback voicemail:100@default → busy'
  ],
  ["UPDATE rules SET callers = NULL WHERE name = 'vip'", vip, 'callers vip → (none)'],
  ["UPDATE rules SET enabled = 0 WHERE name = 'vip'", vip, 'switch enabled → disabled'],
  [
    "UPDATE targets SET ring_seconds = 30 WHERE rule = 'vip'",
    vip,
    'rings 1. PJSIP/ann for 20 s → 1. PJSIP/ann for 30 s'
  ],
  [
    "UPDATE targets SET enabled = 0 WHERE rule = 'vip'",
    vip,
    'rings 1. PJSIP/ann for 20 s → 1. PJSIP/ann for 20 s (disabled)'
  ],
  ["DELETE FROM targets WHERE rule = 'vip'", vip, 'rings 1. PJSIP/ann for 20 s → nobody'],
  [
    `INSERT INTO targets (number, rule, step, dial) VALUES ('${london}', 'vip', 1, 'PJSIP/zoe')`,
    vip,
    'rings 1. PJSIP/ann for 20 s → 1. PJSIP/ann for 20 s, 1. PJSIP/zoe for 20 s'
  ],
  [
    "DELETE FROM schedule_exceptions WHERE schedule = 'office'",
    'schedule office',
    'exceptions 2026-12-25 closed (Christmas Day) → (none)'
  ],
  [
    "DELETE FROM schedule_windows WHERE schedule = 'nights'",
    'schedule nights',
    "opens '0 22 * * *' for 480 min → (none)"
  ],
  [
    "DELETE FROM caller_list_entries WHERE pattern = 'anonymous'",
    'caller list vip',
    'callers +1415*, anonymous → +1415*'
  ],
  [
    "UPDATE dial_policy SET verdict = 'deny', note = 'no'",
    'dial policy for +33',
    'verdict allow → deny; note (none) → no'
  ]
])('%s is reported as one change', (sql, name, how) => {
  expect(ruleChanges(rulesAfter(''), rulesAfter(sql))).toEqual([`changed ${name}: ${how}`])
})
