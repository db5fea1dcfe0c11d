// Many legs that ring at once, on a real Asterisk: beyond the first eight, each in a holding bridge of its own.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../sandbox/child'
import { isOld, kinds } from './contracted'
import { useWorld } from './world'

const world = useWorld({ withoutApp: true })
afterEach(() => world.stopApp())

/** How many legs are in each of followme's holding bridges. */
async function held(): Promise<number[]> {
  const bridges = (await world.asterisk.ari('bridges')) as { id: string; bridge_type: string; channels: string[] }[]
  const holding = bridges.filter(
    ({ id, bridge_type: type }) => type === 'holding' && id.startsWith('followme.ringing.')
  )
  return holding.map(({ channels }) => channels.length)
}

/** So many bridges with so many legs in each; none where Asterisk is too old. */
const bridges = (count: number, legs: number): number[] => Array.from({ length: isOld ? 0 : count }, () => legs)

/** So many callers at once, each of whom rings alice: resolves when all of her legs ring. */
async function ringing(count: number, kind: string, target = 'PJSIP/alice') {
  await world.startApp({ FOLLOWME_ARI_TRANSPORT: kind })
  await until('followme to connect', () => world.app().connected)
  world.rule([[target]])
  const callers = world.dial({ count, ratePerSecond: 100 })
  await until('all to ring', async () => {
    const legs = (await world.asterisk.ari('channels')) as { name: string; state: string }[]
    return legs.filter(({ name, state }) => name.startsWith('PJSIP/alice') && state === 'Ringing').length === count
  })
  return callers
}

/** All of them are joined, and their callers hang up. */
async function talk(callers: Awaited<ReturnType<typeof ringing>>, count: number): Promise<void> {
  await until('all to be joined', () => world.bridged.length === count)
  callers.hangUp()
  expect(await callers.finished).toMatchObject({ successful: count, failed: 0 })
}

describe.each(kinds)('over %s', (kind) => {
  test('twenty legs ring, answer and are heard; after followme ends, no bridge is left', async () => {
    const tone = join(world.asterisk.runDir, 'tone.ul')
    writeFileSync(tone, Buffer.alloc(8000, 0x10))
    await world.phone('alice', { kind: 'answer', afterMs: 3000, audioFile: tone })
    const before = (await world.records()).length
    const callers = await ringing(20, kind)
    expect(await held()).toEqual(bridges(12, 1))
    await until('all to be joined', async () => (await held()).every((legs) => legs === 0))
    const legs = (await world.asterisk.ari('channels')) as { id: string; name: string }[]
    for (const { id } of legs.filter(({ name }) => name.startsWith('PJSIP/carrier'))) {
      await until('alice to be heard', async () => {
        const audio = (await world.asterisk.ari(`channels/${id}/rtp_statistics`)) as { txcount: number }
        return audio.txcount > 10
      })
    }
    await talk(callers, 20)
    const calls = (await world.settle()).slice(before)
    expect(calls.map(({ call }) => call.outcome)).toEqual(Array.from({ length: 20 }, () => 'answered'))
    expect(await held()).toEqual(bridges(12, 0))
    await world.app().drain(0)
    expect(await held()).toEqual([])
  })

  test('if their holding bridges are destroyed, the legs keep ringing and are bridged when they answer', async () => {
    await world.phone('alice', { kind: 'answer', afterMs: 3000 })
    const callers = await ringing(12, kind)
    expect(await held()).toEqual(bridges(4, 1))
    for (const id of await world.asterisk.bridges()) await world.asterisk.ari(`bridges/${id}`, 'DELETE')
    await talk(callers, 12)
    await world.settle()
  })

  test('if followme dies, the legs ring no longer than their ring time, and the next process removes the bridges', async () => {
    await world.phone('alice', { kind: 'ring' })
    const callers = await ringing(12, kind, 'PJSIP/alice@1')
    await world.stopApp()
    callers.hangUp()
    await callers.finished
    expect(await held()).toEqual(bridges(4, 1))
    await until('the last leg to go', async () => (await world.asterisk.channels()).length === 0)
    expect(await held()).toEqual(bridges(4, 0))
    await world.startApp({ FOLLOWME_ARI_TRANSPORT: kind })
    await until('them to go', async () => (await held()).length === 0)
    await world.settle()
  })
})
