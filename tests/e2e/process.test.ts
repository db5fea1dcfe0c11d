// The process among others: one a database, replaced without losing a call, supervised, and ended by what nobody caught.
import { spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { spawnTied, until } from '../sandbox/child'
import { type Served, ready as readyBeside, said, serve as serveBeside } from './served'
import { useWorld } from './world'

const world = useWorld({ withoutApp: true, globals: { FOLLOWME_FAILSAFE: 'PJSIP/dave' } })
const processes: ChildProcess[] = []
beforeAll(() => world.rule([['PJSIP/alice']]))
afterEach(async () => {
  for (const each of processes.splice(0)) {
    each.kill('SIGKILL')
    await until('its end', () => each.exitCode !== null || each.signalCode !== null)
  }
  world.sql('DELETE FROM calls')
})

function started(served: Served): Served {
  processes.push(served.child)
  return served
}

type Env = Readonly<Record<string, string>>
const serve = (env?: Env, options?: string[]): Served => started(serveBeside(world, env, options))
const ready = async (env?: Env, options?: string[]): Promise<Served> => started(await readyBeside(world, env, options))

function text({ lines }: Served): string {
  return lines.map(({ message }) => message).join('\n')
}

async function recordsClosed(count: number): Promise<void> {
  await until('the records to be closed', async () => {
    const records = await world.records()
    return records.length === count && records.every(({ call }) => call.endedAt !== null)
  })
}

test('a second process is refused with the name of the first, and can serve once that one is dead', async () => {
  const first = await ready()
  const second = serve()
  expect(await second.exited).toBe(3)
  expect(text(second)).toContain(`already served by process ${String(first.child.pid)}`)
  expect(text(second)).toContain('--replace')
  first.child.kill('SIGKILL')
  await first.exited
  await ready()
})

test('a replacement under load ends the old process, and no call is lost, rung twice or handed to the failsafe', async () => {
  const count = 40
  const old = await ready()
  const alice = await world.phone('alice', { kind: 'answer', afterMs: 700 })
  const dave = await world.phone('dave', { kind: 'answer' })
  const callers = world.dial({ count, ratePerSecond: 10, hangupAfterMs: 1500 })
  await until('some to talk', () => alice.calls().filter(({ finalCode }) => finalCode === 200).length >= 5)
  const next = await ready({}, ['--replace'])
  expect(await old.exited).toBe(0)
  // It was replaced in order: that is nothing to warn of.
  expect(old.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])
  expect(await callers.finished).toMatchObject({ successful: count, failed: 0 })
  await recordsClosed(count)
  const records = await world.settle()
  for (const { call, attempts } of records) {
    expect(call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/alice' })
    expect(attempts).toHaveLength(1)
  }
  expect(alice.calls()).toHaveLength(count)
  expect(dave.calls()).toEqual([])
  expect(said(next, 'call taken over')).toBe(true)
})

test('a blocked process cannot be replaced: the message says how to kill it, and then its calls are taken over', async () => {
  const old = await ready()
  await world.phone('alice', { kind: 'answer' })
  const call = world.dial()
  await until('the two to talk', async () => (await world.records()).at(-1)?.call.answeredAt != null)
  old.child.kill('SIGSTOP')
  const next = serve({}, ['--replace'])
  expect(await next.exited).toBe(3)
  expect(text(next)).toContain(`kill -9 ${String(old.child.pid)}`)
  old.child.kill('SIGKILL')
  await old.exited
  const heir = await ready()
  await until('the call to be taken over', () => said(heir, 'call taken over'))
  call.hangUp()
  expect((await call.finished).calls[0]).toMatchObject({ end: { method: 'BYE', direction: 'sent' } })
  await recordsClosed(1)
  expect((await world.settle())[0]?.call).toMatchObject({ outcome: 'answered', endedBy: 'caller' })
})

test('a replacement that cannot connect exits, and the running process continues', async () => {
  const old = await ready()
  const alice = await world.phone('alice', { kind: 'answer' })
  const next = serve({ FOLLOWME_ARI_PASSWORD: 'another' }, ['--replace'])
  expect(await next.exited).toBe(3)
  expect(text(next)).toContain(`process ${String(old.child.pid)} on`)
  expect(text(next)).toContain('keeps running')
  expect((await world.call({ hangupAfterMs: 300 })).calls[0]).toMatchObject({ finalCode: 200 })
  expect(alice.calls()).toHaveLength(1)
  expect(old.child.exitCode).toBeNull()
  await recordsClosed(1)
  await world.settle()
})

test('SIGUSR2 ends the process immediately, and a phone keeps ringing for the next one', async () => {
  const old = await ready()
  const alice = await world.phone('alice', { kind: 'answer', afterMs: 3000 })
  const call = world.dial({ hangupAfterMs: 300 })
  await call.waitForCall('ringback', ({ codes }) => codes.includes(180))
  old.child.kill('SIGUSR2')
  expect(await old.exited).toBe(0)
  await ready()
  expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
  expect(alice.calls()).toHaveLength(1)
  await recordsClosed(1)
  await world.settle()
})

test('an uncaught error ends the process immediately, with the reason, and the next process has its call', async () => {
  const preload = join(world.asterisk.runDir, 'throws.cjs')
  writeFileSync(preload, `process.on('SIGWINCH', () => { throw new Error('nobody expects this') })`)
  const old = await ready({ NODE_OPTIONS: `--require ${preload}` })
  const alice = await world.phone('alice', { kind: 'answer', afterMs: 3000 })
  const call = world.dial({ hangupAfterMs: 300 })
  await call.waitForCall('ringback', ({ codes }) => codes.includes(180))
  old.child.kill('SIGWINCH')
  expect(await old.exited).toBe(70)
  expect(world.logged.join('\n')).toContain('nobody expects this')
  await ready()
  expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
  expect(alice.calls()).toHaveLength(1)
  await recordsClosed(1)
  await world.settle()
})

test('a blocked event loop is logged with its duration', async () => {
  const served = await ready()
  served.child.kill('SIGSTOP')
  await new Promise((resolve) => setTimeout(resolve, 1000))
  served.child.kill('SIGCONT')
  await until('the stall to be told', () => said(served, 'event loop blocked'))
  const line = world.logged.find((each) => each.includes('event loop blocked')) ?? '{}'
  expect((JSON.parse(line) as { longestMs: number }).longestMs).toBeGreaterThan(500)
})

test('SIGHUP reads a password file again, and an invalid one changes nothing', async () => {
  const file = join(world.asterisk.runDir, 'password')
  writeFileSync(file, 'wrong\n')
  const served = serve({ FOLLOWME_ARI_PASSWORD: '', FOLLOWME_ARI_PASSWORD_FILE: file })
  await until('the refusal', () => said(served, 'refuses user'))
  rmSync(file)
  served.child.kill('SIGHUP')
  await until('the fault to be said', () => said(served, 'SIGHUP: no setting was changed'))
  writeFileSync(file, `${world.asterisk.ariPassword}\n`)
  served.child.kill('SIGHUP')
  await until('followme to connect', () => said(served, 'connected to Asterisk'))
})

test('SIGHUP reads the settings file again, including the password, and names settings that need a restart', async () => {
  const file = join(world.asterisk.runDir, 'followme.env')
  writeFileSync(file, "FOLLOWME_ARI_PASSWORD=wrong\nFOLLOWME_TRUNK='PJSIP/{number}@trunk'\n")
  const served = serve({ FOLLOWME_ARI_PASSWORD: '' }, ['--env-file', file])
  await until('the refusal', () => said(served, 'refuses user'))
  writeFileSync(
    file,
    `FOLLOWME_ARI_PASSWORD="${world.asterisk.ariPassword}"\nFOLLOWME_TRUNK=PJSIP/{number}@other\nFOLLOWME_LOG_LEVEL=debug\n`
  )
  served.child.kill('SIGHUP')
  await until('followme to connect', () => said(served, 'connected to Asterisk'))
  const line = world.logged.find((each) => each.includes('SIGHUP: settings reloaded')) ?? '{}'
  expect(JSON.parse(line)).toMatchObject({ file, changed: 'FOLLOWME_ARI_PASSWORD, FOLLOWME_LOG_LEVEL' })
  await until('the warning', () =>
    said(served, 'SIGHUP: FOLLOWME_TRUNK changed: restart followme to use the new value')
  )
  expect(said(served, 'comes from the environment')).toBe(false)
})

test('SIGHUP does not change a password from the environment, and says so', async () => {
  const served = await ready()
  served.child.kill('SIGHUP')
  await until('the answer', () =>
    said(served, 'FOLLOWME_ARI_PASSWORD comes from the environment: restart to change it')
  )
})

test('rules that refer to missing rows are logged at start, and calls are still served', async () => {
  world.sql('PRAGMA foreign_keys = OFF; DELETE FROM rules; PRAGMA foreign_keys = ON')
  try {
    const served = await ready()
    const line = served.lines.find(({ message }) => message.includes('rules refer to missing rows'))
    expect(line).toMatchObject({ level: 'error', orphans: ['1 of targets without their row of rules'] })
  } finally {
    world.sql('DELETE FROM targets')
    world.rule([['PJSIP/alice']])
  }
})

const isRoot = process.getuid?.() === 0
const heeding = { command: 'setpriv', args: ['--bounding-set', '-dac_override,-dac_read_search'] }

;(isRoot ? test : test.skip)('a database that cannot be written is refused, with the cure', async () => {
  const database = join(world.asterisk.runDir, 'theirs', 'followme.db')
  mkdirSync(dirname(database))
  copyFileSync(world.database, database)
  chownSync(database, 65534, 65534)
  chmodSync(database, 0o644)
  const refusal = async (): Promise<string> => {
    const served = serveBeside(world, { FOLLOWME_DATABASE: database }, [], heeding)
    expect(await started(served).exited).toBe(3)
    return text(served)
  }
  expect(await refusal()).toContain(
    `database ${database} cannot be written: user root may not write ${database}; run this as`
  )
  chownSync(database, 0, 0)
  chownSync(dirname(database), 65534, 65534)
  expect(await refusal()).toContain(`user root may not write ${dirname(database)};`)
})

const unshare = ['-m', 'sh', '-c', 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"']
const canMount = isRoot && spawnSync('unshare', ['-m', 'true']).status === 0

;(canMount ? test : test.skip)('a database on a read-only file system is refused', async () => {
  const directory = join(world.asterisk.runDir, 'read-only')
  mkdirSync(directory)
  copyFileSync(world.database, join(directory, 'followme.db'))
  const served = serveBeside(world, { FOLLOWME_DATABASE: join(directory, 'followme.db') }, [], {
    command: 'unshare',
    args: [...unshare, directory]
  })
  expect(await started(served).exited).toBe(3)
  expect(text(served)).toContain('its file system is mounted read-only')
})

const hasNotify = spawnSync('systemd-notify', ['--version']).status === 0

/** What systemd is: a datagram socket that is told. Perl is on every Debian. */
async function notified(): Promise<{ socket: string; told: () => string }> {
  const socket = join(world.asterisk.runDir, 'notify')
  const log = join(world.asterisk.runDir, 'notified')
  const script = `
    use IO::Socket::UNIX; use IO::Handle;
    my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM(), Local => $ARGV[0]) or die $!;
    open(my $out, '>>', $ARGV[1]) or die $!; $out->autoflush(1);
    while (defined $s->recv(my $text, 4096)) { print $out "$text\\n" }`
  processes.push(spawnTied({ command: 'perl', args: ['-e', script, socket, log] }))
  await until('the socket', () => existsSync(socket))
  return { socket, told: () => (existsSync(log) ? readFileSync(log, 'utf8') : '') }
}

test(
  hasNotify
    ? 'systemd is notified when followme is ready, while its event loop runs, and when it stops'
    : 'without systemd-notify on this machine, one warning is logged, and calls are still served',
  async () => {
    const { socket, told } = await notified()
    const served = await ready({ NOTIFY_SOCKET: socket, WATCHDOG_USEC: '600000' })
    if (!hasNotify) {
      await until('the warning', () => said(served, 'cannot notify systemd'))
      return
    }
    const beats = (): number => told().match(/^WATCHDOG=1$/gm)?.length ?? 0
    await until('three beats', () => beats() >= 3)
    expect(told()).toMatch(/^READY=1$/m)
    await until('the state', () => told().includes('STATUS=0 calls, connected to Asterisk\n'))
    served.child.kill('SIGSTOP')
    // What it had sent off before may still arrive; then it is quiet for as long as systemd would wait.
    await new Promise((resolve) => setTimeout(resolve, 500))
    const before = beats()
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(beats()).toBe(before)
    served.child.kill('SIGCONT')
    served.child.kill('SIGTERM')
    expect(await served.exited).toBe(0)
    expect(told()).toMatch(/^STOPPING=1$/m)
  }
)
