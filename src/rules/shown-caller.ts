// The caller ID that targets are shown: the caller's own, or a number of the site. PURE.
import type { Caller } from './number'
import { anonymous, textOfCaller } from './withheld'

/** `virtual_numbers.caller_id_policy`: see docs/rules.md. */
export type CallerIdPolicy = 'outside' | 'caller' | 'number' | 'fixed'

/** The columns of a virtual number that decide it; null: not set. */
export interface CallerIdRules {
  readonly callerIdPolicy: CallerIdPolicy
  /** A number of the site in E.164. */
  readonly callerId: string | null
  readonly namePrefix: string | null
  readonly alertInfo: string | null
}

/** How the caller ID that a target is shown differs from the caller's own; part of the frozen plan. */
export interface ShownCaller {
  /** In E.164, instead of the caller's number. */
  readonly number?: string
  /** Before the caller's name; phones only. */
  readonly namePrefix?: string
  /** The SIP header Alert-Info (RFC 3261, 20.4); phones only. */
  readonly alertInfo?: string
}

/** The caller ID of one leg. What is absent stays the caller's own. */
export interface PresentedCaller {
  readonly number?: string
  readonly name?: string
  /** The caller withheld their number: `number` and `name` must not be shown either. */
  readonly isWithheld: boolean
  readonly alertInfo?: string
}

/** What a target of a call to `number` is shown; undefined: the caller's own ID. `isInside`: it is a phone of the site. */
export function shownTo(isInside: boolean, number: string, rules: CallerIdRules): ShownCaller | undefined {
  const { callerIdPolicy: policy, callerId, namePrefix, alertInfo } = rules
  if (!isInside) return shownToTrunk(number, rules, null)
  const own = { number, fixed: callerId ?? number, outside: undefined, caller: undefined }[policy]
  const shown = {
    ...(own !== undefined && { number: own }),
    ...(namePrefix !== null && { namePrefix }),
    ...(alertInfo !== null && { alertInfo })
  }
  return Object.keys(shown).length === 0 ? undefined : shown
}

/** What a trunk is shown. `shows` is what its row says: it decides unless the virtual number shows its callers to nobody. */
export function shownToTrunk(
  number: string,
  { callerIdPolicy: policy, callerId }: CallerIdRules,
  shows: 'number' | 'caller' | null
): ShownCaller | undefined {
  if (policy === 'number') return { number }
  const showsCaller = policy !== 'fixed' && (shows === null ? policy === 'caller' : shows === 'caller')
  return showsCaller ? undefined : { number: callerId ?? number }
}

/** The caller ID of a leg. A trunk gets no name with a number of the site. */
export function presentedCaller(
  isInside: boolean,
  { number, namePrefix, alertInfo }: ShownCaller,
  caller: Caller
): PresentedCaller {
  const isWithheld = textOfCaller(caller.number) === anonymous
  const prefixed = namePrefix === undefined || isWithheld ? undefined : namePrefix + (caller.name || caller.number)
  const name = number !== undefined && !isInside ? '' : prefixed
  return {
    isWithheld,
    ...(number !== undefined && { number }),
    ...(name !== undefined && { name }),
    ...(alertInfo !== undefined && { alertInfo })
  }
}
