import { writeFileSync } from 'node:fs'
import { headlineOf, siteStanding } from '../../../src/store/migrations/site-migrations'
import { opened, shipped } from '../fresh-database'
import { givenSite } from '../given-site'

test.each([
  ["INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550199', 'day', 1, '07700 900123');", 'targets.dial'],
  ["INSERT INTO rules (number, name, position) VALUES ('+14155550199', 'day', 10);", 'leaves rows that refer'],
  ["INSERT INTO caller_lists VALUES ('a' '+14155550199');", 'line 1: syntax error'],
  ["INSERT INTO caller_lists VALUES ('+14155550199);", "a text (') begins here"],
  ["DELETE FROM caller_list_entries WHERE pattern = '+14155550199';", 'matches no row of caller_list_entries'],
  ["INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550199', 'Mars');", 'leaves faults']
])('the reason for a refusal is summarised in one line, without telephone numbers: %s', (sql, says) => {
  const { database, site, run } = givenSite({ '0001_bad.sql': sql })
  const fault = {
    table: 'virtual_numbers',
    key: '+14155550199',
    level: 'error',
    message: 'no zone',
    cure: 'x'
  } as const
  expect(() => run(({ numbers }) => (numbers.length === 0 ? [] : [fault]))).toThrow()
  const { reason } = siteStanding(opened(database).sqlite, { shipped, site })
  expect(reason).toContain('(refused on ')
  const headline = headlineOf(reason ?? '')
  expect(headline).toContain(says)
  expect(headline).not.toMatch(/\n|\d{7}|:$/)
})

test('a refusal is no longer reported once its file has been corrected or removed', () => {
  const { database, site, run, file } = givenSite({ '0001_bad.sql': 'SELECT x;' })
  expect(run).toThrow('no such column')
  writeFileSync(file('0001_bad.sql'), '-- later\n')
  expect(siteStanding(opened(database).sqlite, { shipped, site })).toMatchObject({ pending: [], reason: null })
})
