// Resolves an incoming call: which virtual number was dialled, and who is calling.
import { readCaller } from '../rules/caller'
import type { BareNumbers } from '../rules/numbering/read-number'
import { isDialledAs, mayBeDialledAs, unknownNumberReason } from '../rules/dialled-forms'
import { normaliseDialled } from '../rules/number'
import type { IncomingCall, RuleStore } from '../ports'
import type { RuleBook } from '../rules/rule'

export interface ResolvedIncoming {
  readonly incoming: IncomingCall
  readonly book: RuleBook
  /** Why there is no such number; undefined: there is. */
  readonly refusal?: string
}

/** What Asterisk passed as dialled, as E.164 where it can be that as it stands. */
export function asDialled(number: string): string {
  return normaliseDialled(number) ?? number
}

/** Reads the rules once if the dialled text is a virtual number; otherwise looks the text up in every form. */
export async function resolveIncoming(
  call: IncomingCall,
  rules: RuleStore,
  bare: BareNumbers
): Promise<ResolvedIncoming> {
  const read = async (number: string) => {
    const { returned } = call
    const numberOf = (text: string): string => readCaller({ number: text, name: '' }, number, bare).number
    const incoming = {
      ...call,
      number,
      caller: readCaller(call.caller, number, bare),
      ...(returned !== undefined && { returned: { ...returned, diverting: returned.diverting.map(numberOf) } })
    }
    return { incoming, book: await rules.rulesFor(number, incoming.caller) }
  }
  const number = asDialled(call.number)
  const direct = await read(number)
  if (direct.book.get(number) !== undefined) return direct
  const near = await similarNumbers(call.number, rules)
  const [only] = near
  return only !== undefined && near.length === 1
    ? read(only)
    : { ...direct, refusal: unknownNumberReason(number, near) }
}

/** The virtual numbers that this text may mean. */
export async function similarNumbers(text: string, rules: RuleStore): Promise<readonly string[]> {
  const near = await rules.numbersAmong(mayBeDialledAs(text))
  return near.filter((number) => isDialledAs(text, number))
}
