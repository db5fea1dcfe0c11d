// Whatever becomes of the database that Asterisk reads the failsafe from: a caller gets the plan, or else the static
// destination, in a moment. Permissions, locks, files that are damaged, missing or replaced; on a real Asterisk.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openDatabase } from '../../src/store/database/database'
import type { OpenDatabase } from '../../src/store/database/database'
import { migrate } from '../../src/store/migrations/migrate'
import { startAsterisk, type SandboxAsterisk } from './asterisk'
import { until } from './child'
import { uac, uas } from './sipp'
import { openInScript } from '../store/database/driver-in-script'

const number = '+14155550100'
const directory = mkdtempSync(join(tmpdir(), 'followme-failsafe-'))
const database = join(directory, 'followme.db')
let asterisk: SandboxAsterisk
/** Stands for followme: a connection that is open while it runs. */
let followme: OpenDatabase | undefined

beforeAll(async () => {
  asterisk = await startAsterisk({ database, heedsPermissions: true, globals: { FOLLOWME_FAILSAFE: 'PJSIP/dave' } })
})
beforeEach(() => {
  for (const name of readdirSync(directory)) rmSync(join(directory, name))
  migrate({ database, shipped: resolve(__dirname, '../../migrations'), log: () => undefined })
  followme = openDatabase(database)
  followme.sqlite.exec(`INSERT INTO virtual_numbers (number, time_zone) VALUES ('${number}', 'UTC')`)
  rings('PJSIP/alice')
})
afterEach(async () => {
  followme?.close()
  mayWrite(true)
  await until('the last channel to go', async () => (await asterisk.channels()).length === 0)
})
afterAll(async () => {
  await asterisk.stop()
  rmSync(directory, { recursive: true })
})

function rings(dial: string): void {
  followme?.sqlite.exec(`DELETE FROM failsafe;
    INSERT INTO failsafe (number, step, dial, ring_seconds, fallback, computed_at) VALUES
      ('${number}', 1, '${dial}', 20, NULL, '2026-11-22T11:48:12.345Z'),
      ('${number}', 2, NULL, NULL, 'busy', '2026-11-22T11:48:12.345Z')`)
}

/** Asterisk opens the file anew, as at its start; unloading the module beneath a call that reads or writes would end Asterisk. */
async function opens(): Promise<void> {
  await until('the last channel to go', async () => (await asterisk.channels()).length === 0)
  await asterisk.cli('module unload res_config_sqlite3.so')
  expect(await asterisk.cli('module load res_config_sqlite3.so')).toContain('Loaded')
}

/** Whether Asterisk's user may write the file and its directory, or only read. */
function mayWrite(yes: boolean): void {
  chmodSync(directory, 0o770)
  for (const name of readdirSync(directory)) chmodSync(join(directory, name), yes ? 0o660 : 0o440)
  chmodSync(directory, yes ? 0o770 : 0o550)
}

/** Who answers so many calls; none may wait for two seconds. */
async function answering(count = 1): Promise<string[]> {
  const phones = await Promise.all(
    ['alice', 'bob', 'dave'].map(async (name) => {
      const port = asterisk.phones.get(name) ?? 0
      return { name, phone: await uas(asterisk, port, { kind: 'answer' }) }
    })
  )
  const { calls } = await uac(asterisk, { number, count, ratePerSecond: 50, hangupAfterMs: 50 }).finished
  for (const { invite, messages } of calls) {
    expect((messages.find(({ code }) => code === 200)?.at ?? Infinity) - invite.at).toBeLessThan(2000)
  }
  const answered = phones.flatMap(({ name, phone }) => phone.calls().map(() => name))
  await Promise.all(phones.map(({ phone }) => phone.stop()))
  return answered
}

test('if followme is running, the plan rings, including later changes', async () => {
  await opens()
  expect(await answering()).toEqual(['alice'])
  rings('PJSIP/bob')
  expect(await answering()).toEqual(['bob'])
  // Asterisk holds no old state of the file that would keep the log of writes from being cleared.
  expect(followme?.sqlite.pragma('wal_checkpoint(TRUNCATE)')).toEqual([{ busy: 0, log: 0, checkpointed: 0 }])
})

test("if followme is not running and Asterisk may write, the plan rings, and files that Asterisk creates get the database's mode", async () => {
  followme?.close()
  mayWrite(true)
  expect(readdirSync(directory)).toEqual(['followme.db'])
  await opens()
  expect(await answering()).toEqual(['alice'])
  for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o660)
  followme = openDatabase(database)
  rings('PJSIP/bob')
  expect(await answering()).toEqual(['bob'])
})

