// Every country that the library knows: its migration applies, and its dates are those that the library itself prints.
import Holidays from 'date-holidays'
import { holidayCalendar } from '../../../src/cli/holidays/calendar'
import { daysOf } from '../../../src/cli/holidays/correct'
import { holidayMigration } from '../../../src/cli/holidays/migration'
import { checkRules } from '../../../src/rules/check/check'
import { migrate } from '../../../src/store/migrations/migrate'
import { readRuleSet } from '../../../src/store/rules/rule-tables'
import { givenDatabase, givenFiles, shipped } from '../../store/fresh-database'

test('the holidays of every country and type have their dates, apply together and leave no fault', async () => {
  const calendar = await holidayCalendar()
  const countries = calendar.places().filter(([, region]) => region === null)
  expect(countries.length).toBeGreaterThan(200)
  const { sqlite } = givenDatabase()
  sqlite.exec("INSERT INTO virtual_numbers (number, time_zone) VALUES ('+442079460100', 'UTC')")
  const missing: string[] = []
  const files = countries.map(([country], at) => {
    const place = calendar.place(country, undefined)
    const given = calendar.holidays(place, 2026, undefined)
    const text = holidayMigration({ header: [], year: 2026, schedule: country }, given)
    // What the library prints as a holiday's date is not what the rows are made of.
    for (const date of new Set(datesAsTheLibraryPrintsThem(country))) {
      const taken = given.removed.some((each) => daysOf(each).some((day) => day === Date.parse(date) / 86_400_000))
      if (!covered(text ?? '', date) && !taken) missing.push(`${country} ${date}`)
    }
    sqlite.prepare("INSERT INTO schedules VALUES (?, 'UTC')").run(country)
    sqlite.prepare("INSERT INTO schedule_windows VALUES (?, '0 9 * * *', 480)").run(country)
    sqlite
      .prepare("INSERT INTO rules (number, name, position, schedule) VALUES ('+442079460100', ?, ?, ?)")
      .run(country, at + 1, country)
    sqlite
      .prepare("INSERT INTO targets (number, rule, step, dial) VALUES ('+442079460100', ?, 1, 'PJSIP/bob')")
      .run(country)
    return [`${String(at + 1).padStart(4, '0')}_${country.toLowerCase()}.sql`, text ?? ''] as const
  })
  expect(missing).toEqual([])
  migrate({ database: sqlite.name, shipped, site: givenFiles(Object.fromEntries(files)), log: () => undefined })
  // Countries with the same holidays have schedules that are alike, of which only the first can answer.
  const faults = checkRules(readRuleSet(sqlite), Date.UTC(2026, 0, 1))
  expect(faults.filter(({ message }) => !message.startsWith('it is never reached'))).toEqual([])
  const count = (where: string) =>
    sqlite.prepare(`SELECT count(*) FROM schedule_exceptions AS a ${where}`).pluck().get()
  expect(count('')).toBeGreaterThan(2_000)
  expect(
    count("WHERE from_date NOT GLOB '2026-*' OR to_date NOT GLOB '2026-*' OR opens_at IS NOT NULL OR label = ''")
  ).toBe(0)
  const twice =
    'JOIN schedule_exceptions AS b USING (schedule) WHERE a.from_date < b.from_date AND b.from_date <= a.to_date'
  expect(count(twice)).toBe(0)
}, 300_000)

/** The dates of holidays that take a whole day at least, from the library's own text, in the country's own zone. */
function datesAsTheLibraryPrintsThem(country: string): string[] {
  return new Holidays(country)
    .getHolidays(2026)
    .filter(
      ({ date, start, end }) => date.slice(11, 19) === '00:00:00' && end.getTime() - start.getTime() > 20 * 3_600_000
    )
    .map(({ date }) => date.slice(0, 10))
}

function covered(text: string, date: string): boolean {
  const rows = text.matchAll(/^INSERT .*?, '(\d{4}-\d\d-\d\d)', '(\d{4}-\d\d-\d\d)', /gm)
  return [...rows].some(([, from = '', to = '']) => from <= date && date <= to)
}
