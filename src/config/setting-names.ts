// The names of all settings, and the message for an unknown name, which is usually misspelt.
import { type Env, shown } from './setting'

export const settingNames = [
  'FOLLOWME_ARI_APP',
  'FOLLOWME_ARI_PASSWORD',
  'FOLLOWME_ARI_TRANSPORT',
  'FOLLOWME_ARI_URL',
  'FOLLOWME_ARI_USER',
  'FOLLOWME_BARE_NUMBERS',
  'FOLLOWME_DATABASE',
  'FOLLOWME_DRAIN_SECONDS',
  'FOLLOWME_HTTP',
  'FOLLOWME_LOG_LEVEL',
  'FOLLOWME_MAX_CALL_SECONDS',
  'FOLLOWME_MIGRATIONS',
  'FOLLOWME_RETENTION_DAYS',
  'FOLLOWME_SERVER',
  'FOLLOWME_TRUNK'
] as const

/**
 * One line for each variable that looks like a setting but is not one, with the name that was probably meant. Values are not
 * shown.
 */
export function strayNames(env: Env): readonly string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('FOLLOWME_') && !isSetting(name))
    .sort()
    .map((name) => {
      const near = nearestSetting(name)
      const cure = near === undefined ? 'unset it; docs/configuration.md lists the settings' : `write ${near}`
      return `${name} is not a setting, and has no effect: ${cure}`
    })
}

/** A trunk setting that is accepted, because endpoints may be named like numbers, but is rarely intended. */
export function trunkRemarks(env: Env): readonly string[] {
  const trunk = env['FOLLOWME_TRUNK'] ?? ''
  if (!/^PJSIP\/[^@/]*$/i.test(trunk)) return []
  return [
    `FOLLOWME_TRUNK: ${shown(trunk)} names no trunk after the number, so Asterisk would look for an endpoint named like each number: write PJSIP/{number}@TRUNK`
  ]
}

function isSetting(name: string): boolean {
  return settingNames.some((known) => name === known || name === `${known}_FILE`)
}

/** The setting at most two typing mistakes from a name, with or without the prefix FOLLOWME_; undefined if there is none. */
export function nearestSetting(name: string): string | undefined {
  if (name.length > 64) return undefined
  const [suffix = ''] = /_FILE$/i.exec(name) ?? []
  const plain = name.slice(0, name.length - suffix.length).toUpperCase()
  const whole = [plain, `FOLLOWME_${plain}`]
  const ranked = settingNames
    .map((known) => ({ known, typos: Math.min(...whole.map((each) => typos(each, known))) }))
    .sort((a, b) => a.typos - b.typos)
  const [best] = ranked
  return best !== undefined && best.typos <= 2 ? `${best.known}${suffix.toUpperCase()}` : undefined
}

/** How many characters must be added, removed or changed (Levenshtein distance). */
function typos(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (const [at, character] of Array.from(one).entries()) {
    const next = [at + 1]
    for (const [to, wanted] of Array.from(other).entries()) {
      const changed = (row[to] ?? 0) + (character === wanted ? 0 : 1)
      next.push(Math.min(changed, (row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
