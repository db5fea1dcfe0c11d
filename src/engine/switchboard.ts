// Takes what Asterisk reports: claims the calls that arrive, and hands every other event to the call it belongs to.
import { unseenRecord } from '../call/cdr'
import type { Call, CallListener, Decided } from '../call/types'
import { reasonOf } from '../errors'
import type {
  AsteriskSnapshot,
  CallStore,
  Clock,
  IncomingCall,
  Journal,
  Log,
  RuleStore,
  Telephony,
  TelephonyEvent
} from '../ports'
import type { BareNumbers } from '../rules/numbering/read-number'
import { CallRegistry } from './call-registry'
import { CallRunner, type RunnerOptions } from './call-runner'
import { type DecidedCall, Decider } from './decider'
import type { DialGate } from './dial-gate'
import { Handover } from './handover'
import { logListener, recordListener } from './listeners'
import { LoopGuard } from './loop-guard'
import { type Meanings, postToPlace } from './place-events'
import { Reconciler } from './recovery/reconciler'
import { Takeover } from './recovery/takeover'
import type { TargetMonitor } from './target-monitor'
import type { TrunkMonitor } from './trunk-monitor'

export interface SwitchboardOptions {
  readonly telephony: Telephony
  /** Asked again before each leg. */
  readonly gate: DialGate
  readonly trunks: TrunkMonitor
  readonly targets: TargetMonitor
  readonly rules: RuleStore
  readonly calls: CallStore
  readonly clock: Clock
  readonly log: Log
  /** A logger whose lines carry the call's id. */
  readonly callLog: (callId: string) => Log
  /** Makes a call id, without a dot. It is called again if a live call already has that id. */
  readonly newCallId: () => string
  readonly maxCallSeconds: number
  /** The name of this server, for the records. */
  readonly server: string
  readonly bareNumbers: BareNumbers
  /** What earlier processes have recorded. */
  readonly journal: Journal
  /** Called with everything that happens to a call, after its log. */
  readonly listeners?: readonly CallListener[]
}

/** If the event of an incoming call is older than this, wait for later events before claiming the call. */
const staleMs = 1000
export class Switchboard {
  private readonly registry = new CallRegistry()
  private draining = false
  private endDrain: () => void = () => undefined
  private stopped = false
  private readonly decider: Decider
  private readonly loops: LoopGuard
  private readonly handover: Handover
  private readonly takeover: Takeover
  private readonly reconciler: Reconciler

  constructor(private readonly options: SwitchboardOptions) {
    const { journal, log } = options
    this.decider = new Decider(options)
    this.loops = new LoopGuard(this.registry, options.clock, log)
    this.handover = new Handover(options.telephony, log)
    this.takeover = new Takeover(journal, this.registry, (id, incoming) => this.register(id, incoming, true), log)
    this.reconciler = new Reconciler({
      ...options,
      registry: this.registry,
      takeover: this.takeover,
      takeOver: (snapshot) => this.takeOver(snapshot),
      claim: (incoming) => this.claim(incoming, this.longAgo())
    })
  }

  /** Calls in progress. */
  get liveCalls(): number {
    return this.registry.size
  }

  /** How many calls were left to the failsafe: those that could not be taken, and those that still rang at a shutdown. */
  get declined(): number {
    return this.handover.declined
  }

  get isDraining(): boolean {
    return this.draining
  }

  /** Takes one event. Never throws and never waits. */
  handle(event: TelephonyEvent): void {
    switch (event.type) {
      case 'incoming':
        // Reported twice: the caller's call continues.
        if (this.registry.callerOf(event.call.aLeg)?.hasCaller === true) return
        return this.claim(event.call, event.at ?? this.options.clock.now())
      case 'connected':
        return this.reconciler.reconcileNow()
      case 'disconnected':
        for (const runner of this.registry.all()) runner.suspend()
        return this.reconciler.pause()
      case 'legHangingUp':
        // The most reliable sign that a caller has gone: the last event may never come if they go before the first request.
        this.registry.legEnded(event.leg)
        return this.route(event.leg, {
          asCaller: { type: 'callerGone', cause: event.cause },
          asReplacement: event.cause
        })
      case 'legGone': {
        const { leg, cause } = event
        this.registry.legEnded(leg)
        if (this.reconciler.watches(leg)) this.reconciler.reconcileNow()
        return this.route(leg, { asCaller: { type: 'callerGone', cause }, asTarget: event })
      }
      case 'legLeft':
        this.registry.legEnded(event.leg)
        if (this.reconciler.watches(event.leg)) this.reconciler.reconcileNow()
        return this.route(event.leg, { asCaller: { type: 'callerLeft' }, asReplacement: 0 })
      case 'legReplaced':
        return this.replaced(event)
      case 'legSeen':
        // Before the first snapshot, nobody knows which call the leg belongs to.
        if (this.takeover.isDone && !this.registry.isKnown(event.leg)) void this.handover.clearAway(event.leg)
        return this.route(event.leg, { asTarget: event })
      case 'legAnswered':
        return this.route(event.leg, { asCaller: { type: 'callerUp' }, asTarget: event })
      case 'legRinging':
        return this.route(event.leg, { asTarget: event })
    }
  }

  /** Cancels everything that was planned; calls in progress stay up in Asterisk. */
  stop(): void {
    this.stopped = true
    this.endDrain()
    this.reconciler.stop()
    for (const runner of this.registry.all()) runner.stop()
  }

