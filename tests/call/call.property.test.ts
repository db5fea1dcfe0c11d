// The state machine's invariants under random orders of events. More runs on demand: FOLLOWME_ORDERS=1000000 npx jest call
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { start, step } from '../../src/call/step'
import type { Call } from '../../src/call/types'
import { currentCaller, currentLegOf } from '../../src/call/places'
import { attemptRecords, callRecord, replacementRecords } from '../../src/call/cdr'
import { restore } from '../../src/call/restore'
import type { HuntPlan } from '../../src/rules/hunt-plan'
import { DrivenCall } from './driven-call'
import { incoming } from './given-caller'

const numRuns = Number(process.env['FOLLOWME_ORDERS'] ?? 2000)

const phone = fc.record({
  dial: fc.constantFrom('PJSIP/alice', 'PJSIP/bob', 'PJSIP/unknown', 'PJSIP/several', 'PJSIP/talks', '+442071838750'),
  ringSeconds: fc.integer({ min: 1, max: 60 })
})
/** The model refuses calls through `dead` and `full`. */
const throughTrunks = fc.record({
  dial: fc.constant('+442071838750'),
  ringSeconds: fc.integer({ min: 1, max: 60 }),
  trunks: fc
    .shuffledSubarray(['a', 'b', 'dead', 'full'], { minLength: 1 })
    .map((names) => names.map((name) => ({ name, dial: `PJSIP/+442071838750@${name}` })))
})
const target = fc.oneof({ weight: 2, arbitrary: phone }, throughTrunks)
const plans: fc.Arbitrary<HuntPlan> = fc.record({
  steps: fc.array(fc.record({ targets: fc.array(target, { minLength: 1, maxLength: 3 }) }), { maxLength: 3 }),
  fallback: fc.constantFrom(
    'busy',
    'hangup',
    'voicemail:100@default',
    'announce:closed',
    'dialplan:ivr,s,1',
    'nonsense'
  )
})
const choices = fc.array(fc.nat(), { maxLength: 40 })

/** Plays random choices, then lets everything that is on its way arrive until nothing can happen any more. */
function play(
  plan: HuntPlan,
  picks: readonly number[],
  afterEach: (driven: DrivenCall) => void,
  mayRestart = false,
  nextPlan = plan
): DrivenCall {
  const driven = new DrivenCall(plan, {}, mayRestart, nextPlan)
  afterEach(driven)
  for (const pick of picks) {
    const possible = driven.choices()
    if (possible.length === 0) break
    possible[pick % possible.length]!.happen()
    afterEach(driven)
  }
  for (let rounds = 0; driven.call.phase.kind !== 'ended'; rounds += 1) {
    if (rounds > 2000) throw new Error(`does not end: ${JSON.stringify(driven.call)}`)
    const next = driven.deliveries()[0]
    const timer = [...driven.timers.values()][0]
    if (next !== undefined) next.happen()
    // What could not be sent waits for the connection.
    else if (driven.call.unsent.length > 0) driven.reconnect()
    else if (timer !== undefined) driven.fire(timer)
    // A conversation lasts until somebody ends it.
    else if (driven.call.phase.kind === 'bridged')
      driven
        .choices()
        .find(({ name }) => name === 'caller hangs up')!
        .happen()
    else throw new Error(`stuck: ${JSON.stringify(driven.call)}`)
    afterEach(driven)
  }
  return driven
}

function answered(call: Call): number {
  return call.legs.filter((leg) => leg.state === 'answered').length
}

/** Whoever rings while two are talking, or for a caller who is known to be gone, rings for nobody. */
function strayLegs({ phase, legs }: Call): boolean {
  const partner = phase.kind === 'connecting' || phase.kind === 'bridged' ? phase.leg : ''
  const isOver = partner !== '' || phase.kind === 'ending' || phase.kind === 'ended'
  return isOver && legs.some(({ id, state }) => id !== partner && state !== 'ending' && state !== 'gone')
}

/** Once connected or closed, no other fallback, person or attempt comes into the history. */
function isInOrder({ history }: Call): boolean {
  const types = history.map(({ type }) => type)
  const ends = ['attempt-ended', 'contact-ended']
  const after = (type: string): string[] =>
    types.includes(type as never) ? types.slice(types.indexOf(type as never) + 1) : []
  return (
    after('closed').every((type) => ends.includes(type)) &&
    after('connected').every((type) => [...ends, 'closed', 'replaced'].includes(type)) &&
    after('fallback').every((type) => [...ends, 'closed', 'replaced'].includes(type))
  )
}

/** Another trunk is tried only when the try before has ended without having rung. */
function triesFollowFailures({ history, legs }: Call): boolean {
  const isAt = (id: string, type: string) =>
    history.findIndex((each) => each.type === type && 'leg' in each && each.leg === id)
  return legs.every((leg) => {
    const before = legs.find(
      ({ step, target, tryNumber }) => step === leg.step && target === leg.target && tryNumber === leg.tryNumber - 1
    )
    if (before === undefined) return true
    const [began, ended, rang] = [isAt(leg.id, 'attempt'), isAt(before.id, 'attempt-ended'), isAt(before.id, 'ringing')]
    return ended >= 0 && ended < began && (rang < 0 || rang > began)
  })
}

