// followme calls: the latest calls, one line each.
import { Command } from 'commander'
import type { CallRecord } from '../../call/record'
import { AppError } from '../../errors'
import { zoneOrUtc } from '../../rules/schedule/instant'
import { recordedNumber } from '../support/dialled-number'
import { readSince, sinceForms, siteClock } from '../support/instants'
import { caller } from '../support/call-timeline'
import { openRecords } from '../support/database'
import { callJson } from '../support/json'
import { clockText, tableOf } from '../support/table'
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
    clockText(call.startedAt, zoneOf(call), isMixed),
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
  return tableOf(head, rows)
}

function readLimit(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new AppError('usage', `--limit ${text}: write a whole number from 1 to 999999`)
}
