// What people write for days of the week, and is close to another form: which of the two is answered.
import { parseCron } from '../../../src/rules/schedule/cron'

test.each([
  ['MON ,FRI', "has blanks between days of the week: write '0 9 * * MON,FRI'"],
  ['MON FRIX,', 'has six fields: leave out the seconds, the first field'],
  ['MON ,X', 'has six fields: leave out the seconds, the first field'],
  ['MON-WED#2', "counts a range of weekdays (#): write '0 9 * * MON#2,TUE#2,WED#2'"],
  ['MON#3-5', "counts a weekday (#) by a range: write '0 9 * * MON#3,MON#4,MON#5'"],
  ['SUN,MON#1-3', "counts a weekday (#) as no month does: write 1 to 5, such as 'MON#1' for the first Monday"],
  ['MON#1-3,SUN', "counts a weekday (#) as no month does: write 1 to 5, such as 'MON#1' for the first Monday"]
])('%s: it %s', (weekdays, fault) => {
  expect(() => parseCron(`0 9 * * ${weekdays}`)).toThrow(`window '0 9 * * ${weekdays}' ${fault}`)
})

test('a counted range of weekdays next to another weekday is not reported as the range alone', () => {
  expect(() => parseCron('0 9 * * MON-WED#2,FRI')).not.toThrow(/counts a range of weekdays/)
})

test.each(['Sunday', 'Monday', 'TUESDAY', 'wednesday', 'Thursday', 'Friday', 'Saturday'])(
  '%s must be abbreviated to three letters',
  (day) => {
    const short = day.slice(0, 3).toUpperCase()
    expect(() => parseCron(`0 9 * * ${day}`)).toThrow(`spells a weekday out: write '0 9 * * ${short}'`)
  }
)
