// The page of metrics, and that docs/operations.md names each.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { serveHealth } from '../../src/http/health'
import { createMetrics, type Gauges } from '../../src/http/metrics'
import { rulesOf } from '../engine/fakes'
import { caller, number, setUp } from '../engine/set-up'
import { rowsOf } from '../packaging/markdown'

const quiet: Gauges = {
  connected: true,
  connections: 2,
  liveCalls: 3,
  failsafeAgeSeconds: 0.5,
  failsafeCalls: 4,
  declinedCalls: 5,
  records: { waiting: 6, lost: 7, fault: null }
}

function given(gauges = () => quiet) {
  const metrics = createMetrics(gauges)
  const values = async () =>
    Object.fromEntries(
      (await metrics.page())
        .split('\n')
        .filter((line) => line.startsWith('followme_'))
        .map((line) => line.split(' ') as [string, string])
    )
  return { metrics, values }
}

test('gauges are read at each scrape', async () => {
  let now = quiet
  const { values } = given(() => now)
  const first = await values()
  expect(first).toMatchObject({
    followme_connected: '1',
    followme_connections_total: '2',
    followme_calls_live: '3',
    followme_failsafe_age_seconds: '0.5',
    followme_failsafe_calls_total: '4',
    followme_calls_declined_total: '5',
    followme_records_waiting: '6',
    followme_records_lost_total: '7',
    followme_records_failing: '0'
  })
  now = { ...quiet, connected: false, failsafeAgeSeconds: null, records: { waiting: 1, lost: 8, fault: 'disk full' } }
  expect(await values()).toMatchObject({
    followme_connected: '0',
    followme_connections_total: '2',
    followme_failsafe_age_seconds: 'Nan',
    followme_records_lost_total: '8',
    followme_records_failing: '1'
  })
})

test('a call and an attempt are counted once, when they end', async () => {
  const { metrics, values } = given()
  const { clock, arrive, handle } = setUp(undefined, { listeners: [metrics.listener] })
  await arrive()
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  await handle({ type: 'legGone', leg: 'c1.1.1', cause: 17 })
  await handle({ type: 'legSeen', leg: 'c1.2.1' })
  clock.pass(9000)
  await handle({ type: 'legAnswered', leg: 'c1.2.1' })
  expect(await values()).toMatchObject({ 'followme_attempts_total{outcome="busy"}': '1' })
  expect(await values()).not.toHaveProperty('followme_calls_total{outcome="answered"}')
  await handle({ type: 'legGone', leg: '17.1', cause: 16 })
  await handle({ type: 'legGone', leg: 'c1.2.1', cause: 16 })
  await arrive('17.2')
  await handle({ type: 'legGone', leg: '17.2', cause: 16 })
  expect(await values()).toMatchObject({
    'followme_calls_total{outcome="answered"}': '1',
    'followme_calls_total{outcome="abandoned"}': '1',
    'followme_attempts_total{outcome="busy"}': '1',
    'followme_attempts_total{outcome="answered"}': '1',
    'followme_attempts_total{outcome="cancelled"}': '1',
    followme_ring_seconds_count: '1',
    followme_ring_seconds_sum: '9'
  })
})

test('a loop is counted', async () => {
  const { metrics, values } = given()
  const { arrive, handle } = setUp(rulesOf(number, [['+442071838750']]), { listeners: [metrics.listener] })
  await handle({ type: 'connected' })
  await arrive()
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  const returned = { leg: 'c1.1.1', diverting: [] }
  await handle({ type: 'incoming', call: { aLeg: '17.2', number, caller, returned } })
  await handle({ type: 'legGone', leg: '17.2', cause: 17 })
  expect(await values()).toMatchObject({ followme_loops_total: '1' })
})

test('an attempt that ended before a restart is not counted again by the process that takes the call over', async () => {
  const [before, after] = [given(), given()]
  const first = setUp(undefined, { listeners: [before.metrics.listener] })
  await first.arrive()
  await first.handle({ type: 'legSeen', leg: 'c1.1.1' })
  await first.handle({ type: 'legGone', leg: 'c1.1.1', cause: 17 })
  first.switchboard.stop()
  first.telephony.present = {
    legs: new Map([
      ['17.1', { state: 'down', ours: false, controlled: true }],
      ['c1.2.1', { state: 'ringing', ours: true, controlled: true, ringsFor: '17.1' }]
    ]),
    bridges: new Map()
  }
  const second = setUp(undefined, { ...first, minted: 1, listeners: [after.metrics.listener] })
  await second.handle({ type: 'connected' })
  await second.handle({ type: 'legGone', leg: 'c1.2.1', cause: 20 })
  await second.handle({ type: 'legGone', leg: '17.1', cause: 17 })
  expect(await before.values()).toMatchObject({ 'followme_attempts_total{outcome="busy"}': '1' })
  const counted = await after.values()
  expect(counted).toMatchObject({
    'followme_attempts_total{outcome="unavailable"}': '1',
    'followme_calls_total{outcome="fallback"}': '1'
  })
  expect(counted).not.toHaveProperty('followme_attempts_total{outcome="busy"}')
})

test('metrics are served beside the health endpoints', async () => {
  const { metrics } = given()
  const server = await serveHealth(
    { host: '127.0.0.1', port: 0 },
    () => ({ ready: true, reasons: [], calls: 0 }),
    metrics
  )
  try {
    const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await answer.text()).toMatch(/^followme_connected 1$/m)
  } finally {
    await server.close()
  }
})

test('docs/operations.md lists every metric of followme with its type, and the process metrics it names exist', async () => {
  const page = await given().metrics.page()
  const types = Object.fromEntries(
    Array.from(page.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name = '', type]) => [name, type])
  )
  const manual = readFileSync(resolve(__dirname, '../../docs/operations.md'), 'utf8')
  const told = rowsOf(manual, '| metric | type | meaning |').map(({ cells: [name = '', type] }) => [
    name.replace(/\{.*/, ''),
    type
  ])
  const own = Object.entries(types).filter(([name]) => name.startsWith('followme_'))
  expect(told.sort()).toEqual(own.sort())
  const others = Array.from(manual.matchAll(/`((?:process|nodejs)_\w+)`/g), ([, name]) => name)
  expect(others.length).toBeGreaterThan(0)
  expect(Object.keys(types)).toEqual(expect.arrayContaining(others))
})
