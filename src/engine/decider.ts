// Reads the rules for a call that has arrived, and decides by them.
import type { Decided } from '../call/types'
import type { Clock, IncomingCall, Log, RuleStore } from '../ports'
import { decide } from '../rules/decide'
import type { BareNumbers } from '../rules/numbering/read-number'
import { reasonsOf } from '../rules/rule'
import { resolveIncoming } from './resolve-incoming'

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

  /** `incoming` comes back with its numbers in international form. Rejects if the rules cannot be read. */
  async decide(
    arrived: IncomingCall,
    callId: string
  ): Promise<{ readonly incoming: IncomingCall; readonly decided: Decided }> {
    const { rules, clock, bareNumbers } = this.options
    const { incoming, book, refusal } = await resolveIncoming(arrived, rules, bareNumbers)
    const { number, caller } = incoming
    // Take the time after reading: reading may have waited two seconds for another program.
    const { outcome, rule, plan, considered, notes } = decide(number, caller, clock.now(), book)
    for (const note of refusal === undefined ? notes : [refusal]) this.noteOnce(note, { callId, number })
    const why = { considered: reasonsOf(considered), ...(refusal !== undefined && { refusal }) }
    return { incoming, decided: { decision: outcome, rule, plan: { ...plan, ...why } } }
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
