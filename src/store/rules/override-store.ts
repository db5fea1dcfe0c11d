// Sets, clears and lists overrides while calls are in progress.
import type { Compilable } from 'kysely'
import type { Override } from '../../rules/rule'
import { instant } from '../records/call-rows'
import type { OpenDatabase } from '../database/database'
import { databaseFault } from '../database/database-fault'

/** An override with the number that it switches. `setAt` is milliseconds since the epoch. */
export interface StoredOverride extends Override {
  readonly number: string
  readonly label: string
  readonly timeZone: string
  readonly setAt: number
}

/** When an override expires, from `expires_at`. */
export function expiryOf(text: string | null): number | null {
  return text === null ? null : instantIn(text)
}

// The constraints accept dates that JavaScript cannot parse, such as a year before 1; those are long past.
function instantIn(text: string): number {
  const at = Date.parse(text)
  return Number.isNaN(at) ? 0 : at
}

/** Every override, expired or not, by number. */
export async function listOverrides({ db }: OpenDatabase): Promise<StoredOverride[]> {
  const rows = await db
    .selectFrom('overrides as o')
    .innerJoin('virtual_numbers as v', 'v.number', 'o.number')
    .select(['o.number', 'o.kind', 'o.value', 'o.expires_at', 'o.set_by', 'o.set_at', 'v.label', 'v.time_zone'])
    .orderBy('o.number')
    .execute()
  return rows.map((row) => ({
    number: row.number,
    label: row.label,
    timeZone: row.time_zone,
    kind: row.kind,
    value: row.value,
    expiresAt: expiryOf(row.expires_at),
    setBy: row.set_by,
    setAt: instantIn(row.set_at)
  }))
}

/** Sets the override of an existing number, and replaces the one it has. Throws `unavailable` while another program writes. */
export function setOverride(database: OpenDatabase, number: string, override: Override, setAt: number): void {
  const { kind, value, setBy, expiresAt } = override
  const row = {
    kind,
    value,
    set_by: setBy,
    expires_at: expiresAt === null ? null : instant(expiresAt),
    set_at: instant(setAt)
  }
  write(
    database,
    database.db
      .insertInto('overrides')
      .values({ number, ...row })
      .onConflict((conflict) => conflict.column('number').doUpdateSet(row))
  )
}

/** Clears the override of a number; false if it has none. Throws `unavailable` while another program writes. */
export function clearOverride(database: OpenDatabase, number: string): boolean {
  return write(database, database.db.deleteFrom('overrides').where('number', '=', number)) > 0
}

function write({ sqlite }: OpenDatabase, query: Compilable): number {
  const { sql, parameters } = query.compile()
  try {
    return sqlite.prepare(sql).run(parameters).changes
  } catch (error) {
    throw databaseFault(sqlite.name, error) ?? error
  }
}
