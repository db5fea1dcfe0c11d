// Faults of the trunks. PURE.
import { type Fault, type Finding, error, faultsOf, findingOf, warning } from '../finding'
import { parseTarget } from '../number'
import { trunkRefusal } from '../gate'
import type { RuleIndex } from '../rule-tables'
import { dialAt, type TrunkRow } from '../trunks'
import { unusablePrefix } from './policy'

export function trunkFaults({ set }: RuleIndex): Fault[] {
  return set.trunks.flatMap((row) => [
    ...faultsOf('trunks', row.name, [dialFinding(row), idleFinding(row)]),
    ...row.prefixes.flatMap((prefix) => faultsOf('trunk_prefixes', `${row.name}, ${prefix}`, [unusablePrefix(prefix)]))
  ])
}

/** A placeholder in another place than the number's, or a name that no dial string may hold. */
function dialFinding(row: TrunkRow): Finding | undefined {
  const { dial } = row
  const malformed = findingOf(() => parseTarget(dialAt(row, '+14155550100', '+14155550199')))
  if (malformed !== undefined) {
    return error(
      `dial ${JSON.stringify(dial)} cannot be dialled`,
      'write PJSIP/{number}@carrier, with the name of its endpoint'
    )
  }
  if (!/\{\w+\}@|\/[^/]+\/[^/]*\{\w+\}$/.test(dial)) {
    return error(`dial ${JSON.stringify(dial)} names no trunk`, 'write PJSIP/{number}@carrier')
  }
  const refusal = trunkRefusal(dial.replace(/\{\w+\}/, '{number}'))
  return refusal === undefined ? undefined : error(refusal, 'write PJSIP/{number}@carrier')
}

/** What it says has no effect. */
function idleFinding({ isPrivate, prefixes, enabled, diversion, shows }: TrunkRow): Finding | undefined {
  if (!enabled || !isPrivate || prefixes.length > 0 || (diversion === null && shows === null)) return undefined
  return warning(
    'diversion and shows have no effect: a private trunk takes only the numbers of its prefixes, and it has none',
    'add a prefix to trunk_prefixes, or set both to null'
  )
}
