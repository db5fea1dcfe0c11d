// Makes a database of a size, through the real migration. A process of its own, so that Ctrl-C ends it at once:
// build.ts FILE NUMBERS
import { migrate } from '../../src/store/migrations/migrate'
import { openDatabase } from '../../src/store/database/database'
import { resolve } from 'node:path'
import { entriesOf, entryOf, listName, numberRowsOf, scheduleName, scheduleOf, sizeOf } from './site'

const [database = '', numbers = ''] = process.argv.slice(2)
const size = sizeOf(Number(numbers))
migrate({ database, shipped: resolve(__dirname, '../../migrations'), log: () => undefined })

const { sqlite, close } = openDatabase(database)
sqlite.pragma('cache_size = -262144')
const into = (table: string, columns: string) => {
  const values = columns.replaceAll(/\w+/g, '?')
  const statement = sqlite.prepare(`INSERT INTO ${table} (${columns}) VALUES (${values})`)
  return (...row: (string | number | null)[]) => void statement.run(row)
}
const schedule = into('schedules', 'name, time_zone')
const window = into('schedule_windows', 'schedule, opens, minutes')
const exception = into('schedule_exceptions', 'schedule, from_date, to_date, opens_at, closes_at, label')
const list = into('caller_lists', 'name')
const entry = into('caller_list_entries', 'list, pattern')
const virtualNumber = into('virtual_numbers', 'number, time_zone, fallback')
const rule = into('rules', 'number, name, position, schedule, callers, valid_from, valid_until, fallback')
const target = into('targets', 'number, rule, step, dial')
const override = into('overrides', 'number, kind, value, expires_at')

// One transaction each: what a row refers to is there before it.
const inOne = (fill: () => void) => sqlite.transaction(fill)()
inOne(() => {
  for (let i = 0; i < size.schedules; i++) {
    const { timeZone, windows, exceptions } = scheduleOf(i)
    schedule(scheduleName(i), timeZone)
    for (const row of windows) window(scheduleName(i), ...row)
    for (const row of exceptions) exception(scheduleName(i), ...row, 'holiday')
  }
})
inOne(() => {
  for (let i = 0; i < size.lists; i++) {
    list(listName(i))
    const patterns = new Set(Array.from({ length: entriesOf(i) }, (_, k) => entryOf(i, k)))
    for (const pattern of patterns) entry(listName(i), pattern)
  }
})
inOne(() => {
  for (let i = 0; i < size.numbers; i++) {
    const { number, timeZone, fallback, override: switched, rules } = numberRowsOf(i, size)
    virtualNumber(number, timeZone, fallback)
    for (const [place, each] of rules.entries()) {
      const { name, schedule: when, callers, validFrom, validUntil } = each
      rule(number, name, 10 * (place + 1), when, callers, validFrom, validUntil, each.fallback)
      for (const row of each.targets) target(number, name, ...row)
    }
    if (switched !== null) override(number, ...switched)
  }
})
sqlite.pragma('wal_checkpoint(TRUNCATE)')
close()
