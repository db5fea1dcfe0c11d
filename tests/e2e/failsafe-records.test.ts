// What the failsafe has carried is in the records afterwards, each call once.
import { until } from '../sandbox/child'
import { startHttpProxy } from '../sandbox/http-proxy'
import { openDatabase } from '../../src/store/database/database'
import { useKeptPlan } from './kept-plan'
import { ready } from './served'
import type { Served } from './served'
import { number, useWorld } from './world'

const world = useWorld({
  readable: true,
  withoutApp: true,
  globals: { FOLLOWME_FAILSAFE: 'PJSIP/dave', FOLLOWME_FAILSAFE_SECONDS: '1', FOLLOWME_CLAIM_SECONDS: '1' }
})
const processes: Served[] = []
afterEach(async () => {
  for (const { child, exited } of processes.splice(0)) {
    child.kill('SIGKILL')
    await exited
  }
  await world.stopApp()
  world.sql('DELETE FROM calls; DELETE FROM failsafe; DELETE FROM virtual_numbers')
})

const plan = useKeptPlan(world)

/** What Asterisk will ring, and the fallback. */
function kept(): string {
  return plan().prepare('SELECT coalesce(dial, fallback) FROM failsafe ORDER BY step').pluck().all().join()
}

const at = '2026-11-22T11:48:12.345Z'

/** What an earlier run has left: steps of `dial`, or `dial@seconds`, then the fallback. */
function left(steps: readonly string[], fallback = 'busy'): void {
  world.rule(
    steps.map((each) => each.split('&')),
    fallback
  )
  const rows = steps.map((each, index) => {
    const [dial = '', seconds = '20'] = each.split('@')
    return `('${number}', ${index + 1}, '${dial}', ${seconds}, NULL, 'always', '${at}')`
  })
  world.sql(`INSERT INTO failsafe (number, step, dial, ring_seconds, fallback, rule, computed_at) VALUES
    ${[...rows, `('${number}', ${steps.length + 1}, NULL, NULL, '${fallback}', 'always', '${at}')`].join()}`)
}

/** followme as a process. */
async function serving(env: Readonly<Record<string, string>> = {}): Promise<Served> {
  const served = await ready(world, env)
  processes.push(served)
  return served
}

/** Starts followme, and gives the records once there are as many and none is open. */
async function recorded(count: number) {
  await world.startApp()
  await until(`${count} records`, async () => {
    const records = await world.records()
    return records.length >= count && records.every(({ call }) => call.endedAt !== null && call.failsafeAt !== null)
  })
  const records = await world.settle()
  expect(records).toHaveLength(count)
  return records
}

test('the record says who answered, after which attempts, and who hung up', async () => {
  left(['PJSIP/alice', 'PJSIP/bob&PJSIP/carol'])
  await world.phone('alice', { kind: 'refuse', code: 486 })
  const bob = await world.phone('bob', { kind: 'ring' })
  const carol = await world.phone('carol', { kind: 'answer', afterMs: 300, hangupAfterMs: 300 })
  await world.call({ from: `"Doe, \\"Jane\\" (home):$\{EXTEN}" <sip:+14155550199@127.0.0.1>` })
  await Promise.all([bob.stop(), carol.stop()])
  await world.phone('bob', { kind: 'answer' })
  await world.call({ hangupAfterMs: 300 })
  const [first, second] = await recorded(2)
  expect(first?.call).toMatchObject({
    number,
    callerNumber: '+14155550199',
    callerName: 'Doe, \\"Jane\\" (home):${EXTEN}',
    outcome: 'answered',
    answeredBy: 'PJSIP/carol',
    endedBy: 'target',
    cause: 16,
    decision: 'rule',
    rule: 'always',
    plan: { fallback: 'busy', steps: [{}, { targets: [{ dial: 'PJSIP/bob' }, { dial: 'PJSIP/carol' }] }] }
  })
  expect(first?.call.id).toMatch(/^\d{8}-\d{6}-[0-9a-v]{6}$/)
  expect(first?.call.talkMs).toBeGreaterThanOrEqual(250)
  expect(first?.call.ringMs).toBeGreaterThanOrEqual(250)
  expect(first?.attempts.map(({ step, dial, outcome, cause }) => [step, dial, outcome, cause])).toEqual([
    [1, 'PJSIP/alice', 'busy', 17],
    [2, 'PJSIP/bob', 'answered-elsewhere', 26],
    [2, 'PJSIP/carol', 'answered', 16]
  ])
  expect(second?.call).toMatchObject({ answeredBy: 'PJSIP/bob', endedBy: 'caller' })
})

