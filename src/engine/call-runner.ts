// One call's queue of events: event → step → commands. Events are handled one at a time; those that arrive before the rules have
// been read wait until the call begins.
import { start, step } from '../call/step'
import type { Call, CallEvent, CallListener, Decided, Leg, Replacement, Turn } from '../call/types'
import { reasonOf } from '../errors'
import type { Clock, IncomingCall, Log, RecordedCall, Telephony } from '../ports'
import { currentCaller, currentLegOf } from '../call/places'
import { type CallOut, callOut, type LoopVerdict, type ReturnNotes } from '../call/loop'
import { adopt, restore } from '../call/restore'
import type { DialGate } from './dial-gate'
import { Effects } from './effects'
import type { TargetMonitor } from './target-monitor'
import { Timers } from './timers'
import type { TrunkMonitor } from './trunk-monitor'

/** A {@link CallEvent} without its time. */
export type UnstampedEvent = CallEvent extends infer E ? (E extends CallEvent ? Omit<E, 'at'> : never) : never

export interface RunnerOptions {
  readonly telephony: Telephony
  readonly gate: Pick<DialGate, 'refusalOf'>
  readonly trunks: Pick<TrunkMonitor, 'refusalOf'>
  readonly targets: Pick<TargetMonitor, 'refusalOf'>
  readonly clock: Clock
  /** Carries the call's id. */
  readonly log: Log
  readonly maxCallSeconds: number
  /** Called before anything is asked of Asterisk. */
  readonly records: CallListener
  /** Called afterwards, in order. */
  readonly listeners: readonly CallListener[]
}

export class CallRunner {
  private readonly mailbox: UnstampedEvent[] = []
  private readonly timers: Timers
  private readonly effects: Effects
  private call: Call | undefined
  private busy = false
  private stopped = false
  private wake: () => void = () => undefined
  private latestOut: { readonly of: Call; readonly out: CallOut | undefined } | undefined
  private notes: ReturnNotes = { mayHaveComeFrom: null, returns: 0, loopBy: undefined }

  constructor(
    readonly id: string,
    /** As it arrived; with its numbers in international form once the rules have been read. */
    public incoming: IncomingCall,
    private readonly options: RunnerOptions,
    /** An earlier process had it. */
    readonly isFound = false
  ) {
    const eventBarrier = (): Promise<void> => options.telephony.eventBarrier()
    this.timers = new Timers(options.clock, eventBarrier, (timer) => this.post({ type: 'timer', timer }))
    this.effects = new Effects(
      options.telephony,
      this.timers,
      options.log,
      (outcome) => this.post(outcome),
      () => this.isClosed,
      (then) => this.call ?? then,
      options.gate,
      options.trunks,
      options.targets
    )
  }

  /** How it has ended is recorded. */
  private get isClosed(): boolean {
    return this.call?.history.some(({ type }) => type === 'closed') ?? false
  }

  /** The legs that may be alive in Asterisk. */
  get legs(): readonly Leg[] {
    return this.call?.legs.filter((leg) => leg.state !== 'gone') ?? []
  }

  /** The call as far as loops are concerned; undefined: none of its legs is out through a trunk, or somebody has answered. */
  get out(): CallOut | undefined {
    const { call } = this
    if (call === undefined) return undefined
    if (this.latestOut?.of !== call) this.latestOut = { of: call, out: callOut(call, this.notes) }
    return this.latestOut.out
  }

  /** It may have come back from this call, although no header tells. */
  mayHaveComeFrom(id: string | null): void {
    this.notes = { ...this.notes, mayHaveComeFrom: id }
  }

  /** A call has come back from this one, or may have. */
  hasReturned(): void {
    this.notes = { ...this.notes, returns: this.notes.returns + 1 }
    this.latestOut = undefined
  }

  /** A call was refused because it has come back from this one. Returns whether it is the first. */
  hasLooped(by: LoopVerdict['by']): boolean {
    const { loopBy } = this.notes
    this.notes = { ...this.notes, loopBy: loopBy === 'caller' ? loopBy : by }
    this.latestOut = undefined
    return loopBy === undefined
  }

  /** The leg that has the caller's place. */
  get callerLeg(): string {
    return this.call === undefined ? this.incoming.aLeg : currentCaller(this.call)
  }

  /** The leg that has the place of this target's. */
  currentLegOf(target: string): string {
    return this.call === undefined ? target : currentLegOf(this.call, target)
  }

  /** Another leg has the place of this target's, or of the caller's (null). */
  replaced(place: string | null, replacement: Replacement): void {
    this.post(
      place === null ? { ...replacement, type: 'callerReplaced' } : { ...replacement, type: 'legReplaced', leg: place }
    )
  }

  /** The leg is one of the call's, and has not gone as far as it knows. */
  knows(leg: string): boolean {
    return this.legs.some(({ id }) => id === leg)
  }

  /** The leg that the caller talks to, as far as the call knows. */
  get partner(): string | undefined {
    return this.call?.phase.kind === 'bridged' ? this.call.phase.leg : undefined
  }

  /** The target that the caller is joined to, or is about to be. */
  get joined(): string | undefined {
    const phase = this.call?.phase
    return phase?.kind === 'bridged' || phase?.kind === 'connecting' ? phase.leg : undefined
  }

