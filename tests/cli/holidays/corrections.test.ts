// The law against date-holidays: dates that offices are closed on, and dates on which they work. The oracle of each line is
// named: a text of law, an official calendar as another project read it, or arithmetic from the law.
import Holidays from 'date-holidays'
import { type HolidayCalendar, holidayCalendar } from '../../../src/cli/holidays/calendar'
import { corrections } from '../../../src/cli/holidays/correct'
import { holidayMigration } from '../../../src/cli/holidays/migration'
import { uncertainty } from '../../../src/cli/holidays/uncertainty'
import { govUk, law } from './law'

let calendar: HolidayCalendar
beforeAll(async () => {
  calendar = await holidayCalendar()
})

const made = new Map<string, string>()

function migration(country: string, region: string | undefined, year: number): string {
  const key = `${country}-${region ?? ''} ${year}`
  const known = made.get(key)
  if (known !== undefined) return known
  const place = calendar.place(country, region)
  const given = calendar.holidays(place, year, undefined)
  const header = uncertainty(country, year)
  const holidays = given.holidays.filter(({ type }) => type === 'public')
  const text = holidayMigration({ header, year, schedule: 'office' }, { ...given, holidays })
  made.set(key, text ?? '')
  return text ?? ''
}

function isClosed(place: string, date: string): boolean {
  const [country = '', region] = place.split('-')
  const rows = migration(country, region, Number(date.slice(0, 4))).matchAll(
    /^INSERT .*?, '(\d{4}-\d\d-\d\d)', '(\d{4}-\d\d-\d\d)', /gm
  )
  return [...rows].some(([, from = '', to = '']) => from <= date && date <= to)
}

test.each(law)('%s is closed on %j and works on %j: %s', (place, closed, open) => {
  expect(closed.filter((date) => !isClosed(place, date))).toEqual([])
  expect(open.filter((date) => isClosed(place, date))).toEqual([])
})

// Right already in the library: kept right.
test.each([
  ['JP', '2026-09-22'],
  ['IT', '2026-10-04'],
  ['PL', '2026-12-24'],
  ['BR', '2026-11-20'],
  ['LU', '2026-05-09'],
  ['IE', '2026-02-02'],
  ['HK', '2026-04-07'],
  ['PE', '2026-07-23']
])('%s is closed on %s', (place, date) => {
  expect(isClosed(place, date)).toBe(true)
})

test.each(govUk)('%s is closed on exactly the working days that GOV.UK lists', (place, listed) => {
  let year = ''
  const expected = listed.split(' ').map((date) => {
    if (date.length > 5) year = date.slice(0, 4)
    return date.length > 5 ? date : `${year}-${date}`
  })
  const days = Array.from({ length: 365 * 4 + 1 }, (_, at) => new Date(Date.UTC(2025, 0, 1 + at)))
  const working = days.filter((day) => day.getUTCDay() % 6 !== 0).map((day) => day.toISOString().slice(0, 10))
  expect(working.filter((date) => isClosed(place, date))).toEqual(expected)
})

test('the day of prayer abolished in 2024 is a working day in Denmark', () => {
  expect(isClosed('DK', '2026-05-01')).toBe(false)
})

test('each correction names a place and rules known to the library, a law and a source', () => {
  const all = new Map(
    calendar.places().map(([country, region]) => [region === null ? country : `${country}-${region}`, true])
  )
  const library = (place: string) => {
    const [country = '', state = ''] = place.split('-')
    return new Set(Object.keys((new Holidays(country, state, '') as unknown as { holidays: object }).holidays))
  }
  for (const { places, law: text, source, remove = [], move = {}, substitute } of corrections) {
    expect(text).not.toBe('')
    expect(source).not.toBe('')
    for (const place of places) {
      expect([place, all.has(place)]).toEqual([place, true])
      const rules = library(place)
      // A rule that a new version of the library has lost shows that it has been corrected there.
      expect([...remove, ...Object.keys(move)].filter((rule) => !rules.has(rule))).toEqual([])
      const known = new Set([...rules, ...corrections.flatMap(({ add = {} }) => Object.keys(add))])
      expect([...(substitute?.only ?? []), ...(substitute?.except ?? [])].filter((rule) => !known.has(rule))).toEqual(
        []
      )
    }
  }
})

