// Faults of what is dialled and of fallbacks: for targets, rules, numbers and overrides alike. PURE.
import { currentForm } from '../numbering/read-number'
import { readFrom } from '../dialled-forms'
import { type Finding, warning } from '../finding'
import { emergencyName, numbersIn } from '../gate'
import { parseFallback, parseTarget } from '../number'
import { fallbackFault, leadsNowhere, leadsToDisabled, leadsToItself, noTrunkTakes, targetFault } from '../rule-faults'
import type { RuleIndex } from '../rule-tables'

/** What is wrong with a target of this number. */
export function targetFinding(index: RuleIndex, number: string, dial: string): Finding | undefined {
  const malformed = targetFault(dial, number, index.policy)
  if (malformed !== undefined) return malformed
  const target = parseTarget(dial)
  if (target.kind === 'endpoint') return dialFinding(index.numbers, number, dial)
  if (target.number === number) return leadsToItself('target', dial)
  return target.kind === 'number' ? numberFinding(index, target.number) : linkFinding(index, dial, target.number)
}

function numberFinding({ numbers, policy: { trunks } }: RuleIndex, number: string): Finding | undefined {
  if (!trunks.isEmpty && trunks.for(number).length === 0) return noTrunkTakes(number)
  return numbers.has(number) ? ownNumberFinding(number) : formFinding(number)
}

function ownNumberFinding(number: string): Finding {
  return warning(
    `the target ${number} is a virtual number, and a call to it comes back through the trunk as a new one`,
    `write number:${number}, which rings its targets at once`
  )
}

/** A trunk prefix left in after the country code, or a form of before the plan was changed: the carrier is sent just that. */
function formFinding(number: string): Finding | undefined {
  const current = currentForm(number)
  if (current === undefined || current === number) return undefined
  return warning(`carriers may not connect ${number}: in international form it is ${current}`, `write ${current}`)
}

/** What is wrong with a fallback of this number. */
export function fallbackFinding(index: RuleIndex, number: string, text: string): Finding | undefined {
  const malformed = fallbackFault(text)
  if (malformed !== undefined) return malformed
  const fallback = parseFallback(text)
  if (fallback.kind !== 'number') return undefined
  const refused = targetFault(text, number)
  if (refused !== undefined) return refused
  if (fallback.number === number) return leadsToItself('fallback', text)
  return linkFinding(index, text, fallback.number)
}

/** What is doubtful about a device: `numbers` are the virtual numbers, or those of {@link calledBy}. */
export function dialFinding(numbers: Pick<ReadonlySet<string>, 'has'>, from: string, dial: string) {
  return emergencyNameFinding(dial) ?? comesBackFinding(numbers, from, dial)
}

/** The international numbers that a device may call, as the country of `from` reads its digits. */
export function calledBy(dial: string, from: string): readonly string[] {
  if (/^(?:number:|[+])/.test(dial)) return []
  const called = numbersIn(dial).filter(({ digits }) => /^[+]?[0-9]{7,}$/.test(digits))
  return called.flatMap(({ digits }) => readFrom(digits, from))
}

function comesBackFinding(numbers: Pick<ReadonlySet<string>, 'has'>, from: string, dial: string): Finding | undefined {
  const own = calledBy(dial, from).find((each) => numbers.has(each))
  if (own === undefined) return undefined
  return warning(
    `the target ${dial} is the virtual number ${own}, and a call to it comes back as a new one`,
    own === from ? 'dial a phone, or another number' : `write number:${own}, which rings its targets at once`
  )
}

function emergencyNameFinding(dial: string): Finding | undefined {
  const name = emergencyName(dial)
  if (name === undefined) return undefined
  return warning(
    `the target ${dial} rings the phone that Asterisk knows as ${name}, and calls no emergency number`,
    'give the phone another name, so that nobody takes it for the emergency number'
  )
}

function linkFinding(index: RuleIndex, text: string, to: string): Finding | undefined {
  const next = index.numbers.get(to)
  if (next === undefined) return leadsNowhere(text, to)
  return next.enabled ? undefined : leadsToDisabled(text, to)
}
