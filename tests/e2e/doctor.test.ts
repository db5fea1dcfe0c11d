// followme doctor on a real installation: all is well, and then each thing is broken for real.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gone, spawnTied, until } from '../sandbox/child'
import { anew, found, main, useDoctor } from './doctored'
import { copied } from './failing-database'

const { world, served, serving, stopped, settings, doctor, faults } = useDoctor()

/** All but those of followme's own request sockets. */
async function applications(): Promise<string[]> {
  const all = (await world.asterisk.ari('applications')) as { readonly name: string }[]
  return all.map(({ name }) => name).filter((name) => !name.startsWith('followme-requests-'))
}

test('on a healthy system, doctor prints one line per check, exits with 0, and leaves nothing in Asterisk', async () => {
  const { status, printed } = await doctor({}, [])
  expect(printed.split('\n').filter((line) => !line.startsWith('ok '))).toEqual(['0 faults, 0 warnings', ''])
  expect(status).toBe(0)
  expect(await world.asterisk.channels()).toEqual([])
  expect(await applications()).toEqual(['followme'])
  expect(world.asterisk.complaints().filter((line) => line.includes('doctor'))).toEqual([])
})

test('doctor does not disturb calls, and rings no phone', async () => {
  const alice = await world.phone('alice', { kind: 'answer' })
  const live = world.dial()
  await live.waitForCall('the answer', ({ finalCode }) => finalCode === 200)
  const looking = doctor()
  const other = world.dial()
  await other.waitForCall('the answer', ({ finalCode }) => finalCode === 200)
  expect((await looking).status).toBe(0)
  expect(alice.calls()).toHaveLength(2)
  for (const call of [live, other]) {
    expect(call.calls()[0]?.end).toBeNull()
    call.hangUp()
    expect((await call.finished).calls[0]).toMatchObject({ end: { direction: 'sent' } })
  }
})

/** Kills it in the moment in which it has a channel; false where it was through before that was seen. */
async function killedWhileItLooks(): Promise<boolean> {
  const child = spawnTied({ command: process.execPath, args: [main, 'doctor'] }, { env: settings() })
  await until('its channel, or its end', async () => {
    return child.exitCode !== null || (await world.asterisk.channels()).length > 0
  })
  child.kill('SIGKILL')
  await gone(child)
  return (await world.asterisk.channels()).length > 0
}

test('if doctor is killed, what it created in Asterisk disappears', async () => {
  await until('it to be killed in time', killedWhileItLooks)
  await until('the channel to go', async () => (await world.asterisk.channels()).length === 0)
  expect(await faults()).toEqual([])
  // Asterisk looks through its list of applications when another channel leaves one.
  await until('the application to go', async () => {
    await doctor()
    return (await applications()).join() === 'followme'
  })
})

test('if followme is not running, doctor says so, with what to start', async () => {
  await stopped()
  try {
    world.rule([['PJSIP/bob']])
    // That nobody keeps the failsafe, and nobody is connected, has this one cause.
    expect(await faults()).toEqual([found('followme', 'does not answer at .*ECONNREFUSED', 'systemctl start followme')])
  } finally {
    await serving()
  }
  expect(await faults()).toEqual([])
})

test('if Asterisk is not running or refuses the password, doctor says so and still runs the other checks', async () => {
  const wrong = await faults({ FOLLOWME_ARI_PASSWORD: 'wrong' })
  expect(wrong).toEqual([found('asterisk', 'refuses user "followme" \\(401\\)', 'fix that')])
  await world.asterisk.kill()
  try {
    expect(await faults()).toEqual([found('asterisk', 'nothing listens at .*: is Asterisk running', 'fix that')])
  } finally {
    await world.asterisk.restart()
  }
  await until('all to be well again', async () => (await faults()).length === 0)
})

test.each(['app_playback', 'res_config_sqlite3', 'func_dialplan'])('a missing module %s is a fault', async (module) => {
  await world.asterisk.cli(`module unload ${module}.so`)
  try {
    expect(await faults()).toContainEqual(
      found('modules', `^not loaded: ${module}$`, `^asterisk -rx 'module load ${module}.so'; and add a line`)
    )
  } finally {
    await world.asterisk.cli(`module load ${module}.so`)
  }
  expect(await faults()).toEqual([])
})

test.each<[what: string, text: string, other: string, check: string, message: string]>([
  ['context followme', '[followme]', '[elsewhere]', 'dialplan', 'there is no context followme$'],
  ['failsafe', '[followme-failsafe]', '[elsewhere]', 'dialplan', 'there is no context followme-failsafe$'],
  ...['gate', 'limits', 'places', 'contacts', 'shown'].map((name): [string, string, string, string, string] => {
    const context = `followme-${name}`
    return [`context ${context}`, `[${context}]`, '[elsewhere]', 'dialplan', `there is no context ${context}$`]
  }),
  ['context for fallbacks', '[followme-fallback]', '[elsewhere]', 'dialplan', 'there is no context followme-fallback$'],
  [
    'switch on the way in',
    ' same => n(switch),Set(TIMEOUT',
    ' ; same => n,Set(TIMEOUT',
    'switch',
    "no dead-man's switch"
  ],
  ['way out for the switch', 'exten => T,1,', 'exten => U,1,', 'switch', "no dead-man's switch"]
])('a dialplan without the %s is a fault', async (_, text, other, check, message) => {
  const file = join(world.asterisk.runDir, 'etc/extensions_followme.conf')
  const before = readFileSync(file, 'utf8')
  expect(before.split(text)).toHaveLength(2)
  writeFileSync(file, before.replace(text, other))
  await world.asterisk.cli('dialplan reload')
  try {
    expect(await faults()).toEqual([found(check, message, 'dialplan reload')])
  } finally {
    writeFileSync(file, before)
    await world.asterisk.cli('dialplan reload')
  }
  expect(await faults()).toEqual([])
})

