// Faults of schedules: zones, windows that cannot open or overlap themselves, exceptions. PURE.
import { cronDoubt } from './cron'
import { zoneFinding } from './zones'
import { type Fault, type Finding, warning, faultsOf, findingOf, error } from '../finding'
import type { RuleIndex } from '../rule-tables'
import { type Cron, parseCron } from '../schedule/cron'
import { type WindowDefinition, compileException, compileWindow } from '../schedule/schedule'
import { calendarDay } from '../schedule/wall-clock'

export function scheduleFaults(index: RuleIndex): Fault[] {
  const used = new Set(index.set.rules.map((rule) => rule.schedule))
  const missing = (name: string) =>
    index.schedules.has(name)
      ? undefined
      : error(`there is no schedule '${name}'`, 'add it to schedules, or delete this row')
  return [
    ...index.set.schedules.flatMap(({ name, timeZone }) =>
      faultsOf('schedules', name, [
        zoneFinding(timeZone),
        used.has(name) ? undefined : warning('no rule refers to it', 'name it in rules.schedule, or delete it')
      ])
    ),
    ...index.set.windows.flatMap((window) =>
      faultsOf('schedule_windows', `${window.schedule}, ${window.opens}, ${window.minutes}`, [
        missing(window.schedule),
        ...windowFindings(window)
      ])
    ),
    ...index.set.exceptions.flatMap((exception) => {
      const { schedule, fromDate, opensAt } = exception
      return faultsOf('schedule_exceptions', `${schedule}, ${fromDate}${opensAt === null ? '' : `, ${opensAt}`}`, [
        missing(schedule),
        findingOf(() => compileException(exception))
      ])
    })
  ]
}

function windowFindings(window: WindowDefinition): readonly (Finding | undefined)[] {
  const wrongly = findingOf(() => compileWindow(window))
  return wrongly === undefined ? [overlap(window), cronDoubt(window.opens)] : [wrongly]
}

const minutesOfDay = 24 * 60

/** The window opens again before it has closed, so that its length is not what its writer thinks. */
function overlap({ opens, minutes }: WindowDefinition): Finding | undefined {
  const spacing = spacingOf(opens, minutes)
  if (minutes <= spacing) return undefined
  return error(
    `the window stays open for ${minutes} minutes, but opens again after ${spacing}`,
    `write ${spacing} minutes or fewer, or let it open less often`
  )
}

/** The fewest minutes of wall clock between two openings, or any number not below `enough` where there are as many. */
function spacingOf(opens: string, enough: number): number {
  const { hours, minutes, matches } = parseCron(opens)
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute))
  let within = Infinity
  for (const [at, time] of times.entries()) within = Math.min(within, (times[at + 1] ?? Infinity) - time)
  const overnight = minutesOfDay - (times.at(-1) ?? 0) + (times[0] ?? 0)
  if (Math.min(within, overnight) >= enough) return enough
  return Math.min(within, overnight + (fewestDays(matches) - 1) * minutesOfDay)
}

// Eight years from 2024 on: with two leap days, so that 29 February is met twice.
const firstDay = Date.UTC(2024, 0, 1) / 86_400_000
const lastDay = firstDay + 8 * 366

/** The fewest days from one that matches to the next. */
function fewestDays(matches: Cron['matches']): number {
  let fewest = Infinity
  let before: number | undefined
  for (let day = firstDay; day <= lastDay && fewest > 1; day++) {
    if (!matches(calendarDay(day))) continue
    if (before !== undefined) fewest = Math.min(fewest, day - before)
    before = day
  }
  return fewest
}
