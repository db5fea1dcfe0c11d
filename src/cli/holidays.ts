// followme holidays: a year's holidays of a country as a site migration, printed for review. It reads no database.
import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { AppError, reasonOf } from '../core/errors'
import { firstYear, holidayCalendar, holidayTypes, lastYear } from './holiday-calendar'
import { holidayMigration } from './holiday-migration'

interface Options {
  readonly year: number
  readonly schedule: string
  readonly language?: string
  readonly include?: readonly string[]
  readonly out?: string
}

export function holidaysCommand(): Command {
  return new Command('holidays')
    .description("print a site migration with a year's public holidays as exceptions of a schedule, for review")
    .argument('<country>', 'ISO 3166 code: US, GB, DE')
    .argument('[region]', "the region's code, for its own holidays too: CA, SCT, BY")
    .requiredOption('--year <year>', 'which year', readYear)
    .requiredOption('--schedule <name>', 'the schedule that is closed on them', readSchedule)
    .option('--language <code>', "the language of their names: en (default: the country's own)")
    .option('--include <types>', 'more than public holidays: bank, school, optional, observance', readTypes)
    .option('--out <file>', 'write it to a new file instead; one that is there is left alone')
    .action(async (country: string, region: string | undefined, options: Options) => {
      const { year, schedule, language, include = [], out } = options
      const calendar = await holidayCalendar()
      const place = calendar.place(country, region)
      const types = holidayTypes.filter((type) => type === 'public' || include.includes(type))
      const command = commandLine(
        [place.country, ...(place.region === null ? [] : [place.region])],
        [
          ['--year', String(year)],
          ['--schedule', schedule],
          ['--language', language],
          ['--include', types.length === 1 ? undefined : types.slice(1).join(',')]
        ]
      )
      const text = holidayMigration(
        { place, year, schedule, types, command, libraryVersion: calendar.version },
        calendar.holidays(place, year, language)
      )
      if (text === undefined) {
        throw new AppError('not-found', `${place.title} has no holiday of the type ${types.join(', ')} in ${year}`)
      }
      if (out === undefined) process.stdout.write(text)
      else writeNew(out, text)
    })
}

/** The command as a shell takes it. */
function commandLine(words: readonly string[], options: readonly (readonly [string, string | undefined])[]): string {
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [name, value]))
  const quoted = (word: string) => (/^[\w,./+:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
  return ['followme', 'holidays', ...words, ...given].map(quoted).join(' ')
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' })
  } catch (error) {
    throw new AppError('unavailable', `--out ${file}: ${reasonOf(error)}: name a new file in a directory that is there`)
  }
}

function readYear(text: string): number {
  if (/^\d{4}$/.test(text) && Number(text) >= firstYear && Number(text) <= lastYear) return Number(text)
  throw new AppError('usage', `--year ${text}: write a year from ${firstYear} to ${lastYear}, such as 2027`)
}

function readSchedule(text: string): string {
  if (text !== '' && text === text.trim() && !/\p{Cc}/u.test(text)) return text
  throw new AppError('usage', `--schedule "${text}": write a schedule's name, as it stands in schedules.name`)
}

function readTypes(text: string): readonly string[] {
  const types = text.split(',').map((type) => type.trim())
  const strange = types.find((type) => !holidayTypes.some((known) => known === type))
  if (strange === undefined) return types
  throw new AppError('usage', `--include "${strange}" is no type of holiday: write ${holidayTypes.slice(1).join(',')}`)
}
