// Faults of virtual numbers, of their targets and of their overrides, each row by itself. PURE.
import { fallbackFinding, targetFinding } from './dial'
import { zoneFinding } from './zones'
import { type Fault, type Finding, warning, faultsOf, error } from '../finding'
import { formatInstant } from '../schedule/instant'
import { parseE164 } from '../number'
import { noSuchRule } from '../rule-faults'
import { type NumberDefinition, type OverrideDefinition, type RuleIndex, ruleKey } from '../rule-tables'

export function numberFaults(index: RuleIndex): Fault[] {
  return index.set.numbers.flatMap((row) => {
    const { number, timeZone, fallback, maxCalls, fallbackFull } = row
    return faultsOf('virtual_numbers', number, [
      e164Finding('number', number),
      zoneFinding(timeZone),
      fallbackFinding(index, number, fallback),
      callerIdFinding(index, row),
      fallbackFull === null ? undefined : fallbackFinding(index, number, fallbackFull),
      fallbackFull === null || maxCalls !== null ? undefined : neverFull(fallbackFull)
    ])
  })
}

export function targetFaults(index: RuleIndex): Fault[] {
  return index.set.targets.flatMap(({ number, rule, step, dial }) =>
    faultsOf('targets', `${number}, ${rule}, ${step}, ${dial}`, [
      index.rules.has(ruleKey(number, rule))
        ? undefined
        : error(`${number} has no rule '${rule}'`, 'add it to rules, or delete this row'),
      targetFinding(index, number, dial)
    ])
  )
}

/** `now` tells which overrides have expired. */
export function overrideFaults(index: RuleIndex, now: number): Fault[] {
  return index.set.overrides.flatMap((override) =>
    faultsOf('overrides', override.number, [
      index.numbers.has(override.number)
        ? undefined
        : error(`there is no virtual number ${override.number}`, 'add it to virtual_numbers, or delete this row'),
      overrideFinding(index, override, now)
    ])
  )
}

function overrideFinding(index: RuleIndex, override: OverrideDefinition, now: number): Finding | undefined {
  const { number, kind, value, expiresAt } = override
  if (expiresAt !== null && expiresAt <= now) {
    const timeZone = index.numbers.get(number)?.timeZone ?? 'UTC'
    return warning(`it expired on ${formatInstant(expiresAt, timeZone)}`, 'delete it')
  }
  if (kind === 'forward') return targetFinding(index, number, value ?? '')
  if (kind === 'rule' && !index.rules.has(ruleKey(number, value ?? ''))) {
    return noSuchRule(number, value ?? '', index.rulesOf(number))
  }
  return undefined
}

function neverFull(fallbackFull: string): Finding {
  return warning(
    `fallback_full ${fallbackFull} is never given: there is no max_calls`,
    'give max_calls, or set fallback_full to null'
  )
}

/** Carriers refuse calls that show somebody else's number, and many countries forbid it. */
function callerIdFinding(index: RuleIndex, { callerId, callerIdPolicy }: NumberDefinition): Finding | undefined {
  if (callerId === null) return undefined
  const notANumber = e164Finding('caller_id', callerId)
  if (notANumber !== undefined) return notANumber
  if (callerIdPolicy === 'caller' || callerIdPolicy === 'number') {
    return warning(
      `caller_id ${callerId} is never shown: caller_id_policy is ${callerIdPolicy}`,
      'set caller_id_policy to outside or fixed, or caller_id to null'
    )
  }
  if (index.numbers.has(callerId)) return undefined
  return error(
    `caller_id ${callerId} is not a number of this site`,
    'write one of the virtual numbers, or add it to them, with enabled 0 if followme does not answer it'
  )
}

function e164Finding(column: string, number: string): Finding | undefined {
  if (parseE164(number) !== undefined) return undefined
  return error(
    `${column} "${number}" is not an international number`,
    'write + and the country code, like +14155550100'
  )
}
