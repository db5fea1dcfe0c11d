// Environment → frozen Config. Every fault is reported at once, each with the variable's name, its value and the cure.
import path from 'node:path'
import { type BareNumbers, bareNumbers } from '../rules/caller'
import { AppError, reasonOf } from '../errors'
import { parseTrunkTemplate } from '../rules/number'
import { shown, textOf } from './setting'
import type { Env } from './setting'
import { strayNames } from './setting-names'

export interface Config {
  readonly ari: {
    /** `http(s)://host:port`, without the `/ari` path. */
    readonly url: string
    readonly user: string
    readonly password: string
    /** The Stasis application's name. */
    readonly app: string
    /** How requests travel; `auto`: as Asterisk's version allows. */
    readonly transport: TransportChoice
  }
  readonly database: string
  /** The site's own migrations, or undefined where there are none. */
  readonly siteMigrations: string | undefined
  readonly shippedMigrations: string
  /** Asterisk dial string with `{number}` in it. */
  readonly trunk: string
  /** What digits without a plus or a prefix are in this carrier's numbers. */
  readonly bareNumbers: BareNumbers
  readonly http: { readonly host: string; readonly port: number }
  readonly logLevel: LogLevel
  /** How long SIGTERM waits for ringing calls. */
  readonly drainMs: number
  /** The longest that an answered call may last; the dead-man's switch is set to it. */
  readonly maxCallSeconds: number
  /** How long the records of a call are kept; 0: for ever. */
  readonly retentionDays: number
}

const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

const transportChoices = ['auto', 'websocket', 'http'] as const
export type TransportChoice = (typeof transportChoices)[number]

/** The migrations that ship with followme, beside `dist/` in the package. */
const shippedDirectory = path.join(__dirname, '../../migrations')

function ariUrl(text: string): string {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new AppError('invalid', `FOLLOWME_ARI_URL: ${shown(text)} is not a URL: write it like http://127.0.0.1:8088`)
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AppError('invalid', `FOLLOWME_ARI_URL: ${shown(text)} must begin with http:// or https://`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError(
      'invalid',
      'FOLLOWME_ARI_URL holds a user or password: give them as FOLLOWME_ARI_USER and FOLLOWME_ARI_PASSWORD'
    )
  }
  if (!['', '/', '/ari', '/ari/'].includes(url.pathname) || url.search !== '') {
    throw new AppError('invalid', `FOLLOWME_ARI_URL: ${shown(text)} has a path: leave out all after the port`)
  }
  return `${url.protocol}//${url.host}`
}

/** A colon would end the name, where HTTP writes both (RFC 7617). */
function userName(text: string): string {
  if (!text.includes(':')) return text
  throw new AppError('invalid', 'FOLLOWME_ARI_USER holds a colon: write the name alone, without the password')
}

/** HTTP's Basic has no common way to write other characters: what one part of the library sends, another does not. */
function passwordOf(text: string): string {
  if (/^[ -~]+$/.test(text)) return text
  throw new AppError(
    'invalid',
    'FOLLOWME_ARI_PASSWORD holds a character beyond ASCII: give the user of ari.conf another'
  )
}

function trunkTemplate(text: string): string {
  try {
    return parseTrunkTemplate(text)
  } catch (error) {
    throw new AppError('invalid', `FOLLOWME_TRUNK: ${reasonOf(error)}`)
  }
}

function appName(text: string): string {
  if (/^[A-Za-z0-9_.-]+$/.test(text)) return text
  throw new AppError('invalid', `FOLLOWME_ARI_APP: ${shown(text)} may hold letters, digits, "_", "." and "-" only`)
}

function transportChoice(text: string): TransportChoice {
  const choice = transportChoices.find((each) => each === text)
  if (choice !== undefined) return choice
  throw new AppError(
    'invalid',
    `FOLLOWME_ARI_TRANSPORT: ${shown(text)} is no transport: use one of ${transportChoices.join(', ')}, or unset it`
  )
}

