// A ringing phone is picked up from another one, on an office's Asterisk, and followme is killed before it or after it.
import { until } from '../sandbox/child'
import type { HandsetCall } from '../sandbox/handset-call'
import { useKilled } from './killed'
import { talk, useParties } from './parties'

const { world, rings, killed, killedFor, back, record } = useKilled({ office: true })
const parties = useParties(world)

/** Alice and bob ring; carol will pick up. */
async function ringing() {
  world.rule([['PJSIP/alice', 'PJSIP/bob']])
  const [alice, bob] = [await parties.phone('alice', { rings: true }), await parties.phone('bob', { rings: true })]
  const carol = await parties.phone('carol')
  const { call: caller } = await parties.caller()
  const called = await alice.nth(0, 'ringing')
  const other = await bob.nth(0, 'ringing')
  await rings()
  return { caller, called, other, carol }
}

type Ringing = Awaited<ReturnType<typeof ringing>>

const ways: Readonly<Record<string, (given: Ringing) => HandsetCall>> = {
  'PickupChan()': ({ carol }) => carol.call('**alice'),
  '*8': ({ carol }) => carol.call('*8'),
  'INVITE with Replaces;early-only': ({ carol, called }) =>
    carol.call('anyone', ['Require: replaces', `Replaces: ${called.replaces(';early-only')}`])
}

/** Both phones are quiet; carol and the caller talk, and one of them hangs up. */
async function ends({ caller, called, other }: Ringing, picker: HandsetCall): Promise<void> {
  await talk(caller, picker)
  await until('both phones to be quiet', () => called.state === 'over' && other.state === 'over')
  picker.hangUp()
  await until('the caller to be released', () => caller.state === 'over')
  expect(caller).toMatchObject({ code: 200, endedBy: 'them' })
  const { call, attempts, replacements } = await record()
  expect(call).toMatchObject({ outcome: 'answered', endedBy: 'target' })
  expect(attempts.map(({ outcome }) => outcome).sort()).toEqual(['answered', 'answered-elsewhere'])
  const place = attempts.find(({ outcome }) => outcome === 'answered')?.leg
  expect(replacements).toMatchObject([{ place, who: 'PJSIP/carol' }])
}

describe.each(Object.keys(ways))('by %s', (way) => {
  const pickUp = ways[way]
  if (pickUp === undefined) throw new Error(way)

  test('the picker is connected with the caller, and the other phones stop ringing', async () => {
    const given = await ringing()
    await ends(given, pickUp(given))
  })

  test('if followme is killed afterwards, the next process knows who is connected', async () => {
    const given = await ringing()
    const picker = pickUp(given)
    await talk(given.caller, picker)
    await killedFor(0)
    await ends(given, picker)
  })

  test('if the pickup happens while followme is not running, the next process bridges the parties', async () => {
    const given = await ringing()
    await killed()
    const picker = pickUp(given)
    await until('carol to be let in', () => picker.state === 'up')
    await back()
    await ends(given, picker)
  })
})
