import { cronDoubt } from '../../../src/rules/check/cron'
import { faultsAfter } from '../given-rules'

test.each([
  [
    'a step beyond the hour',
    "INSERT INTO schedule_windows VALUES ('office', '*/90 9 * * SUN', 30)",
    "warning schedule_windows (office, */90 9 * * SUN, 30): window '*/90 9 * * SUN' opens at one minute only, 0: '*/90' steps beyond the last, 59, and begins anew; write 0, or the minutes themselves; a step goes round in an hour"
  ],
  [
    'a step beyond its range',
    "INSERT INTO schedule_windows VALUES ('office', '0 9-17/12 * * SUN', 30)",
    /^warning .*: window '0 9-17\/12 \* \* SUN' opens at one hour only, 9: '9-17\/12' steps beyond the last, 17/
  ],
  [
    'a date missing in its month, next to a weekday that still opens the window',
    "INSERT INTO schedule_windows VALUES ('office', '0 9 31 2 SUN', 60)",
    "warning schedule_windows (office, 0 9 31 2 SUN, 60): window '0 9 31 2 SUN' names day 31, which none of its months has: it opens on the days of the week, and on no such date; leave 31 out, or correct the month"
  ],
  [
    'a date that none of the months has, next to one that they have',
    "INSERT INTO schedule_windows VALUES ('office', '0 20 30,31 4,6 *', 60)",
    /^warning .* names day 31, which none of its months has: it opens on the other dates only; leave 31 out/
  ],
  [
    'the first seven days and a weekday, meaning the first Monday',
    "INSERT INTO schedule_windows VALUES ('office', '0 20 1-7 * MON', 60)",
    "warning schedule_windows (office, 0 20 1-7 * MON, 60): window '0 20 1-7 * MON' opens on every day of the month '1-7', and on every 'MON' as well: either will do; write '0 20 * * MON#1' for the days that are both; where either is meant, write two rows, '0 20 1-7 * *' and '0 20 * * MON'"
  ],
  [
    'two weeks of the month and two weekdays',
    "INSERT INTO schedule_windows VALUES ('office', '0 20 8-21 * 2,Thu', 60)",
    /write '0 20 \* \* TUE#2,THU#2,TUE#3,THU#3' for the days that are both/
  ],
  [
    'the last seven days and a weekday',
    "INSERT INTO schedule_windows VALUES ('office', '0 20 25-31 * 5', 60)",
    /write '0 20 \* \* FRIL' for the days that are both/
  ],
  [
    'a Friday that is the 13th, which cron cannot say',
    "INSERT INTO schedule_windows VALUES ('office', '0 20 13 * FRI', 60)",
    /either will do; for the days that are both, list their dates in schedule_exceptions; where either is meant/
  ],
  [
    'every second day and a weekday, which Linux cron reads differently',
    "INSERT INTO schedule_windows VALUES ('office', '0 20 */2 * MON', 60)",
    /either will do \(the cron of Linux, where a field begins with '\*', on days that are both\)/
  ],
  [
    'a date and every second weekday',
    "INSERT INTO schedule_windows VALUES ('office', '0 20 1 * */2', 60)",
    /either will do \(the cron of Linux/
  ],
  [
    'every second weekday, which is not every second day',
    "INSERT INTO schedule_windows VALUES ('office', '0 20 * * */2', 60)",
    /does not open every 2 days: it counts from Sunday in each week, and opens on SUN,TUE,THU,SAT; write '0 20 \* \* SUN,TUE,THU,SAT'/
  ],
  [
    'a count that applies to one of two weekdays',
    "INSERT INTO schedule_windows VALUES ('office', '0 20 * * MON,WED#2', 60)",
    /opens on every MON: '#2' counts only the weekday before it; write '0 20 \* \* MON#2,WED#2' to count each/
  ]
])('%s gives a warning', (_doubt, sql, expected) => {
  expect(faultsAfter(sql)).toEqual([typeof expected === 'string' ? expected : expect.stringMatching(expected)])
})

test.each([
  ['a step that fits', "INSERT INTO schedule_windows VALUES ('office', '*/30 9-17/8 */10 */6 *', 5)"],
  ['a step of a whole cycle', "INSERT INTO schedule_windows VALUES ('office', '0 */24 * * SAT', 5)"],
  ['the first and the third Monday', "INSERT INTO schedule_windows VALUES ('office', '0 20 * * MON#1,MON#3', 5)"],
  ['a range across the end of the week', "INSERT INTO schedule_windows VALUES ('office', '0 20 * * FRI-MON', 5)"],
  ['a date that one of its months has', "INSERT INTO schedule_windows VALUES ('office', '0 20 31 1,2 *', 60)"]
])('%s is no fault', (_what, sql) => {
  expect(faultsAfter(sql)).toEqual([])
})

test.each([
  [
    '30/40 9 * * SUN',
    'minute only, 30',
    "'30/40' steps beyond the last, 59",
    'write 30, or the minutes themselves',
    'an hour'
  ],
  [
    '5,*/61 9 * * SUN',
    'minute only, 0',
    "'*/61' steps beyond the last, 59",
    'write 0, or the minutes themselves',
    'an hour'
  ],
  ['0 0/24 * * SAT', 'hour only, 0', "'0/24' steps beyond the last, 23", 'write 0, or the hours themselves', 'a day'],
  [
    '0 9-16/8 * * SAT',
    'hour only, 9',
    "'9-16/8' steps beyond the last, 16",
    'write 9, or the hours themselves',
    'a day'
  ],
  [
    '0 9 */32 * *',
    'day of the month only, 1',
    "'*/32' steps beyond the last, 31",
    'write 1, or the days of the month themselves',
    'a month'
  ],
  ['0 9 1 */13 *', 'month only, 1', "'*/13' steps beyond the last, 12", 'write 1, or the months themselves', 'a year'],
  [
    ' 0  9 * * */8 ',
    'day of the week only, 0',
    "'*/8' steps beyond the last, 6",
    'write 0, or the days of the week themselves',
    'a week'
  ]
])('%s steps beyond its cycle: it opens at one %s', (opens, one, steps, write, round) => {
  expect(cronDoubt(opens)).toEqual({
    level: 'warning',
    message: `window '${opens}' opens at one ${one}: ${steps}, and begins anew`,
    cure: `${write}; a step goes round in ${round}`
  })
})

test.each([
  ['1-7', 'MON', 'MON#1'],
  ['8-14', 'mon', 'MON#2'],
  ['1-14', '0', 'SUN#1,SUN#2'],
  ['22-28', '7', 'SUN#4'],
  ['8-21', 'TUE,5', 'TUE#2,FRI#2,TUE#3,FRI#3'],
  ['25-31', 'SAT,SUN', 'SATL,SUNL'],
  ['24-30', 'FRI', 'FRIL']
])('the dates %s on %s can be written %s', (dates, weekdays, counted) => {
  expect(cronDoubt(`0 9 ${dates} * ${weekdays}`)).toEqual({
    level: 'warning',
    message: `window '0 9 ${dates} * ${weekdays}' opens on every day of the month '${dates}', and on every '${weekdays}' as well: either will do`,
    cure: `write '0 9 * * ${counted}' for the days that are both; where either is meant, write two rows, '0 9 ${dates} * *' and '0 9 * * ${weekdays}'`
  })
})

test.each([
  ['2-8', 'MON'],
  ['1-8', 'MON'],
  ['2-7', 'MON'],
  ['23-29', 'MON'],
  ['26-31', 'MON'],
  ['15-7', 'MON'],
  ['1-7,9', 'MON'],
  ['9,1-7', 'MON'],
  ['1-7', 'MON-WED'],
  ['1-7', 'MONL'],
  ['1', 'MON']
])('the dates %s on %s cannot be written more briefly than as a list', (dates, weekdays) => {
  expect(cronDoubt(`0 9 ${dates} * ${weekdays}`)?.cure).toBe(
    `for the days that are both, list their dates in schedule_exceptions; where either is meant, write two rows, '0 9 ${dates} * *' and '0 9 * * ${weekdays}'`
  )
})

test.each([
  ['*/3', 3, 'SUN,WED,SAT'],
  ['*/5', 5, 'SUN,FRI'],
  ['*/6', 6, 'SUN,SAT']
])('%s does not mean every %d days', (weekdays, days, names) => {
  expect(cronDoubt(`0 9 * * ${weekdays}`)).toEqual({
    level: 'warning',
    message: `window '0 9 * * ${weekdays}' does not open every ${days} days: it counts from Sunday in each week, and opens on ${names}`,
    cure: `write '0 9 * * ${names}' if that is meant, or the weekdays themselves`
  })
})

test.each([
  ['MON,TUE,WED#3', 'MON and TUE', '#3', 'MON#3,TUE#3,WED#3'],
  ['1,5#1', '1', '#1', '1#1,5#1'],
  ['FRI#5,mon', 'mon', '#5', 'FRI#5,mon#5']
])('in %s the count applies to one weekday only', (weekdays, plain, mark, counted) => {
  expect(cronDoubt(`0 9 * * ${weekdays}`)).toEqual({
    level: 'warning',
    message: `window '0 9 * * ${weekdays}' opens on every ${plain}: '${mark}' counts only the weekday before it`,
    cure: `write '0 9 * * ${counted}' to count each; where every ${plain} is meant, give it a row of its own`
  })
})

test.each([
  '*/59 9 * * *',
  '*/60 9 * * *',
  '0 */24 * * *',
  '0 9 */31 * *',
  '0 9 1 */12 *',
  '0 9 * * */7',
  '0 9-17/8 * * *',
  '0 9 30 2,4 *',
  '0 9 31 * *',
  '0 9 29 2 *',
  '0 9 L 2 *',
  '0 9 * * MON#1,WED#2,FRI',
  '0 9 * * MON#2',
  '0 9 * * 1,*/2',
  '0 9 * * */2,1',
  '0 9 * * MON-WED,FRI#2',
  '@daily',
  '@hourly'
])('%s gives no warning', (opens) => {
  expect(cronDoubt(opens)).toBeUndefined()
})

test.each(['*/90 9 * * *', '0 9 31 2 SUN', '0 9 1-7 * MON', '0 9 * * */2', '0 9 * * MON,WED#2'])(
  '%s gives the same warning with more blanks around and between',
  (opens) => {
    const doubt = cronDoubt(opens)
    expect(doubt).toBeDefined()
    expect(cronDoubt(` ${opens.replaceAll(' ', '  ')} `)?.cure).toBe(doubt?.cure)
  }
)
