// What Asterisk rings for a number while followme is not running: a decision as the steps that the dialplan reads, and the
// port that stores them. PURE.
import type { DialPolicy, PolicyRow } from '../rules/dial-policy'
import { dialRefusal, numbersCalled } from '../rules/gate'
import type { HuntPlan, PlannedStep, PlannedTarget, PlannedTrunk } from '../rules/hunt-plan'
import type { Decision } from '../rules/decide'
import { endpointFor, isOutside, parseTarget, phoneNameIn } from '../rules/number'
import { numberAt, type Trunks } from '../rules/trunks'

/** One step of a number's plan, as the dialplan executes it. The last step has only a `fallback`. */
export interface FailsafeStep {
  /** The argument of Dial(), its targets joined with `&`; empty if all targets of the step have a limit. */
  readonly dial: string | null
  readonly ringSeconds: number | null
  /** What the caller gets in the end, as written in the rules; never `number:`. */
  readonly fallback: string | null
  /** The rule in force; null if there is none. */
  readonly rule: string | null
  /**
   * The targets that also ring while their limits allow it, joined with `&`; null if there is none. `limits` has those of each target, in
   * the same order: `44:4&0:20|0003:1` are prefixes, each with its maximum of calls at once, and then a row of target_limits. 0 is the
   * whole site, `002` the second trunk, and `0003` the third row of target_limits.
   */
  readonly limitedDial?: string | null
  readonly limits?: string | null
  /** How many calls of the number may be in progress, in the first step, and the step where any more begin; null: any number. */
  readonly maxCalls?: number | null
  readonly fullStep?: number | null
  /** The numbers to present to trunks and to phones; null: the caller's own. */
  readonly outsideCaller?: string | null
  readonly insideCaller?: string | null
  /** For phones: a text before the caller's name, and the header Alert-Info; null: none. */
  readonly namePrefix?: string | null
  readonly alertInfo?: string | null
  /** What else rings, at private trunks: extensions of three digits or fewer may be dialled there; null: nothing. */
  readonly privateDial?: string | null
  /** The reason for the SIP header Diversion; null: no header. */
  readonly diversion?: string | null
  /** What was dialled before for each target of `dial` (or for that of `limitedDial`), in order: only those that failed are dialled; null: all. */
  readonly insteadOf?: string | null
}

/** The limits of numbers. */
export interface FailsafeLimits {
  readonly policy: DialPolicy
  /** Prefixes of the rows whose limit per hour or per day is used up now, because the dialplan cannot count those. */
  readonly usedUp: ReadonlySet<string>
}

/** The numbers whose plans may have changed because the rules were edited. */
export interface RuleEdits {
  /** Identifies the rules as they are now. */
  readonly edition: string
  /** The numbers, including those that lead to an edited one; null if any number may be affected. */
  readonly numbers: readonly string[] | null
}

/** Where the steps are stored for Asterisk. Methods do not wait for a lock: they reject with a `StoreError` if the database is not available. */
export interface FailsafeStore {
  /** The edits since the `edition` of an earlier answer; null if there was none. */
  editsSince(edition: string | null): Promise<RuleEdits>
  /** The next numbers in order, at most `limit`, that take calls or have steps. */
  numbersAfter(number: string, limit: number): Promise<readonly string[]>
  /** The stored steps of a number; empty if there are none. */
  stepsOf(number: string): Promise<readonly FailsafeStep[]>
  /** Replaces the steps of these numbers, in one transaction. */
  replace(steps: ReadonlyMap<string, readonly FailsafeStep[]>, at: number): Promise<void>
  /** Whether the dialled forms of this number are stored. */
  hasForms(number: string): Promise<boolean>
  /** Stores the dialled forms of a number. */
  keepForms(number: string, forms: readonly string[]): Promise<void>
}

/** Of a plan. The dialplan gives up after twice as many: the steps for calls of a full number come after those of the plan. */
export const maxFailsafeSteps = 100

// More than Asterisk has calls, and still a number for its expressions.
const mostCounted = 1_000_000

// The dialplan reads a row into 4,096 characters. A longer one would be truncated, possibly in the middle of a number.
const longestDial = 2000

/** The longest argument of Dial() after each phone is replaced by its devices' addresses, and how much longer an address is than a name. */
const longestRinging = 3900
const addressLength = 60

/**
 * The steps of a decision; none for a number that does not exist. They contain only targets that followme itself would dial.
 * Targets that ring together all ring for the longest of their times, because Dial() has only one. Targets that do not fit into
 * a step go into the next one, and so do targets that share a limit.
 */
