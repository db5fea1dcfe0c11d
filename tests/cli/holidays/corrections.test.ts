// The law against date-holidays: dates that offices are closed on, and dates on which they work. The oracle of each line is
// named: a text of law, an official calendar as another project read it, or arithmetic from the law.
import Holidays from 'date-holidays'
import { type HolidayCalendar, holidayCalendar } from '../../../src/cli/holidays/calendar'
import { corrections } from '../../../src/cli/holidays/correct'
import { holidayMigration } from '../../../src/cli/holidays/migration'
import { uncertainty } from '../../../src/cli/holidays/uncertainty'

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

// [where, closed on, open on, oracle]
const law: [string, string[], string[], string][] = [
  [
    'KR',
    ['2028-01-26', '2028-01-27', '2028-01-28'],
    ['2028-01-29'],
    'KASI lunar calendar; Regulations on Holidays art. 2'
  ],
  ['KR', ['2026-02-16', '2026-02-18', '2026-06-03', '2026-05-01'], ['2026-02-19'], 'Regulations on Holidays art. 2'],
  [
    'KR',
    ['2027-02-06', '2027-02-09', '2027-05-03'],
    ['2027-02-10', '2027-05-04'],
    'Regulations art. 3: substitute days'
  ],
  ['KR', [], ['2025-05-02', '2022-05-02'], 'Labour Day is a public holiday since 2026 only'],
  [
    'CN',
    ['2027-02-05', '2027-02-08', '2027-05-01', '2027-05-02'],
    ['2027-06-01', '2027-02-04'],
    'State Council Decree 795'
  ],
  ['CN', ['2026-02-23', '2026-05-05', '2026-10-07'], ['2026-06-01', '2026-10-08', '2026-02-24'], 'notice for 2026'],
  ['CA-BC', ['2027-09-30', '2026-09-30'], [], 'Employment Standards Act (BC) s. 1'],
  ['CA-MB', ['2027-09-30'], ['2023-09-29'], 'Employment Standards Code (MB)'],
  ['CA-NT', ['2027-09-30'], [], 'National Day for Truth and Reconciliation (NT)'],
  ['CA-PE', ['2027-09-30'], [], 'Employment Standards Act (PE)'],
  ['CA-YT', ['2027-09-30'], [], 'Employment Standards Act (YT)'],
  ['CA-ON', ['2027-07-01'], ['2027-09-30', '2027-03-29'], 'Employment Standards Act (ON) s. 1'],
  ['SG', ['2027-05-20', '2027-10-28', '2027-03-10', '2027-05-17'], ['2027-03-09'], 'Ministry of Manpower, 2027'],
  ['MY', ['2027-05-20', '2027-05-17'], [], 'holidays.MY(2027); Holidays Act 1951 s. 3'],
  ['MY-14', ['2027-01-22', '2027-01-01'], [], 'holidays.MY(2027, KUL)'],
  ['MY-03', ['2027-05-20'], ['2027-01-01', '2027-01-22'], 'holidays.MY(2027, KTN)'],
  ['TH', ['2027-02-22', '2027-05-20', '2027-07-20', '2027-05-03', '2027-12-06'], ['2027-02-23'], 'holidays.TH(2027)'],
  ['FJ', ['2027-10-29', '2027-05-17'], ['2027-09-07'], 'holidays.FJ(2027)'],
  ['GY', ['2027-03-22', '2027-10-29'], [], 'holidays.GY(2027)'],
  ['KY', ['2027-06-21', '2027-05-03', '2027-11-08', '2027-12-28'], ['2027-07-02'], 'holidays.KY(2027)'],
  ['BG', ['2026-12-28', '2026-05-25', '2026-09-07'], ['2026-12-29', '2026-04-14'], 'Labour Code art. 154(2)'],
  ['BG', ['2027-12-27', '2027-12-28', '2027-05-04'], ['2027-12-29', '2027-05-05'], 'arithmetic from art. 154(2)'],
  [
    'BG',
    ['2033-12-27', '2033-12-28'],
    ['2033-12-29'],
    'arithmetic from art. 154(2): Saturday 24 to Monday 26 December'
  ],
  ['GB-SCT', ['2026-06-15', '2026-11-30'], ['2027-06-14'], 'gov.uk bank-holidays'],
  ['GB-ENG', ['2026-04-06'], ['2026-06-15'], 'gov.uk bank-holidays'],
  [
    'TW',
    ['2026-02-27', '2026-04-03', '2026-05-01', '2026-09-28', '2026-10-09', '2026-12-25'],
    ['2026-03-02'],
    'DGPA 2026'
  ],
  ['TW', ['2027-02-04', '2027-04-06', '2027-04-30', '2027-10-25', '2027-12-24'], ['2027-04-07'], 'Act of 2025-05-28'],
  ['SK', [], ['2026-05-08', '2026-09-15', '2026-11-17'], 'Act 261/2025'],
  ['SK', ['2027-05-08', '2027-09-15'], ['2027-11-17'], 'Act 261/2025'],
  ['UA', [], ['2026-08-24', '2026-12-25', '2027-01-01'], 'Law 2136-IX art. 6'],
  ['CY', ['2026-02-23', '2026-06-01', '2027-03-15'], ['2026-02-24'], 'Orthodox Easter minus 48 days'],
  ['VN', ['2026-04-27', '2026-09-01', '2026-09-02', '2027-05-03'], ['2026-09-03'], 'Labour Code 2019 art. 111, 112'],
  [
    'IN',
    ['2026-03-04', '2026-11-24', '2026-10-20'],
    ['2026-03-05'],
    'circular of the Department of Personnel for 2026'
  ],
  ['ID', ['2026-03-21', '2026-03-22'], ['2026-03-23'], 'joint decree of three ministers for 2026'],
  ['AE', ['2026-12-03', '2027-12-02'], ['2027-01-05', '2027-02-08'], 'Cabinet Resolution 27 of 2024'],
  ['TR', ['2026-03-20', '2026-03-22', '2026-05-30'], ['2026-03-23', '2027-05-20'], 'Law 2429 art. 2'],
  [
    'AZ',
    ['2027-03-22', '2027-01-20', '2027-11-08'],
    ['2027-11-12', '2027-11-17', '2027-10-18'],
    'Labour Code art. 105'
  ],
  ['GR', ['2027-05-04'], [], 'holidays.GR(2027)'],
  ['AL', ['2027-09-06', '2027-11-30', '2027-11-22'], ['2027-10-19', '2027-05-05'], 'Law 7651'],
  ['CH-GL', ['2027-04-01', '2026-04-09'], ['2027-04-08'], 'first Thursday of April, not in Holy Week'],
  ['ES-CB', ['2026-07-28'], ['2027-06-28'], 'Ley 8/1993 de Cantabria'],
  ['BR-SP', ['2026-11-20'], [], 'Lei 14.759/2023'],
  ['BR-PE', ['2026-03-06'], ['2026-03-01'], 'Lei 16.059/2017'],
  ['GT', ['2027-06-28'], ['2027-07-02'], 'Decreto 19-2018'],
  ['DO', ['2026-11-09', '2027-11-06'], ['2027-11-08'], 'Ley 139-97'],
  ['SV', ['2027-01-01', '2027-05-10', '2027-06-17'], [], 'Código de Trabajo art. 190'],
  ['MA', ['2026-01-14', '2027-03-10'], [], 'Nager.Date; Decree 2-77-169'],
  ['ET', ['2026-09-11', '2027-09-12', '2027-09-28', '2027-01-07'], ['2027-09-11', '2027-01-06'], 'Ethiopian calendar'],
  ['TZ', ['2027-01-12'], ['2027-01-02'], 'Public Holidays Act (TZ)'],
  ['PH', ['2026-08-21', '2026-12-08', '2026-12-31'], [], 'Republic Acts 9492, 10966'],
  ['KZ', ['2026-03-25', '2027-03-24'], ['2027-03-25'], 'holidays.KZ(2027); Labour Code art. 85'],
  ['LI', ['2027-11-01', '2027-03-19'], [], 'Arbeitsgesetz art. 18'],
  ['BY', ['2027-01-02'], [], 'holidays.BY(2027)'],
  ['GG', ['2027-08-30'], [], 'holidays.GG(2027)'],
  ['MC', ['2027-08-16'], [], 'Loi 798 of 1966'],
  ['BM', ['2027-12-27', '2027-12-28'], ['2027-12-29'], 'holidays.BM(2027)'],
  ['US-UT', ['2027-07-23', '2022-07-25'], [], 'Utah Code 63G-1-301'],
  ['US-WV', ['2027-06-21'], ['2026-06-22'], 'West Virginia Code 2-2-1'],
  ['AR', ['2026-03-23', '2026-07-10', '2026-12-07'], ['2027-03-23'], 'Ley 27.399 art. 7']
]

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

test('Denmark works on the day of prayer that it abolished in 2024', () => {
  expect(isClosed('DK', '2026-05-01')).toBe(false)
})

test('each correction names a place and rules that the library has, a law and a source', () => {
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

test('each rule that is added is in the grammar of the library, and gives a date', () => {
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

test('a row that the library does not have says by which law, and a date that it has too many is told', () => {
  const text = migration('CN', undefined, 2027)
  expect(text).toMatch(/'2027-05-01', '2027-05-02'.* -- .*corrected: .*Decree 795/)
  expect(text).toMatch(/^-- INSERT .*'2027-06-01'.* -- Tue: .*Decree 795, art\. 3/m)
  // New Year's Eve is in the library, too.
  expect(text).toMatch(/'2027-01-01', .* -- Fri\n/)
  expect(text).toContain('working days')
})

test('a name whose table has ended is called out, as long as its years are remembered', () => {
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
})
