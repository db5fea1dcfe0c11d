// followme replay: decides past calls again, by the current rules or by pending migrations. It places no call.
import { Command } from 'commander'
import { bareNumbersOf, databasePath } from '../../config/config'
import { AppError } from '../../errors'
import { formatInstant } from '../../rules/schedule/instant'
import type { CallRecord } from '../../call/record'
import { type Answer, decideAgain, ringsAlike } from '../../call/replay'
import type { RuleStore } from '../../ports'
import type { RuleBook } from '../../rules/rule'
import { Store } from '../../store/store'
import { applyToCopy } from '../support/dry-run'
import { recordedNumber } from '../support/dialled-number'
import { openRecords } from '../support/database'
import { type SiteClock, readSince, readSiteInstant, sinceForms, siteClock } from '../support/instants'
import { isoOrNull } from '../support/json'
import { migrateOptions } from '../support/migrate-options'
import { answerText, caller } from '../support/call-timeline'
import { type Progress, withProgress } from '../support/progress'
import { count, printable } from '../support/text'

interface Options {
  readonly since: string
  readonly until?: string
  readonly number?: string
  readonly with?: string
  readonly json?: true
}

/** Which calls to decide again. Instants in milliseconds since the epoch. */
interface Asked {
  readonly since: number
  readonly until?: number | undefined
  readonly number?: string | undefined
  readonly json?: true | undefined
}

export function replayCommand(): Command {
  return new Command('replay')
    .description(
      'decide past calls again by the current rules, without overrides, and print those that would ring differently; places no call, and exits with 0 whether or not there are any'
    )
    .requiredOption('--since <instant>', `calls that arrived at or after this time: ${sinceForms}`)
    .option('--until <instant>', 'only calls that arrived before this time')
    .option('--number <number>', 'only calls to this number')
    .option('--with <directory>', 'use the rules as the pending migrations in this directory would make them')
    .option('--json', 'print one JSON document')
    .action(async (options: Options) => {
      const records = openRecords()
      try {
        const number = await recordedNumber(options.number, records.rules)
        const asked = readAsked(options, number, siteClock(await records.timeZones(), number))
        await withProgress({ first: 'reading the rules', json: asked.json }, (progress) =>
          withRules(options, ({ rules }, applied) => report(records, rules, applied, asked, progress))
        )
      } finally {
        records.close()
      }
    })
}

function readAsked({ since: from, until: to, json }: Options, number: string | undefined, clock: SiteClock): Asked {
  const now = Date.now()
  const since = readSince('--since', from, clock, now)
  const until = to === undefined ? undefined : readSiteInstant('--until', to, clock, now)
  if (until !== undefined && until <= since) {
    throw new AppError('usage', '--until is not after --since: write a later --until')
  }
  return { since, until, number, json }
}

/** Calls `work` with the rules to decide by and the migrations applied to them; null if they are the rules in force. */
async function withRules(
  { with: site }: Options,
  work: (store: Store, applied: readonly string[] | null) => Promise<void>
): Promise<void> {
  const store = site === undefined ? openRecords() : Store.copyOf(databasePath())
  try {
    const warn = (line: string) => console.error(printable(line))
    const applied = site === undefined ? null : applyToCopy(store, migrateOptions(site, warn)).map(({ name }) => name)
    store.holdSnapshot()
    await work(store, applied)
  } finally {
    store.close()
  }
}

/** One call that rings differently: what it got then and what it would get now. */
interface Difference {
  readonly call: CallRecord
  readonly now: ReturnType<typeof decideAgain>
  readonly book: RuleBook
}

async function report(
  records: Store,
  rules: RuleStore,
  applied: readonly string[] | null,
  asked: Asked,
  progress: Progress
): Promise<void> {
  const { since, until, json } = asked
  const bare = bareNumbersOf()
  const changes: object[] = []
  const counts = { calls: 0, different: 0, overridden: 0 }
  for (const call of records.callsBetween(asked)) {
    const book = await rules.rulesFor(call.number)
    const now = decideAgain(call, book, bare)
    counts.calls++
    if (counts.calls % 100 === 0) progress.report(`replaying: ${count(counts.calls, 'call')}`)
    if (ringsAlike(call, now)) continue
    counts.different++
    if (call.decision === 'override') counts.overridden++
    if (json === true) changes.push(differenceJson({ call, now, book }))
    else progress.print(differenceText({ call, now, book }, applied !== null))
  }
  if (json === true) {
    const span = { since: isoOrNull(since), until: isoOrNull(until ?? null), with: applied }
    console.log(JSON.stringify({ ...span, ...counts, changes }, null, 2))
  } else progress.print(summary(counts, applied))
}

function differenceText({ call, now, book }: Difference, isPending: boolean): string {
  const { id, number, startedAt, endedAt } = call
  const at = formatInstant(startedAt, book.get(number)?.timeZone ?? 'UTC')
  const lasts = endedAt === null ? ', not ended' : ''
  return [
    `call ${id}, ${at}, from ${caller(call)} for ${printable(number)}${lasts}`,
    `  then: ${printable(answerText(call))}`,
    `  ${isPending ? 'with' : 'now'}: ${isPending ? '' : ' '}${printable(answerText(now))}`,
    ...now.notes.map((note) => `    ! ${printable(note)}`)
  ].join('\n')
}

function differenceJson({ call, now }: Difference): object {
  const { id, number, callerNumber, callerName, startedAt, endedAt } = call
  const instants = { startedAt: isoOrNull(startedAt), endedAt: isoOrNull(endedAt) }
  const then = answerJson(call)
  return { id, number, callerNumber, callerName, ...instants, then, now: { ...answerJson(now), notes: now.notes } }
}

function answerJson({ decision, rule, reason, plan: { steps, fallback, override } }: Answer): object {
  return {
    decision,
    rule,
    ...(reason !== null && { reason }),
    plan: { steps, fallback, ...(override && { override }) }
  }
}

function summary(
  { calls, different, overridden }: { readonly calls: number; readonly different: number; readonly overridden: number },
  applied: readonly string[] | null
): string {
  const nothing = applied?.length === 0
  const how = applied === null ? '' : nothing ? ': no migration is pending' : `, with ${applied.join(', ')}`
  const lines = [`${calls} ${calls === 1 ? 'call' : 'calls'}, ${different} would ring differently${how}`]
  if (overridden > 0)
    lines.push(
      `${overridden} of them ${overridden === 1 ? 'was' : 'were'} answered by an override; replay ignores overrides`
    )
  return lines.join('\n')
}
