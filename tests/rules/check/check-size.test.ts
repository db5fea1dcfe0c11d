import { checkRules } from '../../../src/rules/check/check'
import { readRuleSet } from '../../../src/store/rules/rule-tables'
import { givenDatabase } from '../../store/fresh-database'

const numbered = (many: number) =>
  `WITH RECURSIVE n (i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < ${many - 1})`

test('in 10,000 numbers with 30,000 rules in one circular chain, check reports only the circle', () => {
  const { sqlite } = givenDatabase()
  sqlite.exec(`BEGIN;
    ${numbered(1_000)} INSERT INTO schedules SELECT 's' || i, iif(i % 2, 'Europe/London', 'Australia/Sydney') FROM n;
    ${numbered(1_000)} INSERT INTO schedule_windows SELECT 's' || i, (i % 60) || ' 9 * * MON-FRI', 480 + i % 50 FROM n;
    ${numbered(1_000)} INSERT INTO caller_lists SELECT 'l' || i FROM n;
    ${numbered(10_000)} INSERT INTO caller_list_entries SELECT 'l' || (i % 1000), '+1' || (2000000000 + i) FROM n;
    ${numbered(10_000)} INSERT INTO virtual_numbers (number, time_zone, fallback)
      SELECT '+1415' || (5550000 + i), 'Europe/London', 'number:+1415' || (5550000 + iif(i = 9999, 9998, i + 1)) FROM n;
    INSERT INTO rules (number, name, position, callers)
      SELECT number, 'vip', 10, 'l' || (substr(number, -3) + 0) FROM virtual_numbers;
    INSERT INTO rules (number, name, position, schedule)
      SELECT number, 'day', 20, 's' || (substr(number, -3) + 0) FROM virtual_numbers;
    INSERT INTO rules (number, name, position) SELECT number, 'night', 30 FROM virtual_numbers;
    WITH steps (step) AS (VALUES (1), (2), (3)) INSERT INTO targets (number, rule, step, dial)
      SELECT number, name, step, 'PJSIP/phone' || step FROM rules, steps;
    COMMIT`)
  const faults = checkRules(readRuleSet(sqlite), Date.UTC(2026, 10, 22, 12))
  expect(faults.map(({ message }) => message)).toEqual([
    'calls go round in a circle: +14155559998 → +14155559999 → +14155559998'
  ])
})
