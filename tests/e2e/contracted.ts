// The two sides of the contract that both transports keep: a real Asterisk with a small dialplan, and a connection to it.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { SelectedTransport } from '../../src/ari/client/select-transport'
import { defaultLimits } from '../../src/ari/client/connection'
import type { AriLimits } from '../../src/ari/client/connection'
import { isObject, objectIn, textIn, textsIn } from '../../src/ari/client/json'
import type { Json } from '../../src/ari/client/json'
import type { AriConnection, AriTransportKind } from '../../src/ari/client/transport'
import { startAsterisk } from '../sandbox/asterisk'
import type { SandboxAsterisk } from '../sandbox/asterisk'
import { until } from '../sandbox/child'

/** Debian 11's Asterisk 16 takes requests over HTTP alone. */
export const isOld = process.env['FOLLOWME_SANDBOX_SUITE'] === 'bullseye'
export const kinds: readonly AriTransportKind[] = isOld ? ['http'] : ['http', 'websocket']
export const app = 'contract'
const dialplan = `
[contract]
exten => ring,1,Ringing()
 same => n,Wait(60)
exten => arrive,1,Stasis(${app},+14155550100)
 same => n,Hangup()
exten => left,1,Wait(60)
`
export let asterisk: SandboxAsterisk
export interface Connected {
  readonly connection: AriConnection
  readonly messages: unknown[]
  readonly closed: string[]
  /** Waits for an event of this type about this channel. */
  readonly told: (type: string, channel: string) => Promise<Json>
}

export const open: AriConnection[] = []

export async function connect(
  kind: AriTransportKind,
  address: { url?: string; user?: string; password?: string; app?: string } = {},
  limits: Partial<AriLimits> = {}
): Promise<Connected> {
  const messages: unknown[] = []
  const closed: string[] = []
  const at = { url: asterisk.ariUrl, user: asterisk.ariUser, password: asterisk.ariPassword, app, ...address }
  const connection = await new SelectedTransport(at, kind, { ...defaultLimits, ...limits }).connect({
    message: (message) => messages.push(message),
    closed: (reason) => closed.push(reason)
  })
  open.push(connection)
  expect(connection.transport).toBe(kind)
  const about = (type: string, channel: string) => (message: unknown) =>
    isObject(message) &&
    message['type'] === type &&
    [objectIn(message, 'channel'), objectIn(message, 'peer')].some((each) => textIn(each, 'id') === channel)
  const told = async (type: string, channel: string): Promise<Json> => {
    await until(`${type} of ${channel}`, () => messages.some(about(type, channel)))
    return messages.find(about(type, channel)) as Json
  }
  return { connection, messages, closed, told }
}

let made = 0
/** A channel in our application that has not been dialled. */
export async function leg({ connection, told }: Connected, exten = 'ring'): Promise<string> {
  made += 1
  // As wide as any other: Asterisk 22.5 and later take an id for used (409) where one that is used begins with it.
  const channelId = `contract-${String(made).padStart(6, '0')}`
  await connection.request('channels.create', {
    endpoint: `Local/${exten}@contract/n`,
    app,
    appArgs: 'leg,x',
    channelId
  })
  expect(textsIn(await told('StasisStart', channelId), 'args')).toEqual(['leg', 'x'])
  return channelId
}

/** An Asterisk for the cases of a file. After each: no channel, no bridge, no connection. */
export function useAsterisk(): void {
  beforeAll(async () => {
    asterisk = await startAsterisk({
      configure: (etc) => {
        appendFileSync(join(etc, 'extensions.conf'), dialplan)
        const readOnly = '\n[reader]\ntype = user\nread_only = yes\npassword = reader\npassword_format = plain\n'
        appendFileSync(join(etc, 'ari.conf'), readOnly)
      }
    })
  }, 300_000)
  afterAll(() => asterisk.stop())
  afterEach(async () => {
    for (const each of open.splice(0)) each.close()
    await asterisk.cli('channel request hangup all')
    await until('the last channel to go', async () => (await asterisk.channels()).length === 0)
    for (const id of await asterisk.bridges()) await asterisk.ari(`bridges/${id}`, 'DELETE')
  })
}
