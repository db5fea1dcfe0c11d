// Decides what a call will do: which rule answers, and the plan that it and the numbers it leads to make. PURE.
import { type Finding, findingOf, findingText } from './finding'
import { dialRefusal, hasNationalDigits } from './gate'
import { type Caller, formatFallback, isOutside, parseFallback, parseTarget } from './number'
import {
  type ConsideredRule,
  type NumberRules,
  type PlannedOverride,
  type RuleBook,
  type RuleTarget,
  earlier,
  matchRules
} from './rule'
import { maxNumbersBehind, nearOf } from './rule-book'
import {
  fallbackFault,
  circleFinding,
  leadsNowhere,
  leadsToDisabled,
  leadsToItself,
  noSuchRule,
  noTrunkTakes,
  noteOf,
  targetFault,
  zoneFault
} from './rule-faults'
import { shownTo, shownToTrunk } from './shown-caller'
import { type HuntPlan, type PlannedStep, type PlannedTarget, type PlannedTrunk, ringingIn } from './hunt-plan'
import { dialAt, noTrunks, type Trunks } from './trunks'

/** What decides about one call, and why. */
export interface Decision {
  readonly number: string
  readonly caller: Caller
  readonly at: number
  readonly outcome: 'rule' | 'override' | 'fallback' | 'unknown-number' | 'disabled'
  /** The rule that answers, or null where none does. */
  readonly rule: string | null
  /** For a number that is unknown or disabled: no steps, and `hangup`. */
  readonly plan: HuntPlan
  /** How many calls of the number may be in progress at once; null: any number, or the plan rings nobody. */
  readonly limit: NumberLimit | null
  /** Every rule of the number in order, and why it answers or not. */
  readonly considered: readonly ConsideredRule[]
  /** The other virtual numbers that the plan goes on with, in the order met, and what answered for each. */
  readonly continued: readonly Continued[]
  /** The next instant at which the answer may be another; null: not as far as can be seen. */
  readonly nextChangeAt: number | null
  /** What was wrong with the rules and so was skipped, in words; empty when all is well. */
  readonly notes: readonly string[]
}

/** What a call gets while `maxCalls` others of its number are in progress. */
export interface NumberLimit {
  readonly maxCalls: number
  readonly plan: HuntPlan
  /** When that plan may be another one; null: not as far as can be seen. */
  readonly nextChangeAt: number | null
}

/** Another virtual number that a plan goes on with. */
export interface Continued {
  readonly number: string
  readonly outcome: 'rule' | 'override' | 'fallback'
  readonly rule: string | null
}

/** How long an override's `forward` target rings: the row has no column for it. */
export const forwardRingSeconds = 30

/** How many virtual numbers a plan may go through in a row, after the one that was dialled. */
export const maxHops = 5

/** What a call to this number will do. Never throws: invalid rules are skipped, with a note. */
export function decide(number: string, caller: Caller, at: number, book: RuleBook): Decision {
  const dialled = book.get(number)
  if (dialled?.enabled !== true) {
    const outcome = dialled === undefined ? 'unknown-number' : 'disabled'
    const plan: HuntPlan = { steps: [], fallback: 'hangup' }
    const nothing = { rule: null, limit: null, considered: [], continued: [], nextChangeAt: null, notes: [] }
    return { number, caller, at, outcome, plan, ...nothing }
  }
  const near = nearOf(number, (each) => book.get(each))
  const planner = new Planner(number, caller, at, near)
  const answer = planner.answerOf(dialled)
  const steps = planner.stepsOf(answer.targets, [number])
  const last = planner.fallbackOf(answer.fallback, [number])
  const plan = { ...last, steps: [...steps, ...last.steps], ...(answer.override && { override: answer.override }) }
  const whenFull = new Planner(number, caller, at, near)
  return {
    number,
    caller,
    at,
    outcome: answer.outcome,
    rule: answer.rule,
    plan,
    limit: limitOf(dialled, plan, whenFull),
    considered: answer.considered,
    continued: planner.continued,
    nextChangeAt: planner.nextChangeAt,
    notes: [...new Set([...planner.notes, ...whenFull.notes])]
  }
}

/** Only calls that ring somebody are limited, and only they count: all others get what the rules say. */
function limitOf(
  { number, maxCalls, fallbackFull, fallback }: NumberRules,
  plan: HuntPlan,
  planner: Planner
): NumberLimit | null {
  if (maxCalls === null || ringingIn(plan).length === 0) return null
  const full = planner.fallbackOf(fallbackFull ?? fallback, [number])
  return { maxCalls, plan: full, nextChangeAt: planner.nextChangeAt }
}

/** Why a call of a full number was not hunted. */
export function fullReason(number: string, calls: number, maxCalls: number): string {
  const were = calls === 1 ? `1 call of ${number} was` : `${calls} calls of ${number} were`
  return `${were} in progress, and its max_calls is ${maxCalls}`
}

/** What one number says, before `number:` is expanded. */
interface Answer extends Omit<Continued, 'number'> {
  readonly targets: readonly RuleTarget[]
  readonly fallback: string
  readonly considered: readonly ConsideredRule[]
  readonly override?: PlannedOverride
}

