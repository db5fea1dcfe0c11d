// Parses the text of one setting. Each fault is an AppError `invalid` with the variable's name, its value and the cure.
import { AppError, reasonOf } from '../errors'
import { parseTrunkTemplate } from '../rules/number'
import { shown } from './setting'

const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

const transportChoices = ['auto', 'websocket', 'http'] as const
export type TransportChoice = (typeof transportChoices)[number]

export function ariUrl(text: string): string {
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
    throw new AppError('invalid', `FOLLOWME_ARI_URL: ${shown(text)} has a path: remove everything after the port`)
  }
  return `${url.protocol}//${url.host}`
}

/** In HTTP Basic authentication a colon would end the name (RFC 7617). */
export function ariUser(text: string): string {
  if (!text.includes(':')) return text
  throw new AppError('invalid', 'FOLLOWME_ARI_USER contains a colon: write only the name, without the password')
}

/** HTTP Basic has no common encoding for other characters, and parts of the library encode them differently. */
export function passwordOf(text: string): string {
  if (/^[ -~]+$/.test(text)) return text
  throw new AppError(
    'invalid',
    'FOLLOWME_ARI_PASSWORD contains a character beyond ASCII: choose another password for the user in ari.conf'
  )
}

export function trunkTemplate(text: string): string {
  try {
    return parseTrunkTemplate(text)
  } catch (error) {
    throw new AppError('invalid', `FOLLOWME_TRUNK: ${reasonOf(error)}`)
  }
}

export function appName(text: string): string {
  if (/^[A-Za-z0-9_.-]+$/.test(text)) return text
  throw new AppError('invalid', `FOLLOWME_ARI_APP: ${shown(text)} may hold letters, digits, "_", "." and "-" only`)
}

export function transportChoice(text: string): TransportChoice {
  const choice = transportChoices.find((each) => each === text)
  if (choice !== undefined) return choice
  throw new AppError(
    'invalid',
    `FOLLOWME_ARI_TRANSPORT: invalid value ${shown(text)}: use one of ${transportChoices.join(', ')}, or unset it`
  )
}

export function listenAddress(text: string): { host: string; port: number } {
  const match = /^(?:(.*):)?(\d+)$/.exec(text)
  const port = Number(match?.[2])
  if (match === null) {
    throw new AppError('invalid', `FOLLOWME_HTTP: ${shown(text)} is not an address: write it like 127.0.0.1:8078`)
  }
  if (port > 65535) throw new AppError('invalid', `FOLLOWME_HTTP: ${shown(text)}: the port is too high: use 0 to 65535`)
  const host = (match[1] ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1')
  // An empty host would mean every interface.
  return { host: host === '' ? '127.0.0.1' : host, port }
}

export function logLevel(text: string): LogLevel {
  const level = logLevels.find((each) => each === text)
  if (level === undefined) {
    throw new AppError(
      'invalid',
      `FOLLOWME_LOG_LEVEL: invalid value ${shown(text)}: use one of ${logLevels.join(', ')}`
    )
  }
  return level
}

export function secondsOf(name: string, text: string, least: number, most: number): number {
  const seconds = Number(text)
  if (!/^\d+$/.test(text) || seconds < least || seconds > most) {
    throw new AppError(
      'invalid',
      `${name}: ${shown(text)} is not a whole number of seconds from ${String(least)} to ${String(most)}`
    )
  }
  return seconds
}

export function retentionDays(text: string): number {
  const days = Number(text)
  if (!/^\d+$/.test(text) || days > 36500) {
    throw new AppError(
      'invalid',
      `FOLLOWME_RETENTION_DAYS: "${text}" is not a whole number of days from 0 (for ever) to 36500`
    )
  }
  return days
}

/** The name of this server in the records; the host name by default. */
export function serverName(text: string): string {
  if (/^[\w.-]{1,64}$/.test(text)) return text
  throw new AppError(
    'invalid',
    `FOLLOWME_SERVER: ${shown(text)} may hold letters, digits, "_", "." and "-" only, at most 64; set it to a name for this server`
  )
}
