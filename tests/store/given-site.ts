// A site's migrations beside the shipped ones, and a database to apply them to.
import { join } from 'node:path'
import type { AppliedMigration } from '../../src/store/migrations/apply-migration'
import { migrate, type MigrateOptions } from '../../src/store/migrations/migrate'
import { givenDirectory, givenFiles, opened, shipped } from './fresh-database'

/** A business with one number, open on weekdays. */
export const business = `-- The practice, on weekdays.
INSERT INTO schedules VALUES ('office', 'Europe/London');
INSERT INTO schedule_windows VALUES ('office', '30 8 * * MON-FRI', 540);
INSERT INTO virtual_numbers (number, label, time_zone) VALUES ('+442071838750', 'Practice', 'Europe/London');
INSERT INTO rules (number, name, position, schedule) VALUES ('+442071838750', 'day', 10, 'office');
INSERT INTO targets (number, rule, step, dial) VALUES
  ('+442071838750', 'day', 1, 'PJSIP/alice'),
  ('+442071838750', 'day', 2, 'PJSIP/bob');
`

/** The files of a site, not applied yet. */
export function givenSite(files: Readonly<Record<string, string>> = {}) {
  const database = join(givenDirectory(), 'followme.db')
  const site = givenFiles(files)
  const lines: string[] = []
  const run = (validate?: MigrateOptions['validate']): AppliedMigration[] =>
    migrate({ database, shipped, site, log: (line) => lines.push(line), ...(validate && { validate }) })
  const count = (table: string) =>
    opened(database, { readOnly: true }).sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
  return { database, site, lines, run, count, file: (name: string) => join(site, name) }
}

export type Site = ReturnType<typeof givenSite>
