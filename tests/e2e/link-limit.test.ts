// Over HTTP, a burst of calls opens no more connections than it may, and an Asterisk that has none left to give is survived.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startHttpProxy } from '../sandbox/http-proxy'
import type { HttpProxy } from '../sandbox/http-proxy'
import { linked } from './linked'
import { useWorld } from './world'

const world = useWorld({ withoutApp: true, globals: { FOLLOWME_CLAIM_SECONDS: '30' } })
const { connected, said } = linked(world)
let proxy: HttpProxy
beforeAll(async () => {
  proxy = await startHttpProxy(world.asterisk.httpPort)
})
beforeEach(async () => {
  world.sql('DELETE FROM calls')
  world.rule([['PJSIP/alice']])
  await world.startApp({ FOLLOWME_ARI_URL: proxy.url, FOLLOWME_ARI_TRANSPORT: 'http' })
  await connected()
  await proxy.heal()
})
afterEach(() => world.stopApp())
afterAll(() => proxy.close())

async function sessionLimit(sessions: number): Promise<void> {
  const file = join(world.asterisk.runDir, 'etc', 'http.conf')
  const changed = readFileSync(file, 'utf8').replace(/sessionlimit = \d+/, `sessionlimit = ${String(sessions)}`)
  writeFileSync(file, changed)
  await world.asterisk.cli('module reload http')
}

async function burst(count: number): Promise<void> {
  await world.phone('alice', { kind: 'answer' })
  const result = await world.call({ count, ratePerSecond: 1000, hangupAfterMs: 3000 })
  expect(result).toMatchObject({ successful: count, failed: 0 })
}

async function allAnswered(count: number): Promise<void> {
  const stored = await world.settle()
  expect(stored.map(({ call, attempts }) => [call.outcome, attempts.length])).toEqual(
    Array(count).fill(['answered', 1])
  )
}

test('a hundred simultaneous calls open no more than 16 connections plus the event socket', async () => {
  const before = proxy.mostOpen
  await burst(100)
  await allAnswered(100)
  expect(proxy.mostOpen - before).toBeLessThanOrEqual(16)
  expect(proxy.mostOpen).toBeGreaterThan(before)
})

test('if Asterisk closes connections beyond its limit, cut requests are retried and every call is answered', async () => {
  await sessionLimit(6)
  try {
    await burst(60)
  } finally {
    await sessionLimit(1000)
  }
  await allAnswered(60)
  expect(world.asterisk.complaints().join()).toContain('HTTP session count exceeded 6 sessions')
  expect(said('no connection to Asterisk')).toBe(0)
})
