// Every fault, put into a real database beside rules that are right: it is named, and nothing else is.
import { faultsAfter } from '../given-rules'

test('valid rules have no fault', () => {
  expect(faultsAfter('')).toEqual([])
})

test.each([
  [
    'a target that would call an emergency number',
    "INSERT INTO targets (number, rule, step, dial) VALUES ('+442071838750', 'vip', 1, 'PJSIP/0112@trunk')",
    'error targets (+442071838750, vip, 1, PJSIP/0112@trunk): target "PJSIP/0112@trunk" would call the emergency number 112; write the number in full, like +442071838750; for a phone of another PBX, give it an endpoint of its own, like PJSIP/branch-101'
  ],
  [
    'an override that forwards to an emergency number',
    "INSERT INTO overrides (number, kind, value) VALUES ('+442071838750', 'forward', 'PJSIP/9911@trunk')",
    /^error overrides \(\+442071838750\): target "PJSIP\/9911@trunk" would call the emergency number 911; write/
  ],
  [
    'a phone that is named as an emergency number',
    "INSERT INTO targets (number, rule, step, dial) VALUES ('+442071838750', 'vip', 1, 'PJSIP/911')",
    /^warning targets \(\+442071838750, vip, 1, PJSIP\/911\): the target PJSIP\/911 rings the phone .* calls no emergency number; give/
  ],
  [
    'a schedule in an unknown time zone',
    "UPDATE schedules SET time_zone = 'Europe/Londn' WHERE name = 'office'",
    'error schedules (office): time zone "Europe/Londn" is unknown; write an IANA zone such as Europe/London'
  ],
  [
    'a number in an unknown time zone',
    "UPDATE virtual_numbers SET time_zone = 'Mars/Olympus' WHERE number = '+14155550100'",
    'error virtual_numbers (+14155550100): time zone "Mars/Olympus" is unknown; write an IANA zone such as Europe/London'
  ],
  [
    'a window with an invalid cron expression',
    "INSERT INTO schedule_windows VALUES ('office', '0 25 * * *', 60)",
    "error schedule_windows (office, 0 25 * * *, 60): window '0 25 * * *' is not a cron expression that can fire (Constraint error, got value 25 expected range 0-23); write minute, hour, day of month, month and day of week, such as '30 8 * * MON-FRI'"
  ],
  [
    'a window that never opens',
    "INSERT INTO schedule_windows VALUES ('office', '0 9 30 2 *', 60)",
    /^error schedule_windows \(office, 0 9 30 2 \*, 60\): window '0 9 30 2 \*' .*; write/
  ],
  [
    'a window that is longer than the time to its next opening on the same day',
    "INSERT INTO schedule_windows VALUES ('office', '0 6,9-17/4 * * *', 200)",
    'error schedule_windows (office, 0 6,9-17/4 * * *, 200): the window stays open for 200 minutes, but opens again after 180; write 180 minutes or fewer, or let it open less often'
  ],
  [
    'a window that is longer than the time to its next opening on another day',
    "INSERT INTO schedule_windows VALUES ('office', '0 9 * * MON,THU', 4321)",
    'error schedule_windows (office, 0 9 * * MON,THU, 4321): the window stays open for 4321 minutes, but opens again after 4320; write 4320 minutes or fewer, or let it open less often'
  ],
  [
    'a window of a schedule that does not exist',
    "INSERT INTO schedule_windows VALUES ('nowhere', '0 9 * * *', 60)",
    "error schedule_windows (nowhere, 0 9 * * *, 60): there is no schedule 'nowhere'; add it to schedules, or delete this row"
  ],
  [
    'an exception on a date that does not exist',
    "INSERT INTO schedule_exceptions VALUES ('office', '2026-02-30', '2026-03-01', NULL, NULL, NULL)",
    'error schedule_exceptions (office, 2026-02-30): exception 2026-02-30: "2026-02-30" is no date of the calendar; write YYYY-MM-DD'
  ],
  [
    'an exception of a schedule that does not exist',
    "INSERT INTO schedule_exceptions VALUES ('nowhere', '2026-12-24', '2026-12-24', '09:00', '12:00', NULL)",
    "error schedule_exceptions (nowhere, 2026-12-24, 09:00): there is no schedule 'nowhere'; add it to schedules, or delete this row"
  ],
  [
    'a schedule that no rule refers to',
    "INSERT INTO schedules VALUES ('old', 'UTC')",
    'warning schedules (old): no rule refers to it; name it in rules.schedule, or delete it'
  ],
  [
    'a list that no rule refers to',
    "INSERT INTO caller_lists VALUES ('old')",
    'warning caller_lists (old): no rule refers to it; name it in rules.callers, or delete it'
  ],
  [
    'an entry of a list that does not exist',
    "INSERT INTO caller_list_entries VALUES ('nobody', '+1415*')",
    "error caller_list_entries (nobody, +1415*): there is no list 'nobody'; add it to caller_lists, or delete this row"
  ],
  [
    'a prefix in a country that does not exist',
    "INSERT INTO caller_list_entries VALUES ('vip', '+044*')",
    'error caller_list_entries (vip, +044*): no caller matches +044*: no country code begins with 0; write + and the country code'
  ],
  [
    'a caller whose number is too long',
    "INSERT INTO caller_list_entries VALUES ('vip', '+1234567890123456')",
    'error caller_list_entries (vip, +1234567890123456): no caller matches +1234567890123456: no number has more than 15 digits; write the number as the callers show it'
  ],
  [
    'a caller entry that is not a number',
    "INSERT INTO caller_list_entries VALUES ('vip', 'bob')",
    'error caller_list_entries (vip, bob): no caller matches bob: it is not a number; write a number (+14155550100), a prefix (+1415*) or anonymous'
  ],
  [
    'a virtual number that is not an international one',
    "INSERT INTO virtual_numbers (number, time_zone) VALUES ('4155550100', 'UTC')",
    'error virtual_numbers (4155550100): number "4155550100" is not an international number; write + and the country code, like +14155550100'
  ],
  [
    'a caller_id that is too long',
    "UPDATE virtual_numbers SET caller_id = '+12345678901234567' WHERE number = '+14155550100'",
    'error virtual_numbers (+14155550100): caller_id "+12345678901234567" is not an international number; write + and the country code, like +14155550100'
  ],
  [
    'a number with a malformed mailbox',
    "UPDATE virtual_numbers SET fallback = 'voicemail:100@de fault' WHERE number = '+14155550100'",
    /^error virtual_numbers \(\+14155550100\): fallback "voicemail:100@de fault" is not one that followme knows; write voicemail/
  ],
  [
    'a number without a fallback',
    "UPDATE virtual_numbers SET fallback = '' WHERE number = '+14155550100'",
    /^error virtual_numbers \(\+14155550100\): fallback "" is not one that followme knows; write busy, hangup/
  ],
  [
    'a rule with a malformed place in the dialplan',
    "UPDATE rules SET fallback = 'dialplan:from internal,100,1' WHERE name = 'day'",
    /^error rules \(\+442071838750, day\): fallback "dialplan:from internal,100,1" is not one .*; write dialplan:from-internal,100,1/
  ],
  [
    'a fallback to a number that does not exist',
    "UPDATE rules SET fallback = 'number:+14155550177' WHERE name = 'day'",
    'error rules (+442071838750, day): number:+14155550177 leads nowhere, there is no virtual number +14155550177; add it to virtual_numbers, or correct it'
  ],
  [
    'a fallback to the number itself',
    "UPDATE virtual_numbers SET fallback = 'number:+14155550100' WHERE number = '+14155550100'",
    'error virtual_numbers (+14155550100): the fallback number:+14155550100 is the virtual number itself; write busy, voicemail:… or another number'
  ],
  [
    'a target that cannot be dialled',
    "INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550100', 'night', 1, 'LOCAL/alice')",
    /^error targets \(\+14155550100, night, 1, LOCAL\/alice\): target "LOCAL\/alice" cannot be dialled; write a number/
  ],
  [
    'a target that is its own number',
    "INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550100', 'night', 1, '+14155550100')",
    'error targets (+14155550100, night, 1, +14155550100): the target +14155550100 is the virtual number itself; dial a phone, or another number'
  ],
  [
    'a target that continues with its own number',
    "INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550100', 'night', 1, 'number:+14155550100')",
    'error targets (+14155550100, night, 1, number:+14155550100): the target number:+14155550100 is the virtual number itself; dial a phone, or another number'
  ],
  [
    'a target that continues with an unknown number',
    "INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550100', 'night', 1, 'number:+14155550177')",
    'error targets (+14155550100, night, 1, number:+14155550177): number:+14155550177 leads nowhere, there is no virtual number +14155550177; add it to virtual_numbers, or correct it'
  ],
  [
    'a target that continues with a disabled number',
    "UPDATE virtual_numbers SET enabled = 0 WHERE number = '+14155550100'",
    'warning targets (+442071838750, day, 2, number:+14155550100): number:+14155550100 leads to a disabled number; set enabled to 1 for +14155550100, or correct it'
  ],
  [
    'a target of a rule that does not exist',
    "INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550100', 'day', 1, 'PJSIP/alice')",
    "error targets (+14155550100, day, 1, PJSIP/alice): +14155550100 has no rule 'day'; add it to rules, or delete this row"
  ],
  [
    'a gap between steps',
    'UPDATE targets SET step = 3 WHERE step = 2',
    'error rules (+442071838750, day): a step is missing: step 3 follows step 1; number its steps 1, 2, 3 without a gap'
  ],
  [
    'steps that do not begin with the first',
    "UPDATE targets SET step = 2 WHERE rule = 'night'",
    'error rules (+14155550100, night): a step is missing: its first step is 2; number its steps 1, 2, 3 without a gap'
  ],
  [
    'a rule of a number that does not exist',
    "INSERT INTO rules (number, name, position, fallback) VALUES ('+14155550177', 'day', 10, 'busy')",
    'error rules (+14155550177, day): there is no virtual number +14155550177; add it to virtual_numbers, or delete this row'
  ],
  [
    'a rule by a schedule that does not exist',
    "UPDATE rules SET schedule = 'nowhere' WHERE name = 'vip'",
    "error rules (+442071838750, vip): there is no schedule 'nowhere'; add it to schedules, or correct rules.schedule"
  ],
  [
    'a rule for a list that does not exist',
    "UPDATE rules SET callers = 'nobody' WHERE name = 'day'",
    "error rules (+442071838750, day): there is no list 'nobody'; add it to caller_lists, or correct rules.callers"
  ],
  [
    'a rule by a schedule that has no window',
    "DELETE FROM schedule_windows WHERE schedule = 'nights'",
    "error rules (+14155550100, night): it never answers: schedule 'nights' has no window; give the schedule a row in schedule_windows, or the rule another schedule (null: always)"
  ],
  [
    'a rule by a schedule that opens in the past only',
    `DELETE FROM schedule_windows WHERE schedule = 'nights';
     INSERT INTO schedule_exceptions VALUES ('nights', '2025-12-24', '2025-12-24', '09:00', '12:00', NULL)`,
    "warning rules (+14155550100, night): it never answers again: schedule 'nights' does not open in the next nine years; give it another schedule, or delete it"
  ],
  [
    'a rule that ends before its schedule opens',
    "UPDATE rules SET valid_from = '2026-12-05', valid_until = '2026-12-06' WHERE name = 'day'",
    "warning rules (+442071838750, day): it never answers again: schedule 'office' does not open before the rule ends on 2026-12-06; give it another schedule, or delete it"
  ],
  [
    'a rule that is over',
    "UPDATE rules SET valid_until = '2026-11-21' WHERE name = 'day'",
    'warning rules (+442071838750, day): it never answers again: its last day was 2026-11-21; delete it'
  ],
  [
    'a rule that ends before it begins',
    "UPDATE rules SET valid_from = '2027-02-01', valid_until = '2027-01-01' WHERE name = 'day'",
    'error rules (+442071838750, day): it never answers: it ends on 2027-01-01, before it begins; write the later date in valid_until'
  ],
  [
    'a rule that ends on a day which does not exist',
    "UPDATE rules SET valid_until = '2027-02-29' WHERE name = 'day'",
    'error rules (+442071838750, day): date "2027-02-29" is not in the calendar; write YYYY-MM-DD'
  ],
  [
    'a rule for a list without anyone on it',
    'DELETE FROM caller_list_entries',
    "error rules (+442071838750, vip): it never answers: list 'vip' is empty; give the list a row in caller_list_entries, or the rule another list (null: everyone)"
  ],
  [
    'a rule that rings nobody and has no fallback of its own',
    "DELETE FROM targets WHERE rule = 'night'",
    'warning rules (+14155550100, night): it rings nobody: it has no targets, and no fallback of its own; give it targets, or a fallback if callers are to hear one at once'
  ],
  [
    'a rule whose targets are all disabled',
    "UPDATE targets SET enabled = 0 WHERE rule = 'night'",
    'warning rules (+14155550100, night): it rings nobody: all of its targets are disabled, and no fallback of its own; give it targets, or a fallback if callers are to hear one at once'
  ],
  [
    'an override that has expired',
    "INSERT INTO overrides (number, kind, expires_at) VALUES ('+14155550100', 'closed', '2026-11-22T11:59:59Z')",
    'warning overrides (+14155550100): it expired on Sun 2026-11-22 06:59 America/New_York; delete it'
  ],
  [
    'an override that names a rule which does not exist',
    "INSERT INTO overrides (number, kind, value) VALUES ('+442071838750', 'rule', 'nihgt')",
    "error overrides (+442071838750): it names the rule 'nihgt', which +442071838750 does not have; name one of 'vip', 'day'"
  ],
  [
    'an override that forwards to what cannot be dialled',
    "INSERT INTO overrides (number, kind, value) VALUES ('+14155550100', 'forward', 'alice')",
    /^error overrides \(\+14155550100\): target "alice" cannot be dialled; write a number/
  ],
  [
    'an override that forwards to the number itself',
    "INSERT INTO overrides (number, kind, value) VALUES ('+14155550100', 'forward', '+14155550100')",
    'error overrides (+14155550100): the target +14155550100 is the virtual number itself; dial a phone, or another number'
  ],
  [
    'an override of a number that does not exist',
    "INSERT INTO overrides (number, kind) VALUES ('+14155550177', 'closed')",
    'error overrides (+14155550177): there is no virtual number +14155550177; add it to virtual_numbers, or delete this row'
  ]
])('%s is reported with its cure', (_fault, sql, expected) => {
  expect(faultsAfter(sql, { force: true })).toEqual([
    typeof expected === 'string' ? expected : expect.stringMatching(expected)
  ])
})

