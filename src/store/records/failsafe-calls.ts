// Imports the calls that the failsafe handled, from the table that Asterisk writes to the records of calls.
import { readCaller } from '../../rules/caller'
import type { BareNumbers } from '../../rules/numbering/read-number'
import {
  type FailsafeCall,
  type FailsafeAttempt,
  type FailsafeCalls,
  type ImportResult,
  recordsOfFailsafeCall
} from '../../failsafe/failsafe-call'
import { AppError, reasonOf } from '../../errors'
import type { FailsafeStep } from '../../failsafe/plan-rows'
import type { RecordedCall } from '../../ports'
import type { CallRecord } from '../../call/record'
import type { Selectable } from 'kysely'
import { callFromRow, type CallRow, instant } from './call-rows'
import { batchWriter, type WriteBatch } from './call-writer'
import { Trunks } from '../../rules/trunks'
import type { OpenDatabase } from '../database/database'
import { readTrunks } from '../rules/trunks'
import { isTemporary, storePromise } from '../database/store-promise'
import type { Schema } from '../database/schema'

type Written = Selectable<Schema['failsafe_calls']>

const most = 100

/** Settings of the site. */
export interface FailsafeCallsOptions {
  /** Dial string with `{number}`. */
  readonly trunk: string
  readonly bareNumbers: BareNumbers
  /** The name of this server, for the records. */
  readonly server: string
  /** Creates the id of a call that arrived at this instant. */
  readonly newCallId: (at: number) => string
}

/** Takes the connection that writes the call records: its busy timeout is 0, so nothing here blocks the event loop. */
export class SqliteFailsafeCalls implements FailsafeCalls {
  private statements!: Statements
  private write!: WriteBatch
  private all!: (rows: readonly Written[]) => ImportResult
  private readTrunks!: () => Trunks

  constructor(
    database: OpenDatabase,
    private readonly site: FailsafeCallsOptions
  ) {
    this.use(database)
  }

  /** Reads and writes through this connection from now on. */
  use(database: OpenDatabase): void {
    this.statements = statementsOf(database.sqlite)
    this.write = batchWriter(database)
    this.readTrunks = () => new Trunks(readTrunks(database.sqlite))
    const each = database.sqlite.transaction((row: Written) => this.one(row))
    const all = database.sqlite.transaction((rows: readonly Written[]): ImportResult => {
      const calls: RecordedCall[] = []
      const faults: string[] = []
      for (const row of rows) {
        try {
          const call = each(row)
          if (call !== null) calls.push(call)
        } catch (error) {
          // The row cannot be read, or the records refuse it. A temporary failure to write is not caught here.
          if (isTemporary(error)) throw error
          faults.push(`${row.number} at ${row.entered_at}: ${reasonOf(error)}`)
          this.statements.setAside.run(reasonOf(error), row.id)
        }
      }
      return { calls, faults, isFull: rows.length === most }
    })
    this.all = (rows) => all.immediate(rows)
  }

  /** All in one transaction; an invalid row is set aside. */
  importCalls(): Promise<ImportResult> {
    return storePromise(() => {
      const rows = this.statements.rows.all()
      return rows.length === 0 ? { calls: [], faults: [], isFull: false } : this.all(rows)
    })
  }

  /** Null: it is in the records already, because Asterisk wrote it twice. */
  private one(row: Written): RecordedCall | null {
    const carried = carriedOf(row, this.site.bareNumbers)
    const { plan, openAttempts, lastStep, remove, isImported } = this.statements
    if (isImported.get(carried.aLeg, instant(carried.enteredAt)) !== undefined) {
      remove.run(row.id)
      return null
    }
    const before = this.recorded(carried)
    if (before !== undefined) openAttempts.run({ call: before.id, at: row.entered_at })
    // An earlier process may have used an id of that second.
    let id = this.site.newCallId(carried.enteredAt)
    while (this.statements.taken.get(id) !== undefined) id = this.site.newCallId(carried.enteredAt)
    const recorded = recordsOfFailsafeCall(carried, {
      id,
      plan: plan.all(row.number, row.plan_at),
      ways: { trunk: this.site.trunk, trunks: this.readTrunks() },
      server: this.site.server,
      before,
      stepsBefore: before === undefined ? 0 : (lastStep.get(before.id) ?? 0)
    })
    this.write([recorded])
    remove.run(row.id)
    return recorded
  }

  /**
   * The record of the call that the failsafe took over: the caller's last call that started before the failsafe finished and
   * had not ended. A process that has just started may claim a caller who is just going to the failsafe.
   */
  private recorded({ aLeg, enteredAt, endedAt }: FailsafeCall): CallRecord | undefined {
    const row = this.statements.record.get(aLeg, instant(endedAt))
    if (row === undefined) return undefined
    const call = callFromRow(row)
    // The record may have been closed when the caller left Stasis, before the outcome was known.
    const isUnsure = row.recovered === 1 || call.outcome === 'lost' || call.outcome === 'abandoned'
    const isLater = call.startedAt > enteredAt
    const isOver = call.endedAt !== null && (isLater || call.endedAt < enteredAt) && !isUnsure
    return isOver || call.failsafeAt !== null ? undefined : call
  }
}

