// The program itself, as a process: signals, exit statuses, and what is left when it dies.
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { spawnTied, until } from '../sandbox/child'
import { useWorld } from './world'

jest.setTimeout(120_000)

const main = join(__dirname, '..', '..', 'dist', 'main.js')

const world = useWorld({ withoutApp: true, globals: { FOLLOWME_FAILSAFE: 'PJSIP/dave' } })
const processes: ChildProcess[] = []
beforeAll(() => world.rule([['PJSIP/alice']]))
afterEach(async () => {
  processes.splice(0).forEach((each) => each.kill('SIGKILL'))
  // What these processes have left to itself is cleared away by the next.
  const next = await ready()
  await world.settle()
  next.child.kill('SIGKILL')
  await next.exited
  world.sql('DELETE FROM calls')
})

interface Served {
  readonly child: ChildProcess
  readonly lines: { level: string; message: string }[]
  /** Resolves once it has ended and all that it said has been read. */
  readonly exited: Promise<number | null>
}

function serve(env: Readonly<Record<string, string>> = {}): Served {
  const settings = {
    PATH: process.env['PATH'],
    FOLLOWME_ARI_URL: world.asterisk.ariUrl,
    FOLLOWME_ARI_PASSWORD: world.asterisk.ariPassword,
    FOLLOWME_DATABASE: world.database,
    FOLLOWME_HTTP: '127.0.0.1:0',
    ...env
  }
  const program = { command: process.execPath, args: [main, 'serve'] }
  const child = spawnTied(program, { env: settings, stdio: ['ignore', 'inherit', 'pipe'] })
  processes.push(child)
  const lines: Served['lines'] = []
  let rest = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) {
      world.logged.push(line)
      lines.push(
        line.startsWith('{') ? (JSON.parse(line) as Served['lines'][number]) : { level: 'text', message: line }
      )
    }
  })
  return { child, lines, exited: new Promise((resolve) => child.once('close', (code) => resolve(code))) }
}

function said({ lines }: Served, text: string): boolean {
  return lines.some(({ message }) => message.includes(text))
}

async function ready(env: Readonly<Record<string, string>> = {}): Promise<Served> {
  const served = serve(env)
  await until('followme to connect', 40_000, () => said(served, 'connected to Asterisk'))
  return served
}

test('SIGTERM: the call that rings goes on until it is answered, a new one gets the failsafe, then it ends with 0', async () => {
  const served = await ready()
  await world.phone('alice', { kind: 'answer', afterMs: 3000 })
  await world.phone('dave', { kind: 'answer', hangupAfterMs: 500 })
  const first = world.dial()
  await first.waitForCall('ringback', ({ codes }) => codes.includes(180))
  served.child.kill('SIGTERM')
  await until('the drain', 20_000, () => said(served, 'taking no more calls'))
  const second = await world.call()
  expect(second.calls[0]).toMatchObject({ finalCode: 200 })
  expect(await served.exited).toBe(0)
  // Nobody controls it any more, and the two still talk.
  const talking = await first.waitForCall('the answer', ({ finalCode }) => finalCode === 200)
  expect(talking.end).toBeNull()
  first.hangUp()
  expect((await first.finished).calls[0]).toMatchObject({ end: { method: 'BYE', direction: 'sent' } })
})

test('killed while two talk: they talk on, and the next process releases the one who is left', async () => {
  const served = await ready()
  const alice = await world.phone('alice', { kind: 'answer' })
  const call = world.dial()
  // Records are written in batches: what was there a moment before the end is what the next process finds.
  await until('the record', 20_000, async () => (await world.records()).at(-1)?.call.answeredBy === 'PJSIP/alice')
  served.child.kill('SIGKILL')
  await served.exited
  const next = await ready()
  expect(alice.calls()[0]?.end).toBeNull()
  call.hangUp()
  expect((await call.finished).calls[0]).toMatchObject({ end: { method: 'BYE', direction: 'sent' } })
  await alice.waitForCall('the release', ({ end }) => end?.method === 'BYE')
  await until('the record to be closed', 20_000, () => said(next, 'an earlier run left open'))
  expect((await world.settle()).at(-1)?.call).toMatchObject({ outcome: 'lost' })
})

test('killed while a phone rings: the next process stops it ringing', async () => {
  const served = await ready()
  const alice = await world.phone('alice', { kind: 'ring' })
  const call = world.dial({ cancelAfterMs: 60_000 })
  await call.waitForCall('ringback', ({ codes }) => codes.includes(180))
  served.child.kill('SIGKILL')
  await served.exited
  const next = await ready()
  await alice.waitForCall('the cancellation', ({ end }) => end?.method === 'CANCEL')
  await until('it to be said', 20_000, () => said(next, 'clearing away'))
})

test('killed while a phone rings, and not back: the phone stops by itself, and the caller gets the failsafe', async () => {
  world.rule([['PJSIP/alice@2'], ['PJSIP/bob']])
  const served = await ready()
  const alice = await world.phone('alice', { kind: 'ring' })
  const dave = await world.phone('dave', { kind: 'answer', hangupAfterMs: 500 })
  const call = world.dial()
  await call.waitForCall('ringback', ({ codes }) => codes.includes(180))
  served.child.kill('SIGKILL')
  await alice.waitForCall('the cancellation', ({ end }) => end?.method === 'CANCEL', 40_000)
  expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
  expect(dave.calls()).toHaveLength(1)
  world.rule([['PJSIP/alice']])
})

test('killed: the next call is answered by the static fallback', async () => {
  const served = await ready()
  served.child.kill('SIGKILL')
  await served.exited
  const dave = await world.phone('dave', { kind: 'answer', hangupAfterMs: 500 })
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  expect(dave.calls()).toHaveLength(1)
})

test('stopped in its tracks: the caller waits at the door for a few seconds, then gets the failsafe', async () => {
  const served = await ready()
  served.child.kill('SIGSTOP')
  const dave = await world.phone('dave', { kind: 'answer', hangupAfterMs: 500 })
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  expect(dave.calls()).toHaveLength(1)
})

test('wrong settings are refused at start, all in one message, with status 3', async () => {
  const served = serve({
    FOLLOWME_ARI_URL: 'asterisk',
    FOLLOWME_HTTP: 'x',
    FOLLOWME_TRUNK: 'PJSIP/trunk',
    FOLLOWME_ARI_PASSWORD: ''
  })
  expect(await served.exited).toBe(3)
  const text = served.lines.map(({ message }) => message).join('\n')
  for (const name of ['FOLLOWME_ARI_URL', 'FOLLOWME_HTTP', 'FOLLOWME_TRUNK', 'FOLLOWME_ARI_PASSWORD'])
    expect(text).toContain(name)
})

test('a database that is missing or not migrated is refused at start, with the cure', async () => {
  const served = serve({ FOLLOWME_DATABASE: join(world.database, '..', 'none.db') })
  expect(await served.exited).toBe(3)
  expect(served.lines.map(({ message }) => message).join('\n')).toMatch(/none\.db[^]*followme migrate/)
})
