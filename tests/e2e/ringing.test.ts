// Many legs that ring at once, on a real Asterisk: beyond the first eight, in holding bridges of followme's own.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../sandbox/child'
import { kinds } from './contracted'
import { useWorld } from './world'

jest.setTimeout(120_000)

const world = useWorld({ withoutApp: true })
afterEach(() => world.stopApp())

/** Who rings in which of followme's holding bridges, by its number. */
async function held(): Promise<Record<string, number>> {
  const bridges = (await world.asterisk.ari('bridges')) as { id: string; bridge_type: string; channels: string[] }[]
  const holding = bridges.filter(({ bridge_type: type }) => type === 'holding')
  return Object.fromEntries(holding.map(({ id, channels }) => [id, channels.length]))
}

/** So many callers at once, each of whom rings alice: resolves when all of her legs ring. */
async function ringing(count: number, kind: string) {
  await world.startApp({ FOLLOWME_ARI_TRANSPORT: kind })
  await until('followme to connect', 30_000, () => world.app().connected)
  world.rule([['PJSIP/alice']])
  const callers = world.dial({ count, ratePerSecond: 100 })
  await until('all to ring', 20_000, async () => {
    const legs = (await world.asterisk.ari('channels')) as { name: string; state: string }[]
    return legs.filter(({ name, state }) => name.startsWith('PJSIP/alice') && state === 'Ringing').length === count
  })
  return callers
}

/** All of them are joined, and their callers hang up. */
async function talk(callers: Awaited<ReturnType<typeof ringing>>, count: number): Promise<void> {
  const joined = (): string[] => world.logged.filter((line) => line.includes('"to":"bridged"'))
  await until('all to be joined', 30_000, () => joined().length === count)
  callers.hangUp()
  expect(await callers.finished).toMatchObject({ successful: count, failed: 0 })
}

describe.each(kinds)('over %s', (kind) => {
  test('twenty ring, answer, hear their callers and are heard; then no bridge is left', async () => {
    const tone = join(world.asterisk.runDir, 'tone.ul')
    writeFileSync(tone, Buffer.alloc(8000, 0x10))
    await world.phone('alice', { kind: 'answer', afterMs: 3000, audioFile: tone })
    const before = (await world.records()).length
    const callers = await ringing(20, kind)
    expect(await held()).toEqual({ 'followme.ringing.1': 8, 'followme.ringing.2': 4 })
    await until('all to be joined', 30_000, async () => Object.keys(await held()).length === 0)
    const legs = (await world.asterisk.ari('channels')) as { id: string; name: string }[]
    for (const { id } of legs.filter(({ name }) => name.startsWith('PJSIP/carrier'))) {
      await until('alice to be heard', 5000, async () => {
        const audio = (await world.asterisk.ari(`channels/${id}/rtp_statistics`)) as { txcount: number }
        return audio.txcount > 10
      })
    }
    await talk(callers, 20)
    const calls = (await world.settle()).slice(before)
    expect(calls.map(({ call }) => call.outcome)).toEqual(Array.from({ length: 20 }, () => 'answered'))
  })

  test('where such a bridge is destroyed, those in it ring on, and are joined when they answer', async () => {
    await world.phone('alice', { kind: 'answer', afterMs: 3000 })
    const callers = await ringing(12, kind)
    expect(await held()).toEqual({ 'followme.ringing.1': 4 })
    await world.asterisk.ari('bridges/followme.ringing.1', 'DELETE')
    await talk(callers, 12)
    await world.settle()
  })

  test('what followme leaves when it ends, the next one clears away', async () => {
    await world.phone('alice', { kind: 'ring' })
    const callers = await ringing(12, kind)
    await world.stopApp()
    await world.asterisk.cli('channel request hangup all')
    await callers.finished
    expect(await held()).toEqual({ 'followme.ringing.1': 0 })
    await world.startApp({ FOLLOWME_ARI_TRANSPORT: kind })
    await world.settle()
  })
})