describe('in any order of events', () => {
  test.each([
    ['one process handles the call', false],
    ['processes die at any moment and others take over', true]
  ])(
    'the caller is never in two conversations, no command is repeated, and nothing is left over: %s',
    (_, mayRestart) => {
      fc.assert(
        fc.property(plans, choices, fc.option(plans, { nil: undefined }), (plan, picks, nextPlan) => {
          let seen = 0
          let closedAt = Infinity
          const driven = play(
            plan,
            picks,
            ({ call, commands }) => {
              if (answered(call) > 1) throw new Error('two answered legs')
              if (strayLegs(call)) throw new Error('somebody rings for nobody')
              if (call.phase.kind === 'bridged' && call.lease?.talking !== true)
                throw new Error('a lease ends a conversation')
              const fresh = commands.slice(seen)
              if (
                seen > closedAt &&
                fresh.some(({ type }) => type === 'createLeg' || type === 'dialLeg' || type === 'ringCaller')
              ) {
                throw new Error(`rings for a call that is closed: ${JSON.stringify(fresh)}`)
              }
              seen = commands.length
              if (closedAt === Infinity && call.history.some(({ type }) => type === 'closed')) closedAt = seen
            },
            mayRestart,
            nextPlan
          )
          driven.sweep()
          const { call, asterisk } = driven
          assert.deepEqual([...asterisk.replacements.replaced], [], 'somebody whose place was taken is still there')
          const created = driven.commands.flatMap((each) => (each.type === 'createLeg' ? [each.leg] : []))
          assert.equal(new Set(asterisk.dialled).size, asterisk.dialled.length, 'a target was rung twice')
          assert.ok(isInOrder(call), 'the history goes on after its end')
          assert.equal(driven.violation, '')
          assert.ok(created.every((id) => /^call\.\d+(\.[ct]\d+)?\.\d+$/.test(id)))
          assert.ok(triesFollowFailures(call), 'another trunk was tried for a call that had rung, or had not ended')
          assert.equal(call.history.filter(({ type }) => type === 'closed').length, 1)
          assert.ok(call.legs.every((leg) => leg.state === 'gone'))
          for (const [id, leg] of asterisk.legs) {
            // One that the plan decided anew has no place for, and whose hang-up got lost, is left to orphans.ts.
            const isPlanned = call.legs.some((each) => each.id === id)
            if (isPlanned || nextPlan === undefined) assert.equal(leg.state, 'gone')
          }
          assert.ok(asterisk.caller === 'left' || asterisk.caller === 'gone', 'the caller is still there')
          assert.equal(asterisk.bridge, 'none')
          const record = callRecord(call)
          assert.ok((record.endedAt ?? 0) >= (record.answeredAt ?? record.startedAt))
          assert.notEqual(record.outcome, null)
          assert.ok(attemptRecords(call).every(({ outcome, endedAt }) => outcome !== null && endedAt !== null))
          assert.equal(record.answeredAt === null, record.answeredBy === null)
          assert.ok(record.outcome !== 'answered' || record.answeredAt !== null)
        }),
        { numRuns }
      )
    }
  )

  test('a call restored from its records has the same records', () => {
    fc.assert(
      fc.property(plans, choices, (plan, picks) => {
        const driven = play(plan, picks, ({ call }) => {
          if (call.history.some(({ type }) => type === 'closed')) return
          const record = callRecord(call)
          const [restored] = restore(record, attemptRecords(call), {
            at: 1_800_000_000_000,
            maxCallSeconds: 3600,
            replacements: replacementRecords(call)
          })
          // What it does next comes at its own time, after all that was recorded.
          const before = restored.history.filter(({ at }) => at < 1_800_000_000_000)
          const legs = restored.legs.filter(({ id }) => call.legs.some((leg) => leg.id === id))
          expect(callRecord({ ...restored, legs, history: before })).toEqual(record)
          expect(attemptRecords({ ...restored, legs, history: before })).toEqual(attemptRecords(call))
          expect(replacementRecords(restored)).toEqual(replacementRecords(call))
          expect(currentCaller(restored)).toBe(currentCaller(call))
          for (const { id } of legs) expect(currentLegOf(restored, id)).toBe(currentLegOf(call, id))
        })
        expect(driven.call.phase.kind).toBe('ended')
      }),
      { numRuns: Math.ceil(numRuns / 20) }
    )
  })

  test('the same events always give the same call and the same commands', () => {
    fc.assert(
      fc.property(plans, choices, (plan, picks) => {
        const driven = play(plan, picks, () => undefined)
        const decided = { decision: 'rule', rule: 'always', plan } as const
        let [call, commands] = start('call', incoming, decided, { at: 1_700_000_000_000, maxCallSeconds: 3600 })
        const all = [...commands]
        for (const event of driven.events) {
          ;[call, commands] = step(call, event)
          all.push(...commands)
        }
        expect(call).toEqual(driven.call)
        expect(all).toEqual(driven.commands)
      }),
      { numRuns: Math.ceil(numRuns / 20) }
    )
  })

  test('an ended call ignores every event', () => {
    fc.assert(
      fc.property(plans, choices, (plan, picks) => {
        const driven = play(plan, picks, () => undefined)
        for (const event of driven.events) expect(step(driven.call, event)).toEqual([driven.call, [], []])
      }),
      { numRuns: Math.ceil(numRuns / 20) }
    )
  })
})