test('if Asterisk may only read, the plan rings while followme is running', async () => {
  mayWrite(false)
  await opens()
  expect(await answering()).toEqual(['alice'])
})

test('if Asterisk may only read, the plan rings after followme was killed', async () => {
  followme?.close()
  const script = `const db = ${openInScript}(process.argv[1])
    db.prepare("UPDATE failsafe SET dial = 'PJSIP/bob' WHERE step = 1").run()
    process.kill(process.pid, 'SIGKILL')`
  expect(spawnSync(process.execPath, ['-e', script, database]).signal).toBe('SIGKILL')
  expect(existsSync(`${database}-wal`)).toBe(true)
  mayWrite(false)
  await opens()
  expect(await answering()).toEqual(['bob'])
})

test('if Asterisk may only read, the static destination rings after followme has stopped, until followme is back', async () => {
  followme?.close()
  mayWrite(false)
  await opens()
  expect(await answering()).toEqual(['dave'])
  mayWrite(true)
  followme = openDatabase(database)
  mayWrite(false)
  expect(await answering()).toEqual(['alice'])
})

test('if Asterisk may not read, the static destination rings', async () => {
  chmodSync(directory, 0o000)
  await opens()
  expect(await answering()).toEqual(['dave'])
})

test('the plan rings while another program is writing for a long time', async () => {
  await opens()
  followme?.sqlite.exec('BEGIN EXCLUSIVE')
  expect(await answering(5)).toEqual(Array(5).fill('alice'))
})

test('the static destination rings while another program locks the file, even for five callers at once', async () => {
  followme?.close()
  followme = openDatabase(database)
  followme.sqlite.pragma('journal_mode = DELETE')
  followme.sqlite.exec('BEGIN EXCLUSIVE')
  await opens()
  expect(await answering(5)).toEqual(Array(5).fill('dave'))
  followme.sqlite.exec('COMMIT')
  expect(await answering()).toEqual(['alice'])
})

test.each([
  ['is missing', () => rmSync(database)],
  ['is empty', () => writeFileSync(database, '')],
  ['is not a database', () => writeFileSync(database, 'something else '.repeat(1000))],
  [
    'is damaged',
    () => {
      const { size } = statSync(database)
      writeFileSync(database, Buffer.alloc(size - 4096, 0x55), { flag: 'r+' })
    }
  ],
  [
    'has no failsafe yet',
    () => {
      const other = openDatabase(database)
      other.sqlite.exec('DROP TABLE failsafe')
      other.close()
    }
  ]
])('if the file %s, the static destination rings', async (_, harm) => {
  followme?.close()
  followme = undefined
  harm()
  await opens()
  expect(await answering()).toEqual(['dave'])
})

test('a backup moved over the file is read once Asterisk reopens the file', async () => {
  await opens()
  expect(await answering()).toEqual(['alice'])
  const backup = await backedUp('PJSIP/bob')
  followme?.close()
  for (const name of [`${database}-wal`, `${database}-shm`]) rmSync(name, { force: true })
  renameSync(backup, database)
  expect(await answering()).toEqual(['alice'])
  await opens()
  expect(await answering()).toEqual(['bob'])
})

test('a backup restored into the file (.restore of sqlite3) is read immediately', async () => {
  await opens()
  expect(await answering()).toEqual(['alice'])
  const backup = openDatabase(await backedUp('PJSIP/bob'))
  followme?.close()
  await backup.sqlite.backup(database)
  backup.close()
  expect(await answering()).toEqual(['bob'])
})

/** The path of a copy that rings somebody else. */
async function backedUp(dial: string): Promise<string> {
  const copy = join(directory, 'backup.db')
  rings(dial)
  await followme?.sqlite.backup(copy)
  rings('PJSIP/alice')
  return copy
}

