import { faultsAfter } from './given-rules'

test.each([
  [
    'a step that leads out of the hour',
    "INSERT INTO schedule_windows VALUES ('office', '*/90 9 * * SUN', 30)",
    "warning schedule_windows (office, */90 9 * * SUN, 30): window '*/90 9 * * SUN' opens at one minute only, 0: '*/90' steps beyond the last, 59, and begins anew; write 0, or the minutes themselves; a step goes round in an hour"
  ],
  [
    'a step that leads out of its range',
    "INSERT INTO schedule_windows VALUES ('office', '0 9-17/12 * * SUN', 30)",
    /^warning .*: window '0 9-17\/12 \* \* SUN' opens at one hour only, 9: '9-17\/12' steps beyond the last, 17/
  ],
  [
    'a date that its month does not have, where weekdays open it all the same',
    "INSERT INTO schedule_windows VALUES ('office', '0 9 31 2 SUN', 60)",
    "warning schedule_windows (office, 0 9 31 2 SUN, 60): window '0 9 31 2 SUN' names day 31, which none of its months has: it opens on the days of the week, and on no such date; leave 31 out, or correct the month"
  ],
  [
    'a date that none of the months has, beside one that they have',
    "INSERT INTO schedule_windows VALUES ('office', '0 20 30,31 4,6 *', 60)",
    /^warning .* names day 31, which none of its months has: it opens on the other dates only; leave 31 out/
  ]
])('%s deserves a warning', (_doubt, sql, expected) => {
  expect(faultsAfter(sql)).toEqual([typeof expected === 'string' ? expected : expect.stringMatching(expected)])
})

test.each([
  ['a step that fits', "INSERT INTO schedule_windows VALUES ('office', '*/30 9-17/8 */10 */6 SUN', 5)"],
  ['a step of a whole round', "INSERT INTO schedule_windows VALUES ('office', '0 */24 * * SAT', 5)"],
  ['a date that one of its months has', "INSERT INTO schedule_windows VALUES ('office', '0 20 31 1,2 *', 60)"]
])('%s is no fault', (_what, sql) => {
  expect(faultsAfter(sql)).toEqual([])
})
