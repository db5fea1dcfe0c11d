// The requests of calls over each transport: how long they and a hang-up take, and what they cost, with a real Asterisk and a
// phone that answers at once. `npx tsx tests/bench/transports.ts [calls per second] [seconds] [rounds]`
import { readFileSync } from 'node:fs'
import WebSocket from 'ws'
import { AriClientConnector } from '../../src/ari/client/ari-client-connector'
import { Connection, defaultLimits } from '../../src/ari/client/connection'
import type { AriLimits } from '../../src/ari/client/connection'
import { isObject, objectIn, textIn } from '../../src/ari/client/json'
import { authorizationOf } from '../../src/ari/client/address'
import type { AriAddress } from '../../src/ari/client/address'
import { RequestPool } from '../../src/ari/client/request-pool'
import { RequestSocket } from '../../src/ari/client/request-socket'
import type { AriConnection, AriHandlers } from '../../src/ari/client/transport'
import { WebSocketConnector } from '../../src/ari/client/websocket-connector'
import { WebSocketRequests } from '../../src/ari/client/websocket-requests'
import { startAsterisk } from '../sandbox/asterisk'
import type { SandboxAsterisk } from '../sandbox/asterisk'
import { uas } from '../sandbox/sipp'

const [rate = 50, seconds = 8, rounds = 3] = process.argv.slice(2).map(Number)
const app = 'bench'

type Open = (address: AriAddress, handlers: AriHandlers) => Promise<AriConnection>

const limits = (requestSockets: number, pipelined: number): AriLimits => ({
  ...defaultLimits,
  requestSockets,
  pipelined
})

const ways: Readonly<Record<string, Open>> = {
  http: (address, handlers) => new AriClientConnector(defaultLimits).open(address, 'any', handlers),
  'one socket for all': oneForAll,
  ...Object.fromEntries(
    [
      [1, 8],
      [4, 1],
      [4, 8],
      [8, 1],
      [8, 2],
      [8, 8]
    ].map(([sockets = 1, pipelined = 1]): [string, Open] => [
      `events + ${String(sockets)}, ${String(pipelined)} on each`,
      (address, handlers) => new WebSocketConnector(limits(sockets, pipelined)).open(address, handlers)
    ])
  )
}

/** Events and requests on the same socket; not what followme does. */
async function oneForAll(address: AriAddress, handlers: AriHandlers): Promise<AriConnection> {
  const socket = new WebSocket(`${address.url.replace(/^http/, 'ws')}/ari/events?app=${address.app}`, {
    headers: { authorization: authorizationOf(address) },
    perMessageDeflate: false
  })
  await new Promise((resolve) => socket.once('open', resolve))
  const requests = new RequestSocket(socket, defaultLimits)
  return new Connection(socket, address, defaultLimits, handlers, (lost) => {
    const never = (): Promise<RequestSocket> => Promise.reject(new Error('there is one socket'))
    return new WebSocketRequests(
      new RequestPool([requests], never, { ...defaultLimits, pipelined: 1000 }, lost),
      address,
      defaultLimits
    )
  })
}

interface Figures {
  readonly made: number[]
  readonly joined: number[]
  readonly hungUp: number[]
  failed: number
}

