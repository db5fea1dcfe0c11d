// Calendars as governments publish them, read to the date. Where each is from: official/README.md.
import { join } from 'node:path'
import { icsHolidays } from '../../../src/cli/holidays/ics'
import { holidayCalendar } from '../../../src/cli/holidays/calendar'
import { holidayDates } from '../../../src/cli/holidays/dates'

/** The dates on which a calendar closes in a year: `01-01 04-03`. */
async function closed(file: string, year: number): Promise<string> {
  const { holidays, workdays, notes } = await icsHolidays(join(__dirname, 'official', file), year, undefined)
  const { whole, parts } = holidayDates(holidays, year)
  expect([workdays, notes, parts]).toEqual([[], [], []])
  const days = whole.flatMap(({ fromDay, toDay }) =>
    Array.from({ length: toDay - fromDay + 1 }, (_, at) => new Date((fromDay + at) * 86_400_000).toISOString())
  )
  return days.map((day) => day.slice(5, 10)).join(' ')
}

// Code du travail, art. L3133-1: eleven days, with the Mondays after Easter and Pentecost.
const france: Readonly<Record<number, string>> = {
  2026: '01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25',
  2027: '01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25'
}

// Art. L3134-13 (Alsace-Moselle); décret 83-1003 and art. L3422-2 (the end of slavery).
test.each([
  ['metropole', ''],
  ['alsace-moselle', '03-26 12-26'],
  ['guadeloupe', '05-27'],
  ['guyane', '06-10'],
  ['la-reunion', '12-20'],
  ['martinique', '05-22'],
  ['mayotte', '04-27'],
  ['nouvelle-caledonie', ''],
  ['polynesie-francaise', ''],
  ['saint-barthelemy', '10-09'],
  ['saint-martin', '05-28'],
  ['saint-pierre-et-miquelon', ''],
  ['wallis-et-futuna', '']
])('DINUM, %s: the days of the Code du travail, plus %j', async (territory, own) => {
  const expected = (year: number, days: string) => [...(france[year] ?? '').split(' '), ...days.split(' ')].sort()
  const days = (year: number) => closed(`fr-${territory}.ics`, year)
  expect(await days(2027)).toBe(expected(2027, own).join(' ').trim())
  expect(await days(2026)).toBe(expected(2026, own.replace('03-26', '04-03')).join(' ').trim())
})

test.each<[string, string, number, string]>([
  // Banking and Financial Dealings Act 1971; in 2012 the Diamond Jubilee, with the spring bank holiday moved to it.
  ['GOV.UK', 'gb-england-and-wales.ics', 2012, '01-02 04-06 04-09 05-07 06-04 06-05 08-27 12-25 12-26'],
  // Boxing Day is before Christmas Day, whose Sunday is moved past it.
  ['GOV.UK', 'gb-england-and-wales.ics', 2016, '01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27'],
  ['GOV.UK', 'gb-england-and-wales.ics', 2017, '01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26'],
  // General Holidays Ordinance (cap. 149): a Sunday gives the next day; in 2023 New Year's Day and National Day.
  [
    '1823',
    'hk.ics',
    2023,
    '01-02 01-23 01-24 01-25 04-05 04-07 04-08 04-10 05-01 05-26 06-22 07-01 09-30 10-02 10-23 12-25 12-26'
  ],
  [
    '1823',
    'hk.ics',
    2025,
    '01-01 01-29 01-30 01-31 04-04 04-18 04-19 04-21 05-01 05-05 05-31 07-01 10-01 10-07 10-29 12-25 12-26'
  ],
  // 5 U.S.C. 6103: a Saturday gives the Friday before, a Sunday the Monday after.
  ['OPM', 'us.ics', 2019, '01-01 01-21 02-18 05-27 07-04 09-02 10-14 11-11 11-28 12-25'],
  ['OPM', 'us.ics', 2020, '01-01 01-20 02-17 05-25 07-03 09-07 10-12 11-11 11-26 12-25'],
  // Holidays Act 2003: both the weekend's own day and the Monday or Tuesday after it, and the anniversaries of all provinces.
  [
    'MBIE',
    'nz.ics',
    2021,
    '01-01 01-02 01-04 01-25 02-01 02-06 02-08 03-08 03-22 04-02 04-05 04-06 04-25 04-26 06-07 09-27 10-22 10-25 11-01 11-12 11-29 12-25 12-26 12-27 12-28'
  ]
])('%s, %s, %d', async (_, file, year, expected) => {
  expect(await closed(file, year)).toBe(expected)
})

test("the publisher's remarks follow the row, and the publisher's mistakes are kept", async () => {
  const { title, holidays } = await icsHolidays(join(__dirname, 'official/us.ics'), 2017, undefined)
  expect(title).toBe('-//Telerik Inc.//NONSGML RadScheduler//EN')
  const inauguration = holidays.find(({ name }) => name === 'Inauguration Day')
  expect(inauguration?.remark).toMatch(/District of Columbia/)
  // OPM wrote 23 December for 23 November, and Washington's Birthday a month early.
  expect(await closed('us.ics', 2017)).toBe('01-02 01-16 01-20 05-29 07-04 09-04 10-09 11-10 12-23 12-25')
})

// What `followme holidays FR 57` has beside it: days of territorial law and custom, which DINUM leaves out.
test.each<[string, string, string | undefined, number, string]>([
  ['fr-metropole', 'FR', undefined, 2027, ''],
  ['fr-alsace-moselle', 'FR', '57', 2027, ''],
  ['fr-alsace-moselle', 'FR', '67', 2026, ''],
  ['fr-guadeloupe', 'FR', 'GP', 2027, '03-26'],
  ['fr-guyane', 'FR', 'GF', 2027, ''],
  ['fr-la-reunion', 'FR', 'RE', 2027, ''],
  ['fr-martinique', 'FR', 'MQ', 2027, '03-26'],
  ['fr-mayotte', 'FR', 'YT', 2027, ''],
  ['fr-saint-barthelemy', 'FR', 'BL', 2027, ''],
  ['fr-saint-martin', 'FR', 'MF', 2027, ''],
  ['fr-polynesie-francaise', 'PF', undefined, 2027, '03-05 03-26'],
  ['fr-nouvelle-caledonie', 'NC', undefined, 2027, '09-24'],
  ['fr-wallis-et-futuna', 'WF', undefined, 2027, '04-28 06-29 07-29'],
  ['hk', 'HK', undefined, 2023, ''],
  ['hk', 'HK', undefined, 2025, ''],
  ['gb-england-and-wales', 'GB', 'ENG', 2017, '']
])(
  "the file of a country has every working day of its government's calendar: %s, %s %s, %d",
  async (file, country, region, year, own) => {
    const calendar = await holidayCalendar()
    const { holidays } = calendar.holidays(calendar.place(country, region), year, undefined)
    const { whole } = holidayDates(
      holidays.filter(({ type }) => type === 'public'),
      year
    )
    const ours = whole.flatMap(({ fromDay, toDay }) =>
      Array.from({ length: toDay - fromDay + 1 }, (_, at) => new Date((fromDay + at) * 86_400_000))
    )
    const isWorking = (day: Date) => day.getUTCDay() % 6 !== 0
    const theirs = (await closed(`${file}.ics`, year)).split(' ').map((day) => new Date(`${year}-${day}T00:00:00Z`))
    const dates = (days: readonly Date[]) => days.filter(isWorking).map((day) => day.toISOString().slice(5, 10))
    expect(dates(ours)).toEqual([...dates(theirs), ...own.split(' ').filter(Boolean)].sort())
  }
)
