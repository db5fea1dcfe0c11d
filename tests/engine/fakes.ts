// Fakes for the engine's ports: a clock that is turned by hand, and a telephone system that notes what it is asked.
import { TelephonyError } from '../../src/ports'
import type {
  AsteriskSnapshot,
  CallStore,
  Clock,
  RuleStore,
  Telephony,
  TelephonyFailure,
  Journal,
  RecordedCall
} from '../../src/ports'
import type { AttemptRecord, CallRecord, ReplacementRecord } from '../../src/call/record'
import type { NumberRules, RuleBook } from '../../src/rules/rule'
import { DialGate } from '../../src/engine/dial-gate'
import { fakeLog } from '../fake-log'
import { number as numberOf, rule } from '../rules/given-numbers'
import { everyCountry } from '../rules/policies'

export class FakeClock implements Clock {
  private at = 1_700_000_000_000
  private readonly timers = new Set<{ readonly at: number; readonly callback: () => void }>()

  now(): number {
    return this.at
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.at + ms, callback }
    this.timers.add(timer)
    return () => this.timers.delete(timer)
  }

  /** Timers that run. */
  get pending(): number {
    return this.timers.size
  }

  /** Lets time pass; timers fire in order. */
  pass(ms: number): void {
    const until = this.at + ms
    while (this.fireNext(until));
    this.at = until
  }

  /** As {@link pass}, but all that follows from one timer comes before the next. */
  async passSlowly(ms: number): Promise<void> {
    const until = this.at + ms
    do await settled()
    while (this.fireNext(until))
    this.at = until
  }

  private fireNext(until: number): boolean {
    const [next] = [...this.timers].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)
    if (next === undefined) return false
    this.timers.delete(next)
    this.at = next.at
    next.callback()
    return true
  }
}

export class FakeTelephony implements Telephony {
  /** What was asked, such as `createLeg x.1.1 PJSIP/alice`. */
  readonly asked: string[] = []
  /** Fails what begins so. */
  readonly failing = new Map<string, TelephonyFailure>()
  present: AsteriskSnapshot = { legs: new Map(), bridges: new Map() }

  /** The contacts of a target that may have several. */
  readonly contacts = new Map<string, readonly string[]>()

  createLeg = (leg: string, dial: string, _aLeg?: string, how: { readonly contact?: string } = {}) =>
    this.ask(`createLeg ${leg} ${how.contact ?? dial}`)
  mayHaveSeveralContacts = async (dial: string) => this.contacts.has(dial)
  contactsOf = async (dial: string) => this.contacts.get(dial) ?? []
  dialLeg = (leg: string) => this.ask(`dialLeg ${leg}`)
  ringCaller = (aLeg: string) => this.ask(`ringCaller ${aLeg}`)
  answerCaller = (aLeg: string) => this.ask(`answerCaller ${aLeg}`)
  bridge = (bridge: string, aLeg: string, bLeg: string) => this.ask(`bridge ${bridge} ${aLeg} ${bLeg}`)
  destroyBridge = (bridge: string) => this.ask(`destroyBridge ${bridge}`)
  hangUp = (leg: string, cause: number) => this.ask(`hangUp ${leg} ${String(cause)}`)
  setLease = (aLeg: string, seconds: number) => this.ask(`setLease ${aLeg} ${String(seconds)}`)
  leaveToDialplan = (aLeg: string, { context, extension }: { context: string; extension: string }) =>
    this.ask(`leaveToDialplan ${aLeg} ${context},${extension}`)
  snapshot = async () => this.present
  eventBarrier = () => (this.isDeaf ? Promise.reject(new TelephonyError('disconnected', 'deaf')) : Promise.resolve())
  /** Nobody can say whether all was heard. */
  isDeaf = false

  private async ask(what: string): Promise<void> {
    this.asked.push(what)
    for (const [beginning, failure] of this.failing) {
      if (what.startsWith(beginning)) throw new TelephonyError(failure, what)
    }
  }
}

export class FakeCalls implements CallStore, Journal {
  readonly calls = new Map<string, RecordedCall>()
  /** Ids of calls that were closed by looking. */
  readonly lost: string[] = []

  save(call: CallRecord, attempts: readonly AttemptRecord[], replacements: readonly ReplacementRecord[] = []): void {
    this.calls.set(call.id, { call, attempts, replacements })
  }

  flush = () => Promise.resolve()

  openCalls = () => Promise.resolve([...this.calls.values()].filter(({ call }) => call.endedAt === null))

  closeLost(calls: readonly RecordedCall[]): void {
    this.lost.push(...calls.map(({ call }) => call.id))
  }

  recordUnseen(call: CallRecord): void {
    this.save(call, [])
  }
}

/** One number with one rule: steps of dials; and others with none. */
export function rulesOf(
  number: string,
  steps: readonly (readonly string[])[],
  {
    fallback = 'busy',
    others = [],
    ...limit
  }: { readonly fallback?: string; readonly others?: readonly string[] } & Partial<
    Pick<NumberRules, 'maxCalls' | 'fallbackFull'>
  > = {}
): RuleStore {
  const targets = steps.flatMap((dials, index) => dials.map((dial) => ({ step: index + 1, dial, ringSeconds: 10 })))
  const its = numberOf(number, [rule('always', targets)], { fallback, ...limit })
  const book: RuleBook = new Map([[number, its]])
  const known = [number, ...others]
  return {
    rulesFor: () => Promise.resolve(book),
    numbersAmong: (numbers) => Promise.resolve(numbers.filter((each) => known.includes(each)))
  }
}

/** Lets through all that a policy does. */
export function gateOf(policy = everyCountry): DialGate {
  const records = { attemptsSince: () => [] }
  return new DialGate({
    policy: () => policy,
    records,
    legCounted: () => undefined,
    clock: new FakeClock(),
    log: fakeLog()
  })
}

/** Lets everything that waits for a promise go on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