/** Collects one plan; lives no longer than {@link decide}. `path` is the numbers gone through, the dialled one first. */
class Planner {
  readonly notes = new Set<string>()
  readonly continued: Continued[] = []
  nextChangeAt: number | null = null

  constructor(
    private readonly dialled: string,
    private readonly caller: Caller,
    private readonly at: number,
    private readonly book: RuleBook
  ) {}

  answerOf(number: NumberRules): Answer {
    const fault = zoneFault(number.timeZone)
    if (fault !== undefined) this.notes.add(noteOf.zone(number.number, fault))
    return this.overrideOf(number) ?? this.ruleOf(number)
  }

  private ruleOf(number: NumberRules): Answer {
    const { rule, considered, nextChangeAt, faults } = matchRules(number, this.caller, this.at, this.dialled)
    for (const fault of faults) this.notes.add(fault)
    this.nextChangeAt = earlier(this.nextChangeAt, nextChangeAt)
    return {
      outcome: rule === null ? 'fallback' : 'rule',
      rule: rule?.name ?? null,
      targets: rule?.targets ?? [],
      fallback: rule?.fallback ?? number.fallback,
      considered
    }
  }

  /** The override's answer; undefined if no override is in force, or it cannot be followed. */
  private overrideOf(number: NumberRules): Answer | undefined {
    const { override, rules, fallback } = number
    if (override === null || (override.expiresAt !== null && override.expiresAt <= this.at)) return undefined
    const value = override.value ?? ''
    const chosen = override.kind === 'rule' ? rules.find(({ name }) => name === value) : undefined
    const noRule =
      override.kind === 'rule' && chosen === undefined ? noSuchRule(number.number, value, rules) : undefined
    const fault = override.kind === 'forward' ? this.faultOfForward(value, number) : noRule
    if (fault !== undefined) {
      this.notes.add(noteOf.override(number.number, fault))
      return undefined
    }
    const forward = [{ step: 1, dial: value, ringSeconds: forwardRingSeconds }]
    const targets = override.kind === 'forward' ? forward : (chosen?.targets ?? [])
    this.nextChangeAt = earlier(this.nextChangeAt, override.expiresAt)
    const by = override.setBy === null ? '' : ` set by ${override.setBy}`
    const why = `not reached: the override '${override.kind}'${by} comes first`
    return {
      outcome: 'override',
      override: { kind: override.kind, value: override.value, setBy: override.setBy },
      rule: chosen?.name ?? null,
      targets,
      fallback: chosen?.fallback ?? fallback,
      // An override that names a rule uses it whatever its schedule, its callers and its own switch say.
      considered: rules.map((rule) =>
        rule === chosen
          ? { rule: rule.name, matched: true, why: `the override 'rule'${by} names it` }
          : { rule: rule.name, matched: false, why }
      )
    }
  }

  /**
   * Steps in order, none of them empty. A `number:` target brings that number's plan: its first step rings together with
   * this one, its further steps follow right after, its fallback is left out.
   */
  stepsOf(targets: readonly RuleTarget[], path: readonly string[]): PlannedStep[] {
    const steps: PlannedStep[] = []
    const inOrder = targets.toSorted((a, b) => a.step - b.step)
    for (const step of new Set(inOrder.map((target) => target.step))) {
      // The same phone named twice rings once, as it was named first.
      const together = new Map<string, PlannedTarget>()
      const after: PlannedStep[] = []
      for (const { dial, ringSeconds } of inOrder.filter((target) => target.step === step)) {
        const [first, ...rest] = this.expand(dial, ringSeconds, path)
        for (const target of first?.targets ?? []) {
          if (!together.has(target.dial)) together.set(target.dial, target)
        }
        after.push(...rest)
      }
      if (together.size > 0) steps.push({ targets: [...together.values()] })
      steps.push(...after)
    }
    return steps
  }

  private expand(dial: string, ringSeconds: number, path: readonly string[]): PlannedStep[] {
    const fault = this.faultOf(dial, path)
    if (fault !== undefined) {
      this.notes.add(noteOf.target(fault))
      return []
    }
    const target = parseTarget(dial)
    if (target.kind !== 'virtual-number') return [{ targets: [this.planned(dial, ringSeconds, path.at(-1) ?? '')] }]
    const answer = this.continueWith('target', target.number, path)
    return answer === undefined ? [] : this.stepsOf(answer.targets, [...path, target.number])
  }

  /** A target that must not be dialled stays in the plan, for the call's record. */
  private planned(dial: string, ringSeconds: number, from: string): PlannedTarget {
    const policy = this.book.get(from)?.policy
    const refused = dialRefusal(dial, from, policy)?.reason
    const reader = from !== this.dialled && hasNationalDigits(dial) ? { from } : {}
    if (refused === undefined) {
      const limit = policy?.targets.for(dial)
      return {
        dial,
        ringSeconds,
        ...reader,
        ...this.wayTo(dial, policy?.trunks ?? noTrunks),
        ...(limit !== undefined && { limit: { maxCalls: limit.maxCalls, wrapUpSeconds: limit.wrapUpSeconds } })
      }
    }
    const fault = targetFault(dial, from, policy)
    if (fault !== undefined) this.notes.add(noteOf.target(fault))
    return { dial, ringSeconds, refused, ...reader }
  }

