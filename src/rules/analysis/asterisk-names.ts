// What the rules name that only Asterisk knows: phones, the trunk, mailboxes, sounds and places in the dialplan. PURE.
import { endpointFor, parseFallback, parseTarget } from '../number'
import type { RuleSet } from '../rule-tables'
import { dialAt, Trunks } from '../trunks'

export interface Named {
  readonly kind: 'phone' | 'trunk' | 'mailbox' | 'sound' | 'place'
  /** `PJSIP`, for phones and trunks; else empty. */
  readonly technology: string
  /** The endpoint without its technology, `box@context`, the sound file, or `context,extension,priority`. */
  readonly name: string
  /** A row that names it, for people. */
  readonly by: string
}

/** Each once, in the order of the rules. What is switched off, over, or no target at all is left out. */
export function namedIn(set: RuleSet, trunkTemplate: string, staticFailsafe: string, now: number): Named[] {
  const found = new Map<string, Named>()
  const trunks = new Trunks(set.trunks)
  const add = (named: Named): void => {
    const key = `${named.kind} ${named.technology} ${named.name}`
    if (!found.has(key)) found.set(key, named)
  }
  const addTarget = (text: string, by: string): void => {
    const target = quietly(() => parseTarget(text))
    if (target === undefined || target.kind === 'virtual-number') return
    if (target.kind === 'endpoint') return add(endpointNamed(target.endpoint, by))
    if (trunks.isEmpty) return add(endpointNamed(endpointFor(target, trunkTemplate), `${by}, by FOLLOWME_TRUNK`))
    for (const row of trunks.for(target.number)) {
      add(endpointNamed(dialAt(row, target.number, target.number), `${by}, by trunk ${row.name}`))
    }
  }
  const addFallback = (text: string | null, by: string): void => {
    const fallback = quietly(() => parseFallback(text ?? ''))
    if (fallback?.kind === 'voicemail') add({ kind: 'mailbox', technology: '', name: fallback.mailbox, by })
    if (fallback?.kind === 'announce') add({ kind: 'sound', technology: '', name: fallback.sound, by })
    if (fallback?.kind === 'dialplan') {
      const name = `${fallback.context},${fallback.extension},${String(fallback.priority)}`
      add({ kind: 'place', technology: '', name, by })
    }
  }
  const numbers = new Set(set.numbers.flatMap(({ number, enabled }) => (enabled ? [number] : [])))
  const rules = new Set<string>()
  for (const { number, fallback, maxCalls, fallbackFull } of set.numbers) {
    if (!numbers.has(number)) continue
    addFallback(fallback, number)
    if (maxCalls !== null) addFallback(fallbackFull, `${number}, fallback_full`)
  }
  for (const { number, name, fallback, enabled } of set.rules) {
    if (!enabled || !numbers.has(number)) continue
    rules.add(`${number} ${name}`)
    addFallback(fallback, `${number}, rule '${name}'`)
  }
  for (const { number, rule, dial, enabled } of set.targets) {
    if (enabled && rules.has(`${number} ${rule}`)) addTarget(dial, `${number}, rule '${rule}'`)
  }
  for (const { number, kind, value, expiresAt } of set.overrides) {
    if (kind === 'forward' && value !== null && (expiresAt === null || expiresAt > now)) {
      addTarget(value, `${number}, override`)
    }
  }
  for (const each of staticFailsafe.split('&')) {
    if (/^\w+\/./.test(each.trim())) add(endpointNamed(each.trim(), 'FOLLOWME_FAILSAFE'))
  }
  return [...found.values()]
}

/** Which endpoint a template dials through: `trunk` of `PJSIP/{number}@trunk`. */
export function trunkNamed(template: string): Named {
  return endpointNamed(template.replace('{number}', '+14155550100'), 'FOLLOWME_TRUNK')
}

/** `PJSIP/alice` is a phone; `PJSIP/+14155550123@trunk` goes through the endpoint `trunk`. */
function endpointNamed(endpoint: string, by: string): Named {
  const [, technology = '', user = '', , at] = /^(\w+)\/([^@/]*)(@([^/]*))?/.exec(endpoint) ?? []
  return at === undefined ? { kind: 'phone', technology, name: user, by } : { kind: 'trunk', technology, name: at, by }
}

function quietly<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch {
    // Told by the check of the rules.
    return undefined
  }
}