test('the record shows a caller who hung up, a fallback, and an unknown number', async () => {
  left(['PJSIP/alice@1'], 'voicemail:100@default')
  const alice = await world.phone('alice', { kind: 'ring' })
  await world.call({ cancelAfterMs: 300 })
  await alice.waitForCall('the cancellation', ({ end }) => end?.method === 'CANCEL')
  await world.call({ hangupAfterMs: 500 })
  await world.call({ number: '+14155550777', expect: 404 })
  const records = await recorded(3)
  expect(records.map(({ call }) => [call.outcome, call.fallback, call.cause, call.endedBy])).toEqual([
    ['abandoned', null, 16, 'caller'],
    ['fallback', 'voicemail:100@default', 16, null],
    ['refused', null, 1, null]
  ])
  expect(records.map(({ attempts }) => attempts.map(({ outcome }) => outcome))).toEqual([
    ['cancelled'],
    ['no-answer'],
    []
  ])
})

test('the record shows who answered at the static destination, and a caller who heard the apology', async () => {
  world.sql(`INSERT INTO virtual_numbers (number, time_zone) VALUES ('${number}', 'UTC')`)
  const dave = await world.phone('dave', { kind: 'answer' })
  await world.call({ hangupAfterMs: 300 })
  await dave.stop()
  await world.phone('dave', { kind: 'ring' })
  await world.call({ hangupAfterMs: 500 })
  const [first, second] = await recorded(2)
  expect(first?.call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/dave', decision: 'fallback', rule: null })
  expect(second?.call).toMatchObject({ outcome: 'failed', answeredBy: null })
  expect(second?.attempts).toMatchObject([{ step: 1, dial: 'PJSIP/dave', outcome: 'no-answer' }])
})

test("a call that continues in the site's own dialplan and comes back is two calls", async () => {
  left([], 'dialplan:followme-failsafe,+14155550777,1')
  await world.call({ expect: 404 })
  const records = await recorded(2)
  expect(records.map(({ call }) => [call.number, call.outcome])).toEqual([
    [number, 'fallback'],
    ['+14155550777', 'refused']
  ])
  expect(new Set(records.map(({ call }) => call.aLeg)).size).toBe(1)
})

describe('a call that followme handled before it died or was stopped has one record', () => {
  /** alice rings for a second; the lease then runs out, and the failsafe has bob answer. */
  const given = async () => {
    world.rule([['PJSIP/alice@1'], ['PJSIP/bob']])
    const alice = await world.phone('alice', { kind: 'ring' })
    const bob = await world.phone('bob', { kind: 'answer' })
    return { alice, bob }
  }
  const rings = () =>
    until('alice to ring', async () =>
      (await world.records()).some(({ attempts }) => attempts.some(({ ringingAt }) => ringingAt !== null))
    )
  const one = async () => {
    const [record] = await recorded(1)
    expect(record?.call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/bob', endedBy: 'caller' })
    expect(record?.call.failsafeAt).toBeGreaterThan(record?.call.startedAt ?? Infinity)
    return record
  }
  const isKept = () => until('the failsafe to be kept', () => kept() === 'PJSIP/alice,PJSIP/bob,busy')

  test('followme is killed, and back after the call', async () => {
    const { bob } = await given()
    const served = await serving()
    await isKept()
    const call = world.dial({ hangupAfterMs: 300 })
    await rings()
    served.child.kill('SIGKILL')
    await served.exited
    await call.finished
    expect(bob.calls()).toHaveLength(1)
    await one()
  })

  test('followme is killed, and back while the failsafe handles the call', async () => {
    const { bob } = await given()
    const served = await serving()
    await isKept()
    const call = world.dial({ hangupAfterMs: 3000 })
    await rings()
    served.child.kill('SIGKILL')
    await served.exited
    await bob.waitForCall('bob to answer', ({ messages }) => messages.some(({ code }) => code === 200))
    await world.startApp()
    await until('recovery to have looked', async () => (await world.records())[0]?.call.endedAt != null)
    await call.finished
    await one()
  })

  test('followme is stopped, and resumes after the call', async () => {
    await given()
    const served = await serving()
    await isKept()
    const call = world.dial({ hangupAfterMs: 300 })
    await rings()
    served.child.kill('SIGSTOP')
    await call.finished
    served.child.kill('SIGCONT')
    await until('the record of the failsafe', async () => (await world.records())[0]?.call.failsafeAt != null)
    served.child.kill('SIGTERM')
    await served.exited
    await one()
  })

  test('followme is stopped before the call arrives, and resumes without a connection after it', async () => {
    const { bob } = await given()
    const proxy = await startHttpProxy(world.asterisk.httpPort)
    const served = await serving({ FOLLOWME_ARI_URL: proxy.url })
    await isKept()
    served.child.kill('SIGSTOP')
    const call = world.dial({ hangupAfterMs: 300 })
    await until('the call to be in our hands', async () =>
      (await world.asterisk.cli('core show channels concise')).includes('!Stasis!')
    )
    // That it has come is to be read still; that the failsafe has taken it is not any more.
    proxy.reset()
    await call.finished
    served.child.kill('SIGCONT')
    await until('followme to have looked', () => {
      return served.lines.filter(({ message }) => message === 'connected to Asterisk').length > 1
    })
    await until('the record of the failsafe', async () => (await world.records())[0]?.call.failsafeAt != null)
    served.child.kill('SIGTERM')
    await served.exited
    await proxy.close()
    expect(bob.calls()).toHaveLength(1)
    const records = await recorded(1)
    expect(records.map(({ call }) => [call.outcome, call.answeredBy])).toEqual([['answered', 'PJSIP/bob']])
  })
})

test('metrics count failsafe calls, and calls handed to the failsafe by followme are recorded too', async () => {
  world.rule([['PJSIP/alice'], ['PJSIP/bob']])
  await world.startApp()
  await until('the failsafe to be kept', () => kept() === 'PJSIP/alice,PJSIP/bob,busy')
  await until('the connection to Asterisk', () => world.app().connected)
  await world.phone('alice', { kind: 'refuse', code: 486 })
  await world.phone('bob', { kind: 'answer' })
  await world.call({ hangupAfterMs: 300 })
  await until('the record', async () => (await world.records())[0]?.call.endedAt != null)
  // Its rules cannot be read, but those of Asterisk can: followme lets go of the call.
  world.sql('ALTER TABLE rules RENAME TO rules_away')
  await world.call({ hangupAfterMs: 300 })
  world.sql('ALTER TABLE rules_away RENAME TO rules')
  await until('the record of the failsafe', async () => (await world.records())[1]?.call.failsafeAt != null)
  const page = async () => (await fetch(`http://127.0.0.1:${world.app().httpPort}/metrics`)).text()
  const [live, carried] = await world.records()
  expect([live, carried].map((each) => [each?.call.outcome, each?.call.answeredBy])).toEqual([
    ['answered', 'PJSIP/bob'],
    ['answered', 'PJSIP/bob']
  ])
  const text = await page()
  for (const line of [
    'followme_connected 1',
    'followme_connections_total 1',
    'followme_calls_live 0',
    'followme_calls_total{outcome="answered"} 1',
    'followme_attempts_total{outcome="busy"} 1',
    'followme_attempts_total{outcome="answered"} 1',
    'followme_ring_seconds_count 1',
    'followme_calls_declined_total 1',
    'followme_failsafe_calls_total 1',
    'followme_records_waiting 0',
    'followme_records_lost_total 0'
  ]) {
    expect(text.split('\n')).toContain(line)
  }
  expect(Number(/^followme_failsafe_age_seconds (.*)$/m.exec(text)?.[1])).toBeLessThan(10)
})

test('a call whose record could not be written is recorded once, by the next call that arrives', async () => {
  left(['PJSIP/alice'])
  await world.phone('alice', { kind: 'refuse', code: 486 })
  const locker = openDatabase(world.database)
  locker.sqlite.exec('BEGIN IMMEDIATE')
  await world.call({ expect: 486 })
  await until('the call to be kept', () => world.asterisk.complaints().join().includes('is in no record yet'))
  locker.sqlite.exec('ROLLBACK')
  locker.close()
  await world.startApp()
  await until('followme to connect', () => world.app().connected)
  expect(await world.records()).toEqual([])
  // Those that arrive at once find that it is too early, or write what was kept.
  await until('the kept call to be recorded', async () => {
    await world.call({ expect: 486 })
    return (await world.records()).some(({ call }) => call.failsafeAt !== null)
  })
  const records = await world.settle()
  expect(records.filter(({ call }) => call.failsafeAt !== null)).toHaveLength(1)
  expect(records[0]).toMatchObject({ call: { number, outcome: 'fallback' }, attempts: [{ dial: 'PJSIP/alice' }] })
})