export function failsafeSteps(decision: Decision, trunk: string, limits?: FailsafeLimits): FailsafeStep[] {
  const { number, outcome, rule, plan, limit } = decision
  if (outcome === 'unknown-number') return []
  const stepsOf = ({ steps, fallback }: HuntPlan, of: string | null): [FailsafeStep, ...FailsafeStep[]] => {
    const rung = steps.flatMap((step) => dialsOf(step, number, trunk, limits)).slice(0, maxFailsafeSteps - 1)
    const shown = shownIn(steps)
    const [first, ...rest] = rung.map((step) => ({ ...shown, ...step, fallback: null, rule: of }))
    const last = lastStep(fallback, of)
    return first === undefined ? [last] : [first, ...rest, last]
  }
  const own = stepsOf(plan, rule)
  if (limit === null || own.length === 1) return own
  const [first, ...rest] = own
  const maxCalls = Math.min(limit.maxCalls, mostCounted)
  return [{ ...first, maxCalls, fullStep: own.length + 1 }, ...rest, ...stepsOf(limit.plan, null)]
}

/** What the phones of a plan are shown. It depends only on the number that was dialled, so all steps have the same. */
function shownIn(steps: readonly PlannedStep[]): Partial<FailsafeStep> {
  const targets = steps.flatMap((step) => step.targets)
  const inside = targets.find(({ dial, shown }) => shown !== undefined && !isOutside(dial))?.shown
  return {
    ...(inside?.number !== undefined && { insideCaller: inside.number }),
    ...(inside?.namePrefix !== undefined && { namePrefix: inside.namePrefix }),
    ...(inside?.alertInfo !== undefined && { alertInfo: inside.alertInfo })
  }
}

function lastStep(fallback: string, rule: string | null): FailsafeStep {
  return { dial: null, ringSeconds: null, fallback, rule }
}

/** The targets of one Dial() in the dialplan. */
interface DialRow {
  /** Empty if all targets have a limit, or are private. */
  dial: string
  ringSeconds: number
  limitedDial?: string
  limits?: string
  privateDial?: string
  insteadOf?: string
  outsideCaller?: string
  diversion?: string
}

/** One way to ring a target. */
interface Way {
  readonly endpoint: string
  readonly ringSeconds: number
  /** `44:4`, for each limit. */
  readonly limits: readonly string[]
  /** It is dialled if this failed. */
  readonly insteadOf?: string
  /** Where it must not ring by another caller ID or Diversion, as at a trunk. */
  readonly shown?: { readonly outsideCaller?: string; readonly diversion?: string }
  readonly isPrivate: boolean
}

/** The rows of a step: the targets, each through its first trunk, then those that failed through their second one, and so on. */
function dialsOf(step: PlannedStep, from: string, trunk: string, limits?: FailsafeLimits): DialRow[] {
  const ways = step.targets.map((target) => waysOf(target, from, trunk, limits))
  const tries = Math.max(...ways.map(({ length }) => length))
  return Array.from({ length: tries }, (_, index) =>
    rowsOf(ways.flatMap((each) => each.slice(index, index + 1)))
  ).flat()
}

/** None for a target that must not be dialled. */
function waysOf(target: PlannedTarget, from: string, trunk: string, limits?: FailsafeLimits): Way[] {
  const { dial, ringSeconds, refused, isPrivate, shown } = target
  const numbers = limits?.policy.hasLimits === true ? numbersCalled(dial, target.from ?? from) : []
  const limiting = limits?.policy.limitsOf(numbers) ?? []
  if (refused !== undefined || limiting.some(({ prefix }) => limits?.usedUp.has(prefix))) return []
  const own = [...limiting.flatMap(mostAtOnce), ...mostOf(dial, limits)]
  const alone: Pick<PlannedTrunk, 'dial' | 'shown' | 'diversion'> & {
    readonly name?: string
    readonly maxCalls?: number
  } = {
    dial: endpointFor(parseTarget(dial), trunk),
    ...(shown !== undefined && { shown })
  }
  const trunks = (target.trunks ?? [alone]).filter(
    (each) => dialRefusal(each.dial, '', undefined, isPrivate) === undefined
  )
  return trunks.map((each, index): Way => {
    const before = trunks[index - 1]
    const caller = each.shown?.number
    return {
      endpoint: each.dial,
      ringSeconds,
      limits: [...own, ...mostThrough(each, limits)],
      isPrivate: isPrivate === true,
      ...(before !== undefined && { insteadOf: before.dial }),
      ...(isOutside(each.dial) && {
        shown: {
          ...(caller !== undefined && { outsideCaller: caller }),
          ...(each.diversion !== undefined && { diversion: each.diversion })
        }
      })
    }
  })
}

/**
 * Those that Dial() can ring together. It has one argument of limited length, one Diversion and one caller ID for trunks, and the dialplan
 * counts a call once for each limit.
 */
