// A decision in words: which rule answers, who rings, why, and until when.
import { callerOf } from '../../rules/caller'
import { type DialPolicy, limitsText, type PolicyRow } from '../../rules/dial-policy'
import { numbersCalled } from '../../rules/gate'
import { type HuntPlan, type PlannedTarget, ringingIn } from '../../rules/hunt-plan'
import { type Decision, decide } from '../../rules/decide'
import { type Caller, unlistedCaller } from '../../rules/number'
import { type ConsideredRule, type NumberRules, type Override, type RuleBook, overrideText } from '../../rules/rule'
import { notesOn } from '../../rules/rule-faults'
import type { ShownCaller } from '../../rules/shown-caller'
import { formatInstant, formatSpan } from '../../rules/schedule/instant'
import { targetLimitText } from '../../rules/target-limits'
import { anonymous } from '../../rules/withheld'
import { columnsOf, padded } from './columns'
import { printable } from './text'

export function numberRefusal({ outcome, number }: Decision): string | undefined {
  if (outcome === 'unknown-number') return `there is no virtual number ${number}: add it to virtual_numbers`
  if (outcome === 'disabled') return `${number} is disabled: set enabled to 1 in virtual_numbers`
  return undefined
}

/** The rule, override or fallback that answers, as one clause. */
export function answerOf({ outcome, rule }: Decision, dialled: NumberRules | undefined): string {
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

/** A plan for people: one line per step and one for the fallback. */
export function planLines(plan: HuntPlan): string[] {
  const lines = plan.steps.map(({ targets }, index) => {
    const rung = targets.map(({ dial, ringSeconds, refused, trunks, limit }) =>
      refused === undefined
        ? `${printable(dial)} for ${ringSeconds} s${throughText(trunks)}${limit === undefined ? '' : ` (${targetLimitText(limit)})`}`
        : `${printable(dial)} is refused`
    )
    return `  ${index + 1}. ${rung.length > 1 ? 'together ' : ''}${rung.join(', ')}`
  })
  const when = ringingIn(plan).length === 0 ? 'Immediately' : 'Nobody answers'
  return [...lines, `  ${when}: ${printable(plan.fallback)}`]
}

/** ` through a, then b`. */
function throughText(trunks: PlannedTarget['trunks']): string {
  return trunks === undefined ? '' : ` through ${printable(trunks.map(({ name }) => name).join(', then '))}`
}

/** The caller IDs that the targets of a plan are shown; no line for targets that are shown the caller's own. */
export function shownLines(plan: HuntPlan): string[] {
  const groups = new Map<string, string[]>()
  const ways = ringingIn(plan).flatMap((targets) =>
    targets.flatMap(({ dial, shown, trunks }): { who: string; shown?: ShownCaller; diversion?: string }[] =>
      trunks === undefined
        ? [{ who: dial, ...(shown !== undefined && { shown }) }]
        : trunks.map((trunk) => ({ ...trunk, who: `${dial} through ${trunk.name}` }))
    )
  )
  for (const { who, shown, diversion } of ways) {
    const { number, namePrefix, alertInfo } = shown ?? {}
    const what = [
      ...(number === undefined ? [] : [`the number ${number}`]),
      ...(namePrefix === undefined ? [] : [`the caller's name after '${namePrefix}'`]),
      ...(alertInfo === undefined ? [] : [`Alert-Info ${alertInfo}`]),
      ...(diversion === undefined ? [] : [`a Diversion (${diversion})`])
    ].join(', ')
    if (what !== '') groups.set(what, [...(groups.get(what) ?? []), who])
  }
  return [...groups].map(
    ([what, dials]) => `  Shown to ${printable([...new Set(dials)].join(', '))}: ${printable(what)}`
  )
}

/** How many calls of the number may be in progress, and what any more get; none where nobody rings. */
export function fullLines({ limit }: Decision): string[] {
  if (limit === null) return []
  const { maxCalls, plan } = limit
  const calls = maxCalls === 1 ? '1 call' : `${maxCalls} calls`
  return [`  At most ${calls} at once; any more get: ${printable(ringingText(plan))}`]
}

/** The rows of dial_policy that limit the targets of a plan, for each target that any does. */
export function limitsIn(
  { number, plan }: Pick<Decision, 'number' | 'plan'>,
  policy: DialPolicy | undefined
): readonly { readonly dial: string; readonly rows: readonly PolicyRow[] }[] {
  if (policy?.hasLimits !== true) return []
  const targets = new Map(ringingIn(plan).flatMap((each) => each.map((target) => [target.dial, target] as const)))
  return [...targets.values()].flatMap(({ dial, from = number }) => {
    const rows = policy.limitsOf(numbersCalled(dial, from))
    return rows.length === 0 ? [] : [{ dial, rows }]
  })
}

/** The same, a line for each target. */
export function limitLines(decision: Decision, policy: DialPolicy | undefined): string[] {
  return limitsIn(decision, policy).map(
    ({ dial, rows }) => `    ${printable(dial)}: ${rows.map((row) => `${row.prefix} ${limitsText(row)}`).join('; ')}`
  )
}

/** Every rule that was considered, and why it does or does not answer. */
export function consideredLines(considered: readonly ConsideredRule[]): string[] {
  const width = Math.max(...considered.map(({ rule }) => columnsOf(rule)))
  const line = ({ rule, matched, why }: ConsideredRule) =>
    `  ${matched ? '→' : ' '} ${printable(padded(rule, width))}  ${printable(why)}`
  return ['Rules, in order:', ...considered.map(line)]
}

/** `+33140000000`, `an anonymous caller` or `somebody on no list`. Numbers are read in the country of the number dialled. */
export function callerText(caller: Caller, dialled: string): string {
  if (caller === unlistedCaller) return 'somebody on no list'
  const from = callerOf(caller.number, dialled).number
  return from === anonymous ? 'an anonymous caller' : printable(from)
}

/** `forward to PJSIP/carol, set by ann, until Mon 2026-11-23 18:00 Europe/London`. */
export function overrideInForce(override: Override, timeZone: string): string {
  const { expiresAt } = override
  const until = expiresAt === null ? 'until it is cleared' : `until ${formatInstant(expiresAt, timeZone)}`
  return `${overrideText(override)}, ${until}`
}

/** In a few lines: what callers of a number get now, and until when. */
export function whatCallersGet(number: string, book: RuleBook, at: number): string {
  const decision = decide(number, unlistedCaller, at, book)
  const dialled = book.get(number)
  const timeZone = dialled?.timeZone ?? 'UTC'
  const label = dialled === undefined || dialled.label === '' ? '' : ` (${printable(dialled.label)})`
  const head = `${number}${label}, ${formatInstant(at, timeZone)}`
  const refused = numberRefusal(decision)
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

/** One sentence: when the answer changes next, and to what. */
export function nextChange(now: Decision, book: RuleBook, timeZone: string): string {
  const { number, caller, at, nextChangeAt } = now
  if (nextChangeAt === null) return 'By these rules, nothing changes in the next nine years.'
  const next = decide(number, caller, nextChangeAt, book)
  const then = answerOf(next, book.get(number))
  // The only change may be in another number that the plan continues with.
  const isOtherPlan = then === answerOf(now, book.get(number))
  const plan = isOtherPlan ? `, and gives ${printable(ringingText(next.plan))}` : ''
  return `From ${formatInstant(nextChangeAt, timeZone)}, in ${formatSpan(nextChangeAt - at)}: ${then}${plan}.`
}

/** `PJSIP/alice + PJSIP/bob, then busy`. */
function ringingText(plan: HuntPlan): string {
  const steps = ringingIn(plan).map((targets) => targets.map(({ dial }) => dial).join(' + '))
  return [...steps, plan.fallback].join(', then ')
}

/** Faults in all rules that were considered, even if another rule answered first. */
export function notesOnAll({ number, continued, notes }: Decision, book: RuleBook): string[] {
  const asked = [number, ...continued.map((next) => next.number)].flatMap((each) => {
    const rules = book.get(each)
    return rules?.enabled === true ? notesOn(rules) : []
  })
  return [...new Set([...notes, ...asked])]
}
