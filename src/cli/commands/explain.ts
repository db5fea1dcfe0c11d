// followme explain: shows who rings for a number, a caller and an instant, and why. It places no call.
import { Command } from 'commander'
import { callerOf } from '../../rules/caller'
import { disagreements } from '../../rules/check/zones'
import { type Decision, decide } from '../../rules/decide'
import { formatInstant } from '../../rules/schedule/instant'
import { unlistedCaller } from '../../rules/number'
import type { RuleBook } from '../../rules/rule'
import { openRulesDatabase } from '../support/database'
import { callerFrom, fromHelp, instantOf } from '../support/decision-options'
import {
  answerOf,
  callerText,
  consideredLines,
  fullLines,
  limitLines,
  limitsIn,
  nextChange,
  notesOnAll,
  planLines,
  shownLines,
  numberRefusal
} from '../support/decision-text'
import { numberMeant } from '../support/dialled-number'
import { instantForms } from '../support/instants'
import { printable } from '../support/text'

interface Options {
  readonly from?: string
  readonly at?: string
  readonly json?: true
}

export function explainCommand(): Command {
  return new Command('explain')
    .description('show who rings for a call to a number, and why; no call is placed')
    .argument('<number>', 'the virtual number, +14155550100')
    .option('--from <caller>', fromHelp)
    .option('--at <instant>', `${instantForms}, in the number's time zone (default: now)`)
    .option('--json', 'print one JSON document')
    .action(async (text: string, options: Options) => {
      const { book, decision, note } = await decideFromDatabase(text, options)
      const isRead = note !== undefined && decision.outcome !== 'unknown-number'
      if (options.json === true)
        console.log(JSON.stringify({ ...explainJson(decision, book), ...(isRead && { dialled: text }) }, null, 2))
      else console.log(`${note === undefined ? '' : `${note}\n\n`}${explainText(decision, book)}`)
      if (numberRefusal(decision) !== undefined) process.exitCode = 1
    })
}

async function decideFromDatabase(text: string, { from, at }: Options) {
  const store = openRulesDatabase()
  try {
    const { rules } = store
    const { number, note } = await numberMeant(text, rules)
    const book = await rules.rulesFor(number)
    const instant = instantOf(at, book.get(number)?.timeZone ?? 'UTC')
    const decision = decide(number, callerFrom(from, number), instant, book)
    return { book, decision: { ...decision, notes: notesOnAll(decision, book) }, note }
  } finally {
    store.close()
  }
}

/**
 * The answer as `--json` prints it. `caller` is null for a caller on no list. Instants are ISO 8601 in UTC. Callers of a
 * disabled number are told that it is unknown; `reason` says which it is.
 */
function explainJson(decision: Decision, book: RuleBook): object {
  const { number, at, rule, plan, limit, considered, continued, nextChangeAt, notes } = decision
  const reason = numberRefusal(decision)
  return {
    number,
    caller: decision.caller === unlistedCaller ? null : callerOf(decision.caller.number, number).number,
    at: new Date(at).toISOString(),
    outcome: reason === undefined ? decision.outcome : 'unknown-number',
    ...(reason === undefined ? {} : { reason }),
    rule,
    plan,
    limit: limit === null ? null : { maxCalls: limit.maxCalls, plan: limit.plan },
    limits: limitsIn(decision, book.get(number)?.policy).map(({ dial, rows }) => ({
      dial,
      rows: rows.map(({ prefix, maxCalls = null, maxPerHour = null, maxMinutesDay = null }) => ({
        ...{ prefix, maxCalls, maxPerHour, maxMinutesDay }
      }))
    })),
    considered,
    continued,
    nextChangeAt: nextChangeAt === null ? null : new Date(nextChangeAt).toISOString(),
    notes,
    zoneDisagreements: disagreements(zonesOf(book), at)
  }
}

/** The time zones of all rules in a book, each once. */
function zonesOf(book: RuleBook): string[] {
  const numbers = [...book.values()]
  const schedules = numbers.flatMap(({ rules }) => rules.flatMap(({ schedule }) => schedule?.compiled.timeZone ?? []))
  return [...new Set([...numbers.map(({ timeZone }) => timeZone), ...schedules])]
}

/** The answer for people. `book` has the rules that decided. */
function explainText(decision: Decision, book: RuleBook): string {
  const { number, at, considered, continued, notes } = decision
  const dialled = book.get(number)
  const timeZone = dialled?.timeZone ?? 'UTC'
  const from = callerText(decision.caller, number)
  const label = dialled === undefined || dialled.label === '' ? '' : ` (${printable(dialled.label)})`
  const lines = [`${number}${label}, called by ${from}, ${formatInstant(at, timeZone)}`, '']
  const refused = numberRefusal(decision)
  if (refused !== undefined) return [...lines, `The call is refused: ${refused}.`].join('\n')

  lines.push(
    `${capital(answerOf(decision, dialled))}.`,
    ...planLines(decision.plan),
    ...shownLines(decision.plan),
    ...fullLines(decision)
  )
  const limits = limitLines(decision, dialled?.policy)
  if (limits.length > 0) lines.push('', 'Limits of dial_policy:', ...limits)
  if (considered.length > 0) lines.push('', ...consideredLines(considered))
  if (continued.length > 0) {
    lines.push('', 'The plan continues with other numbers:')
    for (const next of continued) {
      const by = {
        rule: `by its rule '${next.rule ?? ''}'`,
        override: 'by an override',
        fallback: 'where no rule answers'
      }
      lines.push(`    ${next.number}, ${printable(by[next.outcome])}`)
    }
  }
  if (notes.length > 0) {
    lines.push('', 'Correct this:', ...notes.map((note) => `  ! ${printable(note)}`))
  }
  const doubts = disagreements(zonesOf(book), at).map((each) => `  ! ${each.timeZone}: ${each.message}`)
  if (doubts.length > 0) lines.push('', 'Zone data disagree:', ...doubts)
  lines.push('', nextChange(decision, book, timeZone))
  return lines.join('\n')
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
