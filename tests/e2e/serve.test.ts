// The program itself, as a process: signals, exit statuses, and what is left when it dies.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { until } from '../sandbox/child'
import { openWorld } from './world'
import type { World } from './world'

jest.setTimeout(60_000)

const main = join(__dirname, '..', '..', 'dist', 'main.js')

let world: World
const processes: ChildProcess[] = []
beforeAll(async () => {
  world = await openWorld({ withoutApp: true, globals: { FOLLOWME_FAILSAFE: 'PJSIP/dave' } })
  world.rule([['PJSIP/alice']])
})
afterEach(async () => {
  processes.splice(0).forEach((each) => each.kill('SIGKILL'))
  // What these processes have left to itself is cleared away by the next.
  const next = await ready()
  await world.settle()
  next.child.kill('SIGKILL')
  await next.exited
  world.sql('DELETE FROM calls')
})
afterAll(() => world.close())

interface Served {
  readonly child: ChildProcess
  readonly lines: { level: string; message: string }[]
  readonly exited: Promise<number | null>
}

function serve(env: Readonly<Record<string, string>> = {}): Served {
  const child = spawn(process.execPath, [main, 'serve'], {
    env: {
      PATH: process.env['PATH'],
      FOLLOWME_ARI_URL: world.asterisk.ariUrl,
      FOLLOWME_ARI_PASSWORD: world.asterisk.ariPassword,
      FOLLOWME_DATABASE: world.database,
      FOLLOWME_HTTP: '127.0.0.1:0',
      ...env
    },
    stdio: ['ignore', 'inherit', 'pipe']
  })
  processes.push(child)
  const lines: Served['lines'] = []
  let rest = ''
  child.stderr.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) {
      lines.push(
        line.startsWith('{') ? (JSON.parse(line) as Served['lines'][number]) : { level: 'text', message: line }
      )
    }
  })
  return { child, lines, exited: new Promise((resolve) => child.once('exit', (code) => resolve(code))) }
}

function said({ lines }: Served, text: string): boolean {
  return lines.some(({ message }) => message.includes(text))
}

async function ready(env: Readonly<Record<string, string>> = {}): Promise<Served> {
  const served = serve(env)
  await until('followme to connect', 15_000, () => said(served, 'connected to Asterisk'))
  return served
}

test('SIGTERM: the call that rings goes on until it is answered, a new one gets the failsafe, then it ends with 0', async () => {
  const served = await ready()
  await world.phone('alice', { kind: 'answer', afterMs: 3000 })
  await world.phone('dave', { kind: 'answer', hangupAfterMs: 50 })
  const first = world.dial({ hangupAfterMs: 1500 })
  await first.waitForCall('ringback', ({ codes }) => codes.includes(180))
  served.child.kill('SIGTERM')
  await until('the drain', 3000, () => said(served, 'taking no more calls'))
  const second = await world.call()
  expect(second.calls[0]).toMatchObject({ finalCode: 200 })
  expect(await served.exited).toBe(0)
  // Nobody controls it any more, and the two still talk.
  const talking = await first.waitForCall('the answer', ({ finalCode }) => finalCode === 200)
  expect(talking.end).toBeNull()
  expect((await first.finished).calls[0]).toMatchObject({ end: { method: 'BYE', direction: 'sent' } })
})

test('killed while a phone rings, and not back: the phone stops by itself, and the caller gets the failsafe', async () => {
  world.rule([['PJSIP/alice@2'], ['PJSIP/bob']])
  const served = await ready()
  const alice = await world.phone('alice', { kind: 'ring' })
  const dave = await world.phone('dave', { kind: 'answer', hangupAfterMs: 50 })
  const call = world.dial()
  await call.waitForCall('ringback', ({ codes }) => codes.includes(180))
  served.child.kill('SIGKILL')
  await alice.waitForCall('the cancellation', ({ end }) => end?.method === 'CANCEL', 15_000)
  expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
  expect(dave.calls()).toHaveLength(1)
  world.rule([['PJSIP/alice']])
})

test('killed: the next call is answered by the static fallback', async () => {
  const served = await ready()
  served.child.kill('SIGKILL')
  await served.exited
  const dave = await world.phone('dave', { kind: 'answer', hangupAfterMs: 50 })
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  expect(dave.calls()).toHaveLength(1)
})

test('stopped in its tracks: the caller waits at the door for a few seconds, then gets the failsafe', async () => {
  const served = await ready()
  served.child.kill('SIGSTOP')
  const dave = await world.phone('dave', { kind: 'answer', hangupAfterMs: 50 })
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
