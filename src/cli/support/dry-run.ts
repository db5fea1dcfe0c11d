// followme migrate --dry-run: applies to a copy, and shows what would change. The database itself is only read.
import { formatInstant } from '../../rules/schedule/instant'
import { type RingChange, ringChanges } from '../../rules/analysis/ring-changes'
import { ruleChanges } from '../../rules/analysis/rule-changes'
import type { RuleSet } from '../../rules/rule-tables'
import type { AppliedMigration } from '../../store/migrations/apply-migration'
import type { MigrateOptions } from '../../store/migrations/migrate'
import { Store } from '../../store/store'
import { printable } from './text'

const daysAhead = 14

/** Prints through `options.log`. Throws as `migrate` does. */
export function dryRun(options: MigrateOptions, now: number): void {
  const copy = Store.copyOf(options.database)
  try {
    const before = copy.ruleSetIfAny()
    const applied = applyToCopy(copy, options)
    if (applied.length === 0) {
      options.log('up to date')
      return
    }
    for (const { name, origin } of applied) options.log(`would apply ${name} (${origin})`)
    for (const line of comparison(before, copy.ruleSetIfAny(), now)) options.log(printable(line))
    options.log('dry run: nothing was applied')
  } finally {
    copy.close()
  }
}

/** Applies the pending migrations to a copy of the database, and returns them. Logs only warnings. Throws as `migrate` does. */
export function applyToCopy(copy: Store, options: MigrateOptions): readonly AppliedMigration[] {
  // Its progress messages would seem to be about the real database; warnings hold for both.
  const log = (line: string) => {
    if (line.startsWith('warning')) options.log(line)
  }
  return copy.applyToCopy({ ...options, log })
}

function comparison(before: RuleSet, after: RuleSet, now: number): string[] {
  const changes = ruleChanges(before, after)
  const { changes: rings, notCompared } = ringChanges(before, after, now, now + daysAhead * 86_400_000)
  const lines = changes.length === 0 ? ['no rule changes'] : changes
  if (rings.length === 0) return [...lines, `no number rings differently in the next ${daysAhead} days`]
  const more = notCompared === 0 ? [] : [`  ${notCompared} more numbers may ring differently (not compared)`]
  return [...lines, `in the next ${daysAhead} days:`, ...rings.flatMap((change) => ringLines(change, now)), ...more]
}

function ringLines({ number, label, timeZone, callers, before, after, spans }: RingChange, now: number): string[] {
  const [first] = spans
  if (first === undefined) return []
  const horizon = now + daysAhead * 86_400_000
  const from = first.from === now ? 'from now' : `from ${formatInstant(first.from, timeZone)}`
  const to = first.to === horizon ? ' on' : ` to ${formatInstant(first.to, timeZone)}`
  const again = spans.length - 1
  const more = again === 0 ? '' : again === 1 ? ', and once more' : `, and ${again} more times`
  const forCallers = callers === null ? '' : `, for callers ${callers}`
  const name = label === '' ? number : `${number} (${label})`
  return [
    `  ${name} rings differently ${from}${to}${more}${forCallers}`,
    `    before: ${before}`,
    `    after:  ${after}`
  ]
}
