// The calls that the failsafe has carried, from where Asterisk writes them into the records of calls.
import { type BareNumbers, readCaller } from '../../rules/caller'
import {
  type FailsafeCall,
  type FailsafeAttempt,
  type ImportResult,
  recordsOfFailsafeCall
} from '../../failsafe/failsafe-call'
import { AppError, reasonOf } from '../../errors'
import type { FailsafeStep } from '../../failsafe/plan-rows'
import type { RecordedCall } from '../../ports'
import type { CallRecord } from '../../call/record'
import type { Selectable } from 'kysely'
import { callOf, type CallRow, instant } from './call-rows'
import { mayPass } from './call-store'
import { batchWriter, type WriteBatch } from './call-writer'
import { isBusy, type OpenDatabase } from '../database/database'
import type { Schema } from '../database/schema'

type Written = Selectable<Schema['failsafe_calls']>

const most = 100

/** Give it the connection that writes the call records: its busy timeout is 0, so nothing here stops the event loop. */
export class SqliteFailsafeCalls {
  private readonly statements: Statements
  private readonly write: WriteBatch
  private readonly missed: (call: CallRecord) => boolean
  private readonly all: (rows: readonly Written[], newCallId: (at: number) => string) => ImportResult

  constructor(
    database: OpenDatabase,
    /** `trunk`: dial string with `{number}`; `server`: the name of this server, for the records. */
    private readonly site: { readonly trunk: string; readonly bareNumbers: BareNumbers; readonly server: string }
  ) {
    this.statements = statementsOf(database.sqlite)
    this.write = batchWriter(database)
    const each = database.sqlite.transaction((row: Written, newCallId: (at: number) => string) =>
      this.one(row, newCallId)
    )
    const all = database.sqlite.transaction(
      (rows: readonly Written[], newCallId: (at: number) => string): ImportResult => {
        const calls: RecordedCall[] = []
        const faults: string[] = []
        for (const row of rows) {
          try {
            calls.push(each(row, newCallId))
          } catch (error) {
            // One that cannot be read, or that the records refuse: not one that cannot be written now.
            if (mayPass(error)) throw error
            faults.push(`${row.number} at ${row.entered_at}: ${reasonOf(error)}`)
            this.statements.setAside.run(reasonOf(error), row.id)
          }
        }
        return { calls, faults, isFull: rows.length === most }
      }
    )
    this.all = (rows, newCallId) => all.immediate(rows, newCallId)
    const missed = database.sqlite.transaction((call: CallRecord): boolean => {
      const isCarried = this.statements.carried.get({ aLeg: call.aLeg, from: instant(call.startedAt) }) !== undefined
      if (!isCarried) this.write([{ call, attempts: [] }])
      return !isCarried
    })
    this.missed = (call) => missed.immediate(call)
  }

  /**
   * Moves what is there into the records, all in one transaction; a row that means nothing is set aside. Null: another
   * program is writing. Every save of a call that was made before must be in the database by then: it is the call's record
   * that is gone on with.
   */
  importCalls(newCallId: (at: number) => string): ImportResult | null {
    try {
      const rows = this.statements.rows.all()
      return rows.length === 0 ? { calls: [], faults: [], isFull: false } : this.all(rows, newCallId)
    } catch (error) {
      if (isBusy(error)) return null
      throw error
    }
  }

  /**
   * Records a call of which only its coming and going are known; returns false where the failsafe has carried it, whose own
   * record tells more. Throws where another program is writing.
   */
  recordUnseen(call: CallRecord): boolean {
    return this.missed(call)
  }

