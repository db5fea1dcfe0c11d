// Finds the virtual number that a command-line argument means, in any spelling.
import { AppError } from '../../errors'
import { normaliseDialled } from '../../rules/number'
import type { RuleStore } from '../../ports'
import { similarNumbers } from '../../engine/resolve-incoming'
import { oneTypoFrom } from './similar-numbers'
import { printable } from './text'

/** The number in E.164, spaces and punctuation allowed. Throws `usage` if it is not an international number; the message suggests virtual numbers. */
export async function virtualNumber(text: string, rules: RuleStore): Promise<string> {
  const number = asWritten(text)
  if (number !== undefined) return number
  const cure = didYouMean(await similarNumbers(text, rules)) ?? 'write + and the country code, +14155550100'
  throw new AppError('usage', `number "${text}" is not a virtual number: ${cure}`)
}

/**
 * As {@link virtualNumber}, for a filter of records. The number may have been deleted since, so an unknown one causes only a
 * warning.
 */
export async function recordedNumber(text: string | undefined, rules: RuleStore): Promise<string | undefined> {
  if (text === undefined) return undefined
  const number = await virtualNumber(text, rules)
  const hint = (await isVirtual(number, rules)) ? undefined : didYouMean(await similarTo(number, rules))
  if (hint !== undefined) console.error(`There is no virtual number ${number}: ${hint}`)
  return number
}

/** The number that a call to this text reaches, with a note if it is spelled differently. */
export async function numberMeant(text: string, rules: RuleStore): Promise<{ number: string; note?: string }> {
  const number = asWritten(text)
  if (number !== undefined && (await isVirtual(number, rules))) return { number }
  const near = await similarNumbers(text, rules)
  const [only] = near
  if (only === undefined) return withHint(await virtualNumber(text, rules), rules)
  if (near.length > 1) throw new AppError('usage', `number "${text}" is ambiguous: write ${near.join(' or ')}`)
  const note = `There is no virtual number ${printable(number ?? text)}: did you mean ${only}? Calls that arrive in this form are treated as calls to it.`
  return { number: only, note }
}

async function withHint(number: string, rules: RuleStore): Promise<{ number: string; note?: string }> {
  const hint = didYouMean(await rules.numbersAmong(oneTypoFrom(number)))
  return hint === undefined ? { number } : { number, note: `There is no virtual number ${number}: ${hint}` }
}

/** The error for a command that must not guess: it suggests similar numbers. */
export async function noSuchNumber(number: string, rules: RuleStore): Promise<AppError> {
  const cure = didYouMean(await similarTo(number, rules)) ?? 'add it to virtual_numbers'
  return new AppError('not-found', `there is no virtual number ${number}: ${cure}`)
}

/** The most numbers to suggest. */
const maxSuggested = 3

function didYouMean(numbers: readonly string[]): string | undefined {
  if (numbers.length === 0 || numbers.length > maxSuggested) return undefined
  return `did you mean ${numbers.join(' or ')}?`
}

/** Virtual numbers that are dialled in this form; if there are none, those that differ by one typing mistake. */
async function similarTo(number: string, rules: RuleStore): Promise<readonly string[]> {
  const near = await similarNumbers(number, rules)
  return near.length > 0 ? near : rules.numbersAmong(oneTypoFrom(number))
}

async function isVirtual(number: string, rules: RuleStore): Promise<boolean> {
  return (await rules.numbersAmong([number])).length > 0
}

/** How people write numbers: +1 415 555-0100, (+44) 20 7183 8750. */
function asWritten(text: string): string | undefined {
  return normaliseDialled(text.replace(/[\s().\-/]/g, ''))
}
