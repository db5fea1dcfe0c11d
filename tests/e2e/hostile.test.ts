// A real call while nonsense comes from all other sides: the event socket, the port of /readyz. The calls go on, and nothing
// of it is left. (What comes over SIP: hostile-sip.test.ts.)
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { readEvent, wantedEvents } from '../../src/ari/events'
import { parsedJson } from '../../src/ari/client/json'
import { bentMessages, everyMessage, typeOf } from '../ari/odd-messages'
import { startAriProxy } from '../sandbox/ari-proxy'
import type { AriProxy } from '../sandbox/ari-proxy'
import { until } from '../sandbox/child'
import type { SippHandle } from '../sandbox/sipp'
import { answers, useWorld } from './world'

const seed = Number(process.env['FOLLOWME_SEED'] ?? 20261122)
const world = useWorld({ withoutApp: true })
let proxy: AriProxy
beforeAll(async () => {
  proxy = await startAriProxy(world.asterisk.httpPort)
  await world.startApp({ FOLLOWME_ARI_URL: proxy.url, FOLLOWME_LOG_LEVEL: 'info' })
  await until('followme to connect', () => world.app().connected)
})
afterAll(() => proxy.close())

async function nextCallWorks(): Promise<void> {
  world.rule([['PJSIP/alice']])
  await world.phone('alice', answers)
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200, cause: 16 })
  expect((await world.settle()).at(-1)?.call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/alice' })
}

/** One conversation with alice, and one caller for whom bob rings. */
async function twoCalls() {
  world.sql('DELETE FROM calls')
  world.rule([['PJSIP/alice']])
  await world.phone('alice', { kind: 'answer' })
  const talking = world.dial()
  await until('the two to talk', () => world.bridged.length > 0)
  world.rule([['PJSIP/bob@120']])
  const bob = await world.phone('bob', { kind: 'ring' })
  const waiting = world.dial({ cancelAfterMs: 170_000 })
  await waiting.waitForCall('ringback', ({ codes }) => codes.includes(180))
  // A call that somebody makes up is to be nobody's.
  world.rule([])
  const channels = (await world.asterisk.ari('channels')) as { id: string; name: string }[]
  const callers = channels.flatMap(({ id, name }) => (name.includes('trunk-in') ? [id] : []))
  return { talking, waiting, bob, callers }
}

async function bothContinue({ talking, waiting, bob }: Awaited<ReturnType<typeof twoCalls>>): Promise<void> {
  await until('made-up calls to be given up', () => world.app().liveCalls === 2)
  expect(await world.asterisk.channels()).toHaveLength(4)
  expect(await world.asterisk.bridges()).toHaveLength(1)
  expect(bob.calls()).toHaveLength(1)
  for (const call of [talking, waiting]) call.hangUp()
  expect(await endOf(talking)).toBe('BYE')
  expect(await endOf(waiting)).toBe('CANCEL')
  const records = (await world.settle()).filter(({ attempts }) => attempts.length > 0).map(({ call }) => call)
  expect(records.filter(({ number }) => number === '+14155550100')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ outcome: 'answered', answeredBy: 'PJSIP/alice', endedBy: 'caller' }),
      expect.objectContaining({ outcome: 'abandoned' })
    ])
  )
}

async function endOf(call: SippHandle): Promise<string | undefined> {
  return (await call.finished).calls[0]?.end?.method
}

test('10,000 malformed messages of every type during a conversation and a hunt: both calls continue, and nothing is left over', async () => {
  const calls = await twoCalls()
  // One that says that we were replaced is believed: tests/e2e/link.test.ts.
  const messages = bentMessages(10_000, seed).filter((text) => readEvent(parsedJson(text))?.type !== 'replaced')
  for (const [index, text] of messages.entries()) {
    proxy.inject(text)
    // As fast as it takes them, and no faster: how many may wait in the socket is not what is tried here.
    if (index % 100 === 99) await new Promise((resolve) => setImmediate(resolve))
  }
  await bothContinue(calls)
  expect(world.app().connected).toBe(true)
  expect(world.logged.filter((line) => line.includes('"level":"error"'))).toEqual([])
  await nextCallWorks()
})

test('ignored event types and repeated events do not affect live calls', async () => {
  const calls = await twoCalls()
  for (const caller of calls.callers) {
    for (const message of everyMessage) {
      const isRead = wantedEvents.some((type) => type === typeOf(message))
      if (!isRead) proxy.inject(message.replace(/"id":"[^"]*"/g, `"id":"${caller}"`))
    }
    for (const args of ['["+14155550100"]', '["leg"]', '[]', '[{"toString":1}]']) {
      proxy.inject(`{"type":"StasisStart","args":${args},"channel":{"id":"${caller}"}}`)
    }
  }
  await bothContinue(calls)
  await nextCallWorks()
})

test('calls continue during a flood of requests to /readyz, and no handle leaks', async () => {
  const calls = await twoCalls()
  const handles = (): number =>
    process.getActiveResourcesInfo().filter((each) => each === 'TCPServerWrap' || each === 'TCPSocketWrap').length
  const before = handles()
  const sockets: Socket[] = []
  const odd = [
    '',
    'GET /readyz HTTP/1.1\r\nX: ',
    'PRI * HTTP/2.0\r\n\r\n',
    'POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n',
    '\0'
  ]
  for (let index = 0; index < 500; index += 1) {
    const socket = connect(world.app().httpPort, '127.0.0.1')
      .on('error', () => undefined)
      .resume()
    socket.write(odd[index % odd.length] ?? '')
    sockets.push(socket)
  }
  // Meanwhile somebody else is connected.
  world.rule([['PJSIP/carol']])
  await world.phone('carol', answers)
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  await until('all of them to be cut off', () => sockets.every((socket) => socket.destroyed))
  await until('the handles to come back', () => handles() <= before)
  await bothContinue(calls)
  await nextCallWorks()
})
