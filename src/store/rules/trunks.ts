// The site's trunks, with the prefixes of each.
import type { TrunkRow } from '../../rules/trunks'
import type { SqliteDatabase } from '../database/driver'
import { hasTable } from '../migrations/migration-history'

type TrunkColumns = [
  name: string,
  position: number,
  dial: string,
  shows: TrunkRow['shows'],
  diversion: string | null,
  maxCalls: number | null,
  isPrivate: 0 | 1,
  enabled: 0 | 1,
  prefixes: string[]
]

/** All rows as one text, because usually they are only compared with what was read before. */
const asText = `SELECT json_group_array(json_array(name, position, dial, shows, diversion, max_calls, private, enabled,
    (SELECT json_group_array(prefix ORDER BY prefix) FROM trunk_prefixes WHERE trunk = name)) ORDER BY position, name)
  FROM trunks`

/** Reads the trunks. A database that waits for the migration that makes the table has none. */
export function trunkReader(sqlite: SqliteDatabase): {
  text(): string
  rowsIn(text: string): readonly TrunkRow[]
} {
  const statement = hasTable(sqlite, 'trunks') ? sqlite.prepare<[], string>(asText).pluck() : undefined
  return {
    text: () => statement?.get() ?? '[]',
    rowsIn: (text) => (JSON.parse(text) as TrunkColumns[]).map(trunkRow)
  }
}

/** Every row, by position. */
export function readTrunks(sqlite: SqliteDatabase): readonly TrunkRow[] {
  const reader = trunkReader(sqlite)
  return reader.rowsIn(reader.text())
}

function trunkRow([
  name,
  position,
  dial,
  shows,
  diversion,
  maxCalls,
  isPrivate,
  enabled,
  prefixes
]: TrunkColumns): TrunkRow {
  return {
    name,
    position,
    dial,
    shows,
    diversion,
    maxCalls,
    isPrivate: isPrivate === 1,
    enabled: enabled === 1,
    prefixes
  }
}
