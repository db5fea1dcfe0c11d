// What `followme doctor` asks Asterisk: questions only. Nobody is rung, no call is touched, no application's events are taken:
// it listens as an application of its own, which is gone afterwards, with all that was in it.
import { randomBytes } from 'node:crypto'
import { AppError, isError, reasonOf } from '../errors'
import type { AriAddress } from './client/address'
import { askOnce } from './client/ask-once'
import { isObject, type Json, objectIn, objectsIn, textIn, textsIn } from './client/json'
import { openSocket } from './client/open-socket'
import { probe } from './client/probe'

export interface AsteriskFacts {
  readonly version: string
  /** Milliseconds by which Asterisk's clock is ahead of ours, to the second; null: it does not tell. */
  readonly aheadMs: number | null
  /** The user that it became at its start; empty: it does not tell. */
  readonly user: string
  readonly loadedModules: ReadonlySet<string>
  /** Modules that Asterisk has tried to load, and that are not running. */
  readonly failedModules: ReadonlySet<string>
  /** Whether somebody has connected as the application that followme is. */
  readonly isRegistered: boolean
  /** A global variable of the dialplan; empty: it is not set. */
  readonly globals: ReadonlyMap<string, string>
}

/** Gives what a function of the dialplan reads, such as `DIALPLAN_EXISTS(followme,T)`; null: it cannot be read. */
export type ReadFunction = (expression: string) => Promise<string | null>

export interface Inspection {
  readonly read: ReadFunction
  /** Has a function of the dialplan write, such as `REALTIME_STORE(…)`. */
  readonly write: (expression: string, value: string) => Promise<void>
  /** Whether ARI has this resource, such as `sounds/im-sorry`. */
  readonly has: (path: string) => Promise<boolean>
  /** The options of this endpoint of PJSIP; null if there is no such endpoint, or Asterisk does not say. */
  readonly endpoint: (name: string) => Promise<EndpointOptions | null>
  /** The options of this address of record of PJSIP; null as above. Of an option with several values, the last. */
  readonly aor: (name: string) => Promise<EndpointOptions | null>
}

/** By their names in pjsip.conf, also those that are not written there. */
export type EndpointOptions = ReadonlyMap<string, string>

const timeoutMs = 5000
/** The channel that functions are read on ends by itself after so long. */
const lifeSeconds = 30

/** Rejects with an AppError `unavailable`, in words and with the cure, where Asterisk cannot be asked. */
export async function factsOf(address: AriAddress, globals: readonly string[]): Promise<AsteriskFacts> {
  const version = await probe(address, timeoutMs)
  const info = await ask(address, 'GET', 'asterisk/info')
  const modules = await ask(address, 'GET', 'asterisk/modules')
  const app = await ask(address, 'GET', `applications/${encodeURIComponent(address.app)}`)
  const values = await Promise.all(
    globals.map(async (name) => [name, await valueAt(address, 'asterisk/variable', name)] as const)
  )
  return {
    version,
    aheadMs: info.aheadMs,
    user: textIn(objectIn(objectIn(info.body, 'config'), 'setid'), 'user'),
    loadedModules: namesOf(modules.list, (status) => status === 'Running'),
    failedModules: namesOf(modules.list, (status) => status !== 'Running'),
    isRegistered: app.status === 200,
    globals: new Map(values.map(([name, value]) => [name, value ?? '']))
  }
}

function namesOf(modules: unknown, has: (status: string) => boolean): ReadonlySet<string> {
  const found = objectsIn(modules).filter((each) => has(textIn(each, 'status')))
  return new Set(found.map((each) => textIn(each, 'name').replace(/\.so$/, '')))
}

/**
 * Lends `work` what to ask Asterisk with. Functions of the dialplan are read on a channel that is never dialled: only one in the
 * hands of an application exists by itself. Should this process die, its own dead-man's switch ends the channel.
 */
