// A small model of Asterisk for the state machine's property tests: it takes commands, and at every moment knows which
// events could come next. A list of choices then decides which of them does: every order is possible.
import { start, step } from '../../src/call/step'
import { timerKey } from '../../src/call/timers'
import type { Call, CallEvent, Command, Decided, Timer, Transition } from '../../src/call/types'
import { attemptRecords, callRecord, replacementRecords } from '../../src/call/cdr'
import type { HuntPlan } from '../../src/rules/hunt-plan'
import type { RecordedCall, TelephonyFailure } from '../../src/ports'
import { adopt, restore } from '../../src/call/restore'
import { incoming } from './given-caller'
import { faultsOf, replacementsOf } from './model-faults'
import { ReplacementModel } from './replacement-model'

export { incoming } from './given-caller'

type Happening = CallEvent extends infer E ? (E extends CallEvent ? Omit<E, 'at'> : never) : never

interface ModelLeg {
  state: 'made' | 'seen' | 'dialled' | 'ringing' | 'up' | 'gone'
}

export interface Choice {
  readonly name: string
  readonly happen: () => void
}

/** Causes a target may end with before it is answered. */
const refusals = [1, 17, 19, 20, 21, 27, 34, 127]

export class AsteriskModel {
  call: Call
  readonly events: CallEvent[] = []
  readonly commands: Command[] = []
  readonly legs = new Map<string, ModelLeg>()
  /** By their key. */
  readonly timers = new Map<string, Timer>()
  /** Legs that have been made to ring, in order. */
  readonly dialled: string[] = []
  caller: 'waiting' | 'up' | 'left' | 'gone' = 'waiting'
  readonly replacements = new ReplacementModel()
  bridge: 'none' | 'made' = 'none'
  /** The leg that the caller has been joined to in the bridge. */
  private joined = ''
  /** What has been recorded, as often as it was: the last of it may be lost with the process. */
  readonly journal: RecordedCall[] = []
  /** What must never happen, and did. */
  violation = ''
  private callerVanished = false
  private callerLeftTold = false
  /** Answers on their way to us, in the order of their lane. */
  readonly replies: Command[] = []
  /** Events on their way to us; Asterisk sends the events of one leg in order. */
  readonly wire: Happening[] = []
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

  /** Everything that could happen now. */
  choices(): readonly Choice[] {
    return [...this.deliveries(), ...this.peopleAndTimers(), ...faultsOf(this), ...replacementsOf(this)]
  }

  /** What must happen sooner or later, whatever people do. */
  deliveries(): readonly Choice[] {
    const choices: Choice[] = this.nextReplies().map((command) => ({
      name: `reply ${command.type}`,
      happen: () => this.answer(command, this.carryOut(command))
    }))
    const first = this.wire[0]
    if (first !== undefined) choices.push({ name: `event ${first.type}`, happen: () => this.deliver() })
    return choices
  }

  private peopleAndTimers(): Choice[] {
    const choices: Choice[] = []
    const add = (name: string, happen: () => void): void => void choices.push({ name, happen })
    for (const [id, leg] of this.legs) {
      if (leg.state === 'dialled') add(`ring ${id}`, () => this.move(id, 'ringing', { type: 'legRinging', leg: id }))
      if (leg.state === 'dialled' || leg.state === 'ringing') {
        add(`answer ${id}`, () => this.move(id, 'up', { type: 'legAnswered', leg: id }))
        for (const cause of refusals) add(`refuse ${id} ${cause}`, () => this.end(id, cause))
      }
      if (leg.state === 'up') add(`target hangs up ${id}`, () => this.end(id, 16))
      if (leg.state !== 'gone') add(`echo ${id}`, () => this.tell({ type: 'legSeen', leg: id }))
    }
    for (const [key, timer] of this.timers) add(`timer ${key}`, () => this.fire(timer))
    if (this.caller === 'waiting' || this.caller === 'up') {
      add('caller hangs up', () => this.callerEnds(16))
      add('dialplan takes the caller', () => {
        this.caller = 'left'
        this.wire.push({ type: 'callerLeft' })
      })
    }
    return choices
  }

