// Which other calls a call is connected to by transfers, as its records and theirs tell.
import type { CallRecord, ReplacementRecord } from '../../../src/call/record'
import { readCall } from '../../../src/store/records/call-history'
import { batchWriter } from '../../../src/store/records/call-writer'
import { otherCalls } from '../../../src/store/records/other-calls'
import { aCall, aReplacement, givenDatabase } from '../fresh-database'

type Given = readonly [call: CallRecord, ...replacements: readonly ReplacementRecord[]]

/** The calls that each call leads to. */
async function leads(...given: readonly Given[]): Promise<Readonly<Record<string, object>>> {
  const database = givenDatabase()
  batchWriter(database)(given.map(([call, ...replacements]) => ({ call, attempts: [], replacements })))
  const found: Record<string, object> = {}
  for (const [{ id }] of given) {
    found[id] = Object.fromEntries(await otherCalls(database.db, await readCall(database.db, id)))
  }
  return found
}

const attended = (end: 1 | 2, leg: string, pair = '0000001f') =>
  aReplacement({ leg, who: `_attended@transfer-${pair};${String(end)}` })
const blind = (leg: string) => aReplacement({ leg, who: '+14155550199@office-0000001f;1' })

test('two calls connected by an attended transfer lead to each other', async () => {
  expect(await leads([aCall('c1'), attended(1, '17.4')], [aCall('c2'), attended(2, '17.5')])).toEqual({
    c1: { '17.4': 'c2' },
    c2: { '17.5': 'c1' }
  })
})

test('in a series of transfers, the call in the middle leads to both others', async () => {
  const middle = [attended(2, '17.5'), attended(1, '19.8', '00000020')]
  expect(
    await leads(
      [aCall('c1'), attended(1, '17.4')],
      [aCall('c2'), ...middle],
      [aCall('c3'), attended(2, '19.9', '00000020')]
    )
  ).toEqual({ c1: { '17.4': 'c2' }, c2: { '17.5': 'c1', '19.8': 'c3' }, c3: { '19.9': 'c2' } })
})

test('a transfer to another virtual number leads to the call that arrives there, and back', async () => {
  expect(await leads([aCall('c1'), blind('17.4')], [aCall('c2', { aLeg: '18.5' })])).toEqual({
    c1: { '17.4': 'c2' },
    c2: { '18.5': 'c1' }
  })
})

test.each<[string, Given, Given]>([
  [
    'a pair of the same name before Asterisk restarted',
    [aCall('c1'), attended(1, '17.4')],
    [aCall('c2'), attended(2, '99.5')]
  ],
  [
    'a pair of the same name on another Asterisk',
    [aCall('c1'), attended(1, '17.4')],
    [aCall('c2'), attended(2, 'b-17.5')]
  ],
  [
    'another pair made in the same second',
    [aCall('c1'), attended(2, '17.5')],
    [aCall('c2'), attended(1, '17.6', '00000020')]
  ],
  ['the same end twice', [aCall('c1'), attended(1, '17.4')], [aCall('c2'), attended(1, '17.4')]],
  [
    'names without an end',
    [aCall('c1'), aReplacement({ leg: '17.4', who: '_attended@transfer' })],
    [aCall('c2', { aLeg: '17.5' })]
  ],
  [
    'a phone that takes a place, and a caller right after it',
    [aCall('c1'), aReplacement({ leg: '17.4' })],
    [aCall('c2', { aLeg: '17.5' })]
  ],
  [
    'a transfer elsewhere, and a caller some time after it',
    [aCall('c1'), blind('17.4')],
    [aCall('c2', { aLeg: '17.7' })]
  ],
  ['a second end, and a caller right after it', [aCall('c1'), attended(2, '17.4')], [aCall('c2', { aLeg: '17.5' })]]
])('%s: neither call leads to the other', async (_, ...given) => {
  expect(await leads(...given)).toEqual({ c1: {}, c2: {} })
})
