// Keeps the failsafe's plans current. Asterisk reads them while followme is not running. It works in slices, so that calls go first,
// and writes only what has changed.
import { formsOf } from '../../rules/dialled-forms'
import { reasonOf } from '../../errors'
import { type FailsafeStep, type FailsafeStore, failsafeSteps, sameSteps } from '../../failsafe/plan-rows'
import { decide } from '../../rules/decide'
import { unlistedCaller } from '../../rules/number'
import { earlier } from '../../rules/rule'
import { type Clock, isStoreBusy, type Log, type RuleStore } from '../../ports'

export interface FailsafePlanSyncOptions {
  readonly rules: RuleStore
  readonly store: FailsafeStore
  /** Dial string with `{number}`, for targets that are numbers. */
  readonly trunk: string
  /** Prefixes of dial_policy whose limit per hour or per day is used up. Default: none. */
  readonly usedUp?: () => ReadonlySet<string>
  readonly clock: Clock
  readonly log: Log
}

/** How often it checks for changes; the delay until an edit reaches the failsafe. */
const lookMs = 1000
/** The pause between two slices, for calls. */
const pauseMs = 2
const sliceMs = 5
/** The pause while the dialled forms of numbers are computed, once each: calls get three quarters of the time. */
const formsPauseMs = 20
const batchSize = 25
/** How often all numbers are checked, even if nothing seems to have changed. */
const walkEveryMs = 600_000
/** The minimum time between two changes of the prefixes that are left out. */
const usedUpMs = 60_000

export class FailsafePlanSync {
  /** When the decision for a number changes next. */
  private readonly changes = new Map<string, number>()
  private soonest = Infinity
  /** Numbers whose plans have to be computed. */
  private due: string[] = []
  /** Numbers whose dialled forms are not stored yet. They take some milliseconds each, so they come last. */
  private readonly formless = new Set<string>()
  /** The last number that the check of all numbers has reached; null if no such check is running. */
  private walkedTo: string | null = null
  private walkWanted = true
  /** The rules whose edits are in `due`. */
  private edition: string | null = null
  /** The prefixes whose numbers are left out, and when they were last changed. */
  private usedUp: ReadonlySet<string> = new Set()
  private usedUpAt = -Infinity
  private walkedAt = -Infinity
  private lookedAt = -Infinity
  private currentAt: number | null = null
  private fault: string | undefined
  private cancel: () => void = () => undefined
  private stopped = false

  constructor(private readonly options: FailsafePlanSyncOptions) {}

  start(): void {
    this.after(0)
  }

  /** Starts a check of all numbers soon, even if nothing seems to have changed. */
  refresh(): void {
    this.walkWanted = true
  }

  stop(): void {
    this.stopped = true
    this.cancel()
  }

  /** How long ago the failsafe last matched the rules, in milliseconds; null if it has not yet. */
  get ageMs(): number | null {
    return this.currentAt === null ? null : Math.max(0, this.options.clock.now() - this.currentAt)
  }

  private after(ms: number): void {
    this.cancel = this.options.clock.after(ms, () => void this.turn())
  }

  private async turn(): Promise<void> {
    let restMs = lookMs
    try {
      await this.look()
      restMs = await this.slice()
      if (this.fault !== undefined) this.options.log.info('the failsafe is kept current again')
      this.fault = undefined
    } catch (error) {
      // Another program is writing: retry.
      if (this.stopped || isStoreBusy(error)) return
      const reason = reasonOf(error)
      if (this.fault !== reason) this.options.log.warn(`the failsafe cannot be kept current: ${reason}`)
      this.fault = reason
    } finally {
      if (!this.stopped) this.after(restMs)
    }
  }

  private isIdle(): boolean {
    return this.walkedTo === null && !this.walkWanted && this.due.length === 0
  }

  private async look(): Promise<void> {
    const now = this.options.clock.now()
    await this.lookForEdits()
    this.lookForUsedUp(now)
    // If the clock was set back, the computed times of changes are wrong.
    if (now < this.lookedAt || now >= this.walkedAt + walkEveryMs) this.walkWanted = true
    this.lookedAt = now
    if (this.walkWanted && this.walkedTo === null) {
      this.walkWanted = false
      this.walkedTo = ''
      this.walkedAt = now
    }
    if (now < this.soonest) return
    this.soonest = Infinity
    for (const [number, at] of this.changes) {
      if (at > now) this.soonest = Math.min(this.soonest, at)
      else {
        this.changes.delete(number)
        this.due.push(number)
      }
    }
  }

  private async lookForEdits(): Promise<void> {
    const { edition, numbers } = await this.options.store.editsSince(this.edition)
    this.edition = edition
    if (numbers === null) this.walkWanted = true
    else if (numbers.length > 0) this.due = [...new Set([...this.due, ...numbers])]
  }

  /** At most once a minute, because every plan may change. */
  private lookForUsedUp(now: number): void {
    const usedUp = this.options.usedUp?.() ?? this.usedUp
    if (Math.abs(now - this.usedUpAt) < usedUpMs || sameSet(usedUp, this.usedUp)) return
    this.usedUp = usedUp
    this.usedUpAt = now
    this.walkWanted = true
  }

  /** Computes the plans of some numbers, the due ones first; returns after how many milliseconds to continue. */
  private async slice(): Promise<number> {
    const walking = this.due.length === 0 ? this.walkedTo : null
    const numbers =
      walking === null ? this.due.slice(0, batchSize) : await this.options.store.numbersAfter(walking, batchSize)
    const done = await this.workOut(numbers)
    if (walking === null) this.due = this.due.slice(done)
    else this.walkedTo = numbers[done - 1] ?? null
    if (!this.isIdle()) return pauseMs
    this.currentAt = this.lookedAt
    return (await this.keepForms()) ? formsPauseMs : lookMs
  }

  /** Stores the dialled forms of one number; false if no number is waiting. */
  private async keepForms(): Promise<boolean> {
    const [number] = this.formless
    if (this.stopped || number === undefined) return false
    await this.options.store.keepForms(number, formsOf(number))
    return this.formless.delete(number)
  }

  /** Returns how many of the numbers are done. */
  private async workOut(numbers: readonly string[]): Promise<number> {
    const { rules, store, clock, trunk } = this.options
    const began = clock.now()
    const changed = new Map<string, readonly FailsafeStep[]>()
    const nextChanges = new Map<string, number | null>()
    for (const number of numbers) {
      const at = clock.now()
      if (nextChanges.size > 0 && Math.abs(at - began) >= sliceMs) break
      const book = await rules.rulesFor(number)
      if (this.stopped) return 0
      const decision = decide(number, unlistedCaller, at, book)
      const policy = book.get(number)?.policy
      const limits = policy === undefined ? undefined : { policy, usedUp: this.usedUp }
      const steps = failsafeSteps(decision, trunk, limits)
      if (!sameSteps(steps, await store.stepsOf(number))) changed.set(number, steps)
      if (steps.length === 0) this.formless.delete(number)
      else if (!(await store.hasForms(number))) this.formless.add(number)
      nextChanges.set(number, earlier(decision.nextChangeAt, decision.limit?.nextChangeAt ?? null))
    }
    if (changed.size > 0 && !this.stopped) await store.replace(changed, began)
    for (const [number, at] of nextChanges) {
      if (at === null) this.changes.delete(number)
      else {
        this.changes.set(number, at)
        this.soonest = Math.min(this.soonest, at)
      }
    }
    return nextChanges.size
  }
}

function sameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((each) => other.has(each))
}
