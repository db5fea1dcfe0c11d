// followme explain: who rings for a number, a caller and an instant, and why. No call is placed.
import { Command } from 'commander'
import { bareNumbersOf, databasePath } from '../../config/config'
import { callerOf, readCaller } from '../../rules/caller'
import { disagreements } from '../../rules/check/zones'
import { AppError } from '../../errors'
import { type Decision, type HuntPlan, decide, ringingIn } from '../../rules/hunt-plan'
import { formatInstant, formatSpan } from '../../rules/schedule/instant'
import { type Caller, someCaller } from '../../rules/number'
import type { Log } from '../../ports'
import { type ConsideredRule, type NumberRules, type Override, type RuleBook, overrideText } from '../../rules/rule'
import { notesOn } from '../../rules/rule-faults'
import { anonymous } from '../../rules/withheld'
import { openDatabase } from '../../store/database/database'
import type { SqliteDatabase } from '../../store/database/driver'
import { SqliteRuleStore } from '../../store/rules/rule-store'
import { columnsOf, padded } from '../support/columns'
import { instantForms, readInstant } from '../support/instants'
import { numberMeant } from '../support/dialled-number'
import { printable } from '../support/call-timeline'

interface Options {
  readonly from?: string
  readonly at?: string
  readonly json?: true
}

/** For the help of every command that decides. */
export const fromHelp =
  "the caller's number, also as written in the number's country, or anonymous (default: somebody who is on no list)"

export function explainCommand(): Command {
  return new Command('explain')
    .description('tell who rings for a call to a number, and why; no call is placed')
    .argument('<number>', 'the virtual number, +14155550100')
    .option('--from <caller>', fromHelp)
    .option('--at <instant>', `${instantForms}, on the clock of the number (default: now)`)
    .option('--json', 'print one JSON document')
    .action(async (text: string, options: Options) => {
      const { book, decision, note } = await decideFromDatabase(text, options)
      if (options.json === true)
        console.log(
          JSON.stringify({ ...explainJson(decision, book), ...(note !== undefined && { dialled: text }) }, null, 2)
        )
      else console.log(`${note === undefined ? '' : `${note}\n\n`}${explainText(decision, book)}`)
      if (refusal(decision) !== undefined) process.exitCode = 1
    })
}

async function decideFromDatabase(text: string, { from, at }: Options) {
  const database = openDatabase(databasePath(), { readOnly: true })
  try {
    requireTables(database.sqlite)
    const rules = new SqliteRuleStore(database, silent)
    const { number, note } = await numberMeant(text, rules)
    const book = await rules.rulesFor(number)
    const instant = instantOf(at, book.get(number)?.timeZone ?? 'UTC')
    const decision = decide(number, callerFrom(from, number), instant, book)
    return { book, decision: { ...decision, notes: notesOnAll(decision, book) }, note }
  } finally {
    database.close()
  }
}

/** What an `--at` means in a zone; now where there is none. Throws `usage` where it is no instant. */
export function instantOf(at: string | undefined, timeZone: string): number {
  const now = Date.now()
  return at === undefined ? now : readInstant('--at', at, timeZone, now).at
}

/** Who calls a number: somebody who shows a number that is on no list, where `--from` names nobody. */
export function callerFrom(from: string | undefined, number: string): Caller {
  return from === undefined ? someCaller : readCaller({ number: from, name: '' }, number, bareNumbersOf())
}

/** What is wrong with the rules that were asked, also where another answered first. */
export function notesOnAll({ number, continued, notes }: Decision, book: RuleBook): string[] {
  const asked = [number, ...continued.map((next) => next.number)].flatMap((each) => {
    const rules = book.get(each)
    return rules?.enabled === true ? notesOn(rules) : []
  })
  return [...new Set([...notes, ...asked])]
}

function requireTables(sqlite: SqliteDatabase): void {
  if (sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'virtual_numbers'").get() !== undefined) return
  throw new AppError('unavailable', `database ${sqlite.name} holds no numbers yet: run 'followme migrate'`)
}

/** For stores that a command reads: what they would warn of is in the command's own answer. */
export const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined
}

/** The answer as `--json` prints it; `caller` is null for somebody who is on no list. Instants are ISO 8601 in UTC; a disabled number is unknown to callers, as `reason` says. */
function explainJson(decision: Decision, book: RuleBook): object {
  const { number, at, rule, plan, considered, continued, nextChangeAt, notes } = decision
  const reason = refusal(decision)
  return {
    number,
    caller: decision.caller === someCaller ? null : callerOf(decision.caller.number, number).number,
    at: new Date(at).toISOString(),
    outcome: reason === undefined ? decision.outcome : 'unknown-number',
    ...(reason === undefined ? {} : { reason }),
    rule,
    plan,
    considered,
    continued,
    nextChangeAt: nextChangeAt === null ? null : new Date(nextChangeAt).toISOString(),
    notes,
    zoneDisagreements: disagreements(zonesOf(book), at)
  }
}

/** The zones by which the rules of a book are read, each once. */
function zonesOf(book: RuleBook): string[] {
  const numbers = [...book.values()]
  const schedules = numbers.flatMap(({ rules }) => rules.flatMap(({ schedule }) => schedule?.compiled.timeZone ?? []))
  return [...new Set([...numbers.map(({ timeZone }) => timeZone), ...schedules])]
}

