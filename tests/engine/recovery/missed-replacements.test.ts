// Who took whose place during a gap in the events: what a snapshot of Asterisk shows, and what follows from it.
import type { Leg } from '../../../src/call/types'
import { type ReconciledCall, missedReplacements } from '../../../src/engine/recovery/missed-replacements'
import type { AsteriskSnapshot, SnapshotLeg } from '../../../src/ports'

const incoming = { aLeg: 'caller', number: '+14155550100', caller: { number: '', name: '' } }

/** Two targets were rung, `c.1.1` and `c.1.2`. */
const leg = (target: 1 | 2, changes: Partial<Leg> = {}): Leg => ({
  ...{
    id: `c.1.${String(target)}`,
    step: 1,
    target,
    tryNumber: 1,
    dial: 'PJSIP/alice',
    ringSeconds: 20,
    endCause: null
  },
  ...{ state: 'ringing', ...changes }
})

/** The caller hears ringing. */
const ringing = (changes: Partial<ReconciledCall> = {}): ReconciledCall => ({
  ...{ id: 'c', incoming, legs: [leg(1), leg(2)], joined: undefined, callerLeg: 'caller', isRinging: true },
  ...changes
})

/** The caller talks with the first target. */
const talking = (changes: Partial<ReconciledCall> = {}): ReconciledCall =>
  ringing({ legs: [leg(1, { state: 'answered' })], joined: 'c.1.1', isRinging: false, ...changes })

const made = { ours: true, controlled: true, ringsFor: 'caller' } as const
const legs: Readonly<Record<string, SnapshotLeg>> = {
  caller: { state: 'up', ours: false, controlled: true, incoming },
  'c.1.1': { state: 'up', ...made },
  'c.1.2': { state: 'ringing', ...made },
  bob: { state: 'up', ours: false, controlled: true, who: 'PJSIP/bob' },
  carol: { state: 'ringing', ours: false, controlled: true, who: 'PJSIP/carol' },
  // Asterisk gives one who picks up what the leg had that they picked up.
  picker: { state: 'up', ...made, who: 'PJSIP/bob' },
  'picker of another': { state: 'up', ...made, ringsFor: 'another caller', who: 'PJSIP/bob' }
}

/** Those who are there, and those of them who are in the call's bridge. */
function look(there: readonly string[], members: readonly string[] = []): AsteriskSnapshot {
  const found = there.flatMap((id) => (legs[id] === undefined ? [] : [[id, legs[id]] as const]))
  return { legs: new Map(found), bridges: new Map([['c.bridge', { ours: true, members }]]) }
}

const bob = { by: 'bob', isUp: true, who: 'PJSIP/bob' }
const carol = { by: 'carol', isUp: false, who: 'PJSIP/carol' }

interface Case {
  readonly call: ReconciledCall
  readonly there: readonly string[]
  readonly members?: readonly string[]
  /** Legs of other calls. */
  readonly known?: readonly string[]
  readonly replaced?: readonly string[]
  readonly expected: ReturnType<typeof missedReplacements>
}

