// Calls that an earlier process had in hand when it died: read from their records, and taken over once Asterisk was seen.
import { reasonOf } from '../../errors'
import { bridgeOf, callOf } from '../../call/ids'
import { finalFallback } from '../../rules/number'
import type { Alive, IncomingCall, Journal, Log, RecordedCall } from '../../ports'
import type { CallRegistry } from '../call-registry'
import { fallbackContext } from '../dialplan'
import type { CallRunner } from '../call-runner'

export interface Unrecorded {
  readonly callId: string
  readonly incoming: IncomingCall
  readonly legs: readonly string[]
}

export class Inheritance {
  /** Null: not read yet. */
  private inherited: Map<CallRunner, RecordedCall> | null = null
  private looked = false
  private fault = ''
  private strangers: ReadonlySet<string> = new Set()

  constructor(
    private readonly journal: Journal,
    private readonly registry: CallRegistry,
    private readonly register: (callId: string, incoming: IncomingCall) => CallRunner,
    private readonly log: Log
  ) {}

  /** Registers the open calls, once: before Asterisk is asked, so that what happens to them meanwhile is kept for them. */
  async read(): Promise<void> {
    if (this.inherited !== null) return
    try {
      const open = await this.journal.openCalls()
      this.inherited = new Map()
      for (const recorded of open) {
        const { id, aLeg, number, callerNumber, callerName } = recorded.call
        if (this.registry.had(id)) continue
        const runner = this.register(id, { aLeg, number, caller: { number: callerNumber, name: callerName } })
        this.inherited.set(runner, recorded)
      }
    } catch (error) {
      const reason = reasonOf(error)
      if (reason !== this.fault) this.log.warn(`the calls of an earlier run cannot be read yet: ${reason}`)
      this.fault = reason
    }
  }

  /** Asterisk was looked at, and every call that could be taken over has been. */
  get hasLooked(): boolean {
    return this.looked
  }

  /** Calls whose caller still waits or talks go on; the records of the others are closed. Returns those that go on. */
  takeOver(alive: Alive): ReadonlySet<CallRunner> {
    const taken = new Set<CallRunner>()
    const over: RecordedCall[] = []
    for (const [runner, recorded] of this.inherited ?? []) {
      if (alive.legs.get(recorded.call.aLeg)?.held === true) {
        if (this.resumes(runner, recorded)) taken.add(runner)
      } else {
        this.registry.remove(runner)
        over.push(asFound(recorded, alive))
      }
    }
    this.inherited?.clear()
    this.looked = this.inherited !== null
    if (over.length > 0) this.journal.closeLost(over)
    return taken
  }

  /**
   * Callers who wait in our hands, of whom there is no record, and for whom something was made already: the process before
   * died in the very first moments of the call. By the call's id, with its legs.
   */
  unrecorded({ legs, bridges }: Alive): readonly Unrecorded[] {
    const found = new Map<string, Unrecorded & { legs: string[] }>()
    if (!this.looked) return []
    for (const [leg, { ringsFor }] of legs) {
      const incoming = ringsFor === undefined ? undefined : legs.get(ringsFor)?.incoming
      const callId = callOf(leg)
      if (incoming === undefined || this.registry.had(callId) || this.registry.had(incoming.aLeg)) continue
      // Two who talk are left to talk: what would be decided about them now is not what was.
      if (bridges.get(bridgeOf(callId))?.members.includes(incoming.aLeg) === true) continue
      const call = found.get(callId) ?? { callId, incoming, legs: [] }
      call.legs.push(leg)
      found.set(callId, call)
    }
    return [...found.values()]
  }

  /** One record that means nothing must not keep the others waiting: its caller is taken anew. */
  private resumes(runner: CallRunner, recorded: RecordedCall): boolean {
    try {
      runner.resume(recorded)
      return true
    } catch (error) {
      this.registry.remove(runner)
      this.log.warn('a call cannot be taken over from its records', { callId: runner.id, reason: reasonOf(error) })
      return false
    }
  }

  /**
   * Callers who wait in our hands and belong to no call, since not even their arrival was recorded, or its event was lost.
   * The event of one who has just come may still be on its way, so only those count who waited at the last look, too.
   */
  forgotten({ legs, bridges }: Alive): readonly IncomingCall[] {
    const joined = new Set([...bridges.values()].flatMap(({ members }) => members))
    const waiting = [...legs.values()].flatMap(({ incoming, held }) =>
      held && incoming !== undefined ? [incoming] : []
    )
    const strangers = waiting.filter(({ aLeg }) => !this.registry.had(aLeg) && !joined.has(aLeg))
    const before = this.strangers
    this.strangers = new Set(strangers.map(({ aLeg }) => aLeg))
    return strangers.filter(({ aLeg }) => before.has(aLeg))
  }

  /** Somebody may be forgotten: the next look tells. */
  get isUnsure(): boolean {
    return this.strangers.size > 0
  }

  /** Leaves what was not taken over to the next process. */
  leave(): void {
    for (const runner of this.inherited?.keys() ?? []) this.registry.remove(runner)
    this.inherited?.clear()
  }
}

/** A caller who is where their fallback is carried out was given it, though the records were not told any more. */
function asFound(recorded: RecordedCall, { legs }: Alive): RecordedCall {
  const { call } = recorded
  const at = legs.get(call.aLeg)?.at
  const isGiven = at?.context === fallbackContext && at.extension === finalFallback(call.plan.fallback).kind
  if (call.fallback !== null || !isGiven) return recorded
  return { ...recorded, call: { ...call, fallback: call.plan.fallback } }
}
