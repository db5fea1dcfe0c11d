// The limits of targets.
import type { TargetLimit } from '../../rules/target-limits'
import type { SqliteDatabase } from '../database/driver'
import { hasTable } from '../migrations/migration-history'

type TargetColumns = [dial: string, maxCalls: number, wrapUpSeconds: number]

const asText = 'SELECT json_group_array(json_array(dial, max_calls, wrap_up_seconds) ORDER BY dial) FROM target_limits'

/** Reads the rows, as one text because usually they are only compared with what was read before. A database that waits for the migration that makes the table has none. */
export function targetLimitReader(sqlite: SqliteDatabase): {
  text(): string
  rowsIn(text: string): readonly TargetLimit[]
} {
  const statement = hasTable(sqlite, 'target_limits') ? sqlite.prepare<[], string>(asText).pluck() : undefined
  return {
    text: () => statement?.get() ?? '[]',
    rowsIn: (text) =>
      (JSON.parse(text) as TargetColumns[]).map(([dial, maxCalls, wrapUpSeconds]) => ({
        dial,
        maxCalls,
        wrapUpSeconds
      }))
  }
}

/** Every row, by target. */
export function readTargetLimits(sqlite: SqliteDatabase): readonly TargetLimit[] {
  const reader = targetLimitReader(sqlite)
  return reader.rowsIn(reader.text())
}
