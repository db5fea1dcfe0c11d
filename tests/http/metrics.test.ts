// The page of metrics, and that docs/operations.md names each.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { CountingCallStore } from '../../src/http/call-counts'
import { serveHealth } from '../../src/http/health'
import { createMetrics, type Gauges } from '../../src/http/metrics'
import { aCall, anAttempt, noon } from '../store/fresh-database'
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
  const saved: string[] = []
  const store = new CountingCallStore(
    { save: ({ id }) => void saved.push(id), flush: () => Promise.resolve() },
    metrics
  )
  const values = async () =>
    Object.fromEntries(
      (await metrics.page())
        .split('\n')
        .filter((line) => line.startsWith('followme_'))
        .map((line) => line.split(' ') as [string, string])
    )
  return { metrics, store, saved, values }
}

test('what is asked at each scrape is what holds then', async () => {
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

test('a call and an attempt count once, when they are over, however often they are saved', async () => {
  const { store, saved, values } = given()
  const busy = anAttempt('c1', { endedAt: noon + 50, outcome: 'busy' })
  const second = anAttempt('c1', { step: 2, leg: 'c1.2.1' })
  store.save(aCall('c1'), [anAttempt('c1')])
  store.save(aCall('c1'), [busy, second])
  const over = aCall('c1', { outcome: 'answered', answeredAt: noon + 9000, endedAt: noon + 20_000, ringMs: 9000 })
  store.save(over, [busy, second])
  store.save(over, [busy, { ...second, endedAt: noon + 20_001, outcome: 'answered' }])
  store.save(over, [busy, { ...second, endedAt: noon + 20_001, outcome: 'answered' }])
  store.save(aCall('c2', { outcome: 'abandoned', endedAt: noon + 1000, ringMs: 1000 }), [])
  expect(saved).toHaveLength(6)
  expect(await values()).toMatchObject({
    'followme_calls_total{outcome="answered"}': '1',
    'followme_calls_total{outcome="abandoned"}': '1',
    'followme_attempts_total{outcome="busy"}': '1',
    'followme_attempts_total{outcome="answered"}': '1',
    followme_ring_seconds_count: '1',
    followme_ring_seconds_sum: '9'
  })
})

test('attempts of a long call count once, however many calls end meanwhile', async () => {
  const { store, values } = given()
  const busy = anAttempt('long', { endedAt: noon + 50, outcome: 'busy' })
  store.save(aCall('long'), [busy])
  for (let i = 0; i < 20_000; i++) store.save(aCall(`c${i}`, { outcome: 'abandoned', endedAt: noon + 1000 }), [])
  store.save(aCall('long', { outcome: 'answered', endedAt: noon + 3_600_000 }), [busy])
  expect(await values()).toMatchObject({
    'followme_calls_total{outcome="answered"}': '1',
    'followme_attempts_total{outcome="busy"}': '1'
  })
})

test('it is served beside health', async () => {
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

test('docs/operations.md names every metric of followme with its type, and those of the process that it names are there', async () => {
  const page = await given().metrics.page()
  const types = Object.fromEntries(
    Array.from(page.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name = '', type]) => [name, type])
  )
  const manual = readFileSync(resolve(__dirname, '../../docs/operations.md'), 'utf8')
  const told = rowsOf(manual, '| metric | type | what it says |').map(({ cells: [name = '', type] }) => [
    name.replace(/\{.*/, ''),
    type
  ])
  const own = Object.entries(types).filter(([name]) => name.startsWith('followme_'))
  expect(told.sort()).toEqual(own.sort())
  const others = Array.from(manual.matchAll(/`((?:process|nodejs)_\w+)`/g), ([, name]) => name)
  expect(others.length).toBeGreaterThan(0)
  expect(Object.keys(types)).toEqual(expect.arrayContaining(others))
})
