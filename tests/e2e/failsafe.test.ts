// followme is not there, and Asterisk rings by what it has left in the database.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../sandbox/child'
import { useKeptPlan } from './kept-plan'
import { number, useWorld } from './world'

let setBy = 0
const world = useWorld({
  readable: true,
  withoutApp: true,
  globals: { FOLLOWME_FAILSAFE: 'PJSIP/dave', FOLLOWME_CLAIM_SECONDS: '1' },
  clock: {
    now: () => Date.now() + setBy,
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    }
  },
  configure: (etc) =>
    appendFileSync(
      join(etc, 'extensions.conf'),
      '\n[ivr]\nexten => s,1,Answer()\n same => n,Wait(0.2)\n same => n,Hangup(31)\n' +
        // Where a redirect would lead, were it followed.
        '\n[followme-dead](+)\nexten => carol,1,Dial(PJSIP/carol)\n'
    )
})
const plan = useKeptPlan(world)
afterEach(async () => {
  await world.stopApp()
  await world.settle()
})

/** What Asterisk will ring for a number, and the fallback. */
function kept(of: string): unknown[] {
  return plan().prepare('SELECT coalesce(dial, fallback) FROM failsafe WHERE number = ? ORDER BY step').pluck().all(of)
}

/** Waits until followme has left this for Asterisk; it is what holds from the next call on. */
async function leaves(expected: readonly string[], of = number): Promise<void> {
  await until(`the failsafe to be ${expected.join()}`, () => String(kept(of)) === expected.join())
}

/** Has followme run until it has left this, then ends it. */
async function isGoneLeaving(...expected: string[]): Promise<void> {
  await world.startApp()
  await leaves(expected)
  await world.stopApp()
}

test('the targets of the rule ring step by step, each for its ring time, until one answers', async () => {
  world.rule([['PJSIP/alice'], ['PJSIP/bob@1'], ['PJSIP/carol'], ['PJSIP/dave']])
  await isGoneLeaving('PJSIP/alice', 'PJSIP/bob', 'PJSIP/carol', 'PJSIP/dave', 'busy')
  const alice = await world.phone('alice', { kind: 'refuse', code: 486 })
  const bob = await world.phone('bob', { kind: 'ring' })
  const carol = await world.phone('carol', { kind: 'answer', afterMs: 100 })
  const dave = await world.phone('dave', { kind: 'answer' })
  const { calls } = await world.call({ hangupAfterMs: 200 })
  expect(calls[0]).toMatchObject({ finalCode: 200, codes: [100, 180, 200] })
  expect([alice, bob, carol, dave].map((phone) => phone.calls().map(({ end }) => end?.method))).toEqual([
    ['INVITE'],
    ['CANCEL'],
    ['BYE'],
    []
  ])
})

test('a conversation ends at the maximum call duration set in followme', async () => {
  world.rule([['PJSIP/alice']])
  await isGoneLeaving('PJSIP/alice', 'busy')
  await world.startApp({ FOLLOWME_MAX_CALL_SECONDS: '60' })
  await until('it to be written down', () => {
    const talk = plan().prepare('SELECT DISTINCT talk_seconds FROM failsafe WHERE number = ?').pluck().all(number)
    return String(talk) === '60'
  })
  await world.stopApp()
  await world.phone('alice', { kind: 'answer' })
  const call = world.dial()
  await until('the two to talk', async () =>
    (await world.asterisk.cli('core show channels concise')).includes('iIrS(60)')
  )
  call.hangUp()
  await call.finished
})

test('the targets of a step ring together, and numbers are dialled through the trunk', async () => {
  world.rule([['PJSIP/alice', '+442071838750']])
  await isGoneLeaving('PJSIP/+442071838750@trunk&PJSIP/alice', 'busy')
  const alice = await world.phone('alice', { kind: 'ring' })
  const carrier = await world.carrier({ '+442071838750': { kind: 'answer', afterMs: 200 } })
  expect((await world.call({ hangupAfterMs: 200 })).calls[0]).toMatchObject({ finalCode: 200 })
  expect(alice.calls()[0]).toMatchObject({ end: { method: 'CANCEL' } })
  expect(carrier.calls()).toHaveLength(1)
})

