// A small model of Asterisk for the state machine's property tests: who is alive, how far they have come, and who talks; what each
// command does to that, and which events follow from it. driven-call.ts drives a call against it.
import type { Call, CallEvent, Command } from '../../src/call/types'
import type { TelephonyFailure } from '../../src/ports'
import { ReplacementModel } from './replacement-model'

/** An event before it is stamped. */
export type Happening = CallEvent extends infer E ? (E extends CallEvent ? Omit<E, 'at'> : never) : never

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
  readonly legs = new Map<string, ModelLeg>()
  /** The devices that `PJSIP/several` is registered with. */
  private readonly devices = ['PJSIP/several/sip:1', 'PJSIP/several/sip:2']
  /** Legs that have been made to ring, in order. */
  readonly dialled: string[] = []
  caller: 'waiting' | 'up' | 'left' | 'gone' = 'waiting'
  /** The leg of each attempt and contact. */
  private readonly rung = new Map<string, string>()
  readonly replacements = new ReplacementModel()
  bridge: 'none' | 'made' = 'none'
  /** The leg that the caller has been joined to in the bridge. */
  joined = ''
  /** What was asked of it that must never be asked. */
  violation = ''
  /** Events on their way to us; Asterisk sends the events of one leg in order. */
  readonly wire: Happening[] = []

  /** The caller waits or talks in our hands. */
  get hasCaller(): boolean {
    return this.caller === 'waiting' || this.caller === 'up'
  }

  /** What people may do now. */
  people(): readonly Choice[] {
    const choices: Choice[] = []
    const add = (name: string, happen: () => void): void => void choices.push({ name, happen })
    for (const [id, leg] of this.legs) {
      if (leg.state === 'dialled') add(`ring ${id}`, () => this.move(id, 'ringing', { type: 'legRinging', leg: id }))
      if (leg.state === 'dialled' || leg.state === 'ringing') {
        add(`answer ${id}`, () => this.move(id, 'up', { type: 'legAnswered', leg: id }))
        for (const cause of refusals) add(`refuse ${id} ${cause}`, () => this.end(id, cause))
      }
      if (leg.state === 'up') add(`target hangs up ${id}`, () => this.end(id, 16))
    }
    if (this.devices.length < 4) {
      add('a device registers', () => this.devices.push(`PJSIP/several/sip:${this.devices.length + 1}`))
      add('no device is registered', () => void this.devices.splice(0))
    }
    if (this.hasCaller) {
      add('caller hangs up', () => this.callerEnds(16))
      add('dialplan takes the caller', () => {
        this.caller = 'left'
        this.wire.push({ type: 'callerLeft' })
      })
    }
    return choices
  }

  move(id: string, state: ModelLeg['state'], event: Happening): void {
    const leg = this.legs.get(id)
    if (leg === undefined || leg.state === 'gone') return
    leg.state = state
    this.wire.push(event)
  }

  end(id: string, cause: number): void {
    this.move(id, 'gone', { type: 'legGone', leg: id, cause })
  }

  private tellContacts(leg: string): void {
    this.wire.push({ type: 'contactsFound', leg, contacts: [...this.devices] })
  }

  /** No device has two legs of one attempt at a time. */
  private noteRung({ leg, contact }: Extract<Command, { type: 'createLeg' }>): void {
    if (contact === undefined) return
    const attempt = leg.replace(/c\d+[.]/, '')
    const other = this.rung.get(`${attempt} ${contact}`)
    const isThere = other !== undefined && other !== leg && this.legs.get(other)?.state !== 'gone'
    if (isThere) this.violation = `rang ${contact} twice`
    this.rung.set(`${attempt} ${contact}`, leg)
  }

  private callerEnds(cause: number): void {
    this.caller = 'gone'
    this.wire.push({ type: 'callerLeft' }, { type: 'callerGone', cause })
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

  /** Does what Asterisk would do with a command of this call; gives why it refuses, if it does. */
  carryOut(command: Command, call: Call): TelephonyFailure | undefined {
    const callerHere = this.hasCaller
    const noCaller = this.caller === 'gone' ? 'gone' : 'conflict'
    // What is said to whoever had the caller's place before reaches nobody who matters.
    const isLate = callerHere && this.replacements.isNews(call, null)
    switch (command.type) {
      case 'hangUpReplaced':
        return this.hangUpReplaced(command.leg)
      case 'createLeg':
        if (command.dial.endsWith('/unknown') || command.trunk?.name === 'dead') return 'unavailable'
        if (command.dial.endsWith('/talks')) return 'limited'
        if (command.trunk?.name === 'full') return 'trunk-limited'
        if (command.dial.endsWith('/several') && command.contact === undefined) {
          this.tellContacts(command.leg)
          return undefined
        }
        this.noteRung(command)
        if (this.legs.has(command.leg) && this.legs.get(command.leg)?.state !== 'gone') return 'conflict'
        this.legs.set(command.leg, { state: 'made' })
        this.replacements.forget(command.leg)
        this.move(command.leg, 'seen', { type: 'legSeen', leg: command.leg })
        return undefined
      case 'findContacts':
        this.tellContacts(command.leg)
        return undefined
      case 'dialLeg':
        return this.dial(command)
      case 'hangUpLeg': {
        const leg = this.legs.get(command.leg)
        if (leg === undefined || leg.state === 'gone') return 'gone'
        if (this.replacements.isNews(call, command.leg))
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
