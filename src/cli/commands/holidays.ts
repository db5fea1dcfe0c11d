// followme holidays: prints the holidays of one year, of a country or from an official calendar, as a site migration to review. It
// does not use the database.
import { Command, Option } from 'commander'
import { AppError, reasonOf } from '../../errors'
import { wallClockOf } from '../../rules/schedule/time-zones'
import { parseTime } from '../../rules/schedule/wall-clock'
import { firstYear, holidayCalendar, holidayTypes, lastYear } from '../holidays/calendar'
import { icsHolidays } from '../holidays/ics'
import { type GivenHolidays, type Hours, holidayMigration, missingLine } from '../holidays/migration'
import { uncertainty } from '../holidays/uncertainty'
import { writeOptionFile } from '../support/option-file'
import { withProgress } from '../support/progress'
import { suggestValues } from '../support/completion-values'

interface Options {
  readonly year: number
  readonly schedule: string
  readonly ics?: string
  readonly zone?: string
  readonly hours?: Hours
  readonly language?: string
  readonly include?: readonly string[]
  readonly out?: string
}

/** The parts of a migration that depend on its source. */
interface Made {
  readonly given: GivenHolidays
  readonly header: readonly string[]
  /** The message if the source has no holiday. */
  readonly nothing: string
  readonly notes: readonly string[]
}

export function holidaysCommand(): Command {
  return new Command('holidays')
    .description("print a site migration with a year's public holidays as exceptions of a schedule, for review")
    .argument('[country]', 'ISO 3166 code: US, GB, DE')
    .argument('[region]', "the region's code, for its own holidays too: CA, SCT, BY")
    .requiredOption('--year <year>', 'which year', readYear)
    .requiredOption('--schedule <name>', 'the schedule to close on these days', readSchedule)
    .option('--ics <file>', 'an official calendar (.ics) instead of a country; - is standard input')
    .option('--zone <zone>', "the schedule's time zone, if the calendar gives times in another", readZone)
    .option('--hours <from-to>', 'hours of a working day, such as 09:00-17:00, for half days', readHours)
    .option('--language <code>', "the language of the names: en (default: the country's own)")
    .addOption(
      suggestValues(
        new Option('--include <types>', 'other types as well as public holidays: bank, school, optional, observance'),
        holidayTypes.filter((type) => type !== 'public')
      ).argParser(readTypes)
    )
    .option('--out <file>', 'write to a new file instead; an existing file is never overwritten')
    .action(async (country: string | undefined, region: string | undefined, options: Options) => {
      const { year, schedule, hours, out } = options
      const { given, header, nothing, notes } = await withProgress({ first: 'reading the holidays' }, () =>
        made(country, region, options)
      )
      const text = holidayMigration({ header, year, schedule, ...(hours === undefined ? {} : { hours }) }, given)
      if (text === undefined) throw new AppError('not-found', nothing)
      if (out === undefined) process.stdout.write(text)
      else writeOptionFile('--out', out, text, 'wx')
      const missing = (given.missing ?? []).map((each) => missingLine(each, year))
      for (const line of [...notes, ...missing]) process.stderr.write(`${line}\n`)
    })
}

async function made(country: string | undefined, region: string | undefined, options: Options): Promise<Made> {
  const { ics } = options
  if (ics === undefined && country === undefined) {
    throw new AppError(
      'usage',
      'no country or calendar given: name a country (GB, or GB SCT), or a calendar (--ics FILE)'
    )
  }
  if (ics === undefined) return ofCountry(country ?? '', region, options)
  if (country !== undefined)
    throw new AppError('usage', `--ics ${ics} and ${country}: give a calendar or a country, not both`)
  for (const name of ['language', 'include'] as const) {
    if (options[name] !== undefined)
      throw new AppError('usage', `--${name} works with a country only: --ics takes names and days from its file`)
  }
  return ofCalendar(ics, options)
}

