// followme coverage: who rings when over the coming days, and the gaps when nobody does.
import { Command } from 'commander'
import { coverageOf, gapsOf } from '../../rules/analysis/coverage'
import { AppError } from '../../errors'
import { decide } from '../../rules/decide'
import { startOfDate, zoneOrUtc } from '../../rules/schedule/instant'
import { overlapsOf } from '../../rules/analysis/overlaps'
import { wallClockOf } from '../../rules/schedule/time-zones'
import { minuteMs } from '../../rules/schedule/wall-clock'
import type { RuleStore } from '../../ports'
import { type Coverage, legendOf } from '../coverage/grid'
import { coverageSvg } from '../coverage/svg'
import { clockChanges, coverageText, gapHours, gapLines } from '../coverage/text'
import { noSuchNumber, virtualNumber } from '../support/dialled-number'
import { openRecords } from '../support/database'
import { callerFrom, fromHelp, instantOf } from '../support/decision-options'
import { notesOnAll } from '../support/decision-text'
import { instantForms } from '../support/instants'
import { writeOptionFile } from '../support/option-file'
import { withProgress } from '../support/progress'
import { printable } from '../support/text'

interface Options extends Asked {
  readonly all?: true
  readonly json?: true
  readonly svg?: string
}

/** What the user asked for. */
interface Asked {
  readonly days: number
  readonly from?: string
  readonly at?: string
}

export function coverageCommand(): Command {
  return new Command('coverage')
    .description('draw who rings when over the coming days, and the gaps when nobody does')
    .argument('[number]', 'the virtual number, +14155550100')
    .option('--all', 'list the numbers that have gaps instead')
    .option('--days <count>', "how many days, including today, in the number's time zone", readDays, 14)
    .option('--from <caller>', fromHelp)
    .option('--at <instant>', `start then instead of now: ${instantForms}`)
    .option('--json', 'print one JSON document')
    .option('--svg <file>', 'also write a drawing (SVG) to this file')
    .action(async (text: string | undefined, options: Options) => {
      if ((text === undefined) === (options.all === undefined)) {
        throw new AppError('usage', 'give either a number, or --all for every number')
      }
      if (text === undefined) return coverageOfAll(options)
      return coverageOfOne(text, options)
    })
}

async function coverageOfOne(text: string, { json, svg, ...asked }: Options): Promise<void> {
  const coverage = await reading(async (read, _, store) => {
    const number = await virtualNumber(text, store)
    const found = await read(number, asked)
    if (found === undefined) throw await noSuchNumber(number, store)
    return found
  })
  if (!coverage.number.enabled) {
    throw new AppError(
      'not-found',
      `${coverage.number.number} is disabled, so calls are refused: set enabled to 1 in virtual_numbers`
    )
  }
  if (svg !== undefined) writeOptionFile('--svg', svg, coverageSvg(coverage), 'w')
  // Only a terminal has columns.
  const { columns } = process.stdout
  console.log(json === true ? JSON.stringify(coverageJson(coverage), null, 2) : coverageText(coverage, columns))
}

async function coverageOfAll({ json, svg, ...asked }: Options): Promise<void> {
  if (svg !== undefined) throw new AppError('usage', '--svg draws a single number: give that number instead of --all')
  let count = 0
  const lines: string[] = []
  const documents: object[] = []
  await withProgress({ first: 'reading the numbers', json }, ({ report }) =>
    reading(async (read, numbers) => {
      for (const each of numbers) {
        report(`number ${count + 1} of ${numbers.length}: ${each}`)
        const coverage = await read(each, asked)
        count += 1
        if (coverage === undefined || gapsOf(coverage.spans).length === 0) continue
        const { number } = coverage
        if (json === true) documents.push(gapsJson(coverage))
        else {
          const label = number.label === '' ? '' : ` (${number.label})`
          const [first = ''] = gapLines(coverage)
          lines.push(printable(`${number.number}${label}: ${gapHours(coverage)}, first ${first}`))
        }
      }
    })
  )
  if (json === true) console.log(JSON.stringify(documents, null, 2))
  else
    console.log(
      [
        ...lines,
        `${lines.length} of ${count} numbers have gaps in ${asked.at === undefined ? `the next ${asked.days === 1 ? 'day' : daysText(asked.days)}` : `${daysText(asked.days)} from ${asked.at}`}`
      ].join('\n')
    )
}

type Read = (number: string, asked: Asked) => Promise<Coverage | undefined>

async function reading<T>(work: (read: Read, numbers: readonly string[], rules: RuleStore) => Promise<T>): Promise<T> {
  const store = openRecords()
  try {
    return await work(
      async (number, asked) => {
        const book = await store.rules.rulesFor(number)
        const rules = book.get(number)
        if (rules === undefined) return undefined
        const zone = zoneOrUtc(rules.timeZone)
        const { days } = asked
        const caller = callerFrom(asked.from, number)
        const start = instantOf(asked.at, zone)
        const today = new Date(wallClockOf(zone).wallAt(start)).toISOString().slice(0, 10)
        // The past is left blank: today's override may not have been set this morning.
        const from = Math.floor(start / minuteMs) * minuteMs
        const to = startOfDate(today, zone, days)
        const notes = notesOnAll(decide(number, caller, from, book), book)
        return { number: rules, caller, book, days, from, to, spans: coverageOf(number, caller, from, to, book), notes }
      },
      await store.enabledNumbers(),
      store.rules
    )
  } finally {
    store.close()
  }
}

function coverageJson(coverage: Coverage): object {
  const legend = legendOf(coverage.spans)
  return {
    ...gapsJson(coverage),
    from: iso(coverage.from),
    to: iso(coverage.to),
    spans: coverage.spans.map((span) => ({
      from: iso(span.from),
      to: iso(span.to),
      sign: legend.signOf(span),
      outcome: span.outcome,
      rule: span.rule,
      plan: span.plan
    })),
    overlaps: overlapsOf(coverage.number, coverage.caller, coverage.spans).map(({ answers, behind, spans }) => ({
      answers,
      behind,
      spans: spans.map(({ from, to }) => ({ from: iso(from), to: iso(to) }))
    })),
    notes: coverage.notes,
    clockChanges: clockChanges(coverage).map(({ at, text, effect }) => ({ at: iso(at), text, effect }))
  }
}

function gapsJson({ number, days, spans }: Coverage): object {
  return {
    number: number.number,
    label: number.label,
    timeZone: number.timeZone,
    days,
    gaps: gapsOf(spans).map(({ from, to, fallbacks }) => ({ from: iso(from), to: iso(to), fallbacks }))
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

function daysText(days: number): string {
  return days === 1 ? '1 day' : `${days} days`
}

function readDays(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text) && Number(text) <= 366) return Number(text)
  throw new AppError('usage', `--days ${text}: write a whole number from 1 to 366`)
}