async function run(asterisk: SandboxAsterisk, open: Open) {
  const figures: Figures = { made: [], joined: [], hungUp: [], failed: 0 }
  const waiting = new Map<string, () => void>()
  const address = { url: asterisk.ariUrl, user: asterisk.ariUser, password: asterisk.ariPassword, app }
  const connection = await open(address, {
    message: (message) => {
      if (!isObject(message)) return
      const channel = objectIn(message, 'channel')
      const id = textIn(channel, 'id')
      if (message['type'] === 'StasisStart') waiting.get(`${id} here`)?.()
      if (message['type'] === 'ChannelStateChange' && channel['state'] === 'Up') waiting.get(`${id} up`)?.()
    },
    closed: (reason) => console.error(reason)
  })
  const wanted = ['ChannelStateChange', 'ChannelDestroyed', 'StasisStart', 'RESTResponse']
  const filter = { allowed: wanted.map((type) => ({ type })) }
  await connection.request('applications.filter', { applicationName: app, filter })
  const cpu = (): number => {
    const [user = 0, system = 0] = readFileSync(`/proc/${String(asterisk.pid())}/stat`, 'utf8')
      .split(' ')
      .slice(13, 15)
      .map(Number)
    return (user + system) * 10
  }
  const before = { asterisk: cpu(), own: process.cpuUsage() }
  const calls: Promise<void>[] = []
  const from = performance.now()
  for (let index = 0; index < rate * seconds; index += 1) {
    const waitMs = from + (index * 1000) / rate - performance.now()
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    calls.push(
      call(connection, String(process.hrtime.bigint()), waiting, figures).catch((error: unknown) => {
        console.error(String(error))
        figures.failed += 1
      })
    )
  }
  await Promise.all(calls)
  const own = process.cpuUsage(before.own)
  connection.close()
  return {
    ...figures,
    asterisk: (cpu() - before.asterisk) / calls.length,
    own: (own.user + own.system) / 1000 / calls.length
  }
}

/** What followme asks for a call that the first target answers, most of what it asks about the caller left out. */
async function call(connection: AriConnection, id: string, waiting: Map<string, () => void>, figures: Figures) {
  const channelId = id
  const start = performance.now()
  const told = (what: string): Promise<void> =>
    new Promise((resolve) => {
      const key = `${id} ${what}`
      waiting.set(key, () => {
        waiting.delete(key)
        resolve()
      })
    })
  const isHere = told('here')
  const isUp = told('up')
  await connection.request('channels.create', { endpoint: 'PJSIP/alice', app, appArgs: 'leg,x', channelId })
  await isHere
  await connection.request('channels.dial', { channelId, timeout: 20 })
  figures.made.push(performance.now() - start)
  await isUp
  const up = performance.now()
  const bridgeId = `${id}.bridge`
  await connection.request('bridges.createWithId', { bridgeId, type: 'mixing', name: app })
  await connection.request('bridges.addChannel', { bridgeId, channel: channelId })
  figures.joined.push(performance.now() - up)
  await connection.request('channels.setChannelVar', { channelId, variable: 'FOLLOWME_PHASE', value: 'talking' })
  await connection.request('channels.setChannelVar', { channelId, variable: 'TIMEOUT(absolute)', value: '60' })
  await connection.request('channels.getChannelVar', { channelId, variable: 'CHANNEL(state)' })
  await new Promise((resolve) => setTimeout(resolve, 300))
  const end = performance.now()
  await connection.request('channels.hangup', { channelId, reason_code: '16' })
  figures.hungUp.push(performance.now() - end)
  await connection.request('bridges.destroy', { bridgeId })
}

const at = (values: readonly number[], part: number): number =>
  values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN
const median = (values: readonly number[]): string => at(values, 0.5).toFixed(1)

async function main(): Promise<void> {
  const asterisk = await startAsterisk()
  const phone = await uas(asterisk, asterisk.phones.get('alice') ?? 0, { kind: 'answer' })
  const results = new Map<string, Awaited<ReturnType<typeof run>>[]>()
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, open] of Object.entries(ways)) {
        results.set(name, [...(results.get(name) ?? []), await run(asterisk, open)])
      }
    }
  } finally {
    await phone.stop(0)
    await asterisk.stop()
  }
  console.log(`${String(rate)} calls/s for ${String(seconds)} s, ${String(rounds)} rounds in turn, medians; ms`)
  console.log('| | made p50 / p99 | joined p50 / p99 | hung up p50 / p99 | CPU a call: Asterisk | own | failed |')
  console.log('| --- | --- | --- | --- | --- | --- | --- |')
  for (const [name, each] of results) {
    const spread = (of: (one: Figures) => number[]): string =>
      [0.5, 0.99].map((part) => median(each.map((one) => at(of(one), part)))).join(' / ')
    const cells = [
      name,
      spread(({ made }) => made),
      spread(({ joined }) => joined),
      spread(({ hungUp }) => hungUp),
      median(each.map((one) => one.asterisk)),
      median(each.map((one) => one.own)),
      String(each.reduce((sum, { failed }) => sum + failed, 0))
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}

void main()