test('a number that the policy refuses is left out until a row allows it', async () => {
  world.rule([['+37120123456'], ['PJSIP/alice']], 'hangup')
  await world.startApp()
  await leaves(['PJSIP/alice', 'hangup'])
  world.sql("INSERT INTO dial_policy (prefix, verdict) VALUES ('+371', 'allow')")
  await leaves(['PJSIP/+37120123456@trunk', 'PJSIP/alice', 'hangup'])
  world.sql("DELETE FROM dial_policy WHERE prefix = '+371'")
  await leaves(['PJSIP/alice', 'hangup'])
})

test.each([
  ['busy', 486, {}],
  ['hangup', 480, {}],
  ['announce:vm-goodbye', 200, { cause: 16, end: { direction: 'received' } }],
  ['dialplan:ivr,s,1', 200, { cause: 31 }],
  ['voicemail:100@default', 200, { end: { direction: 'sent' } }],
  ['dialplan:nowhere,s,1', 200, { cause: 41 }]
])('if nobody answers, the caller gets the fallback %s', async (fallback, code, outcome) => {
  world.rule([['PJSIP/alice']], fallback)
  await isGoneLeaving('PJSIP/alice', fallback)
  const alice = await world.phone('alice', { kind: 'refuse', code: 603 })
  const { calls } = await world.call({ expect: code, ...(fallback.startsWith('v') && { hangupAfterMs: 500 }) })
  expect(calls[0]).toMatchObject({ finalCode: code, ...outcome })
  expect(alice.calls()).toHaveLength(1)
})

test('edits, overrides and schedule changes are in the failsafe plan within two seconds', async () => {
  await world.startApp()
  world.rule([['PJSIP/alice']], 'hangup')
  await leaves(['PJSIP/alice', 'hangup'])
  world.sql(`INSERT INTO overrides (number, kind, value) VALUES ('${number}', 'forward', 'PJSIP/bob')`)
  await leaves(['PJSIP/bob', 'hangup'])
  world.sql(`DELETE FROM overrides;
    INSERT OR IGNORE INTO schedules VALUES ('hours', 'UTC');
    INSERT OR IGNORE INTO schedule_windows VALUES ('hours', '0 * * * *', 30);
    UPDATE rules SET schedule = 'hours'`)
  const now = Date.now()
  setBy = Math.ceil(now / 3_600_000) * 3_600_000 + 600_000 - now
  await leaves(['PJSIP/alice', 'hangup'])
  setBy += 1_800_000
  await leaves(['hangup'])
  setBy = 0
  const age = async (): Promise<number | null> => {
    const answer = await fetch(`http://127.0.0.1:${world.app().httpPort}/readyz`)
    return ((await answer.json()) as { failsafeAgeSeconds: number | null }).failsafeAgeSeconds
  }
  await until('the age of the failsafe', async () => (await age()) !== null)
  expect(await age()).toBeLessThan(5)
})

test('Asterisk sees changes even after it has read the database', async () => {
  for (const name of ['alice', 'bob']) {
    world.rule([[`PJSIP/${name}`]])
    await isGoneLeaving(`PJSIP/${name}`, 'busy')
    const phone = await world.phone(name, { kind: 'answer' })
    expect((await world.call({ hangupAfterMs: 100 })).calls[0]).toMatchObject({ finalCode: 200 })
    expect(phone.calls()).toHaveLength(1)
  }
  // Nor the log of writes from being cleared.
  expect(plan().pragma('wal_checkpoint(TRUNCATE)')).toEqual([{ busy: 0, log: 0, checkpointed: 0 }])
})

test('an unknown or disabled number is refused', async () => {
  world.rule([['PJSIP/alice']])
  world.sql(`UPDATE virtual_numbers SET enabled = 0 WHERE number = '${number}'`)
  await isGoneLeaving('hangup')
  expect((await world.call({ expect: 480 })).calls[0]).toMatchObject({ finalCode: 480 })
  expect((await world.call({ number: '+14155550777', expect: 404 })).calls[0]).toMatchObject({ finalCode: 404 })
})

test('a number added while followme was not running gets the static destination', async () => {
  world.sql(`INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550888', 'UTC')`)
  const dave = await world.phone('dave', { kind: 'answer' })
  expect((await world.call({ number: '+14155550888', hangupAfterMs: 100 })).calls[0]).toMatchObject({ finalCode: 200 })
  expect(dave.calls()).toHaveLength(1)
})

