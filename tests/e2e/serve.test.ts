// The program itself, as a process: signals, exit statuses, and what is left when it dies.
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { until } from '../sandbox/child'
import { type Served, ready as readyBeside, said, serve as serveBeside } from './served'
import { useWorld } from './world'

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

function started(served: Served): Served {
  processes.push(served.child)
  return served
}

const serve = (env?: Readonly<Record<string, string>>): Served => started(serveBeside(world, env))
const ready = async (env?: Readonly<Record<string, string>>): Promise<Served> => started(await readyBeside(world, env))

test('after SIGTERM a ringing call continues until it is answered, a new call gets the failsafe, then followme exits with 0', async () => {
  const served = await ready()
  await world.phone('alice', { kind: 'answer', afterMs: 3000 })
  await world.phone('dave', { kind: 'answer', hangupAfterMs: 500 })
  const first = world.dial()
  await first.waitForCall('ringback', ({ codes }) => codes.includes(180))
  served.child.kill('SIGTERM')
  await until('the drain', () => said(served, 'taking no more calls'))
  const second = await world.call()
  expect(second.calls[0]).toMatchObject({ finalCode: 200 })
  expect(await served.exited).toBe(0)
  // Nobody controls it any more, and the two still talk.
  const talking = await first.waitForCall('the answer', ({ finalCode }) => finalCode === 200)
  expect(talking.end).toBeNull()
  first.hangUp()
  expect((await first.finished).calls[0]).toMatchObject({ end: { method: 'BYE', direction: 'sent' } })
})

test('if followme is killed while a phone rings, the phone stops by itself and the caller gets the failsafe', async () => {
  world.rule([['PJSIP/alice@2'], ['PJSIP/bob']])
  const served = await ready()
  const alice = await world.phone('alice', { kind: 'ring' })
  const dave = await world.phone('dave', { kind: 'answer', hangupAfterMs: 500 })
  const call = world.dial()
  await call.waitForCall('ringback', ({ codes }) => codes.includes(180))
  served.child.kill('SIGKILL')
  await alice.waitForCall('the cancellation', ({ end }) => end?.method === 'CANCEL')
  expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
  expect(dave.calls()).toHaveLength(1)
  world.rule([['PJSIP/alice']])
})

test('if followme is killed, the next call is answered by the static destination', async () => {
  const served = await ready()
  served.child.kill('SIGKILL')
  await served.exited
  const dave = await world.phone('dave', { kind: 'answer', hangupAfterMs: 500 })
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  expect(dave.calls()).toHaveLength(1)
})

test('if followme is stopped, a new caller waits for the claim timeout, then gets the failsafe', async () => {
  const served = await ready()
  served.child.kill('SIGSTOP')
  const dave = await world.phone('dave', { kind: 'answer', hangupAfterMs: 500 })
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  expect(dave.calls()).toHaveLength(1)
})

test('invalid settings are refused at start, all in one message, with status 3', async () => {
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

test('a missing or unmigrated database is refused at start, with the cure', async () => {
  const served = serve({ FOLLOWME_DATABASE: join(world.database, '..', 'none.db') })
  expect(await served.exited).toBe(3)
  expect(served.lines.map(({ message }) => message).join('\n')).toMatch(/none\.db[^]*followme migrate/)
})