test("each added rule follows the library's grammar and gives a date", () => {
  for (const { places, add = {} } of corrections) {
    for (const place of places) {
      const [country = '', state = ''] = place.split('-')
      for (const rule of Object.keys(add)) {
        const holidays = new Holidays(country, state, '')
        for (const own of Object.keys((holidays as unknown as { holidays: object }).holidays)) holidays.unsetRule(own)
        expect([rule, holidays.setHoliday(rule, { name: { en: rule }, type: 'public' })]).toEqual([rule, true])
        const years = [2024, 2025, 2026, 2027, 2028, 2029, 2030]
        const dates = years.flatMap((year) => holidays.getHolidays(year)).filter((each) => each.rule === rule)
        expect([rule, dates.length > 0]).toEqual([rule, true])
      }
    }
  }
})

test('a date missing in the library is added with its law, and a surplus date is commented out', () => {
  const text = migration('CN', undefined, 2027)
  expect(text).toMatch(/'2027-05-01', '2027-05-02'.* -- .*corrected: .*Decree 795/)
  expect(text).toMatch(/^-- INSERT .*'2027-06-01'.* -- Tue: .*Decree 795, art\. 3/m)
  // New Year's Eve is in the library, too.
  expect(text).toMatch(/'2027-01-01', .* -- Fri\n/)
  expect(text).toContain('working days')
})

test('a holiday whose dates the library no longer lists is reported as missing for some years', () => {
  const missing = (country: string, region: string | undefined, year: number) =>
    calendar.holidays(calendar.place(country, region), year, 'en').missing.map(({ name }) => name)
  expect(missing('SG', undefined, 2027)).toEqual([])
  expect(missing('SG', undefined, 2029)).toEqual(['Vesak Day'])
  expect(missing('SG', undefined, 2031)).toEqual(['Deepavali', 'Vesak Day'])
  expect(missing('TH', undefined, 2028)).toEqual(expect.arrayContaining(['Makha Bucha', 'Asalha Puja']))
  expect(missing('MY', '14', 2028)).toEqual(expect.arrayContaining(['Thaipusam', 'Vesak Day']))
  expect(missing('FJ', undefined, 2029)).toEqual(expect.arrayContaining(['Diwali']))
  // Rules that skip years, and single days by a law, are no ends of tables.
  expect(missing('HK', undefined, 2028)).toEqual([])
  expect(missing('GB', 'SCT', 2027)).toEqual([])
  expect(missing('US', undefined, 2027)).toEqual([])
  expect(missing('DE', 'BE', 2027)).toEqual([])
  // A holiday that has been given another name is there.
  expect(missing('TH', undefined, 2027)).toEqual([])
  expect(missing('KY', undefined, 2027)).toEqual([])
})

test.each([
  ['BA', 'believers'],
  ['BD', 'moon'],
  ['CA', '30 September'],
  ['CH', 'cantons'],
  ['EG', 'decree'],
  ['ES', 'Boletín Oficial'],
  ['IN', 'each state'],
  ['NG', 'few days before'],
  ['NL', 'fifth year'],
  ['TZ', 'moon'],
  ['US', 'private office'],
  ['UY', 'Holy Week'],
  ['VN', 'Tết']
])('the header of %s warns about what the table cannot contain: %s', (country, word) => {
  expect(uncertainty(country, 2027).join(' ')).toContain(word)
})

test('a country whose law gives all dates has no such header', () => {
  for (const country of ['DE', 'FR', 'IE', 'SE']) expect(uncertainty(country, 2027)).toEqual([])
})