const cases: Readonly<Record<string, Case>> = {
  'no replacement if both parties are in the bridge': {
    ...{ call: talking(), there: ['caller', 'c.1.1'], members: ['caller', 'c.1.1'], expected: [] }
  },
  'no replacement if one party has hung up and nobody else is in the bridge': {
    ...{ call: talking(), there: ['caller', 'bob'], members: ['caller'], expected: [] }
  },
  'a party found with the caller replaced the missing target': {
    ...{ call: talking(), there: ['caller', 'bob'], members: ['caller', 'bob'] },
    expected: [{ place: 'c.1.1', leg: 'c.1.1', replacement: bob }]
  },
  'a party found with the target replaced the missing caller': {
    ...{ call: talking(), there: ['c.1.1', 'carol'], members: ['carol', 'c.1.1'] },
    expected: [{ place: null, leg: 'caller', replacement: carol }]
  },
  'if both parties are out of the bridge, the party in it replaced the one still alive': {
    ...{ call: talking(), there: ['caller', 'bob'], members: ['bob'] },
    expected: [{ place: null, leg: 'caller', replacement: bob }]
  },
  'if both parties are gone, a single newcomer replaced the target': {
    ...{ call: talking(), there: ['bob'], members: ['bob'] },
    expected: [{ place: 'c.1.1', leg: 'c.1.1', replacement: bob }]
  },
  'two newcomers replaced both parties': {
    ...{ call: talking(), there: ['bob', 'carol'], members: ['bob', 'carol'] },
    expected: [
      { place: 'c.1.1', leg: 'c.1.1', replacement: bob },
      { place: null, leg: 'caller', replacement: carol }
    ]
  },
  'of two newcomers for one place, the first has it': {
    ...{ call: talking(), there: ['caller', 'bob', 'carol'], members: ['caller', 'carol', 'bob'] },
    expected: [{ place: 'c.1.1', leg: 'c.1.1', replacement: carol }]
  },
  'a third party in the bridge replaced nobody': {
    ...{ call: talking(), there: ['caller', 'c.1.1', 'bob'], members: ['caller', 'c.1.1', 'bob'], expected: [] }
  },
  'a leg of another call replaced nobody': {
    ...{ call: talking(), there: ['caller', 'bob'], members: ['caller', 'bob'], known: ['bob'], expected: [] }
  },
  'a party that was itself replaced is not a newcomer': {
    ...{ call: talking({ callerLeg: 'carol' }), there: ['carol', 'bob'], members: ['carol', 'bob'] },
    ...{ replaced: ['bob'], expected: [] }
  },
  'a newcomer can replace an earlier replacement of the target': {
    call: talking({ legs: [leg(1, { state: 'answered', replacedBy: 'carol' })] }),
    ...{ there: ['caller', 'bob'], members: ['caller', 'bob'] },
    expected: [{ place: 'c.1.1', leg: 'carol', replacement: bob }]
  },
  'a newcomer can replace an earlier replacement of the caller': {
    ...{ call: talking({ callerLeg: 'carol' }), there: ['c.1.1', 'bob'], members: ['bob', 'c.1.1'] },
    expected: [{ place: null, leg: 'carol', replacement: bob }]
  },
  'during a conversation, a phone that only rang cannot be replaced': {
    call: talking({ legs: [leg(1, { state: 'answered' }), leg(2)] }),
    ...{ there: ['caller', 'c.1.1', 'bob'], members: ['caller', 'c.1.1', 'bob'], expected: [] }
  },
  'a newcomer missing in the list of channels is not up and has no name': {
    ...{ call: talking(), there: ['caller'], members: ['caller', 'unlisted'] },
    expected: [{ place: 'c.1.1', leg: 'c.1.1', replacement: { by: 'unlisted', isUp: false, who: '' } }]
  },
  'a party that picked up replaced the phone that no longer rings': {
    ...{ call: ringing(), there: ['caller', 'c.1.2', 'picker'] },
    expected: [{ place: 'c.1.1', leg: 'c.1.1', replacement: { ...bob, by: 'picker' } }]
  },
  'if all phones still ring, nobody has picked up': {
    ...{ call: ringing(), there: ['caller', 'c.1.1', 'c.1.2', 'picker'], expected: [] }
  },
  'a phone whose leg is still being created was not picked up': {
    ...{ call: ringing({ legs: [leg(1, { state: 'creating' }), leg(2)] }), there: ['caller', 'c.1.2', 'picker'] },
    expected: []
  },
  'a party that picked up for another caller replaced nobody in this call': {
    ...{ call: ringing(), there: ['caller', 'c.1.2', 'picker of another'], expected: [] }
  },
  'a pickup already known is not reported again': {
    ...{ call: ringing(), there: ['caller', 'c.1.2', 'picker'], known: ['picker'], expected: [] }
  },
  'a party can pick up for a replacement that is gone': {
    ...{ call: ringing({ legs: [leg(1, { replacedBy: 'carol' })] }), there: ['caller', 'picker'] },
    expected: [{ place: 'c.1.1', leg: 'carol', replacement: { ...bob, by: 'picker' } }]
  },
  'if the replacement of a phone still rings, nobody has picked up for it': {
    ...{
      call: ringing({ legs: [leg(1, { replacedBy: 'carol' })] }),
      there: ['caller', 'carol', 'picker'],
      expected: []
    }
  },
  'there is no pickup in a call that does not ring': {
    ...{ call: talking(), there: ['caller', 'picker'], members: ['caller'], expected: [] }
  }
}

test.each(Object.entries(cases))('%s', (_, { call, there, members, known = [], replaced = [], expected }) => {
  const own = [call.callerLeg, ...call.legs.map(({ id, replacedBy }) => replacedBy ?? id)]
  const registry = {
    isKnown: (id: string) => own.includes(id) || known.includes(id),
    isReplaced: (id: string) => replaced.includes(id)
  }
  expect(missedReplacements(look(there, members), call, registry)).toEqual(expected)
})
