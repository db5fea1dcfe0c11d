// Telephone numbers, and the little languages of `dial` and `fallback`. PURE.
import { AppError } from '../errors'
import type { DialPolicy } from './dial-policy'
import { dialRefusal, trunkRefusal } from './gate'

/** Something dialable, as `targets.dial` and an override's `forward` write it. */
export type Target =
  /** Any number of the world, in E.164; it goes out through the trunk template. */
  | { readonly kind: 'number'; readonly number: string }
  /** A phone that Asterisk knows, dialled as it stands: `PJSIP/alice`. */
  | { readonly kind: 'endpoint'; readonly endpoint: string }
  /** Another virtual number, whose rules go on from here: `number:+14155550199`. */
  | { readonly kind: 'virtual-number'; readonly number: string }

/** What the caller is given when nobody answered, as `fallback` columns write it. */
export type Fallback =
  | { readonly kind: 'busy' }
  | { readonly kind: 'hangup' }
  /** `mailbox` is `box@context`, as VoiceMail() takes it. */
  | { readonly kind: 'voicemail'; readonly mailbox: string }
  /** `sound` is a sound file without its suffix, as Playback() takes it. */
  | { readonly kind: 'announce'; readonly sound: string }
  | { readonly kind: 'dialplan'; readonly context: string; readonly extension: string; readonly priority: number }
  | { readonly kind: 'number'; readonly number: string }

/** Channel technologies that a target may name. Never `Local`: it runs dialplan, and so dials anything. */
const technologies = ['PJSIP', 'SIP', 'IAX2', 'DAHDI'] as const

