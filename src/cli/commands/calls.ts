// followme calls: the latest calls, one line each.
import { Command } from 'commander'
import type { CallRecord } from '../../call/record'
import { AppError } from '../../errors'
import { zoneOrUtc } from '../../rules/schedule/instant'
import { wallClockOf } from '../../rules/schedule/time-zones'
import { minuteMs } from '../../rules/schedule/wall-clock'
import { columnsOf, padded } from '../support/columns'
import { recordedNumber } from '../support/dialled-number'
import { readSince, sinceForms, siteClock } from '../support/instants'
import { caller } from '../support/call-timeline'
import { openRecords } from '../support/database'
import { callJson } from '../support/json'
import { duration, printable } from '../support/text'

interface Options {
  readonly since?: string
  readonly number?: string
  readonly limit: number
  readonly json?: true
}

export function callsCommand(): Command {
  return new Command('calls')
    .description('list calls, the latest first')
    .option('--since <instant>', `only calls that arrived at or after this time: ${sinceForms}`)
    .option('--number <number>', 'only calls to this number')
    .option('--limit <count>', 'show at most this many calls', readLimit, 50)
    .option('--json', 'print one JSON document')
    .action(async ({ since, ...options }: Options) => {
      const records = openRecords()
      try {
        const zones = await records.timeZones()
        const number = await recordedNumber(options.number, records.rules)
        const from = since === undefined ? undefined : readSince('--since', since, siteClock(zones, number), Date.now())
        const calls = await records.calls({ ...options, number, since: from })
        console.log(
          options.json === true
            ? JSON.stringify(
                calls.map((call) => callJson(call)),
                null,
                2
              )
            : callTable(calls, zones)
        )
      } finally {
        records.close()
      }
    })
}

/** The calls as an aligned table, each in the time zone of its number; `zones` has these by number. */
function callTable(calls: readonly CallRecord[], zones: ReadonlyMap<string, string>): string {
  if (calls.length === 0) return 'no calls'
  const zoneOf = ({ number }: CallRecord) => zoneOrUtc(zones.get(number) ?? 'UTC')
  const [shared, ...others] = new Set(calls.map(zoneOf))
  const isMixed = shared === undefined || others.length > 0
  const head = [
    isMixed ? 'ARRIVED' : `ARRIVED (${shared})`,
    'ID',
    'NUMBER',
    'CALLER',
    'RULE',
    'OUTCOME',
    'BY',
    'RING',
    'TALK',
    'CAUSE'
  ]
  const rows = calls.map((call) => [
    onItsClock(call.startedAt, zoneOf(call), isMixed),
    call.id,
    printable(call.number),
    caller(call),
    printable(call.rule ?? '-'),
    (call.outcome ?? (call.answeredAt === null ? 'ringing' : 'talking')) +
      (call.decision === 'loop' ? ' (loop)' : '') +
      (call.failsafeAt === null ? '' : ' (failsafe)'),
    printable(call.answeredBy ?? (call.outcome === 'fallback' ? call.fallback : null) ?? '-'),
    call.ringMs === null ? '-' : duration(call.ringMs),
    call.talkMs === null ? '-' : duration(call.talkMs),
    String(call.cause ?? '-')
  ])
  const widths = head.map((title, i) =>
    rows.reduce((most, row) => Math.max(most, columnsOf(row[i] ?? '')), title.length)
  )
  const line = (row: readonly string[]): string =>
    row
      .map((text, i) => padded(text, widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  return [head, ...rows].map(line).join('\n')
}

// With the offset from UTC if the table mixes time zones.
function onItsClock(at: number, timeZone: string, withOffset: boolean): string {
  const wall = wallClockOf(timeZone).wallAt(at)
  const offset = Math.round((wall - at) / minuteMs)
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60]
  const digits = (value: number) => String(value).padStart(2, '0')
  const shown = new Date(wall).toISOString().slice(0, 19).replace('T', ' ')
  return withOffset ? `${shown}${offset < 0 ? '-' : '+'}${digits(hours)}:${digits(minutes)}` : shown
}

function readLimit(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new AppError('usage', `--limit ${text}: write a whole number from 1 to 999999`)
}