export async function inspecting<T>(address: AriAddress, work: (asterisk: Inspection) => Promise<T>): Promise<T> {
  const name = `followme-doctor-${randomBytes(6).toString('hex')}`
  const variables = `channels/${name}/variable`
  const hangUp = await listenAs(address, name)
  const write = async (expression: string, value: string): Promise<void> => {
    await ask(
      address,
      'POST',
      `${variables}?variable=${encodeURIComponent(expression)}&value=${encodeURIComponent(value)}`
    )
  }
  let renewedAt = performance.now()
  const live = async (): Promise<void> => {
    if (performance.now() - renewedAt < (lifeSeconds * 1000) / 3) return
    renewedAt = performance.now()
    await write('TIMEOUT(absolute)', String(lifeSeconds))
  }
  try {
    const place = `channels/create?endpoint=${encodeURIComponent('Local/doctor@followme-dead')}&app=${name}&channelId=${name}`
    // With its end in it: should this process die in the next moment, the channel goes by itself.
    const { status } = await ask(address, 'POST', place, { variables: { 'TIMEOUT(absolute)': String(lifeSeconds) } })
    if (status !== 200) throw new AppError('unavailable', notLet(address, status))
    // Asterisk 16 takes no variables there.
    await write('TIMEOUT(absolute)', String(lifeSeconds))
    return await work({
      read: async (expression) => {
        await live()
        return valueAt(address, variables, expression)
      },
      write,
      has: async (path) => (await ask(address, 'GET', path)).status === 200,
      endpoint: (name) => optionsOf(address, 'endpoint', name),
      aor: (name) => optionsOf(address, 'aor', name)
    })
  } finally {
    await leave(address, name).catch(() => undefined)
    await hangUp()
  }
}

async function optionsOf(address: AriAddress, type: 'endpoint' | 'aor', name: string): Promise<EndpointOptions | null> {
  const place = `asterisk/config/dynamic/res_pjsip/${type}/${encodeURIComponent(name)}`
  const { status, list } = await ask(address, 'GET', place)
  if (status !== 200) return null
  return new Map(objectsIn(list).map((each) => [textIn(each, 'attribute'), textIn(each, 'value')]))
}

/** Ends the channel. An application whose listener goes while it still has a channel would stay in Asterisk's list. */
async function leave(address: AriAddress, name: string): Promise<void> {
  await ask(address, 'DELETE', `channels/${name}`)
  for (let tries = 1; tries <= 100; tries++) {
    const { body } = await ask(address, 'GET', `applications/${name}`)
    if (textsIn(body, 'channel_ids').length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function notLet({ user }: AriAddress, status: number): string {
  return status === 403
    ? `user "${user}" has read-only access (403): write "read_only = no" in ari.conf`
    : `Asterisk refused to create the channel for reading the dialplan (${String(status)}): check its log`
}

interface Answer {
  readonly status: number
  readonly body: Json
  readonly list: unknown
  readonly aheadMs: number | null
}

async function ask(address: AriAddress, method: string, path: string, given?: object): Promise<Answer> {
  try {
    const { status, text, date } = await askOnce(address, method, path, timeoutMs, given)
    const parsed: unknown = text === '' ? {} : JSON.parse(text)
    const at = Date.parse(date ?? '')
    return {
      status,
      body: isObject(parsed) ? parsed : {},
      list: parsed,
      // The header is cut to the second.
      aheadMs: Number.isNaN(at) ? null : at + 500 - Date.now()
    }
  } catch (error) {
    const reason = isError(error) && isError(error.cause) ? error.cause.message : reasonOf(error)
    throw new AppError('unavailable', `Asterisk does not answer ${method} /ari/${path.split('?')[0]} (${reason})`, {
      cause: error
    })
  }
}

async function valueAt(address: AriAddress, path: string, variable: string): Promise<string | null> {
  const { status, body } = await ask(address, 'GET', `${path}?variable=${encodeURIComponent(variable)}`)
  return status === 200 ? textIn(body, 'value') : null
}

/** Registers an application by listening to its events, which are not read. The returned function unregisters it. */
function listenAs(address: AriAddress, app: string): Promise<() => Promise<void>> {
  return openSocket({ ...address, app }, 'an event socket for the time of the check', timeoutMs, (socket) => {
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.on('error', () => undefined)
    return () => {
      socket.close()
      const impatience = setTimeout(() => socket.terminate(), 1000)
      return closed.finally(() => clearTimeout(impatience))
    }
  })
}
