// A call, driven against the model of Asterisk: its commands go there, and at every moment it is known which events, answers, timers
// and faults could come next. A list of choices then decides which of them does: every order is possible.
import { start, step } from '../../src/call/step'
import { timerKey } from '../../src/call/timers'
import type { Call, CallEvent, Command, Decided, Timer, Transition } from '../../src/call/types'
import { attemptRecords, callRecord, replacementRecords } from '../../src/call/cdr'
import type { HuntPlan } from '../../src/rules/hunt-plan'
import type { RecordedCall, TelephonyFailure } from '../../src/ports'
import { adopt, restore } from '../../src/call/restore'
import { AsteriskModel, type Choice, type Happening } from './asterisk-model'
import { incoming } from './given-caller'
import { faultsOf, replacementsOf } from './model-faults'

export class DrivenCall {
  readonly asterisk = new AsteriskModel()
  call: Call
  readonly events: CallEvent[] = []
  readonly commands: Command[] = []
  /** By their key. */
  readonly timers = new Map<string, Timer>()
  /** What has been recorded, as often as it was: the last of it may be lost with the process. */
  readonly journal: RecordedCall[] = []
  private ownViolation = ''
  private callerVanished = false
  private callerLeftTold = false
  /** Answers on their way to us, in the order of their lane. */
  readonly replies: Command[] = []
  private now = 1_700_000_000_000

  constructor(
    plan: HuntPlan,
    decided: Partial<Decided> = {},
    readonly mayRestart = false,
    /** By which plan a process decides anew that finds no record: the rules may have changed meanwhile. */
    private readonly nextPlan = plan
  ) {
    const [call, commands, transitions] = start(
      'call',
      incoming,
      { decision: 'rule', rule: 'always', plan, ...decided },
      { at: this.now, maxCallSeconds: 3600 }
    )
    this.call = call
    this.accept(commands, transitions)
  }

  /** What must never happen, and did. */
  get violation(): string {
    return this.ownViolation || this.asterisk.violation
  }

  /** Everything that could happen now. */
  choices(): readonly Choice[] {
    const { asterisk, timers } = this
    const alive = [...asterisk.legs].flatMap(([id, { state }]) => (state === 'gone' ? [] : [id]))
    const echoes = alive.map((id) => ({ name: `echo ${id}`, happen: () => this.tell({ type: 'legSeen', leg: id }) }))
    const due = [...timers].map(([key, timer]) => ({ name: `timer ${key}`, happen: () => this.fire(timer) }))
    return [...this.deliveries(), ...asterisk.people(), ...echoes, ...due, ...faultsOf(this), ...replacementsOf(this)]
  }

  /** What must happen sooner or later, whatever people do. */
  deliveries(): readonly Choice[] {
    const choices: Choice[] = this.nextReplies().map((command) => ({
      name: `reply ${command.type}`,
      happen: () => this.answer(command, this.carryOut(command))
    }))
    const first = this.asterisk.wire[0]
    if (first !== undefined) choices.push({ name: `event ${first.type}`, happen: () => this.deliver() })
    return choices
  }

  /** Asterisk does what the command asks; gives why it refuses, if it does. */
  carryOut(command: Command): TelephonyFailure | undefined {
    return this.asterisk.carryOut(command, this.call)
  }

  /** What is there of a call that is over, and of which no event was heard, the next look clears away. */
  sweep(): void {
    for (const event of this.asterisk.wire) {
      if (event.type !== 'callerReplaced' && event.type !== 'legReplaced') continue
      if (event.type === 'callerReplaced') this.asterisk.caller = 'gone'
      else this.asterisk.end(event.leg, 16)
      this.asterisk.replacements.replaced.clear()
    }
    // Asked to go as it ended.
    for (const each of this.replies) if (each.type === 'hangUpReplaced') this.carryOut(each)
  }

  private tellTakers(): void {
    for (const [id, { state }] of this.asterisk.legs) {
      if (state !== 'gone' && this.asterisk.replacements.isNews(this.call, id))
        this.tell(this.asterisk.replacements.found(id, state === 'up'))
    }
    if (this.asterisk.hasCaller && this.asterisk.replacements.isNews(this.call, null))
      this.tell(this.asterisk.replacements.found(null, true))
  }

  /** The events on their way are lost; then what is believed is held against what is, as src/engine/recovery does. */
  reconnect(): void {
    this.asterisk.wire.length = 0
    this.tellFound()
    this.tellTakers()
    const asked = this.replies.flatMap((each) => (each.type === 'hangUpReplaced' ? [each.leg] : []))
    this.asterisk.replacements.forgetUnheard([...this.call.dropped, ...asked])
    if (this.asterisk.caller === 'gone') this.tell({ type: 'callerLost' })
    if (this.asterisk.caller === 'left') this.tell({ type: 'callerLeft' })
    for (const { id, state } of this.call.legs) {
      const leg = this.asterisk.legs.get(id)
      if (state === 'gone') continue
      if (leg === undefined || leg.state === 'gone') this.tell({ type: 'legLost', leg: id })
      else if (this.asterisk.bridge === 'made' && this.asterisk.joined === id && this.asterisk.caller === 'up')
        this.tell({ type: 'joined', leg: id })
      else if (leg.state === 'ringing') this.tell({ type: 'legRinging', leg: id })
      else if (leg.state === 'up') this.tell({ type: 'legAnswered', leg: id })
    }
    if (this.asterisk.bridge === 'none') this.tell({ type: 'bridgeLost' })
    this.tell({ type: 'recovered' })
  }

