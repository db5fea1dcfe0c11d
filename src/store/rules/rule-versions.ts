// Which numbers are affected by edits of the rules, from the versions of numbers and schedules that triggers maintain
// (migrations/).
import { createHash } from 'node:crypto'
import type { RuleEdits } from '../../failsafe/plan-rows'
import type { SqliteDatabase } from '../database/driver'
import { policyReader } from './dial-policy'

/** Above this limit the numbers are not listed; the caller then updates all numbers. */
const maxListed = 1000

/** Reads which numbers were edited since an edition, which is written `SCHEMA.POLICY.VERSION`. */
export function editsReader(sqlite: SqliteDatabase): (edition: string | null) => RuleEdits {
  // Restoring a backup changes it, whatever the versions in the backup.
  const schema = sqlite.prepare<[], number>('PRAGMA schema_version').pluck()
  const latest = sqlite.prepare<[], number>('SELECT ifnull(max(version), 0) FROM rule_versions').pluck()
  const policyOf = policyReader(sqlite)
  const numbersSince = sqlite.prepare<{ version: number; max: number }, string>(concerned).pluck()
  return sqlite.transaction((edition: string | null): RuleEdits => {
    const version = latest.get() ?? 0
    // A changed policy may affect the plan of any number.
    const policy = createHash('sha256').update(policyOf().key).digest('hex').slice(0, 16)
    const now = `${schema.get() ?? 0}.${policy}.${version}`
    if (edition === now) return { edition: now, numbers: [] }
    const since = versionIn(edition, now)
    if (since === null || since > version) return { edition: now, numbers: null }
    const numbers = numbersSince.all({ version: since, max: maxListed + 1 })
    return { edition: now, numbers: numbers.length > maxListed ? null : numbers }
  })
}

const leading = [
  'virtual_numbers.fallback',
  'virtual_numbers.fallback_full',
  'rules.fallback',
  'targets.dial',
  'overrides.value'
]

/** The version in an edition; null if its schema or policy differs from `now`. */
function versionIn(edition: string | null, now: string): number | null {
  const [schema, policy, version] = edition?.split('.') ?? []
  const [schemaNow, policyNow] = now.split('.')
  return schema === schemaNow && policy === policyNow ? Number(version) : null
}

/**
 * The edited numbers, those with a rule that uses an edited schedule, and all that lead to them (see rules/number-links.ts).
 * The current rows are enough: a number that no longer leads there was edited itself.
 */
const concerned = `
  WITH RECURSIVE
    edited (number) AS (
      SELECT DISTINCT number FROM (
        SELECT name AS number FROM rule_versions WHERE version > :version AND +kind = 'number'
        UNION ALL
        SELECT rules.number FROM rule_versions JOIN rules ON rules.schedule = rule_versions.name
          WHERE version > :version AND +kind = 'schedule')
      LIMIT :max),
    concerned (number) AS (
      SELECT number FROM edited
      ${leading.map(leadingBy).join('')}
      LIMIT :max)
  SELECT number FROM concerned`

/** Written so that SQLite uses the index of rows that lead to a number. */
function leadingBy(column: string): string {
  const [table = ''] = column.split('.')
  return `UNION
      SELECT ${table}.number FROM concerned JOIN ${table}
        ON ${column} = 'number:' || concerned.number AND ${column} GLOB 'number:*'
      `
}
