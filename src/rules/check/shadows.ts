// Rules that an earlier rule hides: proved from the rows, so one that is not named may still be hidden. PURE.
import { takerOf } from './callers'
import { isNeverClosed, isOpenWhenever } from './schedule-containment'
import { type Finding, error } from '../finding'
import { ruleFault } from '../rule-faults'
import type { RuleDefinition, RuleIndex } from '../rule-tables'

/** Tells of an enabled rule whether some earlier one answers whenever it would. */
export function shadowsIn(index: RuleIndex): (rule: RuleDefinition) => Finding | undefined {
  const prover = new Prover(index)
  return (rule) => {
    for (const earlier of index.rulesOf(rule.number)) {
      if (earlier.position >= rule.position) return undefined
      const reason = prover.hides(earlier, rule)
      if (reason === undefined) continue
      return error(
        `it is never reached: rule '${earlier.name}' (position ${earlier.position}) answers first, ${reason}`,
        `give it a position below ${earlier.position}, narrow '${earlier.name}', or delete one of them`
      )
    }
    return undefined
  }
}

/** Remembers what it has proved: a number may have a thousand rules, each pair of which is looked at. */
class Prover {
  private readonly usable = new Map<RuleDefinition, boolean>()
  private readonly takers = new Map<string, (pattern: string) => boolean>()
  private readonly proved = new Map<string, boolean>()

  constructor(private readonly index: RuleIndex) {}

  /** Why the earlier rule answers whenever the later one would; undefined where that is not proved. */
  hides(earlier: RuleDefinition, later: RuleDefinition): string | undefined {
    if (!earlier.enabled) return undefined
    if (earlier.validFrom !== null && (later.validFrom === null || earlier.validFrom > later.validFrom))
      return undefined
    if (earlier.validUntil !== null && (later.validUntil === null || earlier.validUntil < later.validUntil)) {
      return undefined
    }
    const when = this.whenever(earlier.schedule, later.schedule)
    const who = when === undefined ? undefined : this.whoever(earlier.callers, later.callers)
    return who === undefined || !this.isUsable(earlier) ? undefined : `${when ?? ''}${who}`
  }

  private whenever(earlier: string | null, later: string | null): string | undefined {
    if (earlier === null) return 'always'
    if (earlier === later) return 'by the same schedule'
    if (this.isProved(earlier, '', () => this.isNeverClosed(earlier)))
      return `always (schedule '${earlier}' never closes)`
    if (later === null || !this.isProved(earlier, later, () => this.isOpenWhenever(earlier, later))) return undefined
    return `whenever schedule '${later}' is open (so is '${earlier}')`
  }

  private whoever(earlier: string | null, later: string | null): string | undefined {
    if (earlier === null) return ' and for everyone'
    if (later === null) return undefined
    if (earlier === later) return ' and for the same callers'
    const taken = this.isProved(`list ${earlier}`, later, () => this.patternsOf(later).every(this.takerOf(earlier)))
    return taken ? `, and its list '${earlier}' takes every caller of '${later}'` : undefined
  }

  /** A rule that is passed over hides nothing. */
  private isUsable(rule: RuleDefinition): boolean {
    return remembered(this.usable, rule, () => {
      const { index } = this
      if (rule.schedule !== null && index.compiled(rule.schedule).stateAt(0).because.kind === 'fault') return false
      const targets = index.targetsOf(rule).filter(({ enabled }) => enabled)
      return (
        ruleFault(
          { ...rule, targets },
          { number: rule.number, timeZone: index.numbers.get(rule.number)?.timeZone ?? 'UTC', policy: index.policy }
        ) === undefined
      )
    })
  }

  private takerOf(list: string): (pattern: string) => boolean {
    return remembered(this.takers, list, () => takerOf(this.patternsOf(list)))
  }

  private patternsOf(list: string): readonly string[] {
    return this.index.callerLists.get(list) ?? []
  }

  private isNeverClosed(schedule: string): boolean {
    const definition = this.index.schedules.get(schedule)
    return definition !== undefined && isNeverClosed(definition)
  }

  private isOpenWhenever(wide: string, narrow: string): boolean {
    const [one, other] = [this.index.schedules.get(wide), this.index.schedules.get(narrow)]
    return one !== undefined && other !== undefined && isOpenWhenever(one, other)
  }

  private isProved(one: string, other: string, prove: () => boolean): boolean {
    return remembered(this.proved, JSON.stringify([one, other]), prove)
  }
}

function remembered<Key, Value>(known: Map<Key, Value>, key: Key, find: () => Value): Value {
  const value = known.get(key) ?? find()
  known.set(key, value)
  return value
}
