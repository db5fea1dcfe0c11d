// The virtual number that an argument of the command line means, in whatever form it is written.
import { AppError } from '../../errors'
import { normaliseDialled } from '../../rules/number'
import type { RuleStore } from '../../ports'
import { similarNumbers } from '../../engine/resolve-incoming'
import { slipsOf } from './slips'
import { printable } from './text'

/** The number in E.164, spaces and punctuation allowed. Throws `usage` if it is not an international number; the message suggests virtual numbers. */
export async function virtualNumber(text: string, rules: RuleStore): Promise<string> {
  const number = asWritten(text)
  if (number !== undefined) return number
  const cure = didYouMean(await similarNumbers(text, rules)) ?? 'write + and the country code, +14155550100'
  throw new AppError('usage', `number "${text}" is not a virtual number: ${cure}`)
}

/** As {@link virtualNumber}, for a filter of records. A number without calls may be deleted, so a mistyped one is only pointed out. */
export async function recordedNumber(text: string | undefined, rules: RuleStore): Promise<string | undefined> {
  if (text === undefined) return undefined
  const number = await virtualNumber(text, rules)
  const hint = (await isVirtual(number, rules)) ? undefined : didYouMean(await similarTo(number, rules))
  if (hint !== undefined) console.error(`There is no virtual number ${number}: ${hint}`)
  return number
}

/** The number that a call to this text reaches, with a note if that is written in another way. */
export async function numberMeant(text: string, rules: RuleStore): Promise<{ number: string; note?: string }> {
  const number = asWritten(text)
  if (number !== undefined && (await isVirtual(number, rules))) return { number }
  const near = await similarNumbers(text, rules)
  const [only] = near
  if (only === undefined) return withHint(await virtualNumber(text, rules), rules)
  if (near.length > 1) throw new AppError('usage', `number "${text}" may be ${near.join(' or ')}: write one of them`)
  const note = `There is no virtual number ${printable(number ?? text)}: did you mean ${only}? Calls that arrive so are read as calls to it.`
  return { number: only, note }
}

async function withHint(number: string, rules: RuleStore): Promise<{ number: string; note?: string }> {
  const hint = didYouMean(await rules.numbersAmong(slipsOf(number)))
  return hint === undefined ? { number } : { number, note: `There is no virtual number ${number}: ${hint}` }
}

/** For a command that acts on one number and must not guess: the error that says which numbers are similar. */
export async function noSuchNumber(number: string, rules: RuleStore): Promise<AppError> {
  const cure = didYouMean(await similarTo(number, rules)) ?? 'add it to virtual_numbers'
  return new AppError('not-found', `there is no virtual number ${number}: ${cure}`)
}

/** More suggestions than these help nobody. */
const maxSuggested = 3

function didYouMean(numbers: readonly string[]): string | undefined {
  if (numbers.length === 0 || numbers.length > maxSuggested) return undefined
  return `did you mean ${numbers.join(' or ')}?`
}

/** Virtual numbers that are dialled so, or else those that differ by one slip of the finger. */
async function similarTo(number: string, rules: RuleStore): Promise<readonly string[]> {
  const near = await similarNumbers(number, rules)
  return near.length > 0 ? near : rules.numbersAmong(slipsOf(number))
}

async function isVirtual(number: string, rules: RuleStore): Promise<boolean> {
  return (await rules.numbersAmong([number])).length > 0
}

/** As people write numbers: +1 415 555-0100, (+44) 20 7183 8750. */
function asWritten(text: string): string | undefined {
  return normaliseDialled(text.replace(/[\s().\-/]/g, ''))
}
