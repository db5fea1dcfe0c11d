// What differs between two rule sets, row by row, in words. PURE.
import { isLimited, limitsText } from '../dial-policy'
import { type RuleIndex, type RuleSet, type TargetDefinition, indexOf, ruleKey } from '../rule-tables'

/** One line for each number, rule, schedule, list, override and row of the policy that is added, changed or removed. */
export function ruleChanges(before: RuleSet, after: RuleSet): string[] {
  const old = thingsOf(indexOf(before))
  const now = thingsOf(indexOf(after))
  const lines: string[] = []
  for (const [name, properties] of now) {
    const was = old.get(name)
    if (was === undefined) lines.push(`added ${name}: ${propertiesText(properties)}`)
    else if (propertiesText(was) !== propertiesText(properties))
      lines.push(`changed ${name}: ${differences(was, properties)}`)
  }
  for (const name of old.keys()) if (!now.has(name)) lines.push(`removed ${name}`)
  return lines
}

/** The properties of one thing by name, as text; null ones are not shown. */
type Properties = Readonly<Record<string, string | null>>

function thingsOf(index: RuleIndex): Map<string, Properties> {
  const things = new Map<string, Properties>()
  for (const row of index.set.numbers) {
    const { number, label, timeZone, fallback, enabled, maxCalls, fallbackFull } = row
    things.set(`number ${number}`, {
      label: label === '' ? null : label,
      zone: timeZone,
      fallback,
      'most calls': maxCalls === null ? null : String(maxCalls),
      'when full': fallbackFull,
      shows: row.callerIdPolicy === 'outside' ? null : row.callerIdPolicy,
      'caller ID': row.callerId,
      'name prefix': row.namePrefix,
      'Alert-Info': row.alertInfo,
      switch: switchOf(enabled)
    })
  }
  for (const rule of index.set.rules) {
    things.set(`rule ${ruleKey(rule.number, rule.name)}`, {
      position: String(rule.position),
      schedule: rule.schedule,
      callers: rule.callers,
      'valid from': rule.validFrom,
      'valid until': rule.validUntil,
      switch: switchOf(rule.enabled),
      rings: targetsText(index.targetsOf(rule)),
      fallback: rule.fallback
    })
  }
  for (const { name, timeZone, windows, exceptions } of index.schedules.values()) {
    const dates = exceptions.map(({ fromDate, toDate, opensAt, closesAt, label }) => {
      const hours = opensAt === null ? 'closed' : `${opensAt}-${closesAt ?? ''}`
      return `${fromDate}${toDate === fromDate ? '' : ` to ${toDate}`} ${hours}${label === null ? '' : ` (${label})`}`
    })
    const opens = windows.map((window) => `'${window.opens}' for ${window.minutes} min`)
    things.set(`schedule ${name}`, { zone: timeZone, opens: listed(opens), exceptions: listed(dates) })
  }
  for (const [name, patterns] of index.callerLists) things.set(`caller list ${name}`, { callers: listed(patterns) })
  for (const { number, kind, value, expiresAt, setBy } of index.set.overrides) {
    const until = expiresAt === null ? null : new Date(expiresAt).toISOString()
    things.set(`override of ${number}`, { kind, value, until, 'set by': setBy })
  }
  for (const row of index.set.dialPolicy) {
    const limits = isLimited(row) ? limitsText(row) : null
    things.set(`dial policy for ${row.prefix}`, { verdict: row.verdict, limits, note: row.note })
  }
  for (const { name, position, dial, shows, diversion, maxCalls, isPrivate, enabled, prefixes } of index.set.trunks) {
    things.set(`trunk ${name}`, {
      position: String(position),
      dial,
      'caller ID': shows,
      Diversion: diversion,
      'most calls': maxCalls === null ? null : String(maxCalls),
      kind: isPrivate ? 'private' : null,
      takes: listed(prefixes),
      switch: switchOf(enabled)
    })
  }
  for (const { dial, maxCalls, wrapUpSeconds } of index.set.targetLimits) {
    const wrapUp = wrapUpSeconds === 0 ? null : `${wrapUpSeconds} s`
    things.set(`limit of ${dial}`, { 'most calls': String(maxCalls), 'wrap-up': wrapUp })
  }
  return things
}

function propertiesText(properties: Properties): string {
  const present = Object.entries(properties).flatMap(([what, text]) => (text === null ? [] : [`${what} ${text}`]))
  return present.length === 0 ? 'empty' : present.join('; ')
}

function differences(was: Properties, is: Properties): string {
  const changed = Object.keys(is).filter((what) => was[what] !== is[what])
  const valueOf = (properties: Properties, what: string): string => properties[what] ?? defaults[what] ?? '(none)'
  return changed.map((what) => `${what} ${valueOf(was, what)} → ${valueOf(is, what)}`).join('; ')
}

/** What null stands for, where that is not nothing. */
const defaults: Properties = { switch: 'enabled', shows: 'outside' }

function targetsText(targets: readonly TargetDefinition[]): string {
  if (targets.length === 0) return 'nobody'
  const text = ({ step, dial, ringSeconds, enabled }: TargetDefinition) =>
    `${step}. ${dial} for ${ringSeconds} s${enabled ? '' : ' (disabled)'}`
  return targets.map(text).join(', ')
}

function switchOf(enabled: boolean): string | null {
  return enabled ? null : 'disabled'
}

function listed(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : texts.join(', ')
}