  /** How often a place in the call was taken by another leg. */
  get replacements(): number {
    return this.call?.history.filter(({ type }) => type === 'replaced').length ?? 0
  }

  /** The caller waits, and nobody has answered yet. */
  get isRinging(): boolean {
    if (this.call === undefined) return this.goneBefore === undefined
    return this.call.phase.kind === 'hunting'
  }

  /** It rings, or is about to be joined, handed over or ended: the caller would notice a restart now. */
  get isUnsettled(): boolean {
    return this.isRinging || (this.call !== undefined && !['bridged', 'ended'].includes(this.call.phase.kind))
  }

  /** It counts against its number's max_calls: the caller waits or talks in our hands, and was not turned away. */
  get hasPlace(): boolean {
    if (this.call === undefined) return this.isFound && this.goneBefore === undefined
    return this.call.reason === null && this.hasCaller
  }

  /** The caller is in the hands of this call, as far as it knows. */
  get hasCaller(): boolean {
    const kind = this.call?.phase.kind
    return kind !== 'leaving' && kind !== 'ending' && kind !== 'ended' && this.goneBefore !== 'callerLeft'
  }

  /**
   * What happened to the caller before the call began: they left Stasis alive, so the failsafe has them; they hung up; or a
   * snapshot no longer shows them. Undefined: they wait, or the call has begun.
   */
  get goneBefore(): 'callerLeft' | 'callerGone' | 'callerLost' | undefined {
    if (this.call !== undefined) return undefined
    for (const { type } of this.mailbox) {
      if (type === 'callerLeft' || type === 'callerGone' || type === 'callerLost') return type
    }
    return undefined
  }

  /** `found` are legs of the call that a process before has made, of which there is no record. */
  begin(decided: Decided, waitedMs: number, found: readonly string[] = []): void {
    if (this.stopped) return
    const { clock, maxCallSeconds } = this.options
    const goneWith = this.mailbox.find((event) => event.type === 'callerGone')?.cause
    const options = { at: clock.now(), maxCallSeconds, waitedMs, goneWith }
    this.apply(
      found.length === 0
        ? start(this.id, this.incoming, decided, options)
        : adopt(this.id, this.incoming, decided, found, options)
    )
    this.drain()
  }

  /** Resumes a call that another process began, from its records. */
  restore({ call: record, attempts, replacements }: RecordedCall): void {
    const { clock, maxCallSeconds } = this.options
    const at = clock.now()
    const turn = restore(record, attempts, { at, maxCallSeconds, replacements })
    this.options.log.info('call taken over', {
      number: record.number,
      phase: turn[0].phase.kind,
      attempts: attempts.length
    })
    this.apply(turn)
    this.drain()
  }

  /** Takes no more events and does nothing more: what is alive stays as it is in Asterisk. */
  stop(): void {
    this.stopped = true
    this.timers.cancelAll()
  }

  /** No timer decides anything until a snapshot of Asterisk has shown what was missed. */
  suspend(): void {
    this.timers.suspend()
  }

  /** All that was missed has been posted. */
  resume(): void {
    if (!this.stopped) this.timers.resume()
  }

  /** Before the call has begun: resolves when it is known whether the caller is still there, if only by the snapshot after a gap. */
  async whenCaughtUp(): Promise<void> {
    await this.options.telephony.eventBarrier().catch(() => this.untilNews())
    // Events that were lost with one connection are not sent again on the next.
    while (this.timers.isSuspended && this.goneBefore === undefined) await this.untilNews()
  }

  private async untilNews(): Promise<void> {
    if (this.goneBefore === undefined) await new Promise<void>((resolve) => (this.wake = resolve))
  }

  /** Takes an event, in order. Never throws. */
  post(event: UnstampedEvent): void {
    if (this.stopped) return
    this.mailbox.push(event)
    if (event.type === 'recovered' || this.goneBefore !== undefined) this.wake()
    if (!this.busy && this.call !== undefined) this.drain()
  }

  private drain(): void {
    this.busy = true
    for (let event = this.mailbox.shift(); event !== undefined; event = this.mailbox.shift()) this.take(event)
    this.busy = false
  }

  private take(event: UnstampedEvent): void {
    if (this.call === undefined || this.call.phase.kind === 'ended') return
    if (event.type === 'parted' && this.partner === event.leg) {
      this.options.log.warn('the bridge of a conversation is gone: joining the two again')
    }
    try {
      this.apply(step(this.call, { ...event, at: this.options.clock.now() }))
    } catch (error) {
      // A bug: this event is lost, but this call and all others continue.
      this.options.log.error('an event of the call could not be handled', {
        event: event.type,
        reason: reasonOf(error)
      })
    }
  }

  private apply([call, commands, transitions]: Turn): void {
    this.call = call
    const { records, listeners } = this.options
    // Recorded before Asterisk is asked for anything, so that the next process knows what this call intended.
    records(call, transitions)
    for (const command of commands) this.effects.run(call, command)
    // Listeners come last: no caller waits for a slow disk or terminal.
    for (const listener of listeners) listener(call, transitions)
    if (call.phase.kind === 'ended') this.timers.cancelAll()
  }
}