  private tellFound(): void {
    for (const [id, { state }] of this.asterisk.legs) {
      const known = this.call.legs.some((leg) => leg.id === id && leg.state !== 'gone')
      if (state !== 'gone' && !known) this.tell({ type: 'legFound', leg: id })
    }
  }

  /** The process dies with the last records unwritten, or all (null), and every answer on its way; another one takes over. */
  restart(lost: number | null): void {
    this.replies.length = 0
    this.timers.clear()
    this.asterisk.wire.length = 0
    this.now += 5000
    const options = { at: this.now, maxCallSeconds: 3600 }
    const alive = [...this.asterisk.legs].flatMap(([id, { state }]) => (state === 'gone' ? [] : [id]))
    const entry = this.journal[Math.max(0, this.journal.length - 1 - (lost ?? 0))]
    if (entry === undefined) return
    const [call, commands, transitions] =
      lost === null
        ? adopt('call', incoming, { ...this.call, plan: this.nextPlan }, alive, options)
        : restore(entry.call, entry.attempts, { ...options, replacements: entry.replacements })
    this.call = call
    this.accept(commands, transitions)
    const recorded = new Map(lost === null ? [] : entry.attempts.map((attempt) => [attempt.leg, attempt]))
    for (const [id, { state }] of this.asterisk.legs) {
      // One that is over, and has not been dialled as far as the records tell, may be tried again.
      const before = this.asterisk.dialled.indexOf(id)
      const { dialledAt = null, ringingAt = null } = recorded.get(id) ?? {}
      if (state === 'gone' && before >= 0 && (dialledAt ?? ringingAt) === null) this.asterisk.dialled.splice(before, 1)
    }
    this.tellFound()
    for (const leg of recorded.keys()) if (!alive.includes(leg)) this.tell({ type: 'legUnmade', leg })
    this.reconnect()
    for (const [id, { state }] of this.asterisk.legs) if (state === 'seen') this.tell({ type: 'legUndialled', leg: id })
  }

  fire(timer: Timer): void {
    this.timers.delete(timerKey(timer))
    this.tell({ type: 'timer', timer })
  }

  tell(event: Happening): void {
    this.now += 7
    const stamped = { ...event, at: this.now } as CallEvent
    this.events.push(stamped)
    const [call, commands, transitions] = step(this.call, stamped)
    this.call = call
    if (
      event.type === 'failed' &&
      event.command.type === 'answerCaller' &&
      event.failure !== 'timeout' &&
      event.failure !== 'disconnected'
    ) {
      this.callerVanished = true
    }
    if (event.type === 'callerLeft') this.callerLeftTold = true
    if (this.callerVanished && commands.some(({ type }) => type === 'createLeg')) this.ownViolation = 'rang for nobody'
    if (this.callerLeftTold && commands.some(({ type }) => type === 'hangUpCaller')) {
      this.ownViolation = 'hung up a caller who was in other hands'
    }
    this.accept(commands, transitions)
  }

  private accept(commands: readonly Command[], transitions: readonly Transition[]): void {
    if (transitions.some(({ type }) => type !== 'phase' && type !== 'leg')) {
      const { call } = this
      this.journal.push({
        call: callRecord(call),
        attempts: attemptRecords(call),
        replacements: replacementRecords(call)
      })
    }
    for (const command of commands) {
      this.commands.push(command)
      const isHeard = this.commands.some(({ type }) => type === 'ringCaller' || type === 'answerCaller')
      if (command.type === 'setLease' && !command.talking && !isHeard && this.call.phase.kind === 'hunting')
        this.ownViolation = 'a caller who hears nothing was kept longer than the claim timeout'
      if (command.type === 'startTimer') this.timers.set(timerKey(command.timer), command.timer)
      else if (command.type === 'cancelTimer') this.timers.delete(timerKey(command.timer))
      else this.replies.push(command)
    }
  }

  private deliver(): void {
    const event = this.asterisk.wire.shift()
    if (event !== undefined) this.tell(event)
  }

  /** Requests about one leg go out in order, each after the answer to the one before it. */
  nextReplies(): Command[] {
    const lanes = new Map<string, Command>()
    for (const command of this.replies) {
      const lane = command.type.endsWith('Leg') && 'leg' in command ? command.leg : 'caller'
      if (!lanes.has(lane)) lanes.set(lane, command)
    }
    return [...lanes.values()]
  }

  answer(command: Command, failure: TelephonyFailure | undefined): void {
    this.replies.splice(this.replies.indexOf(command), 1)
    this.tell(failure === undefined ? { type: 'done', command } : { type: 'failed', command, failure })
  }
}
