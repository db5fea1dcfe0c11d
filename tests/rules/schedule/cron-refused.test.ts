// What may not stand in `schedule_windows.opens`: each form with its reason, and most with what to write instead.
import { AppError, reasonOf } from '../../../src/errors'
import { parseCron } from '../../../src/rules/schedule/cron'

function refused(opens: string): AppError {
  try {
    parseCron(opens)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error(`'${opens}' is accepted`)
}

describe('a window is refused with the reason if its cron expression', () => {
  test.each([
    ['is empty', '', /is empty: write minute, hour/],
    ['is blank', ' \t', /is empty/],
    ['has seconds', '0 30 8 * * MON', /has six fields: leave out the seconds/],
    ['has days with a blank between', '0 9 * * MON FRI', /has blanks between .*: write '0 9 \* \* MON,FRI'$/],
    ['has days separated by a comma and a blank', '0 9 * * MON,TUE, WED', /: write '0 9 \* \* MON,TUE,WED'$/],
    ['has a range with blanks', '0 9 * * MON - FRI', /: write '0 9 \* \* MON-FRI'$/],
    [
      'has days with blanks between, of the second week',
      '0 9 * * mon#1 FRI#2 sun',
      /: write '0 9 \* \* mon#1,FRI#2,sun'$/
    ],
    ['has a comma with blanks', '0 9 * * MON , FRI', /: write '0 9 \* \* MON,FRI'$/],
    ['has a blank and an invalid day', '0 9 * * MON FRIX', /has six fields/],
    ['has a blank after an invalid day', '0 9 * * XMON FRI', /has six fields/],
    [
      'has a year and no day',
      '0 9 1 1 * 1999',
      /names a year \('1999'\).*: write '0 9 1 1 \*', which holds every year$/
    ],
    ['has a number that is not a year', '0 9 * * MON 2127', /has six fields/],
    ['has a longer number', '0 9 * * MON 20270', /has six fields/],
    ['has a number with a year at its end', '0 9 * * MON 12027', /has six fields/],
    ['has a year and more', '0 9 * * MON 2027 x', /has 7 fields/],
    ['has a year', '0 9 * * MON 2027', /names a year \('2027'\).*: write '0 9 \* \* MON', which/],
    ['has a dash', '0 9 * * MON–FRI', /has a dash \('–'\) in place of a hyphen: write '0 9 \* \* MON-FRI'$/],
    ['has a dash with blanks', '0 9 — 17 * * *', /: write '0 9-17 \* \* \*'$/],
    ['has a minus sign', '0 9\u221217 * * *', /has a dash \('\u2212'\) in place of a hyphen: write '0 9-17 \* \* \*'$/],
    ['has a dash with a blank before it', '0 9 \u201317 * * *', /: write '0 9-17 \* \* \*'$/],
    ['excludes an invalid day', '0 9 * * !8', /: list what it opens on$/],
    ['excludes a spelled-out day', '0 9 * * !Sunday', /: list what it opens on$/],
    ['excludes a day behind another', '0 9 * * MON!SUN', /: list what it opens on$/],
    ['excludes a date', '0 9 !24 * *', /excludes with ! \('!24'\).*: list what it opens on$/],
    ['excludes a day in a year', '0 9 * * !SUN 2027', /: list what it opens on$/],
    ['excludes a day', '0 9 * * !SUN', /excludes with ! \('!SUN'\).*: write '0 9 \* \* MON-SAT'$/],
    ['excludes a day by number', '0 9 * * !3', /: write '0 9 \* \* THU-TUE'$/],
    ['excludes from a range', '0 9 * * MON-FRI,!WED', /excludes with ! .*: list what it opens on$/],
    ['has too few fields', '9 * * MON', /has 4 fields, not five/],
    ['has a comment', '0 9 * * * # office', /has 7 fields, not five/],
    ['fires every second', '@secondly', /fires every second: write '@minutely'/],
    ['is a name unknown to cron-parser', '@noon', /'@noon' is not a cron expression/],
    ['is a name in capitals', '@DAILY', /'@DAILY' is not a cron expression/],
    ['is a name and more', '@daily 9', /'@daily 9' is not a cron expression/],
    ['is a name with a blank inside', '@week ly', /'@week ly' is not a cron expression/],
    ['is @reboot', '@reboot', /'@reboot' is not a cron expression/],
    ['is 30 February', '0 9 30 2 *', /can fire \(.*day of month/],
    ['is 30 February, ?', '0 9 30 2 ?', /can fire \(.*day of month/],
    ['is the 31st of short months', '0 9 31 4,6,9,11 *', /can fire/],
    ['has a minute 60', '60 9 * * *', /got value 60 expected range 0-59/],
    ['has an hour 24', '0 24 * * *', /got value 24 expected range 0-23/],
    ['has a date 0', '0 9 0 * *', /got value 0 expected range 1-31/],
    ['has a date 32', '0 9 32 * *', /got value 32 expected range 1-31/],
    ['has a month 13', '0 9 * 13 *', /got value 13 expected range 1-12/],
    ['has a weekday 8', '0 9 * * 8', /got value 8 expected range 0-7/],
    ['has a range from minute 60', '60-5 9 * * *', /is not a cron expression/],
    ['has a minute 60 next to a range across the hour', '60,50-10 9 * * *', /got value 60 expected range 0-59/],
    ['has a range from hour 24', '0 24-2 * * *', /is not a cron expression/],
    ['has a range to date 0', '0 9 28-0 * *', /is not a cron expression/],
    ['has a range from month 13', '0 9 1 13-2 *', /is not a cron expression/],
    ['has a range to month 0', '0 9 1 11-0 *', /is not a cron expression/],
    ['has a range from weekday 8', '0 9 * * 8-2', /is not a cron expression/],
    ['has an invalid day next to a range across the week', '0 9 * * XYZ-MON,FRI-SUN', /is not a cron expression/],
    ['has a letter before a day, next to a range across the week', '0 9 * * XMON,SAT-SUN', /is not a cron expression/],
    ['has a letter after a day, next to a range across the week', '0 9 * * MONX,SAT-SUN', /is not a cron expression/],
    ['has an empty step', '*/0 9 * * *', /cannot repeat at every 0/],
    ['repeats a time', '0 9,9 * * *', /duplicate values found: 9/],
    ['repeats hour 0', '0 0,0 * * *', /duplicate values found: 0/],
    ['repeats a weekday', '0 9 * * MON,1', /duplicate values found: 1/],
    ['repeats a weekday next to Sunday', '0 9 * * SUN,MON,MON', /duplicate values found: 1/],
    ['repeats a date next to the last', '0 9 L,1,1 * *', /duplicate values found: 1/],
    ['ends with a comma', '0 9 * * MON,', /Invalid list value/],
    ['writes a weekday out', '0 9 * * MONDAY', /spells a weekday out: write '0 9 \* \* MON'/],
    ['writes a weekday in the plural', '0 9 * * Mondays', /is not a cron expression/],
    ['writes weekdays out', '0 9 * * Tuesday,fri-Sunday', /spells a weekday out: write '0 9 \* \* TUE,fri-SUN'/],
    ['counts a range of weekdays', '0 9 * * MON-WED#2', /write '0 9 \* \* MON#2,TUE#2,WED#2'/],
    ['counts a range over the end of the week', '0 9 * * 6-1#1', /write '0 9 \* \* SAT#1,SUN#1,MON#1'/],
    ['counts a weekday by a range', '0 9 * * MON#1-3', /by a range: write '0 9 \* \* MON#1,MON#2,MON#3'/],
    ['counts a weekday by a range of itself', '0 9 * * 5#2-5#3', /by a range: write '0 9 \* \* 5#2,5#3'/],
    ['counts a weekday by a range of another', '0 9 * * MON#1-FRI#2', /counts a weekday \(#\) as no month does/],
    ['counts a weekday backwards', '0 9 * * MON#3-1', /counts a weekday \(#\) as no month does/],
    ['counts weekdays from the end', '0 9 * * FRI#L', /counts a weekday from the end with #: write '0 9 \* \* FRIL'/],
    ['counts weekdays from the end, below nought', '0 9 * * FRI#-1', /write '0 9 \* \* FRIL'/],
    ['has the last of all weekdays', '0 9 * * L', /standalone L/],
    ['has the sixth Friday', '0 9 * * FRI#6', /counts a weekday \(#\) as no month does: write 1 to 5/],
    ['has Friday number nought', '0 9 * * FRI#0', /counts a weekday \(#\) as no month does: write 1 to 5/],
    ['has Friday number ten', '0 9 * * FRI#10', /counts a weekday \(#\) as no month does/],
    ['has the sixth Friday and another', '0 9 * * FRI#6,MON', /counts a weekday \(#\) as no month does/],
    ['counts a range of weekdays beyond the month', '0 9 * * MON-WED#6', /as no month does/],
    ['counts a weekday by a range of one', '0 9 * * MON#2-2', /by a range: write '0 9 \* \* MON#2'/],
    ['counts a weekday by a range beyond the month', '0 9 * * MON#2-6', /as no month does/],
    ['has half a Friday', '0 9 1 * FRI#1.5', /counts a weekday/],
    ['has the nearest working day', '0 9 15W * *', /'15W'.* not supported: list the dates in schedule_exceptions/],
    ['has the last working day', '0 9 LW * *', /'LW'.* not supported: list the dates in schedule_exceptions/],
    ['has days before the last', '0 9 L-3 * *', /'L-3'.* not supported: list the dates in schedule_exceptions/],
    ['has the nearest working day among dates', '0 9 1,15w * *', /counts days of the month \('1,15w'\)/],
    ['has the last working day the other way round', '0 9 WL * *', /counts days of the month \('WL'\)/],
    ['has ten days before the last', '0 9 l-10 * *', /counts days of the month \('l-10'\)/],
    ['has what is no day of the month', '0 9 XL-3 * *', /is not a cron expression/],
    ['has what is none, either', '0 9 15WX * *', /is not a cron expression/],
    ['is words', 'every day at nine o’clock', /is not a cron expression/]
  ])('%s: %s', (_words, opens, reason) => {
    expect(reasonOf(refused(opens))).toMatch(reason)
  })

  test('the error is `invalid`, and keeps what cron-parser says', () => {
    const error = refused('60 9 * * *')
    expect(error).toMatchObject({ code: 'invalid' })
    expect(reasonOf(error.cause)).toContain('got value 60')
  })

  // Such an expression would be another schedule each time it is compiled.
  test.each([
    'H 9 * * *',
    'H/15 9 * * *',
    '*/H 9 * * *',
    '0-H(30-40) 9 * * *',
    '0 9 * * SUNH',
    '0 9 H,1 * *',
    '0 H 9 * THU'
  ])('contains the random H: %s', (opens) => {
    expect(reasonOf(refused(opens))).toMatch(/leaves a time to chance \(H\): write the time itself/)
  })
})
