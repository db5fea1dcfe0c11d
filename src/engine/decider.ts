// Reads the rules for a call that has arrived, and decides by them.
import type { Decided } from '../call/types'
import type { Clock, IncomingCall, Log, RuleStore } from '../ports'
import { decide, fullReason, type NumberLimit } from '../rules/decide'
import type { BareNumbers } from '../rules/numbering/read-number'
import { reasonsOf } from '../rules/rule'
import { resolveIncoming } from './resolve-incoming'

/** What a call gets instead while `maxCalls` others of its number are in progress. */
export interface CallLimit {
  readonly maxCalls: number
  readonly full: (calls: number) => Decided
}

export interface DecidedCall {
  /** Its numbers in international form. */
  readonly incoming: IncomingCall
  readonly decided: Decided
  /** Absent: any number of calls may be in progress, or nobody would ring anyway. */
  readonly limit?: CallLimit
}

export interface DeciderOptions {
  readonly rules: RuleStore
  readonly clock: Clock
  readonly log: Log
  readonly bareNumbers: BareNumbers
}

/** How many faults of the rules are remembered, so that each is logged once. */
const maxNoted = 10_000

export class Decider {
  private readonly noted = new Set<string>()

  constructor(private readonly options: DeciderOptions) {}

  /** Rejects if the rules cannot be read. */
  async decide(arrived: IncomingCall, callId: string): Promise<DecidedCall> {
    const { rules, clock, bareNumbers } = this.options
    const { incoming, book, refusal } = await resolveIncoming(arrived, rules, bareNumbers)
    const { number, caller } = incoming
    // Take the time after reading: reading may have waited two seconds for another program.
    const { outcome, rule, plan, limit, considered, notes } = decide(number, caller, clock.now(), book)
    for (const note of refusal === undefined ? notes : [refusal]) this.noteOnce(note, { callId, number })
    const why = { considered: reasonsOf(considered), ...(refusal !== undefined && { refusal }) }
    const decided: Decided = { decision: outcome, rule, plan: { ...plan, ...why } }
    return limit === null ? { incoming, decided } : { incoming, decided, limit: callLimit(number, limit) }
  }

  /** Logs each fault of the rules once, not once per call. */
  private noteOnce(note: string, fields: { readonly callId: string; readonly number: string }): void {
    const key = `${fields.number} ${note}`
    if (this.noted.has(key)) return
    if (this.noted.size >= maxNoted) this.noted.clear()
    this.noted.add(key)
    this.options.log.warn(note, fields)
  }
}

function callLimit(number: string, { maxCalls, plan }: NumberLimit): CallLimit {
  return {
    maxCalls,
    full: (calls) => ({
      decision: 'fallback',
      rule: null,
      plan: { ...plan, considered: [] },
      reason: fullReason(number, calls, maxCalls)
    })
  }
}
