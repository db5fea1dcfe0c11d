// The link to Asterisk: away, refused, cut, half open, restarted, or talking nonsense. Each is said once, in a clear line,
// and the next call works.
import { wantedEvents } from '../../src/ari/events'
import { startAriProxy } from '../sandbox/ari-proxy'
import type { AriProxy } from '../sandbox/ari-proxy'
import { until } from '../sandbox/child'
import { linked } from './linked'
import { answers, useWorld } from './world'

const world = useWorld({ withoutApp: true, globals: { FOLLOWME_FAILSAFE: 'PJSIP/dave' } })
let proxy: AriProxy
beforeAll(async () => {
  proxy = await startAriProxy(world.asterisk.httpPort)
  world.rule([['PJSIP/alice']])
})
afterEach(() => world.stopApp())
afterAll(() => proxy.close())

const { said, connected, noticed, nextCallWorks, readiness } = linked(world)

test('a wrong password is logged once, with the cure, and callers get the failsafe', async () => {
  await world.startApp({ FOLLOWME_ARI_PASSWORD: 'wrong' })
  await until('the fault to be said', () => said('refuses user') > 0)
  expect(await readiness()).toMatchObject({
    status: 503,
    text: expect.stringContaining('FOLLOWME_ARI_PASSWORD') as string
  })
  const dave = await world.phone('dave', { kind: 'answer', hangupAfterMs: 500 })
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  expect(dave.calls()).toHaveLength(1)
  expect(said('refuses user')).toBe(1)
  await world.settle()
})

test('followme waits for an Asterisk that is not running yet', async () => {
  await world.asterisk.kill()
  await world.startApp()
  await until('the fault to be said', () => said('nothing listens') > 0)
  expect((await readiness()).status).toBe(503)
  await world.asterisk.restart()
  await connected()
  expect((await readiness()).status).toBe(200)
  // Asterisk sends the events that are read, and no others.
  const { events_allowed: allowed } = (await world.asterisk.ari('applications/followme')) as {
    events_allowed: { type: string }[]
  }
  expect(allowed.map(({ type }) => type).sort()).toEqual([...wantedEvents].sort())
  await nextCallWorks()
})

test('if Asterisk is restarted during a conversation, the record is closed, and the next call works', async () => {
  await world.startApp()
  await connected()
  await world.phone('alice', { kind: 'answer' })
  const call = world.dial()
  await until('the two to talk', () => world.bridged.length > 0)
  await world.asterisk.restart()
  await until('the call to be given up', () => world.app().liveCalls === 0)
  await call.stop(0)
  const stored = await world.settle()
  expect(stored.at(-1)?.call).toMatchObject({ outcome: 'answered', endedBy: null, recovered: true })
  await nextCallWorks()
})

test('unknown, incomplete and non-JSON events do no harm', async () => {
  await world.startApp({ FOLLOWME_ARI_URL: proxy.url })
  await connected()
  for (const odd of [
    '{"type":"BrandNewEvent","application":"followme"}',
    '{"type":"StasisStart"}',
    '{"type":"StasisStart","channel":{"id":7},"args":"x"}',
    '{"type":"ChannelDestroyed","channel":null}',
    '{"type":"ChannelDestroyed","channel":{"id":"x"},"cause":"seventeen"}',
    '{"type":"ChannelStateChange","channel":{"id":"x","state":{}}}',
    '{"type":"Dial","peer":[]}',
    '{"type":{}}',
    'null',
    '[]',
    '"text"',
    '{',
    ''
  ]) {
    proxy.inject(odd)
  }
  await nextCallWorks()
  expect(world.app().connected).toBe(true)
})

test('after a connection reset followme reconnects, and a ringing call continues', async () => {
  await world.startApp({ FOLLOWME_ARI_URL: proxy.url })
  await connected()
  await world.phone('alice', { ...answers, afterMs: 4000 })
  const call = world.dial()
  await call.waitForCall('ringback', ({ codes }) => codes.includes(180))
  proxy.reset()
  await noticed()
  await connected()
  expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200, cause: 16 })
  expect((await world.settle()).at(-1)?.call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/alice' })
})

test('a phone answered without a connection is bridged as soon as followme reconnects', async () => {
  await world.startApp({ FOLLOWME_ARI_URL: proxy.url })
  await connected()
  await world.phone('alice', { kind: 'answer', afterMs: 2000 })
  const call = world.dial({ hangsUp: 'once-joined' })
  await call.waitForCall('ringback', ({ codes }) => codes.includes(180))
  proxy.swallow()
  await noticed()
  proxy.heal()
  expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
  expect((await world.settle()).at(-1)?.call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/alice' })
})

test('a half-open connection is detected within seconds, and the next call works', async () => {
  await world.startApp({ FOLLOWME_ARI_URL: proxy.url })
  await connected()
  proxy.swallow()
  await noticed()
  expect(said('has not answered a ping')).toBeGreaterThan(0)
  await until('the next trouble to be said', () => said('accepted the connection but did not answer') > 0)
  proxy.heal()
  await connected()
  await nextCallWorks()
})

test("a refused event socket is not reopened behind followme's back, which would take over its events", async () => {
  proxy.refuseEventSockets()
  const before = proxy.eventSockets
  await world.startApp({ FOLLOWME_ARI_URL: proxy.url })
  await until('the fault to be said', () => said('opening the event socket failed') > 0)
  proxy.heal()
  await connected()
  // Some attempts failed, one succeeded; ari-client would have repeated the first after 100, 200, 400 and 800 ms.
  const { attempts = 1 } = JSON.parse(
    world.logged.filter((line) => line.includes('"connected to Asterisk"')).at(-1) ?? '{}'
  ) as { attempts?: number }
  await new Promise((resolve) => setTimeout(resolve, 1500))
  // One that failed may not have come as far as the socket.
  expect(proxy.eventSockets - before).toBeGreaterThanOrEqual(2)
  expect(proxy.eventSockets - before).toBeLessThanOrEqual(attempts)
  await nextCallWorks()
})

test('another program with the same application name is reported, left alone for a while, and replaced once it is gone', async () => {
  await world.startApp()
  await connected()
  const first = world.app()
  const second = await world.startApp()
  await until('the first to notice', () => !first.connected && said('another program has connected') > 0)
  await until('the second to be connected', () => second.connected)
  await nextCallWorks()
  await second.stop()
  await until('the first to be back', () => first.connected)
  await world.phone('alice', answers)
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200, cause: 16 })
})

test('if the database cannot be read, the call is handed to the failsafe', async () => {
  await world.startApp()
  await connected()
  world.sql('ALTER TABLE targets RENAME TO targets_away')
  const dave = await world.phone('dave', { kind: 'answer', hangupAfterMs: 500 })
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  expect(dave.calls()).toHaveLength(1)
  world.sql('ALTER TABLE targets_away RENAME TO targets')
  await nextCallWorks()
})