// Nothing that Dial(), an argument list or an expression would read as more than a name: no & , | ( ) $ { } " ' ; or space.
const endpointName = /^[A-Za-z0-9_.+-]+(@[A-Za-z0-9_.-]+)?$/
const lineName = /^[A-Za-z0-9_.+-]+(@[A-Za-z0-9_.-]+)?(\/[A-Za-z0-9_.+*#-]+)?$/
const e164 = /^\+[1-9][0-9]{1,14}$/

/** The text if it is an E.164 number: `+`, then 2 to 15 digits that do not begin with 0 (ITU-T E.164, 6.2.1). */
export function parseE164(text: string): string | undefined {
  return e164.test(text) ? text : undefined
}

/**
 * The E.164 form of what Asterisk passes as dialled, or undefined. Carriers write the same number in three ways:
 * `+442071838750`, `00442071838750`, and without any prefix `442071838750`. National forms (`02071838750`) stay unknown:
 * only the carrier knows its country.
 */
export function normaliseDialled(text: string): string | undefined {
  if (text.startsWith('+')) return parseE164(text)
  return parseE164(`+${text.replace(/^00/, '')}`)
}

/** Reads a target. Throws `invalid`, naming the text and the cure. */
export function parseTarget(text: string): Target {
  if (text.startsWith('number:')) {
    const number = parseE164(text.slice('number:'.length))
    if (number === undefined) throw badNumber('target', text, 'number:+14155550199')
    return { kind: 'virtual-number', number }
  }
  if (/^[+0-9]/.test(text)) {
    const number = parseE164(text)
    if (number === undefined) throw badNumber('target', text, '+442071838750')
    return { kind: 'number', number }
  }
  const slash = text.indexOf('/')
  const technology = text.slice(0, Math.max(slash, 0))
  if (!technologies.some((known) => known === technology)) {
    throw new AppError(
      'invalid',
      `target ${quoted(text)} cannot be dialled: write a number (+442071838750), a phone (PJSIP/alice; also ` +
        `${technologies.slice(1).join('/…, ')}/…) or another virtual number (number:+14155550199)`
    )
  }
  const name = technology === 'PJSIP' ? endpointName : lineName
  if (!name.test(text.slice(slash + 1))) {
    throw new AppError(
      'invalid',
      `target ${quoted(text)} contains a character that is not allowed in a phone's name: write ${technology}/alice or ` +
        `${technology}/100@trunk, with letters, digits and _ . + - only`
    )
  }
  return { kind: 'endpoint', endpoint: text }
}

/**
 * Reads a target of a rule of the virtual number `from`, and refuses what must not be dialled (see gate.ts). Throws `invalid`,
 * naming the text and the cure.
 */
export function parseDialable(text: string, from: string, policy?: DialPolicy, isPrivate?: boolean): Target {
  const target = parseTarget(text)
  const refusal = dialRefusal(text, from, policy, isPrivate)
  if (refusal !== undefined) throw new AppError('invalid', refusal.reason)
  return target
}

/**
 * The trunk template if it is one: what a number becomes when it goes out, `PJSIP/{number}@trunk`. `{number}` stands for
 * the E.164 number with its plus. Throws `invalid`, naming the text and the cure.
 */
export function parseTrunkTemplate(text: string): string {
  if (text.split('{number}').length !== 2) {
    throw new AppError('invalid', `trunk ${quoted(text)} must hold {number} once: write PJSIP/{number}@trunk`)
  }
  const filled = parseTarget(text.replace('{number}', '+14155550100'))
  if (filled.kind !== 'endpoint') {
    throw new AppError('invalid', `trunk ${quoted(text)} names no trunk: write PJSIP/{number}@trunk`)
  }
  const refusal = trunkRefusal(text)
  if (refusal !== undefined) throw new AppError('invalid', refusal)
  return text
}

/** What Asterisk dials for a target. Throws `invalid` for a virtual number: those are expanded into the plan, never dialled. */
export function endpointFor(target: Target, trunkTemplate: string): string {
  switch (target.kind) {
    case 'number':
      return trunkTemplate.replace('{number}', target.number)
    case 'endpoint':
      return target.endpoint
    case 'virtual-number':
      throw new AppError('invalid', `target "number:${target.number}" is a virtual number: its own targets are dialled`)
  }
}

/** `alice` of `PJSIP/alice`; undefined for anything else, such as a dial string with an address, which is one device. */
export function phoneNameIn(dial: string): string | undefined {
  return /^PJSIP\/([^/@]+)$/.exec(dial)?.[1]
}

/** Whether a target is behind a trunk, where carriers expect a number of the site; a phone is not. */
export function isOutside(dial: string): boolean {
  return /^\+|@|\/.*\//.test(dial)
}

/** Reads a fallback. Throws `invalid`, naming the text and the cure. */
export function parseFallback(text: string): Fallback {
  if (text === 'busy' || text === 'hangup') return { kind: text }
  const colon = text.indexOf(':')
  const kind = text.slice(0, Math.max(colon, 0))
  const value = text.slice(colon + 1)
  switch (kind) {
    case 'voicemail':
      if (!/^[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+$/.test(value)) throw badFallback(text, 'voicemail:100@default')
      return { kind, mailbox: value }
    case 'announce':
      // `..` would let a rule play any file of the machine to a caller.
      if (!/^[A-Za-z0-9_./-]+$/.test(value) || value.includes('..')) throw badFallback(text, 'announce:custom/closed')
      return { kind, sound: value }
    case 'dialplan': {
      const place = /^([A-Za-z0-9_.-]+),([A-Za-z0-9_.+*#-]+),([1-9][0-9]{0,5})$/.exec(value)
      if (place === null) throw badFallback(text, 'dialplan:from-internal,100,1 (context,extension,priority)')
      const [, context = '', extension = '', priority = ''] = place
      return { kind, context, extension, priority: Number(priority) }
    }
    case 'number': {
      const number = parseE164(value)
      if (number === undefined) throw badNumber('fallback', text, 'number:+14155550199')
      return { kind, number }
    }
    default:
      throw badFallback(
        text,
        'busy, hangup, voicemail:100@default, announce:sound-file, dialplan:context,exten,priority or number:+14155550199'
      )
  }
}

/** What a plan ends with. It was checked when the plan was made; one that does not parse must not strand the caller. */
export function finalFallback(text: string): Exclude<Fallback, { kind: 'number' }> {
  try {
    const fallback = parseFallback(text)
    return fallback.kind === 'number' ? { kind: 'busy' } : fallback
  } catch {
    return { kind: 'busy' }
  }
}

/** The text of a fallback; `parseFallback` reads it back. */
export function formatFallback(fallback: Fallback): string {
  switch (fallback.kind) {
    case 'busy':
    case 'hangup':
      return fallback.kind
    case 'voicemail':
      return `voicemail:${fallback.mailbox}`
    case 'announce':
      return `announce:${fallback.sound}`
    case 'dialplan':
      return `dialplan:${fallback.context},${fallback.extension},${fallback.priority}`
    case 'number':
      return `number:${fallback.number}`
  }
}

/** The caller as the carrier announced them: both parts as received, possibly empty, never trusted. */
export interface Caller {
  readonly number: string
  readonly name: string
}

/** A caller who shows a number that stands on no list: it is none that any entry can mean. */
export const unlistedCaller: Caller = { number: '#0', name: '' }

function badNumber(what: string, text: string, example: string): AppError {
  return new AppError(
    'invalid',
    `${what} ${quoted(text)} is not an international number: write + and the country code, like ${example}`
  )
}

function badFallback(text: string, cure: string): AppError {
  return new AppError('invalid', `fallback ${quoted(text)} is not one that followme knows: write ${cure}`)
}

// JSON's quoting shows spaces and control characters for what they are; a wall of text would hide the message.
function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}
