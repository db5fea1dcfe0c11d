// What Asterisk rings for a number while followme is not there: a decision as the steps that the dialplan reads, and the
// ports that keep them current. PURE.
import { dialRefusal } from '../rules/gate'
import type { PlannedStep } from '../rules/hunt-plan'
import type { Decision } from '../rules/decide'
import { endpointFor, parseE164, parseTarget } from '../rules/number'

/** One step of a number's plan, as the dialplan carries it out. The last one has `fallback` alone. */
export interface FailsafeStep {
  /** What Dial() rings, its targets joined with `&`. */
  readonly dial: string | null
  readonly ringSeconds: number | null
  /** What the caller gets in the end, as rules write it, never `number:`. */
  readonly fallback: string | null
  /** The rule in force; null: none is. */
  readonly rule: string | null
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

/**
 * The steps of a decision; none for a number that does not exist. Only what the live path would dial is in them. Targets
 * that ring together ring as long as the longest of them, since Dial() has one time for all; those that do not fit into one
 * step go into the next.
 */
export function failsafeSteps({ outcome, rule, plan }: Decision, trunk: string): FailsafeStep[] {
  if (outcome === 'unknown-number') return []
  const steps = plan.steps.flatMap((step) => dialsOf(step, trunk)).slice(0, maxFailsafeSteps - 1)
  return [...steps.map((step) => ({ ...step, fallback: null, rule })), lastStep(plan.fallback, rule)]
}

function lastStep(fallback: string, rule: string | null): FailsafeStep {
  return { dial: null, ringSeconds: null, fallback, rule }
}

function dialsOf({ targets }: PlannedStep, trunk: string): { dial: string; ringSeconds: number }[] {
  const dials: { dial: string; ringSeconds: number }[] = []
  for (const target of targets) {
    const endpoint = endpointFor(parseTarget(target.dial), trunk)
    if (target.refused !== undefined || dialRefusal(endpoint) !== undefined) continue
    const last = dials.at(-1)
    if (last === undefined || last.dial.length + endpoint.length >= longestDial) {
      dials.push({ dial: endpoint, ringSeconds: target.ringSeconds })
    } else {
      last.dial += `&${endpoint}`
      last.ringSeconds = Math.max(last.ringSeconds, target.ringSeconds)
    }
  }
  return dials
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
        step.rule === other.rule
      )
    })
  )
}
