// The failsafe as rows, which Asterisk's dialplan reads when followme is not running.
import type { FailsafeStep, FailsafeStore, RuleEdits } from '../../failsafe/plan-rows'
import { instant } from './call-rows'
import type { OpenDatabase } from '../database/database'
import { storePromise } from '../database/store-promise'
import { editsReader } from '../rules/rule-versions'

/** Takes the connection that writes the call records: its busy timeout is 0, so nothing here blocks the event loop. */
export class SqliteFailsafeStore implements FailsafeStore {
  private statements!: Statements
  private replaceAll!: (steps: ReadonlyMap<string, readonly FailsafeStep[]>, at: string) => void
  private addForms!: (number: string, forms: readonly string[]) => void
  private readEdits!: (edition: string | null) => RuleEdits

  constructor(
    database: OpenDatabase,
    /** The longest conversation. */
    private readonly talkSeconds: number
  ) {
    this.use(database)
  }

  /** Reads and writes through this connection from now on. */
  use({ sqlite }: OpenDatabase): void {
    this.statements = statementsOf(sqlite)
    this.readEdits = editsReader(sqlite)
    const replace = sqlite.transaction((steps: ReadonlyMap<string, readonly FailsafeStep[]>, at: string) => {
      for (const [number, each] of steps) this.replaceOne(number, each, at)
    })
    this.replaceAll = (steps, at) => replace.immediate(steps, at)
    const addForms = sqlite.transaction((number: string, forms: readonly string[]) => {
      for (const form of forms) this.statements.insertForm.run(form, number)
    })
    this.addForms = (number, forms) => addForms.immediate(number, forms)
  }

  editsSince(edition: string | null): Promise<RuleEdits> {
    return storePromise(() => this.readEdits(edition))
  }

  numbersAfter(number: string, limit: number): Promise<readonly string[]> {
    return storePromise(() => this.statements.numbersAfter.all({ number, limit }))
  }

  stepsOf(number: string): Promise<readonly FailsafeStep[]> {
    return storePromise(() => {
      const steps = this.statements.stepsOf.all(number)
      const isCurrent = this.statements.otherTalk.get(number, this.talkSeconds) === undefined
      return isCurrent ? steps : [...steps, outdated]
    })
  }

  replace(steps: ReadonlyMap<string, readonly FailsafeStep[]>, at: number): Promise<void> {
    return storePromise(() => this.replaceAll(steps, instant(at)))
  }

  hasForms(number: string): Promise<boolean> {
    return storePromise(() => this.statements.hasForms.get(number) !== undefined)
  }

  /** The number itself is one of its forms, so every known number has at least one. */
  keepForms(number: string, forms: readonly string[]): Promise<void> {
    return storePromise(() => this.addForms(number, [number, ...forms]))
  }

  private replaceOne(number: string, steps: readonly FailsafeStep[], computedAt: string): void {
    this.statements.remove.run(number)
    if (steps.length === 0) this.statements.removeForms.run(number)
    const { talkSeconds } = this
    steps.forEach((each, index) =>
      this.statements.insert.run({
        limitedDial: null,
        limits: null,
        maxCalls: null,
        fullStep: null,
        outsideCaller: null,
        insideCaller: null,
        namePrefix: null,
        alertInfo: null,
        privateDial: null,
        diversion: null,
        insteadOf: null,
        ...each,
        number,
        step: index + 1,
        computedAt,
        talkSeconds
      })
    )
  }
}

/** A step that no plan has, so that rows with another maximum call length are rewritten. */
const outdated: FailsafeStep = { dial: null, ringSeconds: null, fallback: null, rule: null }

type Statements = ReturnType<typeof statementsOf>

function statementsOf(sqlite: OpenDatabase['sqlite']) {
  return {
    // Each table is asked for one page only: the first numbers of both together are among the first of each.
    numbersAfter: sqlite
      .prepare<{ number: string; limit: number }, string>(
        `SELECT number FROM (SELECT number FROM virtual_numbers WHERE number > :number ORDER BY number LIMIT :limit)
         UNION
         SELECT number FROM (SELECT DISTINCT number FROM failsafe WHERE number > :number ORDER BY number LIMIT :limit)
         ORDER BY number LIMIT :limit`
      )
      .pluck(),
    stepsOf: sqlite.prepare<[string], FailsafeStep>(
      `SELECT dial, ring_seconds AS ringSeconds, fallback, rule, limited_dial AS limitedDial, limits,
         max_calls AS maxCalls, full_step AS fullStep, outside_caller AS outsideCaller, inside_caller AS insideCaller,
         name_prefix AS namePrefix, alert_info AS alertInfo, private_dial AS privateDial, diversion, instead_of AS insteadOf
       FROM failsafe
       WHERE number = ? ORDER BY step`
    ),
    otherTalk: sqlite.prepare<[string, number]>('SELECT 1 FROM failsafe WHERE number = ? AND talk_seconds IS NOT ?'),
    remove: sqlite.prepare<[string]>('DELETE FROM failsafe WHERE number = ?'),
    hasForms: sqlite.prepare<[string]>('SELECT 1 FROM dialled_forms WHERE number = ? LIMIT 1'),
    insertForm: sqlite.prepare<[string, string]>('INSERT OR IGNORE INTO dialled_forms (form, number) VALUES (?, ?)'),
    removeForms: sqlite.prepare<[string]>('DELETE FROM dialled_forms WHERE number = ?'),
    insert: sqlite.prepare<FailsafeStep & { number: string; step: number; computedAt: string; talkSeconds: number }>(
      `INSERT INTO failsafe (number, step, dial, ring_seconds, fallback, rule, computed_at, talk_seconds, limited_dial, limits,
         max_calls, full_step, outside_caller, inside_caller, name_prefix, alert_info, private_dial, diversion, instead_of)
       VALUES (:number, :step, :dial, :ringSeconds, :fallback, :rule, :computedAt, :talkSeconds, :limitedDial, :limits,
         :maxCalls, :fullStep, :outsideCaller, :insideCaller, :namePrefix, :alertInfo, :privateDial, :diversion, :insteadOf)`
    )
  }
}