  /**
   * Claims no more calls, and waits until none of them rings or is between ringing and talking: at most `limitMs`. The callers
   * of those that still ring are then left to the failsafe; all others stay as they are in Asterisk. Resolves with the number of calls that were still ringing.
   */
  async drain(limitMs: number): Promise<number> {
    this.draining = true
    this.takeover.leave()
    const isSettled = (): boolean => !this.registry.all().some((runner) => runner.isUnsettled)
    let cancel = (): void => undefined
    const limit = new Promise<void>((resolve) => {
      this.endDrain = resolve
      cancel = this.options.clock.after(limitMs, resolve)
    })
    await Promise.race([this.registry.until(isSettled), limit])
    cancel()
    // Stopped meanwhile: the calls are left to the next process as they are.
    if (this.stopped) return 0
    const late = this.registry.all().filter((runner) => runner.isRinging)
    await Promise.all(late.map((runner) => this.handover.letGo(runner)))
    return late.length
  }

  private route(leg: string, meanings: Meanings): void {
    postToPlace(this.registry, leg, meanings)
  }

  /** If no call has the leg, the next snapshot shows who is left. */
  private replaced({ leg, ...replacement }: Extract<TelephonyEvent, { type: 'legReplaced' }>): void {
    const place = this.registry.placeOf(leg)
    if (place === undefined) return this.reconciler.reconcileNow()
    this.registry.replace(leg, replacement.by)
    place.runner.replaced(place.leg, replacement)
  }

  /** `at`: when they came, by Asterisk's clock. */
  private claim(incoming: IncomingCall, at: number): void {
    if (this.draining) return void this.handover.decline(incoming, 'shutting down')
    // Registered before the rules are read, so that a hang-up meanwhile is noticed.
    const runner = this.register(this.newCallId(), incoming)
    const waitedMs = Math.abs(this.options.clock.now() - at)
    void (waitedMs > staleMs ? this.beginLate(runner, at) : this.begin(runner, at))
  }

  /** Two calls with one id would share legs and record. */
  private newCallId(): string {
    for (;;) {
      const id = this.options.newCallId()
      if (!this.registry.hasSeen(id)) return id
    }
  }

  /** The event loop was blocked, or the clocks differ: the failsafe may already have the caller, and must keep them. */
  private async beginLate(runner: CallRunner, at: number): Promise<void> {
    await runner.whenCaughtUp()
    await this.begin(runner, at)
  }

  /** `found` are legs that the process before has made for the caller. */
  private async begin(runner: CallRunner, at: number, found: readonly string[] = []): Promise<void> {
    const { clock, journal, server } = this.options
    const { id } = runner
    try {
      const answer = await this.decider.decide(runner.incoming, id)
      const { incoming } = answer
      if (answer.limit !== undefined || incoming.returned !== undefined) await this.reconciler.untilCurrent()
      runner.incoming = incoming
      if (this.stopped) return
      const gone = found.length === 0 ? runner.goneBefore : undefined
      if (gone === 'callerLost') {
        const seen = { cameAt: at, goneAt: clock.now(), server }
        journal.recordUnseen(unseenRecord(id, incoming, answer.decided, seen))
      }
      // Callers who have left are with the failsafe, which records them itself.
      if (gone === 'callerLost' || gone === 'callerLeft') this.registry.remove(runner)
      else runner.begin(this.admitted(runner, answer), Math.abs(clock.now() - at), found)
    } catch (error) {
      this.registry.remove(runner)
      await this.handover.decline(runner.incoming, `the call could not be started: ${reasonOf(error)}`)
    }
  }

  /**
   * What the call does, given the others that are in progress. It must begin in the same turn of the event loop: of two that arrive
   * at once, the second then sees the first.
   */
  private admitted(runner: CallRunner, { incoming, decided, limit }: DecidedCall): Decided {
    if (runner.isFound || runner.goneBefore !== undefined) return decided
    const judged = this.loops.judge(runner, decided)
    if (limit === undefined || judged.decision === 'loop') return judged
    const calls = this.registry.callsOf(incoming.number)
    return calls < limit.maxCalls ? judged : limit.full(calls)
  }

  /** Resumes the calls of earlier processes, recorded or not. */
  private takeOver(snapshot: AsteriskSnapshot): ReadonlySet<CallRunner> {
    const taken = new Set(this.takeover.takeOver(snapshot))
    if (this.takeover.isDone) this.forgetGone(snapshot)
    if (this.draining) return taken
    for (const { callId, incoming, legs } of this.takeover.unrecorded(snapshot)) {
      const runner = this.register(callId, incoming, true)
      taken.add(runner)
      void this.begin(runner, this.longAgo(), legs)
    }
    return taken
  }

  /** Ends, in the gate, the legs of calls that could not be continued. */
  private forgetGone({ legs }: AsteriskSnapshot): void {
    this.options.gate.endMissing((leg) => legs.has(leg) || this.registry.makerOf(leg) !== undefined)
  }

  /** The time of arrival for callers who were found in a snapshot. */
  private longAgo(): number {
    return this.options.clock.now() - staleMs - 1
  }

  private register(id: string, incoming: IncomingCall, isFound = false): CallRunner {
    const { options, registry } = this
    const log = options.callLog(id)
    const runnerOptions: RunnerOptions = {
      telephony: options.telephony,
      gate: options.gate,
      trunks: options.trunks,
      targets: options.targets,
      clock: options.clock,
      log,
      maxCallSeconds: options.maxCallSeconds,
      records: recordListener(options.calls, options.server),
      listeners: [
        (call) => this.moved(runner, call),
        options.gate.listener,
        options.trunks.listener,
        options.targets.listener,
        logListener(log),
        ...(options.listeners ?? [])
      ]
    }
    const runner: CallRunner = new CallRunner(id, incoming, runnerOptions, isFound)
    registry.add(runner)
    return runner
  }

  private moved(runner: CallRunner, { phase }: Call): void {
    if (phase.kind === 'ended') this.registry.end(runner)
    else this.registry.moved(runner, phase.kind)
  }
}