test('all faults are reported together, errors first', () => {
  expect(
    faultsAfter(`INSERT INTO schedules VALUES ('old', 'Nowhere/Land');
      UPDATE targets SET step = 3 WHERE step = 2;
      INSERT INTO overrides (number, kind, value) VALUES ('+442071838750', 'forward', 'alice');`).map((fault) =>
      fault.slice(0, fault.indexOf(':'))
    )
  ).toEqual([
    'error schedules (old)',
    'error rules (+442071838750, day)',
    'error overrides (+442071838750)',
    'warning schedules (old)'
  ])
})

test.each([
  [
    'a window that closes exactly when it opens again',
    "INSERT INTO schedule_windows VALUES ('office', '0 0 * * *', 1440)"
  ],
  ['a year-long window that opens once a year', "INSERT INTO schedule_windows VALUES ('office', '0 0 1 1 *', 525600)"],
  ['a window on 29 February', "INSERT INTO schedule_windows VALUES ('office', '0 9 29 2 *', 480)"],
  [
    'a rule that rejects callers',
    "UPDATE rules SET fallback = 'busy' WHERE name = 'vip'; DELETE FROM targets WHERE rule = 'vip'"
  ],
  [
    'a disabled rule, even if hidden',
    `INSERT INTO rules (number, name, position, enabled, fallback) VALUES ('+14155550100', 'off', 20, 0, 'busy');
     INSERT INTO rules (number, name, position, fallback) VALUES ('+14155550100', 'rest', 15, 'busy')`
  ],
  ['a rule that is not valid yet', "UPDATE rules SET valid_from = '2027-01-01' WHERE name = 'day'"],
  [
    'a caller in any spelling that carriers use',
    "INSERT INTO caller_list_entries VALUES ('vip', '0033123456789'), ('vip', '100'), ('vip', '0033*'), ('vip', '0207*')"
  ]
])('%s is no fault', (_what, sql) => {
  expect(faultsAfter(sql)).toEqual([])
})
