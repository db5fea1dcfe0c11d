// Looks at Asterisk under random orders of what happens meanwhile: lists that are older than what is heard, events lost in a
// gap, callers who leave for the failsafe and come again. The real Switchboard, Reconciler and recovery. More runs on demand:
// FOLLOWME_LOOKS=20000 npx jest look.property
import fc from 'fast-check'
import { TelephonyError } from '../../../src/ports'
import type { AsteriskSnapshot, SnapshotLeg, TelephonyEvent } from '../../../src/ports'
import { FakeTelephony, settled } from '../fakes'
import { number, setUp } from '../set-up'

const numRuns = Number(process.env['FOLLOWME_LOOKS'] ?? 400)
const visitor = { number: '+15005550006', name: '' }

/** What is on its way to us, in order; a barrier is told when all before it has been heard. */
type OnTheWire =
  | (TelephonyEvent & { readonly visit?: number })
  | { readonly type: 'barrier'; readonly passed: () => void; readonly lost: () => void }
type Place = 'waiting' | 'failsafe' | 'gone'

interface Choice {
  readonly name: string
  readonly happen: () => void
}

const choice = (name: string, happen: () => void): Choice => ({ name, happen })
/** What is more likely than the rest. */
const twice = (one: Choice): Choice[] => [one, one]

class World extends FakeTelephony {
  /** Where each caller really is. */
  readonly callers = new Map<string, Place>()
  readonly violations: string[] = []
  private readonly bLegs = new Map<string, string>([['c900.1.1', '9.9']])
  private wire: OnTheWire[] = []
  private isConnected = false
  /** Callers whom we have heard leave, and those who had left before the connection was there. */
  private readonly heardToLeave = new Map<string, number>()
  /** How often each has come. */
  private readonly visits = new Map<string, number>()
  private readonly leftBefore = new Set<string>()
  private readonly rung = new Set<string>()
  /** Questions what is alive: first the list is made, later it comes. */
  private readonly asking: { list?: AsteriskSnapshot; readonly answer: (list: AsteriskSnapshot) => void }[] = []
  private readonly hangingUp: (() => void)[] = []
  private readonly set = setUp(undefined, { telephony: this })

  override createLeg = (leg: string, _dial: string, aLeg = '') => {
    if (this.heardToLeave.get(aLeg) === this.visits.get(aLeg))
      this.violations.push(`${leg} rings for ${aLeg}, who was heard to leave`)
    if (this.leftBefore.has(aLeg)) this.violations.push(`${leg} rings for ${aLeg}, who had left before the connection`)
    this.rung.add(aLeg)
    this.bLegs.set(leg, aLeg)
    return Promise.resolve()
  }

  override hangUp = async (leg: string) => {
    if (leg === 'c900.1.1') await new Promise<void>((resolve) => this.hangingUp.push(resolve))
    if (this.bLegs.delete(leg)) this.emit({ type: 'legGone', leg, cause: 16 })
    else if (this.callers.get(leg) === 'waiting') this.leave(leg, 'gone')
    else throw new TelephonyError('gone', leg)
  }

  override leaveToDialplan = (aLeg: string) => {
    if (this.callers.get(aLeg) === 'waiting') this.leave(aLeg, 'failsafe')
    return Promise.resolve()
  }

  override snapshot = () => new Promise<AsteriskSnapshot>((answer) => this.asking.push({ answer }))

  override eventBarrier = () =>
    new Promise<void>((passed, reject) => {
      const lost = (): void => reject(new TelephonyError('disconnected', 'no connection'))
      if (this.isConnected) this.wire.push({ type: 'barrier', passed, lost })
      else lost()
    })

  /** The second look is under way; the first has found somebody whose coming was lost. */
  async lookAtStranger(): Promise<void> {
    this.come('17.0')
    this.connect()
    await settled()
    while (this.asking.length > 0 || this.wire.length > 0 || this.hangingUp.length > 0) {
      if (this.asking.length > 0) this.answerList(this.asking[0]!)
      else if (this.wire.length > 0) this.deliver()
      else this.hangingUp.shift()?.()
      await settled()
    }
    this.bLegs.set('c900.1.1', '9.9')
    this.set.clock.pass(1000)
    await settled()
  }

