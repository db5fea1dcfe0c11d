// Command → port call; what becomes of it → event. Requests about one leg go out in order, one after another; requests
// about different legs do not wait for each other.
import { bridgeIdOf } from '../call/ids'
import { currentCaller, currentLegOf, ruleNumberOf } from '../call/places'
import type { Call, Command } from '../call/types'
import { reasonOf } from '../errors'
import { TelephonyError } from '../ports'
import type { Diversion, Log, Telephony, TelephonyFailure } from '../ports'
import type { DialGate } from './dial-gate'
import { fallbackTarget } from './fallback-targets'
import type { TargetMonitor } from './target-monitor'
import type { Timers } from './timers'
import type { TrunkMonitor } from './trunk-monitor'

/** What became of a command. */
export type CommandOutcome =
  | { readonly type: 'contactsFound'; readonly leg: string; readonly contacts: readonly string[] }
  | { readonly type: 'done'; readonly command: Command }
  | { readonly type: 'failed'; readonly command: Command; readonly failure: TelephonyFailure; readonly reason?: string }

/** Failures whose reason is recorded. */
const saidWhy: readonly TelephonyFailure[] = ['barred', 'limited', 'trunk-limited']

type CommandOf<Type extends Command['type']> = Extract<Command, { type: Type }>

/** The effects of one call. */
export class Effects {
  /** The last request of each lane: a lane is a B-leg, the caller together with the bridge, or the caller's lease. */
  private readonly lanes = new Map<string, Promise<void>>()

  /** The Diversion that the caller's leg has; undefined: none was ever set. */
  private diverted: { readonly reason: string | undefined; readonly turn: Promise<void> } | undefined

  constructor(
    private readonly telephony: Telephony,
    private readonly timers: Timers,
    private readonly log: Log,
    private readonly report: (outcome: CommandOutcome) => void,
    /** The call is over: its caller has gone, or is in other hands. */
    private readonly isClosed: () => boolean,
    /** The call as it is by now: who has which place may have changed since a command was given. */
    private readonly callNow: (then: Call) => Call,
    private readonly gate: Pick<DialGate, 'refusalOf'>,
    private readonly trunks: Pick<TrunkMonitor, 'refusalOf'>,
    private readonly targets: Pick<TargetMonitor, 'refusalOf'>
  ) {}

  run(call: Call, command: Command): void {
    switch (command.type) {
      case 'startTimer':
        return this.timers.start(command.timer, command.ms)
      case 'cancelTimer':
        return this.timers.cancel(command.timer)
      case 'createLeg':
      case 'findContacts':
      case 'dialLeg':
      case 'hangUpLeg':
      case 'hangUpReplaced':
        return this.queue(command.leg, call, command)
      // No answer waits for it.
      case 'setLease':
        return this.queue('lease', call, command)
      // In the dialplan's hands no lease may reach them.
      case 'leaveToDialplan':
        return this.queue('caller', call, command, this.lanes.get('lease'))
      default:
        return this.queue('caller', call, command)
    }
  }

  private queue(lane: string, call: Call, command: Command, also?: Promise<void>): void {
    const first = this.lanes.get(lane)
    const before = also === undefined ? first : also.then(() => first)
    const turn = before === undefined ? this.perform(call, command) : before.then(() => this.perform(call, command))
    this.lanes.set(lane, turn)
    void turn.then(() => {
      if (this.lanes.get(lane) === turn) this.lanes.delete(lane)
    })
  }

  private async perform(call: Call, command: Command): Promise<void> {
    try {
      await this.request(call, command)
    } catch (error) {
      const failure: TelephonyFailure = error instanceof TelephonyError ? error.failure : 'failed'
      this.log.debug('a request to Asterisk failed', { command: command.type, failure, reason: reasonOf(error) })
      const why = saidWhy.includes(failure) ? { reason: reasonOf(error) } : {}
      this.report({ type: 'failed', command, failure, ...why })
      return
    }
    this.report({ type: 'done', command })
  }

