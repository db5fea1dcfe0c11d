// The feature keys of an office's Asterisk (features.conf) belong to Dial(). In a conversation that followme connected they are keys
// like any others: the other side hears them, and nobody is transferred or cut off.
import { until } from '../sandbox/child'
import { talk, useParties } from './parties'
import { conversation } from './replacing'
import { useWorld } from './world'

const world = useWorld({ office: true })
const parties = useParties(world)

describe.each(['target', 'caller'] as const)('the %s presses', (who) => {
  test.each(['##', '*2', '*0'])('%s: the other party hears the keys, and the conversation continues', async (keys) => {
    world.sql('DELETE FROM calls')
    const { caller, called, dave } = await conversation(world, parties)
    const [presses, hears] = who === 'target' ? [called, caller] : [caller, called]
    presses.press(keys)
    await until(`the other one to hear ${keys}`, () => hears.keysHeard === keys)
    await talk(caller, called)
    expect(dave.calls).toHaveLength(0)
    caller.hangUp()
    await until('the one who was called to be released', () => called.state === 'over')
    const [first] = await world.settle()
    expect(first?.call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/carol', endedBy: 'caller', cause: 16 })
  })
})

test('in a call of Dial() the same keys start a transfer: the other party hears music, not the keys', async () => {
  const carol = await parties.phone('carol')
  const dave = await parties.phone('dave')
  const caller = dave.call('carol')
  const called = await carol.nth(0, 'up')
  await talk(caller, called)
  called.press('##')
  await caller.hearsMusic([called.tone])
  expect(caller.keysHeard).toBe('')
  called.hangUp()
  caller.hangUp()
  await until('both to be released', () => called.state === 'over' && caller.state === 'over')
})