  /** Everything that could happen now. */
  get choices(): Choice[] {
    const waiting = [...this.callers].flatMap(([id, place]) => (place === 'waiting' ? [id] : []))
    const inFailsafe = [...this.callers].flatMap(([id, place]) => (place === 'failsafe' ? [id] : []))
    const [question] = this.asking
    return [
      ...(this.callers.size < 4 ? [choice('comes', () => this.come(`17.${String(this.callers.size)}`))] : []),
      ...waiting.flatMap((id) => [
        choice(`${id} is taken by the failsafe`, () => this.leave(id, 'failsafe')),
        choice(`${id} hangs up`, () => this.leave(id, 'gone'))
      ]),
      ...inFailsafe.flatMap((id) => [
        choice(`${id} comes again`, () => this.come(id)),
        choice(`${id} hangs up in the failsafe`, () => void this.callers.set(id, 'gone'))
      ]),
      ...(this.wire.length > 0 ? twice(choice(`hear ${this.wire[0]!.type}`, () => this.deliver())) : []),
      ...(question === undefined ? [] : twice(choice('list', () => this.answerList(question)))),
      ...(this.hangingUp.length > 0 ? [choice('orphan ends', () => this.hangingUp.shift()?.())] : []),
      choice(this.isConnected ? 'disconnect' : 'connect', () =>
        this.isConnected ? this.disconnect() : this.connect()
      ),
      choice('a second passes', () => this.set.clock.pass(1000))
    ]
  }

  /** Lets all that is under way come to its end. */
  async comeToRest(): Promise<void> {
    if (!this.isConnected) this.connect()
    for (let round = 0; round < 20; round++) {
      await settled()
      while (this.wire.length > 0 || this.asking.length > 0 || this.hangingUp.length > 0) {
        if (this.wire.length > 0) this.deliver()
        else if (this.hangingUp.length > 0) this.hangingUp.shift()?.()
        else this.answerList(this.asking[0]!)
        await settled()
      }
      this.set.clock.pass(1000)
    }
    await settled()
    const waiting = [...this.callers].filter(([, place]) => place === 'waiting')
    for (const [id] of waiting) {
      // Those who came again while their first call was being cleared away are left to the claim timeout.
      const isClaimed = this.rung.has(id) || this.visits.get(id) !== 1
      if (!isClaimed) this.violations.push(`${id} waits, and nobody is rung`)
    }
    const { liveCalls } = this.set.switchboard
    if (liveCalls > waiting.length) {
      this.violations.push(`${String(liveCalls)} calls for ${String(waiting.length)} callers who wait`)
    }
    this.set.switchboard.stop()
  }

  private come(id: string): void {
    this.callers.set(id, 'waiting')
    this.visits.set(id, (this.visits.get(id) ?? 0) + 1)
    this.leftBefore.delete(id)
    this.rung.delete(id)
    this.emit({ type: 'incoming', at: this.set.clock.now(), call: { aLeg: id, number, caller: visitor } })
  }

  private leave(id: string, to: Place): void {
    this.callers.set(id, to)
    const visit = this.visits.get(id) ?? 0
    if (to === 'gone') this.emit({ type: 'legHangingUp', leg: id, cause: 16, visit })
    this.emit({ type: 'legLeft', leg: id, visit })
    if (to === 'gone') this.emit({ type: 'legGone', leg: id, cause: 16, visit })
  }

  private emit(event: TelephonyEvent & { readonly visit?: number }): void {
    if (this.isConnected) this.wire.push(event)
  }

  private deliver(): void {
    const event = this.wire.shift()
    if (event === undefined) return
    if (event.type === 'barrier') return event.passed()
    if ('leg' in event && event.visit !== undefined) this.heardToLeave.set(event.leg, event.visit)
    this.set.switchboard.handle(event)
  }

  private answerList(question: (typeof this.asking)[number]): void {
    if (question.list === undefined) question.list = this.listed()
    else this.asking.shift()?.answer(question.list)
  }

  private listed(): AsteriskSnapshot {
    const legs = new Map<string, SnapshotLeg>()
    for (const [aLeg, place] of this.callers) {
      if (place === 'failsafe') legs.set(aLeg, { state: 'down', ours: false, controlled: false })
      const incoming = { aLeg, number, caller: visitor }
      if (place === 'waiting') legs.set(aLeg, { state: 'down', ours: false, controlled: true, incoming })
    }
    for (const [leg, ringsFor] of this.bLegs) legs.set(leg, { state: 'down', ours: true, ringsFor, controlled: true })
    return { legs, bridges: new Map() }
  }

  private connect(): void {
    this.isConnected = true
    for (const [id, place] of this.callers) if (place !== 'waiting') this.leftBefore.add(id)
    this.set.switchboard.handle({ type: 'connected' })
  }

  private disconnect(): void {
    this.isConnected = false
    this.set.switchboard.handle({ type: 'disconnected' })
    for (const each of this.wire.splice(0)) if (each.type === 'barrier') each.lost()
  }
}

test('whatever happens during a snapshot, no target rings for a caller who has gone, and no waiting caller is forgotten', async () => {
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(fc.nat(), { maxLength: 80 }), async (isBegun, picks) => {
      const world = new World()
      if (isBegun) await world.lookAtStranger()
      const happened: string[] = []
      for (const pick of picks) {
        const { choices } = world
        const { name, happen } = choices[pick % choices.length]!
        happened.push(name)
        happen()
        await settled()
      }
      await world.comeToRest()
      expect({ happened, violations: world.violations }).toEqual({ happened, violations: [] })
    }),
    { numRuns }
  )
})