function listenAddress(text: string): { host: string; port: number } {
  const match = /^(?:(.*):)?(\d+)$/.exec(text)
  const port = Number(match?.[2])
  if (match === null) {
    throw new AppError('invalid', `FOLLOWME_HTTP: ${shown(text)} is not an address: write it like 127.0.0.1:8078`)
  }
  if (port > 65535) throw new AppError('invalid', `FOLLOWME_HTTP: ${shown(text)}: the port is too high: use 0 to 65535`)
  const host = (match[1] ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1')
  // An empty host would be every interface there is.
  return { host: host === '' ? '127.0.0.1' : host, port }
}

function logLevel(text: string): LogLevel {
  const level = logLevels.find((each) => each === text)
  if (level === undefined) {
    throw new AppError(
      'invalid',
      `FOLLOWME_LOG_LEVEL: ${shown(text)} is not a level: use one of ${logLevels.join(', ')}`
    )
  }
  return level
}

function secondsOf(name: string, text: string, least: number, most: number): number {
  const seconds = Number(text)
  if (!/^\d+$/.test(text) || seconds < least || seconds > most) {
    throw new AppError(
      'invalid',
      `${name}: ${shown(text)} is not a whole number of seconds from ${String(least)} to ${String(most)}`
    )
  }
  return seconds
}

function retentionDays(text: string): number {
  const days = Number(text)
  if (!/^\d+$/.test(text) || days > 36500) {
    throw new AppError(
      'invalid',
      `FOLLOWME_RETENTION_DAYS: "${text}" is not a whole number of days from 0 (for ever) to 36500`
    )
  }
  return days
}

/** Reads the whole configuration, or throws one AppError `invalid` that lists every fault, one a line. */
export function readConfig(env: Env = process.env): Config {
  const faults: string[] = []
  const read = <T>(parse: () => T): T | undefined => {
    try {
      return parse()
    } catch (error) {
      faults.push(reasonOf(error))
      return undefined
    }
  }
  const values = {
    url: read(() => ariUrl(textOf(env, 'FOLLOWME_ARI_URL', 'http://127.0.0.1:8088'))),
    user: read(() => userName(textOf(env, 'FOLLOWME_ARI_USER', 'followme'))),
    password: read(() => passwordOf(textOf(env, 'FOLLOWME_ARI_PASSWORD'))),
    app: read(() => appName(textOf(env, 'FOLLOWME_ARI_APP', 'followme'))),
    transport: read(() => transportChoice(textOf(env, 'FOLLOWME_ARI_TRANSPORT', 'auto'))),
    database: read(() => databasePath(env)),
    site: read(() => ({ directory: siteMigrations(env) })),
    trunk: read(() => trunkTemplate(textOf(env, 'FOLLOWME_TRUNK', 'PJSIP/{number}@trunk'))),
    bare: read(() => bareNumbersOf(env)),
    http: read(() => listenAddress(textOf(env, 'FOLLOWME_HTTP', '127.0.0.1:8078'))),
    logLevel: read(() => logLevel(textOf(env, 'FOLLOWME_LOG_LEVEL', 'info'))),
    drainSeconds: read(() =>
      secondsOf('FOLLOWME_DRAIN_SECONDS', textOf(env, 'FOLLOWME_DRAIN_SECONDS', '120'), 0, 3600)
    ),
    maxCallSeconds: read(() =>
      secondsOf('FOLLOWME_MAX_CALL_SECONDS', textOf(env, 'FOLLOWME_MAX_CALL_SECONDS', '14400'), 60, 86400)
    ),
    retentionDays: read(() => retentionDays(textOf(env, 'FOLLOWME_RETENTION_DAYS', '365')))
  }
  const {
    url,
    user,
    password,
    app,
    transport,
    database,
    site,
    trunk,
    bare,
    http,
    logLevel: level,
    drainSeconds,
    maxCallSeconds,
    retentionDays: days
  } = values
  if (
    url === undefined ||
    user === undefined ||
    password === undefined ||
    app === undefined ||
    transport === undefined ||
    database === undefined ||
    site === undefined ||
    trunk === undefined ||
    bare === undefined ||
    http === undefined ||
    level === undefined ||
    drainSeconds === undefined ||
    maxCallSeconds === undefined ||
    days === undefined
  ) {
    // A name that is misspelt may be why a value is missing.
    const all = [...faults, ...strayNames(env)]
    throw new AppError('invalid', `the configuration has faults:\n${all.map((fault) => `  - ${fault}`).join('\n')}`)
  }
  return Object.freeze({
    ari: Object.freeze({ url, user, password, app, transport }),
    database,
    siteMigrations: site.directory,
    shippedMigrations: shippedDirectory,
    trunk,
    bareNumbers: bare,
    http: Object.freeze(http),
    logLevel: level,
    drainMs: drainSeconds * 1000,
    maxCallSeconds,
    retentionDays: days
  })
}

/** The database file; the one setting that every command needs. */
export function databasePath(env: Env = process.env): string {
  return textOf(env, 'FOLLOWME_DATABASE', 'followme.db')
}

/** What digits without a plus or a prefix are in a carrier's numbers: commands that read a caller ask, too. */
export function bareNumbersOf(env: Env = process.env): BareNumbers {
  const text = textOf(env, 'FOLLOWME_BARE_NUMBERS', 'auto')
  const choice = bareNumbers.find((each) => each === text)
  if (choice !== undefined) return choice
  throw new AppError(
    'invalid',
    `FOLLOWME_BARE_NUMBERS: invalid value ${shown(text)}: use one of ${bareNumbers.join(', ')}, or unset it`
  )
}

/** The site's own migrations directory, or undefined. */
export function siteMigrations(env: Env = process.env): string | undefined {
  const directory = textOf(env, 'FOLLOWME_MIGRATIONS', '')
  return directory === '' ? undefined : directory
}

/** The directory of the migrations that ship with followme. */
export function shippedMigrations(): string {
  return shippedDirectory
}
