// What Asterisk rings for a number while followme is not there: a decision as the steps that the dialplan reads, and the
// ports that keep them current. PURE.
import type { DialPolicy, PolicyRow } from '../rules/dial-policy'
import { dialRefusal, numbersCalled } from '../rules/gate'
import type { PlannedStep } from '../rules/hunt-plan'
import type { Decision } from '../rules/decide'
import { endpointFor, parseE164, parseTarget, phoneNameIn } from '../rules/number'

/** One step of a number's plan, as the dialplan carries it out. The last one has `fallback` alone. */
export interface FailsafeStep {
  /** What Dial() rings, its targets joined with `&`; empty where all that it rings has a limit. */
  readonly dial: string | null
  readonly ringSeconds: number | null
  /** What the caller gets in the end, as rules write it, never `number:`. */
  readonly fallback: string | null
  /** The rule in force; null: none is. */
  readonly rule: string | null
  /** What it rings besides while `limits` leave room (`44:4&0:20`: prefix and most at once, 0 for every number); null: nothing. */
  readonly limitedDial?: string | null
  readonly limits?: string | null
}

/** The limits that numbers have. */
export interface FailsafeLimits {
  readonly policy: DialPolicy
  /** Prefixes of rows of which an hour's or a day's limit is used up now: the dialplan cannot count these. */
  readonly usedUp: ReadonlySet<string>
}

/** Which plans edits of the rules may have changed. */
export interface RuleEdits {
  /** Stands for the rules as they are now. */
  readonly edition: string
  /** The numbers, those that lead to an edited one included; null: any number may be concerned. */
  readonly numbers: readonly string[] | null
}

/**
 * Where the steps are kept for Asterisk to read. Methods reject with a `StoreError` where that cannot be done now, and wait for
 * nobody.
 */
export interface FailsafeStore {
  /** What has been edited since an earlier answer's `edition`; null: since ever. */
  editsSince(edition: string | null): Promise<RuleEdits>
  /** Numbers in order that come after one, and either take calls or have steps: at most `limit`. */
  numbersAfter(number: string, limit: number): Promise<readonly string[]>
  /** What is kept of a number; empty where nothing is. */
  stepsOf(number: string): Promise<readonly FailsafeStep[]>
  /** Replaces the steps of each number, all or none. */
  replace(steps: ReadonlyMap<string, readonly FailsafeStep[]>, at: number): Promise<void>
  /** Whether it is kept how this number may be dialled. */
  hasForms(number: string): Promise<boolean>
  /** Keeps how a number may be dialled. */
  keepForms(number: string, forms: readonly string[]): Promise<void>
}

/** The dialplan gives up after as many. */
export const maxFailsafeSteps = 100

// The dialplan reads a row into 4,096 characters, and would cut a number of what is longer into another number.
const longestDial = 2000

/** What Dial() takes, a phone being replaced by its devices' addresses; a phone's one device takes about so much more than its name. */
const longestRinging = 3900
const addressLength = 60

/**
 * The steps of a decision; none for a number that does not exist. Only what the live path would dial is in them. Targets
 * that ring together ring as long as the longest of them, since Dial() has one time for all; those that do not fit into one
 * step go into the next, as do all but the first with a limit.
 */
export function failsafeSteps(decision: Decision, trunk: string, limits?: FailsafeLimits): FailsafeStep[] {
  const { number, outcome, rule, plan } = decision
  if (outcome === 'unknown-number') return []
  const steps = plan.steps.flatMap((step) => dialsOf(step, number, trunk, limits)).slice(0, maxFailsafeSteps - 1)
  return [...steps.map((step) => ({ ...step, fallback: null, rule })), lastStep(plan.fallback, rule)]
}

function lastStep(fallback: string, rule: string | null): FailsafeStep {
  return { dial: null, ringSeconds: null, fallback, rule }
}

/** What one Dial() of the dialplan rings. */
interface DialRow {
  /** Empty: nothing without a limit. */
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

/** How long `Dial()` has it, where each phone has one device. */
function ringingLength(dial: string): number {
  const phones = dial.split('&').filter((each) => phoneNameIn(each) !== undefined)
  return dial.length + phones.length * addressLength
}

/** No more can be up at once than may be dialled in an hour. */
function mostAtOnce({ prefix, maxCalls, maxPerHour }: PolicyRow): string[] {
  const most = Math.min(maxCalls ?? Infinity, maxPerHour ?? Infinity)
  return most === Infinity ? [] : [`${prefix === '+' ? '0' : prefix.slice(1)}:${most}`]
}

/** What a rule wrote for it to be dialled so: a number that goes out through the trunk is the number alone. */
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
        (step.limits ?? null) === (other.limits ?? null)
      )
    })
  )
}
