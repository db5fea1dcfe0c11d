// Rules that are right, in a real database, and what check says after some rows more.
import { checkRules } from '../../src/rules/check/check'
import type { RuleSet } from '../../src/rules/rule-tables'
import { readRuleSet } from '../../src/store/rules/rule-tables'
import { givenDatabase } from '../store/fresh-database'

const now = Date.UTC(2026, 10, 22, 12)

const right = `
  INSERT INTO schedules VALUES ('office', 'Europe/London'), ('nights', 'America/New_York');
  INSERT INTO schedule_windows VALUES ('office', '30 8 * * MON-FRI', 540), ('nights', '0 22 * * *', 480);
  INSERT INTO schedule_exceptions VALUES ('office', '2026-12-25', '2026-12-25', NULL, NULL, 'Christmas Day');
  INSERT INTO caller_lists VALUES ('vip');
  INSERT INTO caller_list_entries VALUES ('vip', '+1415*'), ('vip', 'anonymous');
  INSERT INTO dial_policy (prefix, verdict) VALUES ('+33', 'allow');
  INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES
    ('+442071838750', 'Europe/London', 'voicemail:100@default'), ('+14155550100', 'America/New_York', 'busy');
  INSERT INTO rules (number, name, position, schedule, callers) VALUES
    ('+442071838750', 'vip', 10, NULL, 'vip'), ('+442071838750', 'day', 20, 'office', NULL),
    ('+14155550100', 'night', 10, 'nights', NULL);
  INSERT INTO targets (number, rule, step, dial) VALUES
    ('+442071838750', 'vip', 1, 'PJSIP/ann'), ('+442071838750', 'day', 1, 'PJSIP/alice'),
    ('+442071838750', 'day', 2, 'number:+14155550100'), ('+14155550100', 'night', 1, '+33123456789');
`

/** All rows, after this SQL. */
export function rulesAfter(sql: string): RuleSet {
  const { sqlite } = givenDatabase()
  sqlite.exec(right)
  sqlite.exec(sql)
  return readRuleSet(sqlite)
}

/** What check says of these rows; with `force`, also of rows that the constraints would have refused. */
export function faultsAfter(sql: string, { force = false } = {}): string[] {
  const { sqlite } = givenDatabase()
  sqlite.exec(right)
  if (force) sqlite.exec('PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON')
  sqlite.exec(sql)
  return checkRules(readRuleSet(sqlite), now).map(
    ({ table, key, level, message, cure }) => `${level} ${table} (${key}): ${message}; ${cure}`
  )
}

/** One number more, without rules. */
export const anotherNumber = "INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550199', 'UTC');"