test('a missing static destination is a warning, with status 0', async () => {
  await world.asterisk.cli('dialplan set global FOLLOWME_FAILSAFE ""')
  try {
    expect(await faults()).toMatchObject([{ check: 'static failsafe', level: 'warning' }])
  } finally {
    await world.asterisk.cli('dialplan set global FOLLOWME_FAILSAFE PJSIP/dave')
  }
})

async function opensAnew(): Promise<void> {
  for (const command of anew) await world.asterisk.cli(command)
}

test('if Asterisk may not read the database, doctor names the permissions it needs', async () => {
  const isRoot = process.getuid?.() === 0
  chmodSync(world.database, 0o000)
  await opensAnew()
  try {
    expect(await faults()).toContainEqual(
      isRoot
        ? found(
            'failsafe read by Asterisk',
            'Asterisk cannot read the database',
            `dbfile = ${world.database}.*read and write that file`
          )
        : found('database', 'cannot be opened', 'fix that')
    )
  } finally {
    chmodSync(world.database, 0o660)
    await opensAnew()
  }
  expect(await faults()).toEqual([])
})

test('if the database was replaced, followme uses the new file, and doctor says that Asterisk must reopen it', async () => {
  const near = `${world.database}.near`
  await copied(world.database, near)
  renameSync(near, world.database)
  await until('followme to take it', () =>
    served().lines.some(({ message }) => message.includes('uses the new file from now on'))
  )
  world.reopen()
  world.rule([['PJSIP/carol']])
  await until('Asterisk to be behind', async () => (await faults()).length > 0)
  expect(await faults()).toEqual([
    found(
      'failsafe read by Asterisk',
      `Asterisk does not read the current ${world.database}`,
      'core restart when convenient'
    )
  ])
  await opensAnew()
  expect(await faults()).toEqual([])
})

test('pending migrations, faults in the rules, and records from the future are reported', async () => {
  const site = join(world.asterisk.runDir, 'site')
  mkdirSync(site)
  writeFileSync(join(site, '0001_more.sql'), "INSERT INTO caller_lists VALUES ('vip');")
  world.sql("UPDATE virtual_numbers SET time_zone = 'Europe/Londn'")
  world.sql(`INSERT INTO calls (id, number, caller_number, caller_name, a_leg, started_at, ended_at, decision, plan)
    VALUES ('future', '', '', '', '', '2099-01-01T00:00:00.000Z', '2099-01-01T00:00:00.000Z', 'rule', '{}')`)
  try {
    expect(await faults({ FOLLOWME_MIGRATIONS: site })).toEqual([
      found('migrations', '^pending: 0001_more$', 'followme migrate'),
      found('rules', '^1 error, 0 warnings; first: virtual_numbers .*Europe/Londn', 'followme check'),
      found('time zones', 'unknown here: Europe/Londn$', 'or correct time_zone'),
      found('clock', 'but the database has a record of 2099-01-01', 'set the clock')
    ])
  } finally {
    world.sql("UPDATE virtual_numbers SET time_zone = 'UTC'; DELETE FROM calls WHERE id = 'future'")
    rmSync(site, { recursive: true })
  }
})

const unshare = ['unshare', '-m', ...(process.getuid?.() === 0 ? [] : ['-Ur'])]
const canMount =
  spawnSync(unshare[0] ?? '', [...unshare.slice(1), 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

;(canMount ? test : test.skip)('little free disk space and a missing database are faults', async () => {
  const disk = join(world.asterisk.runDir, 'disk')
  mkdirSync(disk)
  const script = 'mount -t tmpfs -o size=8m tmpfs "$0" && exec "$@"'
  const little = await faults({ FOLLOWME_DATABASE: join(disk, 'followme.db') }, [...unshare, 'sh', '-c', script, disk])
  expect(little).toEqual([
    found('database', 'does not exist', 'fix that'),
    found('disk', `^8 MB are free in ${disk}$`, 'free some space')
  ])
})

test('without the ARI password, the database is still checked', async () => {
  const without = await faults({ FOLLOWME_ARI_PASSWORD: '' })
  expect(without).toEqual([found('asterisk', 'FOLLOWME_ARI_PASSWORD is not set', 'fix that')])
})

test('--quiet prints one line and sets the exit status', async () => {
  expect(await doctor({}, ['--quiet'])).toMatchObject({ status: 0, printed: 'followme: 0 faults, 0 warnings\n' })
  expect(await doctor({ FOLLOWME_ARI_PASSWORD: '' }, ['--quiet'])).toMatchObject({
    status: 1,
    printed: 'followme: 1 fault, 0 warnings: asterisk\n'
  })
})

test('with invalid settings doctor cannot run, and exits with 3', async () => {
  expect(await doctor({ FOLLOWME_TRUNK: 'nothing' })).toMatchObject({
    status: 3,
    complaints: expect.stringContaining('FOLLOWME_TRUNK') as string
  })
})
