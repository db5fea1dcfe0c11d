// Environment → frozen Config. All faults are reported together, each with the variable's name, its value and the cure.
import os from 'node:os'
import path from 'node:path'
import { type BareNumbers, bareNumbers } from '../rules/numbering/read-number'
import { AppError, reasonOf } from '../errors'
import { type Env, shown, settingText } from './setting'
import { strayNames } from './setting-names'
import {
  appName,
  ariUrl,
  listenAddress,
  logLevel,
  type LogLevel,
  passwordOf,
  retentionDays,
  secondsOf,
  serverName,
  transportChoice,
  type TransportChoice,
  trunkTemplate,
  ariUser
} from './setting-values'

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
  /** The directory of the site's migrations, or undefined. */
  readonly siteMigrations: string | undefined
  readonly shippedMigrations: string
  /** Asterisk dial string with `{number}` in it. */
  readonly trunk: string
  /** How to read this carrier's numbers if they are digits without a plus or a prefix. */
  readonly bareNumbers: BareNumbers
  readonly http: { readonly host: string; readonly port: number }
  readonly logLevel: LogLevel
  /** How long SIGTERM waits for ringing calls. */
  readonly drainMs: number
  /** The maximum length of an answered call; the dead-man's switch is set to it. */
  readonly maxCallSeconds: number
  /** How long the records of a call are kept; 0: forever. */
  readonly retentionDays: number
  /** The name of this server in the records of its calls. */
  readonly server: string
}

/** The migrations that ship with followme, beside `dist/` in the package. */
const shippedDirectory = path.join(__dirname, '../../migrations')

/** Reads the whole configuration, or throws one AppError `invalid` that lists every fault, one per line. */
export function readConfig(env: Env = process.env): Config {
  const faults: string[] = []
  const read = <T>(parse: () => T): T => {
    try {
      return parse()
    } catch (error) {
      faults.push(reasonOf(error))
      // A placeholder that is never returned: any fault throws.
      return undefined as T
    }
  }
  const text = (name: string, fallback?: string) => settingText(env, name, fallback)
  const seconds = (name: string, fallback: string, least: number, most: number) =>
    read(() => secondsOf(name, text(name, fallback), least, most))
  const config: Config = {
    ari: Object.freeze({
      url: read(() => ariUrl(text('FOLLOWME_ARI_URL', 'http://127.0.0.1:8088'))),
      user: read(() => ariUser(text('FOLLOWME_ARI_USER', 'followme'))),
      password: read(() => passwordOf(text('FOLLOWME_ARI_PASSWORD'))),
      app: read(() => appName(text('FOLLOWME_ARI_APP', 'followme'))),
      transport: read(() => transportChoice(text('FOLLOWME_ARI_TRANSPORT', 'auto')))
    }),
    database: read(() => databasePath(env)),
    siteMigrations: read(() => siteMigrations(env)),
    shippedMigrations: shippedDirectory,
    trunk: read(() => trunkTemplate(text('FOLLOWME_TRUNK', 'PJSIP/{number}@trunk'))),
    bareNumbers: read(() => bareNumbersOf(env)),
    http: Object.freeze(read(() => listenAddress(text('FOLLOWME_HTTP', '127.0.0.1:8078')))),
    logLevel: read(() => logLevel(text('FOLLOWME_LOG_LEVEL', 'info'))),
    drainMs: seconds('FOLLOWME_DRAIN_SECONDS', '120', 0, 3600) * 1000,
    maxCallSeconds: seconds('FOLLOWME_MAX_CALL_SECONDS', '14400', 60, 86400),
    retentionDays: read(() => retentionDays(text('FOLLOWME_RETENTION_DAYS', '365'))),
    server: read(() => serverName(text('FOLLOWME_SERVER', os.hostname())))
  }
  if (faults.length === 0) return Object.freeze(config)
  // A misspelt name may be why a value is missing.
  const all = [...faults, ...strayNames(env)]
  throw new AppError('invalid', `the configuration is invalid:\n${all.map((fault) => `  - ${fault}`).join('\n')}`)
}

/** The database file, the only setting that every command needs. */
export function databasePath(env: Env = process.env): string {
  return settingText(env, 'FOLLOWME_DATABASE', 'followme.db')
}

/**
 * How to read a carrier's numbers if they are digits without a plus or a prefix. Commands that read a caller's number need it
 * too.
 */
export function bareNumbersOf(env: Env = process.env): BareNumbers {
  const text = settingText(env, 'FOLLOWME_BARE_NUMBERS', 'auto')
  const choice = bareNumbers.find((each) => each === text)
  if (choice !== undefined) return choice
  throw new AppError(
    'invalid',
    `FOLLOWME_BARE_NUMBERS: invalid value ${shown(text)}: use one of ${bareNumbers.join(', ')}, or unset it`
  )
}

/** The directory of the site's migrations, or undefined. */
export function siteMigrations(env: Env = process.env): string | undefined {
  const directory = settingText(env, 'FOLLOWME_MIGRATIONS', '')
  return directory === '' ? undefined : directory
}

/** The directory of the migrations that ship with followme. */
export function shippedMigrations(): string {
  return shippedDirectory
}
