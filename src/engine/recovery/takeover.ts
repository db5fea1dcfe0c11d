// Takes over the open calls of an earlier process: those in the records, and callers in Asterisk who have no record.
import { reasonOf } from '../../errors'
import { bridgeIdOf, callIdOf, isLegId } from '../../call/ids'
import { finalFallback } from '../../rules/number'
import type { AsteriskSnapshot, IncomingCall, Journal, Log, RecordedCall } from '../../ports'
import type { CallRegistry } from '../call-registry'
import { fallbackContext } from '../fallback-targets'
import type { CallRunner } from '../call-runner'

export interface Unrecorded {
  readonly callId: string
  readonly incoming: IncomingCall
  readonly legs: readonly string[]
}

export class Takeover {
  /** Null: not read yet. */
  private openCalls: Map<CallRunner, RecordedCall> | null = null
  private done = false
  private fault = ''
  private unclaimedCallers: ReadonlySet<string> = new Set()

  constructor(
    private readonly journal: Journal,
    private readonly registry: CallRegistry,
    private readonly register: (callId: string, incoming: IncomingCall) => CallRunner,
    private readonly log: Log
  ) {}

  /** Registers the open calls, once, before Asterisk is asked: events about them that arrive meanwhile are kept for them. */
  async read(): Promise<void> {
    if (this.openCalls !== null) return
    try {
      const open = await this.journal.openCalls()
      this.openCalls = new Map()
      for (const recorded of open) {
        const { id, aLeg, number, callerNumber, callerName } = recorded.call
        if (this.registry.hasSeen(id)) continue
        const runner = this.register(id, { aLeg, number, caller: { number: callerNumber, name: callerName } })
        for (const { before, leg } of replacing(recorded)) this.registry.replace(before, leg)
        this.openCalls.set(runner, recorded)
      }
    } catch (error) {
      const reason = reasonOf(error)
      if (reason !== this.fault) this.log.warn(`the calls of an earlier run cannot be read yet: ${reason}`)
      this.fault = reason
    }
  }

  /** Every call that could be taken over has been. */
  get isDone(): boolean {
    return this.done
  }

  /** Calls whose caller still waits or talks go on; the records of the others are closed. Returns those that go on. */
  takeOver(snapshot: AsteriskSnapshot): ReadonlySet<CallRunner> {
    const taken = new Set<CallRunner>()
    const over: RecordedCall[] = []
    for (const [runner, recorded] of this.openCalls ?? []) {
      if (hasCaller(recorded, snapshot)) {
        if (this.resumes(runner, recorded, snapshot)) taken.add(runner)
      } else {
        this.remove(runner, recorded, snapshot)
        over.push(asFound(recorded, snapshot))
      }
    }
    this.openCalls?.clear()
    this.done = this.openCalls !== null
    if (over.length > 0) this.journal.closeLost(over)
    return taken
  }

  /**
   * Callers who wait in Stasis without a record, although legs were made for them: the previous process died in the first moments of
   * the call. By the call's id, with its legs.
   */
  unrecorded({ legs, bridges }: AsteriskSnapshot): readonly Unrecorded[] {
    const found = new Map<string, Unrecorded & { legs: string[] }>()
    if (!this.done) return []
    for (const [leg, { ringsFor }] of legs) {
      const incoming = ringsFor === undefined || !isLegId(leg) ? undefined : legs.get(ringsFor)?.incoming
      const callId = callIdOf(leg)
      if (incoming === undefined || this.registry.hasSeen(callId) || this.registry.hasSeen(incoming.aLeg)) continue
      // Leave a conversation alone: a new decision might differ from the one that connected them.
      if (bridges.get(bridgeIdOf(callId))?.members.includes(incoming.aLeg) === true) continue
      const call = found.get(callId) ?? { callId, incoming, legs: [] }
      call.legs.push(leg)
      found.set(callId, call)
    }
    return [...found.values()]
  }

  /** Replaced legs that the previous process did not hang up: they must not be taken for new callers. */
  private remove(runner: CallRunner, recorded: RecordedCall, { legs }: AsteriskSnapshot): void {
    this.registry.remove(runner)
    for (const { before } of replacing(recorded)) if (legs.has(before)) this.registry.keepReplaced(runner, before)
  }

  /** An invalid record must not stop the others: its caller is claimed as a new call. */
  private resumes(runner: CallRunner, recorded: RecordedCall, snapshot: AsteriskSnapshot): boolean {
    try {
      runner.restore(recorded)
      return true
    } catch (error) {
      this.remove(runner, recorded, snapshot)
      this.log.warn('a call cannot be taken over from its records', { callId: runner.id, reason: reasonOf(error) })
      return false
    }
  }

  /**
   * Callers who wait in Stasis and belong to no call: their arrival was not recorded, or its event was lost. The event of a caller
   * who has just arrived may still be on its way, so only callers who were already waiting in the previous snapshot count.
   */
  unclaimed({ legs, bridges }: AsteriskSnapshot): readonly IncomingCall[] {
    const joined = new Set([...bridges.values()].flatMap(({ members }) => members))
    const waiting = [...legs.values()].flatMap(({ incoming, controlled }) =>
      controlled && incoming !== undefined ? [incoming] : []
    )
    const unclaimed = waiting.filter(
      ({ aLeg }) => !this.registry.hasSeen(aLeg) && !this.registry.isReplaced(aLeg) && !joined.has(aLeg)
    )
    const before = this.unclaimedCallers
    this.unclaimedCallers = new Set(unclaimed.map(({ aLeg }) => aLeg))
    return unclaimed.filter(({ aLeg }) => before.has(aLeg))
  }

  /** A caller may belong to no call; the next snapshot decides. */
  get isUnsure(): boolean {
    return this.unclaimedCallers.size > 0
  }

  /** Leaves what was not taken over to the next process. */
  leave(): void {
    for (const runner of this.openCalls?.keys() ?? []) this.registry.remove(runner)
    this.openCalls?.clear()
  }
}

/** The replacements of a call, each with the leg that had the place before. */
function replacing({ call, replacements }: RecordedCall): readonly { readonly before: string; readonly leg: string }[] {
  const current = new Map<string | null, string>()
  return replacements.map(({ place, leg }) => {
    const before = current.get(place) ?? place ?? call.aLeg
    current.set(place, leg)
    return { before, leg }
  })
}

/** The caller waits or talks in our hands, or somebody else who has taken their place: two are in the bridge. */
function hasCaller({ call, replacements }: RecordedCall, { legs, bridges }: AsteriskSnapshot): boolean {
  const caller = replacements.findLast(({ place }) => place === null)?.leg ?? call.aLeg
  if (legs.get(caller)?.controlled === true) return true
  return (bridges.get(bridgeIdOf(call.id))?.members.length ?? 0) >= 2
}

/** A caller who is in the dialplan of their fallback was sent there, even if it was not recorded any more. */
function asFound(recorded: RecordedCall, { legs }: AsteriskSnapshot): RecordedCall {
  const { call } = recorded
  const at = legs.get(call.aLeg)?.at
  const isGiven = at?.context === fallbackContext && at.extension === finalFallback(call.plan.fallback).kind
  if (call.fallback !== null || !isGiven) return recorded
  return { ...recorded, call: { ...call, fallback: call.plan.fallback } }
}
