// The site's policy on what may be dialled, read when it is needed, and kept while the rows say the same.
import { DialPolicy, type PolicyRow } from '../../rules/dial-policy'
import type { SqliteDatabase } from '../database/driver'
import { hasTable } from './rule-tables'

/**
 * Reads the policy as it is now: the same object while neither the rows nor the virtual numbers change. A database that waits
 * for the migrations that make its tables has no rows.
 */
export function policyReader(sqlite: SqliteDatabase): () => DialPolicy {
  const rows = hasTable(sqlite, 'dial_policy') ? sqlite.prepare<[], string>(asText).pluck() : undefined
  const version = hasTable(sqlite, 'rule_versions') ? sqlite.prepare<[], number>(latest).pluck() : undefined
  const numbers = sqlite.prepare<[], string>(oneOfEachPlace).pluck()
  let read: { readonly text: string; readonly version: number; readonly policy: DialPolicy } | undefined
  return () => {
    // Where edits leave no version, each reading is new.
    const now = { text: rows?.get() ?? '[]', version: version?.get() ?? NaN }
    if (read?.text === now.text && read.version === now.version) return read.policy
    const policy = new DialPolicy((JSON.parse(now.text) as PolicyColumns[]).map(policyRow), numbers.all())
    // What the policy has answered holds as long as it says the same.
    read = { ...now, policy: read?.policy.key === policy.key ? read.policy : policy }
    return read.policy
  }
}

const asText = 'SELECT json_group_array(json_array(prefix, verdict, note) ORDER BY prefix) FROM dial_policy'
const latest = 'SELECT ifnull(max(version), 0) FROM rule_versions'

type PolicyColumns = [prefix: string, verdict: PolicyRow['verdict'], note: string | null]

function policyRow([prefix, verdict, note]: PolicyColumns): PolicyRow {
  return { prefix, verdict, note }
}

/** One virtual number for each beginning of nine characters: it takes that many to tell which country has a number. */
const oneOfEachPlace = `
  WITH RECURSIVE one (number) AS (
    SELECT min(number) FROM virtual_numbers
    UNION ALL
    SELECT (SELECT min(number) FROM virtual_numbers WHERE number > substr(one.number, 1, 9) || ':')
      FROM one WHERE one.number IS NOT NULL)
  SELECT number FROM one WHERE number IS NOT NULL`