  /** What is there of a call that is over, and of which no event was heard, the next look clears away. */
  sweep(): void {
    for (const event of this.wire) {
      if (event.type !== 'callerReplaced' && event.type !== 'legReplaced') continue
      if (event.type === 'callerReplaced') this.caller = 'gone'
      else this.end(event.leg, 16)
      this.replacements.replaced.clear()
    }
    // Asked to go as it ended.
    for (const each of this.replies) if (each.type === 'hangUpReplaced') this.carryOut(each)
  }

  private tellTakers(): void {
    for (const [id, { state }] of this.legs) {
      if (state !== 'gone' && this.replacements.isNews(this.call, id))
        this.tell(this.replacements.found(id, state === 'up'))
    }
    const isHere = this.caller === 'waiting' || this.caller === 'up'
    if (isHere && this.replacements.isNews(this.call, null)) this.tell(this.replacements.found(null, true))
  }

  /** The events on their way are lost; then what is believed is held against what is, as recovery.ts does. */
  reconnect(): void {
    this.wire.length = 0
    for (const [id, { state }] of this.legs) {
      const known = this.call.legs.some((leg) => leg.id === id && leg.state !== 'gone')
      if (state !== 'gone' && !known) this.tell({ type: 'legFound', leg: id })
    }
    this.tellTakers()
    const asked = this.replies.flatMap((each) => (each.type === 'hangUpReplaced' ? [each.leg] : []))
    this.replacements.forgetUnheard([...this.call.dropped, ...asked])
    if (this.caller === 'gone') this.tell({ type: 'callerLost' })
    if (this.caller === 'left') this.tell({ type: 'callerLeft' })
    for (const { id, state } of this.call.legs) {
      const leg = this.legs.get(id)
      if (state === 'gone') continue
      if (leg === undefined || leg.state === 'gone') this.tell({ type: 'legLost', leg: id })
      else if (this.bridge === 'made' && this.joined === id && this.caller === 'up')
        this.tell({ type: 'joined', leg: id })
      else if (leg.state === 'ringing') this.tell({ type: 'legRinging', leg: id })
      else if (leg.state === 'up') this.tell({ type: 'legAnswered', leg: id })
    }
    if (this.bridge === 'none') this.tell({ type: 'bridgeLost' })
    this.tell({ type: 'recovered' })
  }

  /** The process dies with the last records unwritten, or all (null), and every answer on its way; another one takes over. */
  restart(lost: number | null): void {
    this.replies.length = 0
    this.timers.clear()
    this.wire.length = 0
    this.now += 5000
    const options = { at: this.now, maxCallSeconds: 3600 }
    const alive = [...this.legs].flatMap(([id, { state }]) => (state === 'gone' ? [] : [id]))
    const entry = this.journal[Math.max(0, this.journal.length - 1 - (lost ?? 0))]
    if (entry === undefined) return
    const [call, commands, transitions] =
      lost === null
        ? adopt('call', incoming, { ...this.call, plan: this.nextPlan }, alive, options)
        : restore(entry.call, entry.attempts, { ...options, replacements: entry.replacements })
    this.call = call
    this.accept(commands, transitions)
    const recorded = new Map(lost === null ? [] : entry.attempts.map((attempt) => [attempt.leg, attempt]))
    for (const [id, { state }] of this.legs) {
      // One that is over, and has not been dialled as far as the records tell, may be tried again.
      const before = this.dialled.indexOf(id)
      const { dialledAt = null, ringingAt = null } = recorded.get(id) ?? {}
      if (state === 'gone' && before >= 0 && (dialledAt ?? ringingAt) === null) this.dialled.splice(before, 1)
    }
    for (const leg of recorded.keys()) if (!alive.includes(leg)) this.tell({ type: 'legUnmade', leg })
    this.reconnect()
    for (const [id, { state }] of this.legs) if (state === 'seen') this.tell({ type: 'legUndialled', leg: id })
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
    if (this.callerVanished && commands.some(({ type }) => type === 'createLeg')) this.violation = 'rang for nobody'
    if (this.callerLeftTold && commands.some(({ type }) => type === 'hangUpCaller')) {
      this.violation = 'hung up a caller who was in other hands'
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
        this.violation = 'a caller who hears nothing was kept longer than the claim timeout'
      if (command.type === 'startTimer') this.timers.set(timerKey(command.timer), command.timer)
      else if (command.type === 'cancelTimer') this.timers.delete(timerKey(command.timer))
      else this.replies.push(command)
    }
  }

