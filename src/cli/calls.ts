// followme calls: the latest calls, one line each.
import { Command } from 'commander'
import { databasePath, shippedMigrations } from '../config'
import type { CallRecord } from '../core/record'
import { AppError } from '../core/errors'
import { listCalls } from '../store/call-history'
import { openDatabase, type OpenDatabase } from '../store/database'
import { requireSchema } from '../store/migrate'
import { caller, duration, printable } from './timeline'

interface Options {
  readonly since?: number
  readonly number?: string
  readonly limit: number
  readonly json?: true
}

export function callsCommand(): Command {
  return new Command('calls')
    .description('list calls, the latest first')
    .option(
      '--since <when>',
      'only calls since an instant (2026-11-22T08:00:00Z) or a time ago (30m, 2h, 7d)',
      readInstant('--since')
    )
    .option('--number <number>', 'only calls to this number')
    .option('--limit <count>', 'at most so many', readLimit, 50)
    .option('--json', 'print one JSON document')
    .action(async (options: Options) => {
      const { db, close } = openRecords()
      try {
        const calls = await listCalls(db, options)
        console.log(
          options.json === true
            ? JSON.stringify(
                calls.map((call) => callJson(call)),
                null,
                2
              )
            : callTable(calls)
        )
      } finally {
        close()
      }
    })
}

/** The database, for reading only. Throws where it is not there, or not migrated. */
export function openRecords(): OpenDatabase {
  const database = openDatabase(databasePath(), { readOnly: true })
  try {
    requireSchema(database.sqlite, shippedMigrations())
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** A call as `--json` shows it: the record, with its instants in ISO 8601; why its plan is so only where asked for. */
export function callJson(call: CallRecord, explained = false): object {
  const { considered = null, ...plan } = call.plan
  return {
    ...call,
    plan,
    ...(explained && { considered }),
    startedAt: isoOrNull(call.startedAt),
    answeredAt: isoOrNull(call.answeredAt),
    endedAt: isoOrNull(call.endedAt),
    failsafeAt: isoOrNull(call.failsafeAt)
  }
}

export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

/** The calls as an aligned table. */
export function callTable(calls: readonly CallRecord[]): string {
  if (calls.length === 0) return 'no calls'
  const head = ['ARRIVED (UTC)', 'ID', 'NUMBER', 'CALLER', 'RULE', 'OUTCOME', 'BY', 'RING', 'TALK', 'CAUSE']
  const rows = calls.map((call) => [
    new Date(call.startedAt).toISOString().slice(0, 19).replace('T', ' '),
    call.id,
    printable(call.number),
    caller(call),
    printable(call.rule ?? '-'),
    (call.outcome ?? (call.answeredAt === null ? 'ringing' : 'talking')) +
      (call.failsafeAt === null ? '' : ' (failsafe)'),
    printable(call.answeredBy ?? (call.outcome === 'fallback' ? call.fallback : null) ?? '-'),
    call.ringMs === null ? '-' : duration(call.ringMs),
    call.talkMs === null ? '-' : duration(call.talkMs),
    String(call.cause ?? '-')
  ])
  const widths = head.map((title, i) =>
    rows.reduce((most, row) => Math.max(most, lengthOf(row[i] ?? '')), title.length)
  )
  const line = (row: readonly string[]): string =>
    row
      .map((text, i) => text + ' '.repeat((widths[i] ?? 0) - lengthOf(text)))
      .join('  ')
      .trimEnd()
  return [head, ...rows].map(line).join('\n')
}

// Characters, not UTF-16 units.
function lengthOf(text: string): number {
  return Array.from(text).length
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Reads the value of an option: an instant, a date in UTC or a time ago, as milliseconds since the epoch. */
export function readInstant(option: string): (text: string) => number {
  return (text) => {
    const ago = /^(\d{1,6})([smhd])$/.exec(text)
    if (ago !== null) return Date.now() - Number(ago[1]) * unitMs[ago[2] as keyof typeof unitMs]
    // With its zone, or as a date alone, which is read as UTC: a bare time of day would depend on this machine.
    const at = /^\d{4}-\d{2}-\d{2}(T[0-9:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : NaN
    if (!Number.isNaN(at)) return at
    throw new AppError(
      'usage',
      `${option} ${text}: write an instant (2026-11-22T08:00:00Z), a date, or a time ago (2h)`
    )
  }
}

function readLimit(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new AppError('usage', `--limit ${text}: write a whole number from 1 to 999999`)
}
