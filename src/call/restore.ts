// A call put together again from its records, after the process that had it in hand has died. To the call this is no more
// than a long gap in the connection: what it missed is told to it afterwards, as after any gap. PURE.
import { start } from './call'
import type { Call, Command, Decided, Leg, Transition } from './call-state'
import { Cause } from './cause'
import { callRecord } from './cdr'
import { AppError } from '../errors'
import { FoundLegs } from './found-legs'
import type { IncomingCall } from '../ports'
import { type AttemptRecord, type CallRecord, unreadablePlan } from './record'

/**
 * An open call as it stood when its records were last written, and what to ask for at once. The last moments before the
 * death may be missing from them: they come back with what Asterisk is seen to have, whose ids name call, step and target.
 * Throws `invalid` where the plan is needed and cannot be read: to give up who rings would be worse than to decide anew.
 */
export function restore(
  record: CallRecord,
  attempts: readonly AttemptRecord[],
  options: { readonly at: number; readonly maxCallSeconds: number }
): [Call, readonly Command[]] {
  if (record.plan === unreadablePlan && record.answeredAt === null && record.fallback === null) {
    throw new AppError('invalid', 'its plan cannot be read')
  }
  const restoration = new Restoration(recorded(record, attempts, options.maxCallSeconds), options.at)
  restoration.goOn(record, attempts)
  return restoration.result()
}

/**
 * A call that the process before had only just begun, so that nothing of it is in the records, and that has legs in
 * Asterisk already: what was decided is decided anew, what rings goes on ringing.
 */
export function adopt(
  id: string,
  incoming: IncomingCall,
  decided: Decided,
  found: readonly string[],
  options: { readonly at: number; readonly maxCallSeconds: number }
): [Call, readonly Command[]] {
  const [begun] = start(id, incoming, decided, options)
  const arrived = callRecord({ ...begun, history: begun.history.filter(({ type }) => type === 'arrived') })
  const restoration = new Restoration(recorded(arrived, [], options.maxCallSeconds), options.at)
  restoration.goOnWith(found)
  return restoration.result()
}

function recorded(record: CallRecord, attempts: readonly AttemptRecord[], maxCallSeconds: number): Call {
  return {
    id: record.id,
    incoming: {
      aLeg: record.aLeg,
      number: record.number,
      caller: { number: record.callerNumber, name: record.callerName }
    },
    decision: record.decision,
    rule: record.rule,
    plan: record.plan,
    maxCallSeconds,
    phase: { kind: 'hunting', step: Math.max(0, ...attempts.map(({ step }) => step)) },
    ringback: false,
    callerUpAt: null,
    legs: attempts.map((attempt) => legOf(attempt, record)),
    bridge: 'none',
    lease: null,
    // What the last moments told the dialplan may not be in the records.
    talked: true,
    closing: null,
    unsent: [],
    history: historyOf(record, attempts)
  }
}

class Restoration extends FoundLegs {
  goOn(record: CallRecord, attempts: readonly AttemptRecord[]): void {
    const answered = this.legs.findLast(({ state }) => state === 'answered')
    if (record.answeredAt !== null) return this.goOnTalking(record.answeredAt, answered)
    if (record.fallback !== null) return this.giveFallback()
    if (answered !== undefined) return this.goOnConnecting(answered)
    if (this.call.phase.kind === 'hunting' && this.call.phase.step === 0) return this.ringFirst(Infinity)
    this.goOnRinging(attempts)
  }

  goOnWith(found: readonly string[]): void {
    for (const leg of found) this.legFound(leg)
    if (this.call.phase.kind === 'hunting' && this.call.phase.step === 0) return this.ringFirst(Infinity)
    this.ringCaller()
  }

  private goOnTalking(since: number, partner: Leg | undefined): void {
    this.call = { ...this.call, bridge: 'made' }
    if (partner === undefined) return this.hangUpCaller('answered', 'target', Cause.normalClearing)
    this.phase({ kind: 'bridged', leg: partner.id })
    const left = this.call.maxCallSeconds - Math.floor((this.at - since) / 1000)
    this.setLease({ seconds: Math.max(1, left), talking: true })
  }

  /** Whether the caller was answered and the two joined nobody knows: doing it again does no harm. */
  private goOnConnecting(partner: Leg): void {
    this.phase({ kind: 'connecting', leg: partner.id, asked: 1 })
    this.call = { ...this.call, bridge: 'made', unsent: [{ type: 'answerCaller' }] }
    this.leaseWhileJoining()
  }

  private goOnRinging(attempts: readonly AttemptRecord[]): void {
    for (const leg of this.legs) {
      const attempt = attempts.find((each) => each.leg === leg.id)
      if (attempt === undefined || leg.state === 'gone') continue
      const left = Math.max(0, attempt.startedAt + leg.ringSeconds * 1000 - this.at)
      this.commands.push({ type: 'startTimer', timer: `ring:${leg.id}`, ms: left })
    }
    // Whether the caller hears it already nobody knows: ringing them again does no harm.
    this.ringCaller()
    this.advance()
  }
}

function legOf(attempt: AttemptRecord, { plan }: CallRecord): Leg {
  const { leg, step, target, dial } = attempt
  const planned = plan.steps[step - 1]?.targets[target - 1]
  return {
    id: leg,
    step,
    target,
    dial,
    ringSeconds: planned?.ringSeconds ?? 0,
    state: stateOf(attempt),
    endCause: null
  }
}

// A leg was dialled a moment after it was made, as a rule; one that was not is given up when its time to ring is over.
function stateOf({ ringingAt, answeredAt, endedAt }: AttemptRecord): Leg['state'] {
  if (endedAt !== null) return 'gone'
  if (answeredAt !== null) return 'answered'
  return ringingAt === null ? 'dialling' : 'ringing'
}

/** What cdr.ts would fold into the same records again. */
function historyOf(record: CallRecord, attempts: readonly AttemptRecord[]): Transition[] {
  const history: Transition[] = []
  for (const { leg, startedAt, ringingAt, answeredAt, endedAt, outcome, cause, sipCode } of attempts) {
    history.push({ at: startedAt, type: 'attempt', leg })
    if (ringingAt !== null) history.push({ at: ringingAt, type: 'ringing', leg })
    if (answeredAt !== null) history.push({ at: answeredAt, type: 'answered', leg })
    if (endedAt === null || outcome === null) continue
    history.push({ at: endedAt, type: 'attempt-ended', leg, outcome, cause: cause ?? 0, sipCode: sipCode ?? undefined })
  }
  const partner = attempts.findLast(({ answeredAt }) => answeredAt !== null)
  if (record.answeredAt !== null && partner !== undefined) {
    history.push({ at: record.answeredAt, type: 'connected', leg: partner.leg })
  }
  history.sort((one, other) => one.at - other.at)
  if (record.fallback !== null) {
    history.push({ at: history.at(-1)?.at ?? record.startedAt, type: 'fallback', fallback: record.fallback })
  }
  return [{ at: record.startedAt, type: 'arrived' }, ...history]
}