describe('failsafe calls are recorded where possible, and no caller waits if not', () => {
  /** The numbers that are in the table of calls carried, or null where there is none. */
  const written = () => {
    const other = openDatabase(database)
    try {
      return other.sqlite.prepare('SELECT count(*) FROM failsafe_calls').pluck().get()
    } catch {
      return null
    } finally {
      other.close()
    }
  }
  /** So many callers at once to whom nobody answers: each hears busy, none after more than a second. */
  const busy = async (count: number) => {
    rings('PJSIP/alice')
    const alice = await uas(asterisk, asterisk.phones.get('alice') ?? 0, { kind: 'refuse', code: 486 })
    const { calls } = await uac(asterisk, { number, count, ratePerSecond: 200, expect: 486 }).finished
    await alice.stop()
    expect(calls).toHaveLength(count)
    for (const { invite, messages } of calls) {
      expect((messages.find(({ code }) => code === 486)?.at ?? Infinity) - invite.at).toBeLessThan(1000)
    }
  }
  const gone = () => until('the last channel to go', async () => (await asterisk.channels()).length === 0)

  /** Calls until one is written down: not in the second in which one could not be. */
  const isWrittenAgain = async () => {
    const before = written() as number
    await until('a call to be written down', async () => {
      await busy(1)
      await gone()
      return (written() as number) > before
    })
  }

  test('20 calls at once are all recorded', async () => {
    await opens()
    await isWrittenAgain()
    const before = written() as number
    await busy(20)
    await gone()
    expect(written()).toBe(before + 20)
  })

  test('with read-only access, no call is recorded', async () => {
    mayWrite(false)
    await opens()
    // As followme, who may.
    mayWrite(true)
    rings('PJSIP/alice')
    mayWrite(false)
    expect(await answering(5)).toEqual(Array(5).fill('alice'))
    await gone()
    expect(asterisk.complaints().join()).toContain('is in no record')
    mayWrite(true)
    expect(written()).toBe(0)
  })

  test('while another program is writing for a long time, calls are kept; the next one that is recorded brings all of them', async () => {
    await opens()
    await isWrittenAgain()
    const before = written()
    const locker = openDatabase(database)
    locker.sqlite.exec('BEGIN IMMEDIATE')
    const alice = await uas(asterisk, asterisk.phones.get('alice') ?? 0, { kind: 'refuse', code: 486 })
    const { calls } = await uac(asterisk, { number, count: 60, ratePerSecond: 60, expect: 486 }).finished
    await alice.stop()
    for (const { invite, messages } of calls) {
      expect((messages.find(({ code }) => code === 486)?.at ?? Infinity) - invite.at).toBeLessThan(1000)
    }
    await gone()
    locker.sqlite.exec('ROLLBACK')
    locker.close()
    expect(written()).toBe(before)
    await isWrittenAgain()
    expect(written()).toBeGreaterThanOrEqual((before as number) + 61)
  })

  test('in a database without the table, no call is recorded', async () => {
    followme?.sqlite.exec('DROP TABLE failsafe_calls')
    await opens()
    await busy(5)
    await gone()
    expect(written()).toBeNull()
  })
})

describe('the final check before a phone rings', () => {
  /** What phone alice gets of a call that ends with one of these codes. */
  const reaches = async (...codes: number[]) => {
    const alice = await uas(asterisk, asterisk.phones.get('alice') ?? 0, { kind: 'answer' })
    const { calls } = await uac(asterisk, { number, expect: codes, hangupAfterMs: 50 }).finished
    await alice.stop()
    return { caller: calls.flatMap(({ messages }) => messages.map(({ code }) => code)), alice: alice.calls() }
  }

  test.each(['112@alice', '+1911@alice', '00112@alice', '9-1-1@alice', '7@alice'])(
    'a plan not written by followme that would dial PJSIP/%s continues with its next step',
    async (address) => {
      await opens()
      rings(`PJSIP/bob&PJSIP/${address}`)
      const { caller, alice } = await reaches(486)
      expect(caller).toContain(486)
      expect(alice).toEqual([])
      expect(asterisk.complaints().join()).toContain(
        'step 1 of the failsafe of +14155550100 would call an emergency or'
      )
    }
  )

  test.each(['PJSIP/2001@alice', 'PJSIP/+442071838112@alice', 'PJSIP/14155550911@alice'])(
    '%s may be dialled',
    async (dial) => {
      await opens()
      rings(dial)
      expect((await reaches(200)).alice).toHaveLength(1)
    }
  )

  test('a static destination that is an emergency number is not dialled, and the caller hears an apology', async () => {
    chmodSync(directory, 0o000)
    await opens()
    await asterisk.cli('dialplan set global FOLLOWME_FAILSAFE PJSIP/911@alice')
    const { caller, alice } = await reaches(200)
    await asterisk.cli('dialplan set global FOLLOWME_FAILSAFE PJSIP/dave')
    expect(caller).toContain(200)
    expect(alice).toEqual([])
    expect(asterisk.complaints().join()).toContain('FOLLOWME_FAILSAFE would call an emergency or service number')
  })
})
