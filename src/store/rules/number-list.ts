// Lists of all virtual numbers.
import type { OpenDatabase } from '../database/database'

/** The numbers that take calls, in order. */
export async function enabledNumbers({ db }: OpenDatabase): Promise<string[]> {
  const rows = await db
    .selectFrom('virtual_numbers')
    .select('number')
    .where('enabled', '=', 1)
    .orderBy('number')
    .execute()
  return rows.map(({ number }) => number)
}

/** The time zone of each number, as written: of enabled and disabled ones alike. */
export async function timeZonesOf({ db }: OpenDatabase): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('virtual_numbers').select(['number', 'time_zone']).execute()
  return new Map(rows.map(({ number, time_zone }) => [number, time_zone]))
}