  private deliver(): void {
    const event = this.wire.shift()
    if (event !== undefined) this.tell(event)
  }

  move(id: string, state: ModelLeg['state'], event: Happening): void {
    const leg = this.legs.get(id)
    if (leg === undefined || leg.state === 'gone') return
    leg.state = state
    this.wire.push(event)
  }

  private end(id: string, cause: number): void {
    this.move(id, 'gone', { type: 'legGone', leg: id, cause })
  }

  private callerEnds(cause: number): void {
    this.caller = 'gone'
    this.wire.push({ type: 'callerLeft' }, { type: 'callerGone', cause })
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

  /** A leg that is dialled a second time, before anything rings there, is ended by that. */
  private dial({ leg: id, again }: Extract<Command, { type: 'dialLeg' }>): TelephonyFailure | undefined {
    const leg = this.legs.get(id)
    if (leg === undefined || leg.state === 'gone') return 'gone'
    if (leg.state === 'seen') {
      this.dialled.push(id)
      leg.state = 'dialled'
      return undefined
    }
    if (leg.state !== 'dialled') return again ? undefined : 'conflict'
    if (!again) this.violation = 'dialled a leg twice'
    return undefined
  }

  private hangUpReplaced(leg: string): TelephonyFailure | undefined {
    const place = this.replacements.placeOf(leg)
    if (this.replacements.replaced.delete(leg) || place === undefined) return undefined
    if (place === null) this.callerEnds(16)
    else this.end(place, 16)
    return undefined
  }

  /** Does what Asterisk would do with a command; gives why it refuses, if it does. */
  carryOut(command: Command): TelephonyFailure | undefined {
    const callerHere = this.caller === 'waiting' || this.caller === 'up'
    const noCaller = this.caller === 'gone' ? 'gone' : 'conflict'
    // What is said to whoever had the caller's place before reaches nobody who matters.
    const isLate = callerHere && this.replacements.isNews(this.call, null)
    switch (command.type) {
      case 'hangUpReplaced':
        return this.hangUpReplaced(command.leg)
      case 'createLeg':
        if (command.dial.endsWith('/unknown')) return 'unavailable'
        if (this.legs.has(command.leg) && this.legs.get(command.leg)?.state !== 'gone') return 'conflict'
        this.legs.set(command.leg, { state: 'made' })
        this.move(command.leg, 'seen', { type: 'legSeen', leg: command.leg })
        return undefined
      case 'dialLeg':
        return this.dial(command)
      case 'hangUpLeg': {
        const leg = this.legs.get(command.leg)
        if (leg === undefined || leg.state === 'gone') return 'gone'
        if (this.replacements.isNews(this.call, command.leg))
          return this.replacements.replaced.delete(command.leg) ? undefined : 'gone'
        this.end(command.leg, command.cause)
        return undefined
      }
      case 'answerCaller':
        if (!callerHere) return noCaller
        this.caller = 'up'
        return undefined
      case 'bridge':
        this.bridge = 'made'
        if (this.caller === 'waiting') this.violation = 'joined a caller who was not answered'
        if (!callerHere || this.legs.get(command.leg)?.state !== 'up') return 'gone'
        this.joined = command.leg
        return undefined
      case 'destroyBridge':
        if (this.bridge === 'none') return 'gone'
        this.bridge = 'none'
        return undefined
      case 'hangUpCaller':
        if (this.caller === 'gone') return 'gone'
        if (!isLate) this.callerEnds(command.cause)
        return undefined
      case 'leaveToDialplan':
        if (!callerHere) return noCaller
        if (isLate) return undefined
        this.caller = 'left'
        this.wire.push({ type: 'callerLeft' })
        return undefined
      case 'ringCaller':
      case 'setLease':
        return callerHere ? undefined : noCaller
      case 'startTimer':
      case 'cancelTimer':
        return undefined
    }
  }
}
