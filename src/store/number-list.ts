// The virtual numbers there are.
import type { OpenDatabase } from './database'

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
