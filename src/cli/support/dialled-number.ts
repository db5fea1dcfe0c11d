// The virtual number that somebody means at the command line, in whatever form they write it.
import { AppError } from '../../errors'
import { normaliseDialled } from '../../rules/number'
import type { RuleStore } from '../../ports'
import { nearTo } from '../../engine/read-call'
import { printable } from './text'

/** The virtual number that an argument names, spaces and punctuation allowed. Throws `usage` where it is no number. */
export function virtualNumber(text: string): string {
  const number = asWritten(text)
  if (number !== undefined) return number
  throw new AppError('usage', `number "${text}" is not a virtual number: write + and the country code, +14155550100`)
}

/** The number that a call to this text reaches, and what is to be said where that is written in another way. */
export async function numberMeant(text: string, rules: RuleStore): Promise<{ number: string; note?: string }> {
  const number = asWritten(text)
  if (number !== undefined && (await rules.numbersAmong([number])).length > 0) return { number }
  const near = await nearTo(text, rules)
  const [only] = near
  if (only === undefined) return { number: virtualNumber(text) }
  if (near.length > 1) throw new AppError('usage', `number "${text}" may be ${near.join(' or ')}: write one of them`)
  const note = `There is no virtual number ${printable(number ?? text)}: did you mean ${only}? Calls that arrive so are read as calls to it.`
  return { number: only, note }
}

/** For a command that acts on one number, and is not to guess: what was meant by one that there is not. */
export async function noSuchNumber(number: string, rules: RuleStore): Promise<AppError> {
  const near = await nearTo(number, rules)
  const cure = near.length === 0 ? 'add it to virtual_numbers' : `did you mean ${near.join(' or ')}?`
  return new AppError('not-found', `there is no virtual number ${number}: ${cure}`)
}

/** As people write numbers: +1 415 555-0100, (+44) 20 7183 8750. */
function asWritten(text: string): string | undefined {
  return normaliseDialled(text.replace(/[\s().\-/]/g, ''))
}