async function ofCountry(country: string, region: string | undefined, options: Options): Promise<Made> {
  const { year, schedule, language, include = [], zone } = options
  if (zone !== undefined)
    throw new AppError('usage', `--zone ${zone} works with --ics only: a country's holidays are local dates`)
  const calendar = await holidayCalendar()
  const place = calendar.place(country, region)
  const types = holidayTypes.filter((type) => type === 'public' || include.includes(type))
  const { holidays, removed, missing } = calendar.holidays(place, year, language)
  const command = commandLine(
    options,
    [place.country, ...(place.region === null ? [] : [place.region])],
    [
      ['--language', language],
      ['--include', types.length === 1 ? undefined : types.slice(1).join(',')]
    ]
  )
  return {
    given: { holidays: holidays.filter(({ type }) => types.some((each) => each === type)), removed, missing },
    header: [
      `Holidays (${types.join(', ')}) of ${place.title}, ${year}, for the schedule '${schedule}'.`,
      'Made by',
      command,
      `from date-holidays ${calendar.version}, whose data is under CC BY-SA 3.0, and corrections of followme's own: rows marked ` +
        `'corrected' are not in the library. Compare it with the official announcement. If the government publishes a calendar (.ics), ` +
        'use that instead: followme holidays --ics FILE.',
      ...uncertainty(place.country, year),
      ...(place.regions.length === 0
        ? []
        : [`Regions within it may have their own holidays, which are not listed here: ${place.regions.join(', ')}.`])
    ],
    nothing: `${place.title} has no holiday of the type ${types.join(', ')} in ${year}`,
    notes: []
  }
}

async function ofCalendar(file: string, options: Options): Promise<Made> {
  const { year, schedule, zone } = options
  const { title, holidays, workdays, notes } = await icsHolidays(file, year, zone)
  const shown = title.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return {
    given: { holidays, workdays },
    header: [
      `Holidays of the calendar ${shown === '' ? file : shown}, ${year}, for the schedule '${schedule}'.`,
      'Made by',
      commandLine(
        options,
        [],
        [
          ['--ics', file],
          ['--zone', zone]
        ]
      ),
      'Every event of the calendar is listed: delete those that are not holidays where you are (other regions, school terms, ' +
        'clock changes, observances). Official calendars contain mistakes: check the dates.'
    ],
    nothing: `${file} has no holiday in ${year}`,
    notes
  }
}

/** The command quoted for a shell, indented. */
function commandLine(
  { year, schedule, hours }: Options,
  words: readonly string[],
  options: readonly (readonly [string, string | undefined])[]
): string {
  const all = [
    ['--year', String(year)],
    ['--schedule', schedule],
    ['--hours', hours && hoursText(hours)],
    ...options
  ] as const
  const given = all.flatMap(([name, value]) => (value === undefined ? [] : [name, value]))
  const quoted = (word: string) => (/^[\w,./+:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
  return `  ${['followme', 'holidays', ...words, ...given].map(quoted).join(' ')}`
}

function hoursText({ opens, closes }: Hours): string {
  const time = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  return `${time(opens)}-${time(closes)}`
}

function readYear(text: string): number {
  if (/^\d{4}$/.test(text) && Number(text) >= firstYear && Number(text) <= lastYear) return Number(text)
  throw new AppError('usage', `--year ${text}: write a year from ${firstYear} to ${lastYear}, such as 2027`)
}

function readSchedule(text: string): string {
  if (text !== '' && text === text.trim() && !/\p{Cc}/u.test(text)) return text
  throw new AppError('usage', `--schedule "${text}": write the name of a schedule, as in schedules.name`)
}

function readZone(text: string): string {
  try {
    wallClockOf(text)
    return text
  } catch (error) {
    throw new AppError('usage', `--zone: ${reasonOf(error)}`, { cause: error })
  }
}

function readHours(text: string): Hours {
  const [, from = '', to = ''] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text) ?? []
  const opens = parseTime(from)
  const closes = parseTime(to)
  if (opens !== undefined && closes !== undefined && opens < closes) return { opens, closes }
  throw new AppError('usage', `--hours ${text}: write when you open and close on a working day, such as 09:00-17:00`)
}

function readTypes(text: string): readonly string[] {
  const types = text.split(',').map((type) => type.trim())
  const strange = types.find((type) => !holidayTypes.some((known) => known === type))
  if (strange === undefined) return types
  throw new AppError('usage', `--include: unknown type of holiday "${strange}": use ${holidayTypes.slice(1).join(',')}`)
}