  private one(row: Written, newCallId: (at: number) => string): RecordedCall {
    const carried = carriedOf(row, this.site.bareNumbers)
    const { plan, openAttempts, lastStep, remove } = this.statements
    const before = this.recorded(carried)
    if (before !== undefined) openAttempts.run({ call: before.id, at: row.entered_at })
    // An id of that second may have been given by a process that has ended since.
    let id = newCallId(carried.enteredAt)
    while (this.statements.taken.get(id) !== undefined) id = newCallId(carried.enteredAt)
    const recorded = recordsOfFailsafeCall(carried, {
      id,
      plan: plan.all(row.number, row.plan_at),
      trunk: this.site.trunk,
      server: this.site.server,
      before,
      stepsBefore: before === undefined ? 0 : (lastStep.get(before.id) ?? 0)
    })
    this.write([recorded])
    remove.run(row.id)
    return recorded
  }

  /** The record of the call that the failsafe took over: the last one of that caller until then, if it was not over. */
  private recorded({ aLeg, enteredAt }: FailsafeCall): CallRecord | undefined {
    const row = this.statements.record.get(aLeg, instant(enteredAt))
    if (row === undefined) return undefined
    const call = callOf(row)
    // Whoever found no more than that the caller was not in our hands has closed it without knowing how it went on.
    const isUnsure = row.recovered === 1 || call.outcome === 'lost' || call.outcome === 'abandoned'
    const isOver = call.endedAt !== null && call.endedAt < enteredAt && !isUnsure
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
      `SELECT dial, ring_seconds AS ringSeconds, fallback, rule FROM failsafe
       WHERE number = ? AND computed_at = ? ORDER BY step`
    ),
    record: sqlite.prepare<[string, string], CallRow>(
      'SELECT * FROM calls WHERE a_leg = ? AND started_at <= ? ORDER BY started_at DESC, id DESC LIMIT 1'
    ),
    // Read already, or still to be read.
    carried: sqlite.prepare<{ aLeg: string; from: string }>(
      `SELECT 1 FROM calls WHERE a_leg = :aLeg AND failsafe_at >= :from UNION ALL
       SELECT 1 FROM failsafe_calls WHERE a_leg = :aLeg AND entered_at >= :from AND fault IS NULL LIMIT 1`
    ),
    taken: sqlite.prepare<[string]>('SELECT 1 FROM calls WHERE id = ?'),
    lastStep: sqlite.prepare<[string], number>('SELECT max(step) FROM attempts WHERE call = ?').pluck(),
    // Nobody has seen how they ended; who has saves it later.
    openAttempts: sqlite.prepare<{ call: string; at: string }>(
      "UPDATE attempts SET ended_at = :at, outcome = 'lost' WHERE call = :call AND ended_at IS NULL"
    )
  }
}

/** What Asterisk has written, read. Throws `invalid` where it makes no sense. */
function carriedOf(row: Written, bare: BareNumbers): FailsafeCall {
  const endedAt = instantIn(row, 'ended_at')
  const tried = row.tried.split('|').filter((text) => text !== '')
  const steps = tried.map((text) => stepOf(text.split(' ')))
  // Dial() did not come back from this one: somebody answered, or the caller hung up.
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
    ending: oneOf(['fallback', 'unknown', 'sorry'], row.ending),
    endingAt: row.ending_at === '' ? null : instantIn(row, 'ending_at'),
    fallback: textOf(row.fallback),
    cause: numberOf(row.cause)
  }
}

/** `STEP DIAL SECONDS BEGAN ENDED DIALSTATUS CAUSE SIP`; the last, which may be missing, is the last response, final or not. */
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
  if (Number.isNaN(at)) throw invalid(`${column} is "${row[column]}", which is no instant`)
  return at
}

function msOf(text: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) ? Date.parse(text) : NaN
}

// Never more than what the columns of the records, whole numbers, can hold.
function numberOf(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}

function oneOf<T extends string>(words: readonly T[], text: string): T | null {
  return words.find((word) => word === text) ?? null
}

/** The dialplan's base64, which it is given '=' before, since it takes no empty text. */
function textOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString().replace(/^=/, '')
}

function invalid(why: string): AppError {
  return new AppError('invalid', `what Asterisk has written of the call makes no sense: ${why}`)
}
