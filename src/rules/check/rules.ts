// Faults of rules: those that never answer, those that an earlier one hides, and what they ring. PURE.
import { fallbackFinding } from './dial'
import { shadowsIn } from './shadows'
import { type Fault, type Finding, warning, faultsOf, error } from '../finding'
import { startOfDate } from '../schedule/instant'
import { dateFault, zoneFault } from '../rule-faults'
import { type RuleDefinition, type RuleIndex, ruleKey } from '../rule-tables'
import { noSuchSchedule } from '../schedule/schedule'

/** `now` tells what is over: that is a warning always, since an old migration must still apply to a new database. */
export function ruleFaults(index: RuleIndex, now: number): Fault[] {
  const shadowed = shadowsIn(index)
  return index.set.rules.flatMap((rule) =>
    faultsOf('rules', ruleKey(rule.number, rule.name), [
      index.numbers.has(rule.number)
        ? undefined
        : error(`there is no virtual number ${rule.number}`, 'add it to virtual_numbers, or delete this row'),
      rule.fallback === null ? undefined : fallbackFinding(index, rule.number, rule.fallback),
      ...(rule.enabled ? neverAnswers(index, rule, now, shadowed) : []),
      stepGap(index, rule),
      ringsNobody(index, rule)
    ])
  )
}

/** What each of its columns says by itself; what they say together, only where each is right. */
function neverAnswers(
  index: RuleIndex,
  rule: RuleDefinition,
  now: number,
  shadowed: (rule: RuleDefinition) => Finding | undefined
): readonly (Finding | undefined)[] {
  const wrongs = [
    neverOpens(index, rule),
    noCallers(index, rule),
    ...[rule.validFrom, rule.validUntil].map((date) => (date === null ? undefined : dateFault(date)))
  ]
  return wrongs.some((finding) => finding !== undefined) ? wrongs : [isOver(index, rule, now) ?? shadowed(rule)]
}

function neverOpens(index: RuleIndex, { schedule }: RuleDefinition): Finding | undefined {
  if (schedule === null) return undefined
  const definition = index.schedules.get(schedule)
  if (definition === undefined) {
    return noSuchSchedule(schedule)
  }
  if (definition.windows.length > 0 || definition.exceptions.some(({ opensAt }) => opensAt !== null)) return undefined
  return error(
    `it never answers: schedule '${schedule}' has no window`,
    'give the schedule a row in schedule_windows, or the rule another schedule (null: always)'
  )
}

function noCallers(index: RuleIndex, { callers }: RuleDefinition): Finding | undefined {
  if (callers === null) return undefined
  const patterns = index.callerLists.get(callers)
  if (patterns === undefined) {
    return error(`there is no list '${callers}'`, 'add it to caller_lists, or correct rules.callers')
  }
  if (patterns.length > 0) return undefined
  return error(
    `it never answers: list '${callers}' is empty`,
    'give the list a row in caller_list_entries, or the rule another list (null: everyone)'
  )
}

function isOver(index: RuleIndex, rule: RuleDefinition, now: number): Finding | undefined {
  const timeZone = index.numbers.get(rule.number)?.timeZone ?? 'UTC'
  // What is wrong with the zone is said of the number.
  if (zoneFault(timeZone) !== undefined) return undefined
  const { validFrom, validUntil, schedule } = rule
  const from = validFrom === null ? now : Math.max(now, startOfDate(validFrom, timeZone))
  const until = validUntil === null ? Infinity : startOfDate(validUntil, timeZone, 1)
  if (until <= now) return warning(`it never answers again: its last day was ${validUntil ?? ''}`, 'delete it')
  if (until <= from) {
    return error(
      `it never answers: it ends on ${validUntil ?? ''}, before it begins`,
      'write the later date in valid_until'
    )
  }
  if (schedule === null) return undefined
  const { open, because, nextChangeAt } = index.compiled(schedule).stateAt(from)
  if (open || because.kind === 'fault' || (nextChangeAt !== null && nextChangeAt < until)) return undefined
  const when = validUntil === null ? 'in the next nine years' : `before the rule ends on ${validUntil}`
  return warning(
    `it never answers again: schedule '${schedule}' does not open ${when}`,
    'give it another schedule, or delete it'
  )
}

function stepGap(index: RuleIndex, rule: RuleDefinition): Finding | undefined {
  let expected = 1
  for (const { step } of index.targetsOf(rule)) {
    if (step > expected) {
      const before = expected === 1 ? `its first step is ${step}` : `step ${step} follows step ${expected - 1}`
      return error(`a step is missing: ${before}`, `number its steps 1, 2, 3 without a gap`)
    }
    expected = step + 1
  }
  return undefined
}

// A rule that rings nobody but has a fallback of its own is how callers are turned away.
function ringsNobody(index: RuleIndex, rule: RuleDefinition): Finding | undefined {
  if (!rule.enabled || rule.fallback !== null || index.targetsOf(rule).some(({ enabled }) => enabled)) return undefined
  const why = index.targetsOf(rule).length === 0 ? 'it has no targets' : 'all of its targets are disabled'
  return warning(
    `it rings nobody: ${why}, and no fallback of its own`,
    'give it targets, or a fallback if callers are to hear one at once'
  )
}
