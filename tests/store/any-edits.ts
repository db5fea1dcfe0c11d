// A site of six numbers that lead to one another, and edits of it by SQL: every table that decides, whatever may be done to it.
import { sqliteCode } from '../../src/store/database/database'
import type { SqliteDatabase } from '../../src/store/database/driver'
import { pick } from '../rules/schedule/any-schedules'

export const numbers = [
  '+442071838750',
  '+442071838751',
  '+14155550100',
  '+14155550101',
  '+61280001000',
  '+61280001001'
]
const zones = ['Europe/London', 'America/Los_Angeles', 'Australia/Sydney', 'Asia/Kathmandu']
const schedules = ['office', 'night', 'lunch', 'weekend']
const lists = ['vip', 'blocked', 'town']
const dials = [
  'PJSIP/alice',
  'PJSIP/bob',
  '+442071838799',
  '+33123456789',
  'PJSIP/carol',
  'number:+14155550100',
  'number:+61280001000'
]
const prefixes = ['+44', '+33', '+3312', '+61']
const entries = ['+44*', '+4420*', '020*', '02079460000', '00442079460000', '+1415*', '+14155550199', 'anonymous', '+*']
const crons = ['0 9 * * MON-FRI', '30 8 * * *', '0 22 * * *', '0 12 * * *', '0 0 * * SAT', '0 9 23 11 *']

export const site = `
  INSERT INTO schedules VALUES ${schedules.map((name, i) => `('${name}', '${zones[i]!}')`).join()};
  INSERT INTO schedule_windows SELECT name, '0 9 * * MON-FRI', 480 FROM schedules;
  INSERT INTO caller_lists VALUES ${lists.map((name) => `('${name}')`).join()};
  INSERT INTO caller_list_entries SELECT name, '+4420*' FROM caller_lists;
  INSERT INTO virtual_numbers (number, time_zone)
    VALUES ${numbers.map((number, i) => `('${number}', '${zones[i % zones.length]!}')`).join()};
  WITH r (name, position, schedule, callers) AS (
    VALUES ('first', 10, 'lunch', 'vip'), ('day', 20, 'office', NULL), ('night', 30, NULL, NULL))
  INSERT INTO rules (number, name, position, schedule, callers) SELECT number, r.* FROM virtual_numbers, r;
  INSERT INTO targets (number, rule, step, dial) SELECT number, name, 1, 'PJSIP/' || name FROM rules;`