type Statements = ReturnType<typeof statementsOf>

function statementsOf(sqlite: OpenDatabase['sqlite']) {
  return {
    rows: sqlite.prepare<[], Written>(`SELECT * FROM failsafe_calls WHERE fault IS NULL ORDER BY id LIMIT ${most}`),
    remove: sqlite.prepare<[number]>('DELETE FROM failsafe_calls WHERE id = ?'),
    setAside: sqlite.prepare<[string, number]>('UPDATE failsafe_calls SET fault = ? WHERE id = ?'),
    plan: sqlite.prepare<[string, string], FailsafeStep>(
      `SELECT dial, ring_seconds AS ringSeconds, fallback, rule, limited_dial AS limitedDial,
         max_calls AS maxCalls, full_step AS fullStep, outside_caller AS outsideCaller, inside_caller AS insideCaller,
         name_prefix AS namePrefix, alert_info AS alertInfo, private_dial AS privateDial, instead_of AS insteadOf FROM failsafe
       WHERE number = ? AND computed_at = ? ORDER BY step`
    ),
    record: sqlite.prepare<[string, string], CallRow>(
      'SELECT * FROM calls WHERE a_leg = ? AND started_at <= ? ORDER BY started_at DESC, id DESC LIMIT 1'
    ),
    isImported: sqlite.prepare<[string, string]>('SELECT 1 FROM calls WHERE a_leg = ? AND failsafe_at = ?'),
    taken: sqlite.prepare<[string]>('SELECT 1 FROM calls WHERE id = ?'),
    lastStep: sqlite.prepare<[string], number>('SELECT max(step) FROM attempts WHERE call = ?').pluck(),
    // Their end is unknown here; if it was seen, it is saved later.
    openAttempts: sqlite.prepare<{ call: string; at: string }>(
      "UPDATE attempts SET ended_at = :at, outcome = 'lost' WHERE call = :call AND ended_at IS NULL"
    )
  }
}

/** Parses what Asterisk has written. Throws `invalid` if that is impossible. */
function carriedOf(row: Written, bare: BareNumbers): FailsafeCall {
  const endedAt = instantIn(row, 'ended_at')
  const tried = row.tried.split('|').filter((text) => text !== '')
  const steps = tried.map((text) => stepOf(text.split(' ')))
  // Dial() did not return from this step: somebody answered, or the caller hung up.
  if (row.dialling !== '') {
    steps.push(stepOf([...row.dialling.split(' '), row.ended_at, row.dial_status, row.cause]))
  }
  if (row.a_leg === '' || row.number === '') throw invalid('it names no call')
  const caller = { number: textOf(row.caller_number), name: textOf(row.caller_name) }
  return {
    aLeg: row.a_leg,
    number: row.number,
    callerNumber: readCaller(caller, row.number, bare).number,
    callerName: caller.name,
    enteredAt: instantIn(row, 'entered_at'),
    endedAt,
    steps,
    talkMs: /^\d{1,9}$/.test(row.answered_ms) ? Number(row.answered_ms) : null,
    answeredBy: row.answered_by,
    hungUpBy: oneOf(['caller', 'target'], row.hung_up_by),
    ending: row.ending === 'full' ? 'fallback' : oneOf(['fallback', 'unknown', 'sorry', 'loop'], row.ending),
    isFull: row.ending === 'full',
    endingAt: row.ending_at === '' ? null : instantIn(row, 'ending_at'),
    fallback: textOf(row.fallback),
    cause: numberOf(row.cause)
  }
}

/** `STEP DIAL SECONDS BEGAN ENDED DIALSTATUS CAUSE SIP`; SIP, which may be missing, is the last response, final or not. */
function stepOf(words: readonly string[]): FailsafeAttempt {
  const [step = '', dial = '', seconds = '', began = '', ended = '', status = '', cause = '', sip = ''] = words
  const response = numberOf(sip)
  const startedAt = msOf(began)
  const endedAt = msOf(ended)
  if (words.length < 7 || words.length > 8 || !/^\d+$/.test(step) || dial === '' || Number.isNaN(startedAt + endedAt)) {
    throw invalid(`a step is written "${words.join(' ')}"`)
  }
  const ringSeconds = numberOf(seconds)
  const sipCode = response >= 300 && response <= 699 ? response : undefined
  return { step: Number(step), dial, ringSeconds, startedAt, endedAt, status, cause: numberOf(cause), sipCode }
}

function instantIn(row: Written, column: 'entered_at' | 'ended_at' | 'ending_at'): number {
  const at = msOf(row[column])
  if (Number.isNaN(at)) throw invalid(`${column} is "${row[column]}", which is not an instant`)
  return at
}

function msOf(text: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) ? Date.parse(text) : NaN
}

// Limited to what the integer columns of the records can hold.
function numberOf(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}

function oneOf<T extends string>(words: readonly T[], text: string): T | null {
  return words.find((word) => word === text) ?? null
}

/** Decodes the dialplan's base64. The dialplan prefixes '=', because it cannot encode an empty text. */
function textOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString().replace(/^=/, '')
}

function invalid(why: string): AppError {
  return new AppError('invalid', `the row that Asterisk wrote for the call is invalid: ${why}`)
}
