// The site's policy on what may be dialled, read when it is needed, and kept while the rows say the same.
import { DialPolicy, type PolicyRow } from '../../rules/dial-policy'
import { placePrefix } from '../../rules/numbering/destinations'
import { TargetLimits } from '../../rules/target-limits'
import { Trunks } from '../../rules/trunks'
import type { SqliteDatabase } from '../database/driver'
import { hasTable } from '../migrations/migration-history'
import { targetLimitReader } from './target-limits'
import { trunkReader } from './trunks'

/**
 * Reads the policy as it is now: the same object while neither the rows nor the virtual numbers change, and where nothing was
 * committed since, by one short statement. A database that waits for the migrations that make its tables has no rows.
 */
export function policyReader(sqlite: SqliteDatabase): () => DialPolicy {
  const columns = columnsOf(sqlite)
  const rows = columns === undefined ? undefined : sqlite.prepare<[], string>(asText(columns)).pluck()
  const trunks = trunkReader(sqlite)
  const targets = targetLimitReader(sqlite)
  const version = hasTable(sqlite, 'rule_versions') ? sqlite.prepare<[], number>(latest).pluck() : undefined
  const commits = sqlite.prepare<[], string>(ownAndOthers).pluck()
  const next = sqlite.prepare<[string, string], string | null>(nextNumber).pluck()
  let read: { readonly text: string; readonly version: number; readonly policy: DialPolicy } | undefined
  let seen: string | undefined
  return () => {
    // In a transaction, what this connection reads may be older than the latest commit, or be rolled back.
    const now = sqlite.inTransaction ? undefined : commits.get()
    if (read !== undefined && now !== undefined && now === seen) return read.policy
    const { policy } = readNow()
    if (now !== undefined) seen = now
    return policy
  }
  function readNow(): { readonly policy: DialPolicy } {
    const [rowText, trunkText, targetText] = [rows?.get() ?? '[]', trunks.text(), targets.text()]
    // Where edits leave no version, each reading is new.
    const now = { text: [rowText, trunkText, targetText].join('\n'), version: version?.get() ?? NaN }
    if (read?.text === now.text && read.version === now.version) return read
    const numbers = oneOfEachPlace((number, beginning) => next.get(number, beginning))
    const policy = new DialPolicy(
      (JSON.parse(rowText) as PolicyColumns[]).map(policyRow),
      numbers,
      new Trunks(trunks.rowsIn(trunkText)),
      new TargetLimits(targets.rowsIn(targetText))
    )
    // What the policy has answered holds as long as it says the same.
    read = { ...now, policy: read?.policy.key === policy.key ? read.policy : policy }
    return read
  }
}

/** Another text after every commit, of this connection or any other. */
const ownAndOthers = "SELECT data_version || '.' || total_changes() FROM pragma_data_version"
const asText = (columns: string) => `SELECT json_group_array(json_array(${columns}) ORDER BY prefix) FROM dial_policy`
const nextNumber = 'SELECT min(number) FROM virtual_numbers WHERE number > ? AND number > ?'
const latest = 'SELECT ifnull(max(version), 0) FROM rule_versions'

type PolicyColumns = [
  prefix: string,
  verdict: PolicyRow['verdict'],
  note: string | null,
  maxCalls: number | null,
  maxPerHour: number | null,
  maxMinutesDay: number | null
]

function policyRow([prefix, verdict, note, maxCalls, maxPerHour, maxMinutesDay]: PolicyColumns): PolicyRow {
  return { prefix, verdict, note, maxCalls, maxPerHour, maxMinutesDay }
}

/** Every row, by prefix. Commands that only read take a database that waits for its next migration. */
export function readPolicyRows(sqlite: SqliteDatabase): readonly PolicyRow[] {
  const columns = columnsOf(sqlite)
  if (columns === undefined) return []
  const rows = sqlite.prepare<[], PolicyColumns>(`SELECT ${columns} FROM dial_policy ORDER BY prefix`).raw().all()
  return rows.map(policyRow)
}

/** The columns of a {@link PolicyRow}; undefined where there is no such table yet. */
function columnsOf(sqlite: SqliteDatabase): string | undefined {
  const known = sqlite.prepare<[], string>("SELECT name FROM pragma_table_info('dial_policy')").pluck().all()
  const limits = ['max_calls', 'max_per_hour', 'max_minutes_day'].map((each) => (known.includes(each) ? each : 'NULL'))
  return known.length === 0 ? undefined : ['prefix', 'verdict', 'note', ...limits].join(', ')
}

/** One virtual number of each country, or a few: whatever the number of numbers, there are not many places to look. */
function* oneOfEachPlace(after: (number: string, beginning: string) => string | null | undefined) {
  let number = after('', '')
  while (number !== null && number !== undefined) {
    yield number
    const beginning = placePrefix(number)
    // A colon sorts after every digit. What belongs to no country is passed by itself.
    number = after(number, beginning === number ? number : `${beginning}:`)
  }
}