function refusal({ outcome, number }: Decision): string | undefined {
  if (outcome === 'unknown-number') return `there is no virtual number ${number}: add it to virtual_numbers`
  if (outcome === 'disabled') return `${number} is disabled: set enabled to 1 in virtual_numbers`
  return undefined
}

/** The answer for people. `book` is what it was decided from. */
export function explainText(decision: Decision, book: RuleBook): string {
  const { number, at, considered, continued, notes } = decision
  const dialled = book.get(number)
  const timeZone = dialled?.timeZone ?? 'UTC'
  const from = callerText(decision.caller, number)
  const label = dialled === undefined || dialled.label === '' ? '' : ` (${printable(dialled.label)})`
  const lines = [`${number}${label}, called by ${from}, ${formatInstant(at, timeZone)}`, '']
  const refused = refusal(decision)
  if (refused !== undefined) return [...lines, `The call is refused: ${refused}.`].join('\n')

  lines.push(`${capital(answerOf(decision, dialled))}.`, ...planLines(decision.plan))
  if (considered.length > 0) lines.push('', ...consideredLines(considered))
  if (continued.length > 0) {
    lines.push('', 'The plan goes on with other numbers:')
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

/** `+33140000000`, `an anonymous caller` or `somebody on no list`; as read in the country of the number dialled. */
export function callerText(caller: Caller, dialled: string): string {
  if (caller === someCaller) return 'somebody on no list'
  const from = callerOf(caller.number, dialled).number
  return from === anonymous ? 'an anonymous caller' : printable(from)
}

/** What callers of a number get now, and until when, in a few lines. */
export function whatCallersGet(number: string, book: RuleBook, at: number): string {
  const decision = decide(number, someCaller, at, book)
  const dialled = book.get(number)
  const timeZone = dialled?.timeZone ?? 'UTC'
  const label = dialled === undefined || dialled.label === '' ? '' : ` (${printable(dialled.label)})`
  const head = `${number}${label}, ${formatInstant(at, timeZone)}`
  const refused = refusal(decision)
  if (refused !== undefined) return `${head}: calls are refused, ${refused}.`
  const listed = decision.outcome !== 'override' && dialled?.rules.some(({ callers }) => callers !== null) === true
  return [
    `${head}: ${answerOf(decision, dialled)}.`,
    listed ? 'Callers who are on no list now get:' : 'Callers now get:',
    ...planLines(decision.plan),
    ...decision.notes.map((note) => `  ! ${printable(note)}`),
    nextChange(decision, book, timeZone)
  ].join('\n')
}

/** Every rule that was looked at, and why it answers or not. */
export function consideredLines(considered: readonly ConsideredRule[]): string[] {
  const width = Math.max(...considered.map(({ rule }) => columnsOf(rule)))
  const line = ({ rule, matched, why }: ConsideredRule) =>
    `  ${matched ? '→' : ' '} ${printable(padded(rule, width))}  ${printable(why)}`
  return ['Rules, in order:', ...considered.map(line)]
}

/** A plan for people, a line a step and one for the fallback. */
export function planLines(plan: HuntPlan): string[] {
  const lines = plan.steps.map(({ targets }, index) => {
    const rung = targets.map(({ dial, ringSeconds, refused }) =>
      refused === undefined ? `${printable(dial)} for ${ringSeconds} s` : `${printable(dial)} is refused`
    )
    return `  ${index + 1}. ${rung.length > 1 ? 'together ' : ''}${rung.join(', ')}`
  })
  const when = ringingIn(plan).length === 0 ? 'At once' : 'Nobody answers'
  return [...lines, `  ${when}: ${printable(plan.fallback)}`]
}

/** What answers, in one clause. */
function answerOf({ outcome, rule }: Decision, dialled: NumberRules | undefined): string {
  switch (outcome) {
    case 'rule':
      return `rule '${printable(rule ?? '')}' answers`
    case 'fallback':
      return "no rule answers, so the number's fallback does"
    case 'override': {
      const { override = null, timeZone = 'UTC' } = dialled ?? {}
      return `an override answers${override === null ? '' : `: ${printable(overrideInForce(override, timeZone))}`}`
    }
    case 'unknown-number':
    case 'disabled':
      return 'the call is refused'
  }
}

/** `forward to PJSIP/carol, set by ann, until Mon 2026-11-23 18:00 Europe/London`. */
export function overrideInForce(override: Override, timeZone: string): string {
  const { expiresAt } = override
  const until = expiresAt === null ? 'until it is cleared' : `until ${formatInstant(expiresAt, timeZone)}`
  return `${overrideText(override)}, ${until}`
}

/** When the answer changes next, and to what, as one sentence. */
function nextChange(now: Decision, book: RuleBook, timeZone: string): string {
  const { number, caller, at, nextChangeAt } = now
  if (nextChangeAt === null) return 'Nothing changes this in the next nine years, as the rules stand.'
  const next = decide(number, caller, nextChangeAt, book)
  const then = answerOf(next, book.get(number))
  // Another number that the plan goes on with may have changed, and nothing else.
  const isOtherPlan = then === answerOf(now, book.get(number))
  const rings = [
    ...ringingIn(next.plan).map((targets) => targets.map(({ dial }) => dial).join(' + ')),
    next.plan.fallback
  ]
  const plan = isOtherPlan ? `, and gives ${printable(rings.join(', then '))}` : ''
  return `From ${formatInstant(nextChangeAt, timeZone)}, in ${formatSpan(nextChangeAt - at)}: ${then}${plan}.`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
