// What Asterisk rings for a number while followme is not running: a decision as the steps that the dialplan reads, and the
// port that stores them. PURE.
import type { DialPolicy, PolicyRow } from '../rules/dial-policy'
import { dialRefusal, numbersCalled } from '../rules/gate'
import type { HuntPlan, PlannedStep } from '../rules/hunt-plan'
import type { Decision } from '../rules/decide'
import { endpointFor, isOutside, parseE164, parseTarget, phoneNameIn } from '../rules/number'

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
   * The target that also rings while `limits` allow it; null if there is none. `44:4&0:20`: prefixes, each with its maximum of calls
   * at once; 0 is the whole site.
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
 * a step go into the next one, and so do targets with a limit after the first.
 */
export function failsafeSteps(decision: Decision, trunk: string, limits?: FailsafeLimits): FailsafeStep[] {
  const { number, outcome, rule, plan, limit } = decision
  if (outcome === 'unknown-number') return []
  const stepsOf = ({ steps, fallback }: HuntPlan, of: string | null): [FailsafeStep, ...FailsafeStep[]] => {
    const rung = steps.flatMap((step) => dialsOf(step, number, trunk, limits)).slice(0, maxFailsafeSteps - 1)
    const shown = shownIn(steps)
    const [first, ...rest] = rung.map((step) => ({ ...step, ...shown, fallback: null, rule: of }))
    const last = lastStep(fallback, of)
    return first === undefined ? [last] : [first, ...rest, last]
  }
  const own = stepsOf(plan, rule)
  if (limit === null || own.length === 1) return own
  const [first, ...rest] = own
  const maxCalls = Math.min(limit.maxCalls, mostCounted)
  return [{ ...first, maxCalls, fullStep: own.length + 1 }, ...rest, ...stepsOf(limit.plan, null)]
}

/** The caller IDs that the targets of a plan are shown. They depend only on the number that was dialled, so all steps have the same. */
function shownIn(steps: readonly PlannedStep[]): Partial<FailsafeStep> {
  const targets = steps.flatMap((step) => step.targets)
  const outside = targets.find(({ dial, shown }) => shown !== undefined && isOutside(dial))?.shown?.number
  const inside = targets.find(({ dial, shown }) => shown !== undefined && !isOutside(dial))?.shown
  return {
    ...(outside !== undefined && { outsideCaller: outside }),
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
  /** Empty if all targets have a limit. */
  dial: string
  ringSeconds: number
  limitedDial?: string
  limits?: string
}

function dialsOf({ targets }: PlannedStep, from: string, trunk: string, limits?: FailsafeLimits): DialRow[] {
  const rows: DialRow[] = []
  for (const target of targets) {
    const endpoint = endpointFor(parseTarget(target.dial), trunk)
    if (target.refused !== undefined || dialRefusal(endpoint) !== undefined) continue
    const { ringSeconds } = target
    const numbers = limits?.policy.hasLimits === true ? numbersCalled(target.dial, target.from ?? from) : []
    const limiting = limits?.policy.limitsOf(numbers) ?? []
    if (limiting.some(({ prefix }) => limits?.usedUp.has(prefix))) continue
    const most = limiting.flatMap(mostAtOnce)
    const hasRoom = ({ dial, limitedDial = '' }: DialRow) =>
      dial.length + limitedDial.length + endpoint.length < longestDial &&
      ringingLength(dial) + ringingLength(limitedDial) + ringingLength(endpoint) < longestRinging
    const row = rows.find((each) => hasRoom(each) && (most.length === 0 || each.limitedDial === undefined))
    const added = most.length > 0 ? { limitedDial: endpoint, limits: most.join('&') } : {}
    const plain = most.length > 0 ? '' : endpoint
    if (row === undefined) rows.push({ dial: plain, ringSeconds, ...added })
    else {
      Object.assign(row, added)
      row.dial = [row.dial, plain].filter((each) => each !== '').join('&')
      row.ringSeconds = Math.max(row.ringSeconds, ringSeconds)
    }
  }
  return rows
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

/** The target as the rule has it: for a number dialled through the trunk, the number alone. */
export function dialOf(endpoint: string, trunk: string): string {
  const [before = '', after = ''] = trunk.split('{number}')
  const number = endpoint.slice(before.length, endpoint.length - after.length)
  return parseE164(number) === number && endpoint === `${before}${number}${after}` ? number : endpoint
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
        (step.alertInfo ?? null) === (other.alertInfo ?? null)
      )
    })
  )
}
