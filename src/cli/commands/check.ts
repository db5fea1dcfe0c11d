// followme check: every fault of the rules at once, each with its row and the cure.
import { Command } from 'commander'
import { databasePath, shippedMigrations, siteMigrations } from '../../config/config'
import { checkRules } from '../../rules/check/check'
import { AppError } from '../../errors'
import type { Fault } from '../../rules/check/finding'
import { openDatabase, type OpenDatabase } from '../../store/database/database'
import { hasRuleTables, readRuleSet } from '../../store/rules/rule-tables'
import { headlineOf, siteStanding } from '../../store/migrations/site-migrations'
import { printable } from '../support/call-timeline'

export function checkCommand(): Command {
  return new Command('check')
    .description('look for faults in the rules; exit status 1 if there is an error')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: true }) => {
      const { faults, numbers } = checkDatabase()
      const errors = faults.filter(({ level }) => level === 'error').length
      const warnings = faults.length - errors
      if (json === true) console.log(JSON.stringify({ errors, warnings, numbers, faults }, null, 2))
      else console.log([...faults.map(faultLine), summary(errors, warnings, numbers)].join('\n'))
      if (errors > 0) process.exitCode = 1
    })
}

function checkDatabase(): { readonly faults: readonly Fault[]; readonly numbers: number } {
  const { sqlite, close } = openDatabase(databasePath(), { readOnly: true })
  try {
    if (!hasRuleTables(sqlite)) {
      throw new AppError('unavailable', `database ${sqlite.name} holds no numbers yet: run 'followme migrate'`)
    }
    const set = readRuleSet(sqlite)
    return { faults: [...checkRules(set, Date.now()), ...waitingFaults(sqlite)], numbers: set.numbers.length }
  } finally {
    close()
  }
}

/** The site's migrations that are not in the rules, and whatever may be meant for one: warnings, since nothing is broken. */
function waitingFaults(sqlite: OpenDatabase['sqlite']): Fault[] {
  const site = siteMigrations()
  if (site === undefined) return []
  const { pending, reason, overlooked } = siteStanding(sqlite, { shipped: shippedMigrations(), site })
  const of = (key: string, message: string, cure: string): Fault => ({
    table: 'schema_migrations',
    key,
    level: 'warning',
    message,
    cure
  })
  const waiting = pending.map((name) => of(name, 'this migration is not applied', 'run followme migrate'))
  const refused = reason === null ? [] : [of(site, headlineOf(reason), 'followme migrate says what to do')]
  return [...waiting, ...refused, ...overlooked.map(({ message, cure }) => of(site, message, cure))]
}

function faultLine({ table, key, level, message, cure }: Fault): string {
  return printable(`${level.padEnd('warning'.length)}  ${table} (${key}): ${message}; ${cure}`)
}

function summary(errors: number, warnings: number, numbers: number): string {
  const found = errors + warnings === 0 ? 'no faults' : `${count(errors, 'error')}, ${count(warnings, 'warning')}`
  return `${found} in the rules of ${count(numbers, 'number')}`
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? '' : 's'}`
}
