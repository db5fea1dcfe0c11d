import { type Holiday, holidayDates } from '../../../src/cli/holidays/dates'

function holiday(name: string, from: string, to: string, sunset = false): Holiday {
  return { name, type: 'public', from: Date.parse(`${from}Z`), to: Date.parse(`${to}Z`), sunset }
}

/** `2026-12-25..2026-12-26 A+B`, and parts as `2026-12-24 840-1440 C`. */
function laidOut(year: number, ...holidays: Holiday[]): string[] {
  const date = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10)
  const { whole, parts } = holidayDates(holidays, year)
  return [
    ...whole.map((row) => `${date(row.fromDay)}..${date(row.toDay)} ${row.holidays.map(({ name }) => name).join('+')}`),
    ...parts.map((part) => `${date(part.day)} ${part.fromMinute}-${part.toMinute} ${part.holiday.name}`)
  ]
}

test('a holiday of several days is one row, and so are consecutive days with the same name', () => {
  expect(
    laidOut(
      2026,
      holiday('carnival', '2026-02-14T00:00', '2026-02-17T00:00'),
      holiday('eid', '2026-03-20T00:00', '2026-03-21T00:00'),
      holiday('eid', '2026-03-21T00:00', '2026-03-22T00:00')
    )
  ).toEqual(['2026-02-14..2026-02-16 carnival', '2026-03-20..2026-03-21 eid'])
})

test('two holidays on the same date share a row, and no date is in two rows', () => {
  expect(
    laidOut(
      2026,
      holiday('long', '2026-05-01T00:00', '2026-05-04T00:00'),
      holiday('short', '2026-05-02T00:00', '2026-05-03T00:00'),
      holiday('long', '2026-05-03T00:00', '2026-05-04T00:00')
    )
  ).toEqual(['2026-05-01..2026-05-01 long', '2026-05-02..2026-05-02 long+short', '2026-05-03..2026-05-03 long'])
})

test('a holiday that begins at sunset covers the following dates, not the evening before', () => {
  expect(laidOut(2026, holiday('eid', '2026-03-19T18:00', '2026-03-22T18:00', true))).toEqual([
    '2026-03-20..2026-03-22 eid'
  ])
  expect(laidOut(2026, holiday('party', '2026-03-19T18:00', '2026-03-20T18:00'))).toEqual([
    '2026-03-19 1080-1440 party',
    '2026-03-20 0-1080 party'
  ])
})

test('part of a day is listed separately unless the date is a holiday anyway', () => {
  expect(
    laidOut(
      2026,
      holiday('eve', '2026-12-24T14:00', '2026-12-25T00:00'),
      holiday('bayram', '2026-03-19T18:00', '2026-03-21T12:00', true),
      holiday('morning', '2026-03-20T00:00', '2026-03-20T12:00')
    )
  ).toEqual(['2026-03-20..2026-03-20 bayram', '2026-03-21 0-720 bayram', '2026-12-24 840-1440 eve'])
})

test('a holiday across the turn of the year gives each year its own dates', () => {
  const incwala = holiday('incwala', '2026-12-28T00:00', '2027-01-03T00:00')
  const sunset = holiday('new moon', '2026-12-31T18:00', '2027-01-01T18:00', true)
  expect(laidOut(2026, incwala, sunset)).toEqual(['2026-12-28..2026-12-31 incwala'])
  expect(laidOut(2027, incwala, sunset)).toEqual([
    '2027-01-01..2027-01-01 incwala+new moon',
    '2027-01-02..2027-01-02 incwala'
  ])
})