function rowsOf(ways: readonly Way[]): DialRow[] {
  const rows: DialRow[] = []
  for (const way of ways) {
    const { endpoint, ringSeconds, limits, insteadOf, shown, isPrivate } = way
    const isLimited = limits.length > 0
    const hasRoom = (row: DialRow) => {
      const { dial, limitedDial = '', privateDial = '' } = row
      return (
        dial.length + limitedDial.length + privateDial.length + endpoint.length < longestDial &&
        [dial, limitedDial, privateDial, endpoint].map(ringingLength).reduce((sum, each) => sum + each) < longestRinging
      )
    }
    const fits = (row: DialRow) =>
      (!isLimited || (insteadOf === undefined && !sharesLimit(row, limits))) &&
      (insteadOf === undefined || row.limitedDial === undefined) &&
      (shown === undefined || !hasTrunk(row) || sameShown(row, shown))
    let row = rows.find((each) => hasRoom(each) && fits(each))
    if (row === undefined) rows.push((row = { dial: '', ringSeconds }))
    row.ringSeconds = Math.max(row.ringSeconds, ringSeconds)
    Object.assign(row, shown)
    if (insteadOf !== undefined) row.insteadOf = joined(row.insteadOf, insteadOf)
    if (isLimited) {
      row.limitedDial = joined(row.limitedDial, endpoint)
      row.limits = joined(row.limits, limits.join('&'), '|')
    } else if (isPrivate) row.privateDial = joined(row.privateDial, endpoint)
    else row.dial = joined(row.dial, endpoint)
  }
  return rows
}

function joined(some: string | undefined, one: string, by = '&'): string {
  return some === undefined || some === '' ? one : `${some}${by}${one}`
}

function sharesLimit({ limits = '' }: DialRow, others: readonly string[]): boolean {
  const own = limits.split(/[&|]/)
  return others.some((each) => own.includes(each))
}

function hasTrunk({ dial, limitedDial = '', privateDial = '' }: DialRow): boolean {
  return [dial, limitedDial, privateDial].some((dials) => dials.split('&').some((each) => isOutside(each)))
}

function sameShown(one: Required<Way>['shown'], other: Required<Way>['shown']): boolean {
  return one.outsideCaller === other.outsideCaller && one.diversion === other.diversion
}

/** `001:4`: in the dialplan, a group that begins with 00 is a trunk by its place, because no prefix of a number begins with 0. */
function mostThrough(
  { name, maxCalls }: { readonly name?: string; readonly maxCalls?: number },
  limits: FailsafeLimits | undefined
): string[] {
  if (maxCalls === undefined) return []
  const place = limits?.policy.trunks.rows.findIndex((row) => row.name === name) ?? -1
  return place < 0 ? [] : [`00${place + 1}:${Math.min(maxCalls, mostCounted)}`]
}

/** `0003:1`: a group that begins with 000 is a target by its place in target_limits. */
function mostOf(dial: string, limits: FailsafeLimits | undefined): string[] {
  const row = limits?.policy.targets.for(dial)
  if (limits === undefined || row === undefined) return []
  return [`000${limits.policy.targets.placeOf(dial)}:${Math.min(row.maxCalls, mostCounted)}`]
}

/** The length of the argument of `Dial()`, if each phone has one device. */
function ringingLength(dial: string): number {
  const phones = dial.split('&').filter((each) => phoneNameIn(each) !== undefined)
  return dial.length + phones.length * addressLength
}

/** `44:4`. The hourly limit also bounds the calls at once. */
function mostAtOnce({ prefix, maxCalls, maxPerHour }: PolicyRow): string[] {
  const most = Math.min(maxCalls ?? Infinity, maxPerHour ?? Infinity)
  return most === Infinity ? [] : [`${prefix === '+' ? '0' : prefix.slice(1)}:${most}`]
}

/** The ways out of the site, to read what was dialled. */
export interface WaysOut {
  /** FOLLOWME_TRUNK: a dial string with `{number}`. */
  readonly trunk: string
  readonly trunks: Trunks
}

/** The target as the rule of the virtual number `from` has it: for a number dialled through a trunk, the number alone. */
export function targetOf(
  endpoint: string,
  from: string,
  { trunk, trunks }: WaysOut
): { readonly dial: string; readonly trunk: string | null } {
  for (const row of trunks.rows) {
    const number = numberAt(row, endpoint, from)
    if (number !== undefined) return { dial: number, trunk: row.name }
  }
  const number = trunks.isEmpty ? numberAt({ dial: trunk }, endpoint, from) : undefined
  return { dial: number ?? endpoint, trunk: null }
}

export function sameSteps(some: readonly FailsafeStep[], others: readonly FailsafeStep[]): boolean {
  return (
    some.length === others.length &&
    some.every((step, index) => {
      const other = others[index]
      return (
        step.dial === other?.dial &&
        step.ringSeconds === other.ringSeconds &&
        step.fallback === other.fallback &&
        step.rule === other.rule &&
        (step.limitedDial ?? null) === (other.limitedDial ?? null) &&
        (step.limits ?? null) === (other.limits ?? null) &&
        (step.maxCalls ?? null) === (other.maxCalls ?? null) &&
        (step.fullStep ?? null) === (other.fullStep ?? null) &&
        (step.outsideCaller ?? null) === (other.outsideCaller ?? null) &&
        (step.insideCaller ?? null) === (other.insideCaller ?? null) &&
        (step.namePrefix ?? null) === (other.namePrefix ?? null) &&
        (step.alertInfo ?? null) === (other.alertInfo ?? null) &&
        (step.privateDial ?? null) === (other.privateDial ?? null) &&
        (step.diversion ?? null) === (other.diversion ?? null) &&
        (step.insteadOf ?? null) === (other.insteadOf ?? null)
      )
    })
  )
}