test('targets that the rules may not dial are not dialled, and redirects are not followed', async () => {
  world.rule([['Local/s'], ['PJSIP/alice'], ['PJSIP/bob']])
  await isGoneLeaving('PJSIP/alice', 'PJSIP/bob', 'busy')
  const alice = await world.phone('alice', { kind: 'redirect', contact: 'sip:carol@127.0.0.1' })
  const bob = await world.phone('bob', { kind: 'refuse', code: 486 })
  const carol = await world.phone('carol', { kind: 'answer' })
  expect((await world.call({ expect: 486 })).calls[0]).toMatchObject({ finalCode: 486 })
  expect([alice, bob, carol].map((phone) => phone.calls().length)).toEqual([1, 1, 0])
})

test.each(['Local/+14155550888@from-trunk', 'PJSIP/bob,20,g', 'PJSIP/bob&Local/s@ivr', 'PJSIP/${CHANNEL}'])(
  'a manipulated failsafe plan with %s is not followed, and the static destination rings',
  async (dial) => {
    world.sql(`INSERT OR REPLACE INTO failsafe (number, step, dial, ring_seconds, computed_at)
      VALUES ('+14155550666', 1, '${dial}', 5, '2026-11-22T11:48:12.345Z')`)
    const bob = await world.phone('bob', { kind: 'answer' })
    const dave = await world.phone('dave', { kind: 'answer' })
    expect((await world.call({ number: '+14155550666', hangupAfterMs: 100 })).calls[0]?.finalCode).toBe(200)
    expect([bob, dave].map((phone) => phone.calls().length)).toEqual([0, 1])
  }
)

test('a failsafe plan that never ends, or ends without a fallback, ends at the static destination', async () => {
  world.sql(`DELETE FROM failsafe WHERE number = '+14155550666';
    WITH RECURSIVE steps (step) AS (SELECT 1 UNION ALL SELECT step + 1 FROM steps WHERE step < 150)
    INSERT INTO failsafe (number, step, dial, ring_seconds, computed_at)
      SELECT '+14155550666', step, 'PJSIP/nobody', 5, '2026-11-22T11:48:12.345Z' FROM steps`)
  const dave = await world.phone('dave', { kind: 'answer' })
  expect((await world.call({ number: '+14155550666', hangupAfterMs: 100 })).calls[0]?.finalCode).toBe(200)
  world.sql(`DELETE FROM failsafe WHERE number = '+14155550666' AND step > 1`)
  expect((await world.call({ number: '+14155550666', hangupAfterMs: 100 })).calls[0]?.finalCode).toBe(200)
  expect(dave.calls()).toHaveLength(2)
})

test('if the caller hangs up, the ringing stops and no other target rings', async () => {
  world.rule([['PJSIP/alice'], ['PJSIP/bob']])
  await isGoneLeaving('PJSIP/alice', 'PJSIP/bob', 'busy')
  const alice = await world.phone('alice', { kind: 'ring' })
  const bob = await world.phone('bob', { kind: 'answer' })
  await world.call({ cancelAfterMs: 500 })
  await alice.waitForCall('the cancellation', ({ end }) => end?.method === 'CANCEL')
  expect(bob.calls()).toEqual([])
})

/** Runs the program, and returns once it has taken over and left this. */
async function serving(...expected: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(__dirname, '../../dist', 'main.js'), 'serve'], {
    env: {
      PATH: process.env['PATH'],
      FOLLOWME_ARI_URL: world.asterisk.ariUrl,
      FOLLOWME_ARI_PASSWORD: world.asterisk.ariPassword,
      FOLLOWME_DATABASE: world.database,
      FOLLOWME_HTTP: '127.0.0.1:0'
    },
    stdio: ['ignore', 'inherit', 'pipe']
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await until('followme to connect', () => said.includes('connected to Asterisk'))
  await leaves(expected)
  return child
}

test.each(['SIGKILL', 'SIGSTOP'] as const)(
  'after %s, 100 of 100 calls are answered by the target in the rules',
  async (signal) => {
    world.rule([['PJSIP/alice'], ['PJSIP/bob']])
    const followme = await serving('PJSIP/alice', 'PJSIP/bob', 'busy')
    const alice = await world.phone('alice', { kind: 'refuse', code: 486 })
    const bob = await world.phone('bob', { kind: 'answer' })
    followme.kill(signal)
    try {
      const { successful, failed } = await world.call({ count: 100, ratePerSecond: 25, hangupAfterMs: 200 })
      expect({ successful, failed }).toEqual({ successful: 100, failed: 0 })
      expect([alice, bob].map((phone) => phone.calls().length)).toEqual([100, 100])
    } finally {
      followme.kill('SIGKILL')
    }
  }
)
