// The gate before each leg: whether its number may be dialled by the site's policy as it is now, whatever it was when the call's
// plan was made, and within its limits.
import { dayMs, DialLedger, dialledLeg, type UsedUp, usedUpText } from '../call/dial-ledger'
import { ruleNumberOf } from '../call/places'
import type { AttemptRecord } from '../call/record'
import type { Call, CallListener, Transition } from '../call/types'
import { reasonOf } from '../errors'
import type { Clock, DialRecords, Log } from '../ports'
import type { DialPolicy } from '../rules/dial-policy'
import { dialRefusal, numbersCalled, numbersIn } from '../rules/gate'

export interface DialGateOptions {
  /** The policy as it is now. Throws where it cannot be read. */
  readonly policy: () => DialPolicy
  /** What earlier processes have dialled. */
  readonly records: DialRecords
  /** Called once a leg counts against a limit: were this process killed now, the next one would have to know. */
  readonly legCounted: () => void
  readonly clock: Clock
  readonly log: Log
}

const minuteMs = 60_000

export class DialGate {
  private readonly ledger = new DialLedger()
  private latest: DialPolicy | undefined
  private faults: Readonly<Record<'policy' | 'records', string>> = { policy: '', records: '' }
  /** What earlier processes have dialled is in the ledger. */
  private isLoaded = false
  private forgotAt = -Infinity
  /** When a limit was last logged, by its row. */
  private readonly loggedAt = new Map<string, number>()

  constructor(private readonly options: DialGateOptions) {}

  /** Reads what earlier processes have dialled if a limit needs it, before the first call comes. */
  loadRecords(): void {
    if (this.policyNow()?.hasLimits === true) this.load()
  }

  /**
   * Why this leg must not be made, with the cure; undefined: it may be, and from now on it counts. `from` is the virtual number whose
   * rules name the target. A target without a number costs nothing.
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

  /** The prefixes of rows of which the limit of an hour or of a day is used up now. Empty where that is not known. */
  usedUp(): ReadonlySet<string> {
    const policy = this.policyNow()
    if (policy?.hasLimits !== true || !this.load()) return new Set()
    const now = this.options.clock.now()
    const rows = policy.rows.filter((row) => this.ledger.usedUp([{ ...row, maxCalls: null }], now) !== undefined)
    return new Set(rows.map(({ prefix }) => prefix))
  }

  /** Learns how far the legs of a call have come. */
  readonly listener: CallListener = (call, transitions) => {
    for (const each of transitions) this.follow(call, each)
  }

  /** Counts what the failsafe has dialled, which is in the records now. */
  addFailsafeAttempts(attempts: readonly AttemptRecord[], from: string): void {
    if (this.isLoaded) for (const each of attempts) this.count(each, from)
  }

  /** Ends what is there no more, as a look at Asterisk has shown: `isThere` knows legs, and the calls that are gone on with. */
  endMissing(isThere: (leg: string) => boolean): void {
    const endedAt = this.options.clock.now()
    for (const { leg } of this.ledger.live()) if (!isThere(leg)) this.ledger.change(leg, { endedAt })
  }

  private follow(call: Call, each: Transition): void {
    if (each.type === 'leg') {
      if (each.to === 'gone') this.ledger.change(each.leg, { endedAt: each.at })
      // Made by the process before. What this one makes is counted before that.
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

  /** Whether what earlier processes have dialled is known. */
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

  /** What the records have is read when it is needed: until then, what they may not have yet is enough. */
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

  /** Where it cannot be read, as it was last: the plan was made by that. Undefined: it never could be. */
  private policyNow(): DialPolicy | undefined {
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
  policy: 'dial_policy cannot be read; what it last said holds',
  records: 'the records cannot be read, and so no number that has a limit is dialled'
} as const
