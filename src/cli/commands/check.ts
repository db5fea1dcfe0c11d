// followme check: lists every fault of the rules, each with its row and the fix.
import { Command } from 'commander'
import { shippedMigrations, siteMigrations } from '../../config/config'
import { type CostlyDestination, costlyDestinations } from '../../rules/analysis/costly-destinations'
import { checkRules } from '../../rules/check/check'
import type { Fault } from '../../rules/finding'
import { countryName } from '../../rules/numbering/destinations'
import { indexOf } from '../../rules/rule-tables'
import { headlineOf } from '../../store/migrations/site-migrations'
import type { Store } from '../../store/store'
import { openRulesDatabase } from '../support/database'
import { type Progress, withProgress } from '../support/progress'
import { count, printable } from '../support/text'

export function checkCommand(): Command {
  return new Command('check')
    .description('list the faults in the rules, with the fix; exit status 1 if there is an error')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { json?: true }) => {
      const { faults, numbers, destinations } = await withProgress({ first: 'reading the rules', json }, checkDatabase)
      const errors = faults.filter(({ level }) => level === 'error').length
      const warnings = faults.length - errors
      if (json === true) console.log(JSON.stringify({ errors, warnings, numbers, faults, destinations }, null, 2))
      else {
        const lines = [...faults.map(faultLine), summary(errors, warnings, numbers), ...destinationLines(destinations)]
        console.log(lines.join('\n'))
      }
      if (errors > 0) process.exitCode = 1
    })
}

interface Checked {
  readonly faults: readonly Fault[]
  readonly numbers: number
  readonly destinations: readonly CostlyDestination[]
}

function checkDatabase({ report }: Progress): Checked {
  const store = openRulesDatabase()
  try {
    const set = store.ruleSet()
    report(`checking the rules of ${count(set.numbers.length, 'number')}`)
    return {
      faults: [...checkRules(set, Date.now()), ...waitingFaults(store)],
      numbers: set.numbers.length,
      destinations: costlyDestinations(indexOf(set))
    }
  } finally {
    store.close()
  }
}

/** The site's migrations that are not applied, and files that may be meant as migrations: warnings, since nothing is broken. */
function waitingFaults(store: Store): Fault[] {
  const site = siteMigrations()
  if (site === undefined) return []
  const { pending, reason, overlooked } = store.siteStanding({ shipped: shippedMigrations(), site })
  const of = (key: string, message: string, cure: string): Fault => ({
    table: 'schema_migrations',
    key,
    level: 'warning',
    message,
    cure
  })
  const waiting = pending.map((name) => of(name, 'this migration is not applied', 'run followme migrate'))
  const refused = reason === null ? [] : [of(site, headlineOf(reason), 'run followme migrate: it shows what to do')]
  return [...waiting, ...refused, ...overlooked.map(({ message, cure }) => of(site, message, cure))]
}

function faultLine({ table, key, level, message, cure }: Fault): string {
  return printable(`${level.padEnd('warning'.length)}  ${table} (${key}): ${message}; ${cure}`)
}

/** The maximum of numbers, and of rules, that a line names. */
const maxNamed = 3

/** The destinations that cost more than a domestic call. They are not faults, only something to review. */
function destinationLines(destinations: readonly CostlyDestination[]): string[] {
  if (destinations.length === 0) return []
  const lines = destinations.map(({ kind, country, numbers, by }) => {
    const where = country === null ? kind : `${countryName(country)}${kind === 'abroad' ? '' : `, ${kind}`}`
    return printable(`  ${where}: ${some(numbers)}; by ${some(by.map((each) => `(${each})`))}`)
  })
  return ['', 'The most expensive destinations that rules can reach:', ...lines]
}

function some(texts: readonly string[]): string {
  const more = texts.length - maxNamed
  return texts.slice(0, maxNamed).join(', ') + (more > 0 ? ` and ${String(more)} more` : '')
}

function summary(errors: number, warnings: number, numbers: number): string {
  const found = errors + warnings === 0 ? 'no faults' : `${count(errors, 'error')}, ${count(warnings, 'warning')}`
  return `${found} in the rules of ${count(numbers, 'number')}`
}