  private async request(call: Call, command: Command): Promise<void> {
    const { telephony } = this
    const now = this.callNow(call)
    const aLeg = currentCaller(now)
    switch (command.type) {
      case 'createLeg':
        return this.createLeg(command, aLeg, call)
      case 'findContacts':
        return this.findContacts(command, aLeg)
      case 'dialLeg':
        return this.dialLeg(command, aLeg, now.incoming.number)
      case 'hangUpLeg':
        return telephony.hangUp(currentLegOf(now, command.leg), command.cause)
      case 'hangUpReplaced':
        return telephony.hangUp(command.leg, command.cause)
      case 'ringCaller':
        return telephony.ringCaller(aLeg)
      case 'answerCaller':
        return telephony.answerCaller(aLeg)
      case 'bridge':
        return telephony.bridge(bridgeIdOf(call.id), aLeg, currentLegOf(now, command.leg))
      case 'destroyBridge':
        return telephony.destroyBridge(bridgeIdOf(call.id))
      case 'hangUpCaller':
        return this.hangUpCaller(aLeg, command.cause)
      case 'setLease':
        return telephony.setLease(aLeg, command.seconds, command)
      case 'leaveToDialplan':
        return telephony.leaveToDialplan(aLeg, fallbackTarget(command.fallback))
      case 'startTimer':
      case 'cancelTimer':
    }
  }

  private async createLeg(command: CommandOf<'createLeg'>, aLeg: string, call: Call): Promise<void> {
    const { leg, dial, contact, shown, trunk, mayPass, isPrivate } = command
    const { telephony } = this
    const inCall = this.targets.refusalOf(this.callNow(call), leg, dial)
    if (inCall !== undefined) throw new TelephonyError('limited', inCall)
    const limit = trunk && this.trunks.refusalOf(leg, trunk, mayPass === true)
    if (limit !== undefined) throw new TelephonyError('trunk-limited', limit)
    const refusal = this.gate.refusalOf(leg, dial, ruleNumberOf(call, leg))
    if (refusal !== undefined) throw new TelephonyError('barred', refusal)
    if (contact === undefined && (await telephony.mayHaveSeveralContacts(dial)))
      return this.findContacts({ leg, dial }, aLeg)
    await telephony.createLeg(leg, dial, aLeg, {
      ...(contact !== undefined && { contact }),
      ...(shown !== undefined && { shown }),
      ...(trunk !== undefined && { trunk: trunk.dial }),
      ...(isPrivate !== undefined && { isPrivate })
    })
  }

  /**
   * The Diversion of a leg is set on the caller's leg, from where `dial` copies it. So while one is set, no other leg is dialled that has
   * none, or another one.
   */
  private dialLeg(
    { leg, timeoutSeconds, again, diversion: reason }: CommandOf<'dialLeg'>,
    aLeg: string,
    number: string
  ): Promise<void> {
    const dial = (diversion?: Diversion) => this.telephony.dialLeg(leg, aLeg, timeoutSeconds, again, diversion)
    const { diverted } = this
    if (diverted === undefined && reason === undefined) return dial()
    const isSet = diverted?.reason === reason
    const turn = (diverted?.turn ?? Promise.resolve()).then(() =>
      dial(isSet ? undefined : reason === undefined ? null : { number, reason })
    )
    this.diverted = { reason, turn: turn.catch(() => undefined) }
    return turn
  }

  private async findContacts(
    { leg, dial }: Pick<CommandOf<'findContacts'>, 'leg' | 'dial'>,
    aLeg: string
  ): Promise<void> {
    this.report({ type: 'contactsFound', leg, contacts: await this.telephony.contactsOf(dial, aLeg) })
  }

  /**
   * After we have been silent for long, the failsafe may have the caller, and a hang-up would end that call. So wait for every event that Asterisk
   * has sent before.
   */
  private async hangUpCaller(aLeg: string, cause: number): Promise<void> {
    await this.telephony.eventBarrier()
    if (!this.isClosed()) await this.telephony.hangUp(aLeg, cause)
  }
}
