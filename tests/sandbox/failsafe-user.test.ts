// Asterisk as a user of its own, as it is installed: in the group that the database is given to, and outside of it.
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openDatabase } from '../../src/store/database/database'
import type { OpenDatabase } from '../../src/store/database/database'
import { migrate } from '../../src/store/migrations/migrate'
import { startAsterisk } from './asterisk'
import type { SandboxAsterisk } from './asterisk'
import { until } from './child'
import { uac, uas } from './sipp'

const number = '+14155550100'
// Of nobody: what counts is that they differ from those of the tests, which stand for followme.
const group = 64_321
const user = 64_322

let directory = ''
let database = ''
let followme: OpenDatabase
let asterisk: SandboxAsterisk | undefined
let umask: number

beforeEach(() => {
  // As followme.service does.
  umask = process.umask(0o007)
  directory = mkdtempSync(join(tmpdir(), 'followme-user-'))
  database = join(directory, 'followme.db')
  if (process.getuid?.() === 0) chownSync(directory, 0, group)
  // As an installation's directory: what is made in it belongs to its group.
  chmodSync(directory, 0o2770)
  migrate({ database, shipped: resolve(__dirname, '../../migrations'), log: () => undefined })
  followme = openDatabase(database)
  followme.sqlite.exec(`INSERT INTO virtual_numbers (number, time_zone) VALUES ('${number}', 'UTC');
    INSERT INTO failsafe (number, step, dial, ring_seconds, fallback, computed_at) VALUES
      ('${number}', 1, 'PJSIP/alice', 20, NULL, '2026-11-22T11:48:12.345Z'),
      ('${number}', 2, NULL, NULL, 'busy', '2026-11-22T11:48:12.345Z')`)
})
afterEach(async () => {
  process.umask(umask)
  followme.close()
  await asterisk?.stop()
  asterisk = undefined
  rmSync(directory, { recursive: true })
})

/** One call, which alice answers. */
async function call(): Promise<void> {
  if (asterisk === undefined) throw new Error('Asterisk does not run')
  const running = asterisk
  const alice = await uas(asterisk, running.phones.get('alice') ?? 0, { kind: 'answer' })
  expect((await uac(asterisk, { number, hangupAfterMs: 100 }).finished).calls[0]).toMatchObject({ finalCode: 200 })
  expect(alice.calls()).toHaveLength(1)
  await alice.stop()
  await until('the last channel to go', async () => (await running.channels()).length === 0)
}

const written = (): unknown => followme.sqlite.prepare('SELECT count(*) FROM failsafe_calls').pluck().get()

test('an Asterisk user in the group rings the plan and records the calls, with and without followme running', async () => {
  asterisk = await startAsterisk({ database, user: { uid: user, gid: group } })
  await call()
  expect(written()).toBe(1)
  followme.close()
  await call()
  for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o660)
  followme = openDatabase(database)
  expect(written()).toBe(2)
  followme.sqlite.exec('DELETE FROM failsafe_calls')
  await call()
  expect(written()).toBe(1)
})

test('an Asterisk user with read access only rings the plan while followme is running, and records nothing', async () => {
  const mayWrite = process.getuid?.() === 0 ? 0o640 : 0o440
  for (const name of readdirSync(directory)) chmodSync(join(directory, name), mayWrite | 0o004)
  chmodSync(directory, process.getuid?.() === 0 ? 0o755 : 0o555)
  asterisk = await startAsterisk({ database, user: { uid: user, gid: user } })
  await call()
  expect(written()).toBe(0)
  expect(asterisk.complaints().join()).toContain(`to ${number} is in no record`)
  chmodSync(directory, 0o770)
})
