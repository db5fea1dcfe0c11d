// Parses and checks the arguments of `followme override set`: an override must lead somewhere.
import { AppError, reasonOf } from '../../errors'
import type { Decision } from '../../rules/decide'
import { formatInstant, parseDuration, shifted } from '../../rules/schedule/instant'
import { parseDialable } from '../../rules/number'
import type { NumberRules, Override } from '../../rules/rule'
import { readInstant } from './instants'

/** The options that say when an override ends. */
export interface OverrideEnd {
  readonly until?: string
  readonly for?: string
}

interface Asked extends OverrideEnd {
  readonly by?: string
  readonly now: number
}

/** The override that the arguments describe. Throws `usage` with the cure, or `not-found` if there is no such rule. */
export function overrideOf(rules: NumberRules, what: string, { by, now, ...end }: Asked): Override {
  const setBy = by?.trim() ?? null
  if (setBy === '') throw new AppError('usage', '--by is empty: write a name, or leave it out')
  return { ...kindOf(rules, what), expiresAt: endOf(end, rules.timeZone, now), setBy }
}

function kindOf(rules: NumberRules, what: string): Pick<Override, 'kind' | 'value'> {
  if (what === 'closed') return { kind: 'closed', value: null }
  const [, kind, value = ''] = /^(forward|rule):(.*)$/s.exec(what) ?? []
  if (kind === 'forward') return { kind, value: forwardTarget(rules, value) }
  if (kind === 'rule') return { kind, value: ruleName(rules, value) }
  throw new AppError('usage', `unknown override "${what}": use closed, forward:TARGET or rule:NAME`)
}

function forwardTarget({ number, policy }: NumberRules, text: string): string {
  let target
  try {
    target = parseDialable(text, number, policy)
  } catch (error) {
    throw new AppError('usage', `forward:${text}: ${reasonOf(error)}`, { cause: error })
  }
  if (target.kind !== 'endpoint' && target.number === number) {
    throw new AppError('usage', `forward:${text} leads back to the number itself: choose another target`)
  }
  return text
}

function ruleName({ number, rules }: NumberRules, name: string): string {
  if (rules.some((rule) => rule.name === name)) return name
  const names = rules.map((rule) => `'${rule.name}'`).join(', ')
  const cure = names === '' ? 'it has no rules' : `its rules are ${names}`
  throw new AppError('not-found', `${number} has no rule '${name}': ${cure}`)
}

/** When it ends, in milliseconds since the epoch; null if it lasts until it is cleared. Throws `usage` with the cure. */
function endOf({ until, for: lasting }: OverrideEnd, timeZone: string, now: number): number | null {
  if (until !== undefined && lasting !== undefined) {
    throw new AppError('usage', '--until and --for are both given: use only one')
  }
  if (lasting !== undefined) {
    const duration = parseDuration(lasting)
    if (duration !== undefined) return shifted(now, duration, timeZone)
    throw new AppError('usage', `invalid --for "${lasting}": write numbers with units, 30m, 2h, 1h30m, 3d or 2w`)
  }
  if (until === undefined) return null
  const { at } = readInstant('--until', until, timeZone, now)
  if (at > now) return at
  const cure = parseDuration(until) === undefined ? 'write a later instant' : `write +${until}, or --for ${until}`
  throw new AppError(
    'usage',
    `--until "${until}" is not in the future: it is ${formatInstant(now, timeZone)} now, ${cure}`
  )
}

/** Throws `usage` if a forward leads nowhere (unknown number, loop): it would turn every caller away. */
export function checkForward({ kind, value }: Override, { plan, notes }: Decision): void {
  if (kind !== 'forward' || plan.steps.length > 0 || notes.length === 0) return
  throw new AppError('usage', `forward:${value ?? ''} would ring nobody: ${notes.join('; ')}`)
}
