// The gate before each leg: whether the site's policy allows its number now, whatever it allowed when the call's plan was made,
// and whether the number is within the limits.
import { dayMs, DialLedger, dialledLeg, type UsedUp, usedUpText } from '../call/dial-ledger'
import { ruleNumberOf } from '../call/places'
import type { AttemptRecord } from '../call/record'
import type { Call, CallListener, Transition } from '../call/types'
import { reasonOf } from '../errors'
import type { Clock, DialRecords, Log } from '../ports'
import type { DialPolicy } from '../rules/dial-policy'
import { dialRefusal, numbersCalled, numbersIn } from '../rules/gate'

export interface DialGateOptions {
  /** The current policy. Throws if it cannot be read. */
  readonly policy: () => DialPolicy
  /** The attempts of earlier processes. */
  readonly records: DialRecords
  /** Called when a leg counts against a limit, so that its record is written at once: the next process has to find it. */
  readonly legCounted: () => void
  readonly clock: Clock
  readonly log: Log
}

const minuteMs = 60_000

export class DialGate {
  private readonly ledger = new DialLedger()
  private latest: DialPolicy | undefined
  private faults: Readonly<Record<'policy' | 'records', string>> = { policy: '', records: '' }
  /** The ledger includes the attempts of earlier processes. */
  private isLoaded = false
  private forgotAt = -Infinity
  /** When a used-up limit was last logged, by the prefix of its row. */
  private readonly loggedAt = new Map<string, number>()

  constructor(private readonly options: DialGateOptions) {}

  /** Reads the attempts of earlier processes, if there are limits, before the first call arrives. */
  loadRecords(): void {
    if (this.policyNow()?.hasLimits === true) this.load()
  }

  /**
   * Why this leg must not be created, and what to do about it; undefined if it may be, and then it counts. `from` is the virtual
   * number whose rules name the target. Targets without a telephone number are always allowed.
   */
  refusalOf(leg: string, dial: string, from: string): string | undefined {
    if (numbersIn(dial).length === 0) return undefined
    const policy = this.policyNow()
    if (policy === undefined) return `whether ${dial} may be dialled is not known: dial_policy cannot be read`
    const refusal = dialRefusal(dial, from, policy)?.reason
    if (refusal !== undefined) return refusal
    const numbers = numbersCalled(dial, from)
    if (numbers.length === 0) return undefined
    const rows = policy.limitsOf(numbers)
    const now = this.options.clock.now()
    if (rows.length > 0) {
      if (!this.load())
        return `whether ${dial} is within the limits of dial_policy is not known: the records cannot be read`
      const used = this.ledger.usedUp(rows, now, leg)
      if (used !== undefined) {
        this.note(dial, used, now)
        return usedUpText(dial, used)
      }
    }
    this.ledger.add({ leg, numbers, startedAt: now, isDialled: false, answeredAt: null, endedAt: null })
    if (rows.length > 0) this.options.legCounted()
    this.forget(now)
    return undefined
  }

  /** The prefixes of the rows whose limit per hour or per day is used up now. Empty if that is unknown. */
  usedUp(): ReadonlySet<string> {
    const policy = this.policyNow()
    if (policy?.hasLimits !== true || !this.load()) return new Set()
    const now = this.options.clock.now()
    const rows = policy.rows.filter((row) => this.ledger.usedUp([{ ...row, maxCalls: null }], now) !== undefined)
    return new Set(rows.map(({ prefix }) => prefix))
  }

  /** Follows the legs of a call. */
  readonly listener: CallListener = (call, transitions) => {
    for (const each of transitions) this.follow(call, each)
  }

  /** Counts the attempts of a failsafe call that has just been imported into the records. */
  addFailsafeAttempts(attempts: readonly AttemptRecord[], from: string): void {
    if (this.isLoaded) for (const each of attempts) this.count(each, from)
  }

  /** Ends the legs that no longer exist after a snapshot of Asterisk. `isThere` is true for legs that exist or belong to a call in progress. */
  endMissing(isThere: (leg: string) => boolean): void {
    const endedAt = this.options.clock.now()
    for (const { leg } of this.ledger.live()) if (!isThere(leg)) this.ledger.change(leg, { endedAt })
  }

  private follow(call: Call, each: Transition): void {
    if (each.type === 'leg') {
      if (each.to === 'gone') this.ledger.change(each.leg, { endedAt: each.at })
      // Created by the previous process. Legs of this process were counted before they were created.
      else if (each.from === undefined && each.to !== 'creating') this.found(call, each.leg, each.at)
    } else if (each.type === 'dialled') this.ledger.change(each.leg, { isDialled: true })
    else if (each.type === 'answered') this.ledger.change(each.leg, { answeredAt: each.at })
  }

  private found(call: Call, leg: string, at: number): void {
    const dial = call.legs.find(({ id }) => id === leg)?.dial
    if (dial === undefined || this.ledger.has(leg)) return
    const numbers = numbersCalled(dial, ruleNumberOf(call, leg))
    if (numbers.length === 0) return
    const instantOf = (type: 'attempt' | 'answered'): number | null =>
      call.history.find((one) => one.type === type && one.leg === leg)?.at ?? null
    const [startedAt, answeredAt] = [instantOf('attempt') ?? at, instantOf('answered')]
    this.ledger.add({ leg, numbers, startedAt, isDialled: true, answeredAt, endedAt: null })
  }

  private count(attempt: AttemptRecord, from: string): void {
    const numbers = numbersCalled(attempt.dial, from)
    if (numbers.length > 0) this.ledger.add(dialledLeg(attempt, numbers))
  }

  /** Whether the attempts of earlier processes are in the ledger; loads them if they are not. */
  private load(): boolean {
    if (this.isLoaded) return true
    const { records, clock } = this.options
    try {
      for (const [attempt, from] of records.attemptsSince(clock.now() - dayMs)) this.count(attempt, from)
      this.isLoaded = true
      this.noteFault('records', '')
    } catch (error) {
      this.noteFault('records', reasonOf(error))
    }
    return this.isLoaded
  }

  /** Forgets old legs. Until the records are loaded, only those are needed that the records may not contain yet. */
  private forget(now: number): void {
    if (Math.abs(now - this.forgotAt) < minuteMs) return
    this.forgotAt = now
    this.ledger.forget(now - (this.isLoaded ? dayMs : 10 * minuteMs))
  }

  private note(dial: string, used: UsedUp, now: number): void {
    const { prefix } = used.row
    if (Math.abs(now - (this.loggedAt.get(prefix) ?? -Infinity)) < minuteMs) return
    this.loggedAt.set(prefix, now)
    this.options.log.warn(usedUpText(dial, used))
  }

  /** The current policy or, if it cannot be read, the last one that was read; undefined if none ever was. */
  policyNow(): DialPolicy | undefined {
    try {
      this.latest = this.options.policy()
      this.noteFault('policy', '')
    } catch (error) {
      this.noteFault('policy', reasonOf(error))
    }
    return this.latest
  }

  private noteFault(what: 'policy' | 'records', reason: string): void {
    if (reason !== '' && this.faults[what] !== reason) this.options.log.warn(inWords[what], { reason })
    this.faults = { ...this.faults, [what]: reason }
  }
}

const inWords = {
  policy: 'dial_policy cannot be read; the policy as last read stays in force',
  records: 'the records cannot be read, so numbers with a limit are not dialled'
} as const