/** Any edit of any table that decides; now and then one that changes nothing, or that refers to what is not there. */
function anyEdit(random: () => number): string {
  const any = <T>(from: readonly T[]) => pick(from, random)
  const text = (value: string | null) => (value === null ? 'NULL' : `'${value}'`)
  const number = any(numbers)
  const rule = `WHERE number = '${number}' AND name = '${any(['first', 'day', 'night'])}'`
  const schedule = any(schedules)
  const list = any(lists)
  const date = () => `2026-11-${20 + Math.floor(random() * 8)}`
  const oneOf = (table: string, key: string) =>
    `(${key}) IN (SELECT ${key} FROM ${table} ORDER BY ${key} LIMIT 1 OFFSET ${Math.floor(random() * 5)})`
  const fallback = any(['busy', 'hangup', 'voicemail:1@default', `number:${any(numbers)}`])
  return any<() => string>([
    () => `UPDATE schedules SET time_zone = '${any(zones)}' WHERE name = '${schedule}'`,
    () =>
      `INSERT OR IGNORE INTO schedule_windows VALUES ('${schedule}', '${any(crons)}', ${any([30, 240, 480, 1500])})`,
    () => `UPDATE OR IGNORE schedule_windows SET minutes = ${any([60, 480, 600])} WHERE schedule = '${schedule}'`,
    () => `UPDATE OR IGNORE schedule_windows SET opens = '${any(crons)}' WHERE schedule = '${schedule}'`,
    () => `DELETE FROM schedule_windows WHERE ${oneOf('schedule_windows', 'schedule, opens, minutes')}`,
    () =>
      `INSERT OR IGNORE INTO schedule_exceptions VALUES ('${schedule}', '${date()}', '2026-11-28', NULL, NULL, 'away')`,
    () =>
      `INSERT OR IGNORE INTO schedule_exceptions VALUES ('${schedule}', '${date()}', '2026-11-28', '10:00', '23:00', '')`,
    () =>
      `UPDATE schedule_exceptions SET label = 'label ${random()}', to_date = from_date WHERE schedule = '${schedule}'`,
    () => `DELETE FROM schedule_exceptions WHERE schedule = '${schedule}'`,
    () => `INSERT OR IGNORE INTO caller_list_entries VALUES ('${list}', '${any(entries)}')`,
    () => `UPDATE OR IGNORE caller_list_entries SET pattern = '${any(entries)}' WHERE pattern = '${any(entries)}'`,
    () => `DELETE FROM caller_list_entries WHERE list = '${list}' AND pattern = '${any(entries)}'`,
    () => `UPDATE caller_lists SET name = name || '!' WHERE name = '${list}'`,
    () => `UPDATE OR IGNORE caller_lists SET name = '${list}' WHERE name = '${list}!'`,
    () => `UPDATE rules SET enabled = 1 - enabled ${rule}`,
    () => `UPDATE OR IGNORE rules SET position = ${any([5, 15, 25, 35])} ${rule}`,
    () => `UPDATE rules SET schedule = ${text(any([null, ...schedules]))} ${rule}`,
    () => `UPDATE OR IGNORE rules SET callers = ${text(any([null, ...lists]))} ${rule}`,
    () => `UPDATE OR IGNORE rules SET valid_from = ${text(any([null, date()]))} ${rule}`,
    () => `UPDATE OR IGNORE rules SET valid_until = ${text(any([null, date()]))} ${rule}`,
    () => `UPDATE OR IGNORE rules SET fallback = ${text(any([null, fallback]))} ${rule}`,
    () => `UPDATE OR IGNORE rules SET name = '${any(['first', 'day', 'night', 'new'])}' ${rule}`,
    () => `DELETE FROM rules ${rule} AND (SELECT count(*) FROM rules WHERE number = '${number}') > 2`,
    () => `INSERT OR IGNORE INTO rules (number, name, position) VALUES ('${number}', 'first', ${any([1, 21, 99])})`,
    () => `INSERT OR IGNORE INTO targets (number, rule, step, dial)
      SELECT number, name, ${any([1, 2, 3])}, '${any(dials)}' FROM rules ${rule}`,
    () => `UPDATE OR IGNORE targets SET dial = '${any(dials)}' WHERE number = '${number}' AND step = ${any([1, 2])}`,
    () => `UPDATE OR IGNORE targets SET step = ${any([1, 2, 3])} WHERE number = '${number}'`,
    () => `UPDATE targets SET ring_seconds = ${1 + Math.floor(random() * 60)} WHERE number = '${number}'`,
    () => `UPDATE targets SET enabled = 1 - enabled WHERE number = '${number}' AND dial = '${any(dials)}'`,
    () => `DELETE FROM targets WHERE number = '${number}' AND dial LIKE 'number:%'`,
    () =>
      `REPLACE INTO overrides (number, kind, expires_at) VALUES ('${number}', 'closed', '2026-11-2${any([3, 4])}T12:00:00Z')`,
    () => `REPLACE INTO overrides (number, kind, value) VALUES ('${number}', 'forward', '${any(dials)}')`,
    () => `REPLACE INTO overrides (number, kind, value) VALUES ('${number}', 'rule', '${any(['first', 'new'])}')`,
    () => `DELETE FROM overrides`,
    () => `DELETE FROM overrides`,
    () => `DELETE FROM overrides WHERE kind = 'forward'`,
    () => `UPDATE OR IGNORE virtual_numbers SET fallback = '${fallback}' WHERE number = '${number}'`,
    () => `UPDATE virtual_numbers SET time_zone = '${any(zones)}' WHERE number = '${number}'`,
    () => `UPDATE virtual_numbers SET enabled = ${any([0, 1, 1, 1])} WHERE number = '${number}'`,
    () =>
      `REPLACE INTO rules (number, name, position, schedule) VALUES ('${number}', 'day', ${any([10, 20])}, 'night')`,
    () => `UPDATE OR REPLACE rules SET position = ${any([10, 20, 30])} ${rule}`,
    () =>
      `UPDATE OR REPLACE targets SET number = '${number}', rule = 'night' WHERE number = '${any(numbers)}' AND dial NOT LIKE '%${number}'`,
    () => `UPDATE schedules SET name = name || '!' WHERE name = '${schedule}'`,
    () => `UPDATE OR IGNORE schedules SET name = '${schedule}' WHERE name = '${schedule}!'`,
    () => `UPDATE OR IGNORE virtual_numbers SET number = '+61280001002' WHERE number = '+61280001001'`,
    () => `REPLACE INTO dial_policy (prefix, verdict) VALUES ('${any(prefixes)}', '${any(['allow', 'deny'])}')`,
    () => `DELETE FROM dial_policy WHERE prefix = '${any(prefixes)}'`,
    () => `DELETE FROM virtual_numbers WHERE number = '+61280001001'`,
    () => `INSERT OR IGNORE INTO virtual_numbers (number, time_zone) VALUES ('+61280001001', 'UTC')`
  ])()
}

/** Makes an edit, and gives it as SQL. */
export function makeAnyEdit(editor: SqliteDatabase, random: () => number): string {
  for (;;) {
    const sql = anyEdit(random)
    try {
      editor.exec(sql)
      return sql
    } catch (error) {
      if (sqliteCode(error) !== 'SQLITE_CONSTRAINT_FOREIGNKEY') throw error
    }
  }
}