  /**
   * How a target is dialled, and what it is shown: that depends on the number that was dialled, whichever number's rule has the target,
   * because it is the one that the caller knows.
   */
  private wayTo(dial: string, trunks: Trunks): Pick<PlannedTarget, 'shown' | 'isPrivate' | 'trunks' | 'refused'> {
    const rules = this.book.get(this.dialled)
    if (rules === undefined) return {}
    if (dial.startsWith('+') && !trunks.isEmpty) return this.waysOut(dial, trunks, rules)
    const isPrivate = trunks.isPrivate(dial)
    const shown = shownTo(isPrivate || !isOutside(dial), this.dialled, rules)
    return { ...(shown !== undefined && { shown }), ...(isPrivate && { isPrivate }) }
  }

  private waysOut(number: string, trunks: Trunks, rules: NumberRules): Pick<PlannedTarget, 'trunks' | 'refused'> {
    const ways = trunks.for(number).map((row): PlannedTrunk => {
      const { name, isPrivate, shows, diversion, maxCalls } = row
      const shown = isPrivate ? shownTo(true, this.dialled, rules) : shownToTrunk(this.dialled, rules, shows)
      return {
        name,
        dial: dialAt(row, number, this.dialled),
        ...(shown !== undefined && { shown }),
        ...(diversion !== null && { diversion }),
        ...(maxCalls !== null && { maxCalls }),
        ...(isPrivate && { isPrivate })
      }
    })
    if (ways.length > 0) return { trunks: ways }
    const fault = noTrunkTakes(number)
    this.notes.add(noteOf.target(fault))
    return { refused: findingText(fault) }
  }

  private faultOfForward(value: string, { number, policy }: NumberRules): Finding | undefined {
    return this.faultOf(value, [number]) ?? targetFault(value, number, policy)
  }

  /** Why a target cannot be dialled. One that leads back here through the trunk would call itself again and again. */
  private faultOf(dial: string, path: readonly string[]): Finding | undefined {
    return circleIn('target', dial, dial, path) ?? findingOf(() => parseTarget(dial))
  }

  /** A `number:` fallback brings that number's steps and then its fallback; what cannot be followed is `busy`. */
  fallbackOf(text: string, path: readonly string[]): HuntPlan {
    const fault = fallbackFault(text)
    if (fault !== undefined) {
      this.notes.add(noteOf.fallback(fault))
      return { steps: [], fallback: 'busy' }
    }
    const fallback = parseFallback(text)
    if (fallback.kind !== 'number') return { steps: [], fallback: formatFallback(fallback) }
    const answer = this.continueWith('fallback', fallback.number, path)
    if (answer === undefined) return { steps: [], fallback: 'busy' }
    const further = [...path, fallback.number]
    const steps = this.stepsOf(answer.targets, further)
    const last = this.fallbackOf(answer.fallback, further)
    return { steps: [...steps, ...last.steps], fallback: last.fallback }
  }

  /** What another number says, or undefined, with a note, where it cannot be followed. */
  private continueWith(what: 'target' | 'fallback', number: string, path: readonly string[]): Answer | undefined {
    const text = `number:${number}`
    const next = this.book.get(number)
    const limit = this.limitBefore(number, path)
    const fault =
      circleIn(what, text, number, path) ??
      (next === undefined ? leadsNowhere(text, number) : next.enabled ? undefined : leadsToDisabled(text, number))
    // Beyond a limit nobody has looked whether the number exists.
    if (limit !== undefined) this.notes.add(`${text} is not followed: ${limit}`)
    else if (fault !== undefined) this.notes.add(noteOf[what](fault))
    if (next === undefined || limit !== undefined || fault !== undefined) return undefined
    const answer = this.answerOf(next)
    this.continued.push({ number, outcome: answer.outcome, rule: answer.rule })
    return answer
  }

  private limitBefore(number: string, path: readonly string[]): string | undefined {
    if (path.includes(number)) return undefined
    if (path.length > maxHops)
      return `the plan went through ${maxHops} other numbers to get there, and that is the limit`
    if (this.book.get(number)?.enabled === false) return undefined
    // A few numbers that name each other could make a plan of millions of steps.
    if (this.continued.length >= maxNumbersBehind) return `the plan goes on with ${maxNumbersBehind} numbers already`
    if (!this.book.has(number) && this.book.size > maxNumbersBehind) {
      return `more than ${maxNumbersBehind} numbers stand behind ${this.dialled}, and that is the limit`
    }
    return undefined
  }
}

/** The fault of a target or fallback that leads back to a number which the plan has gone through. */
function circleIn(what: 'target' | 'fallback', text: string, to: string, path: readonly string[]): Finding | undefined {
  if (path.at(-1) === to) return leadsToItself(what, text)
  return path.includes(to) ? circleFinding([...path.slice(path.indexOf(to)), to]) : undefined
}
