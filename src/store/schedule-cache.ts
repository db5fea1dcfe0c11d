// Compiled schedules, kept by what they say: an edit is another schedule, so nothing is ever stale.
import type { Log } from '../core/ports'
import { compileSchedule, type Schedule, type ScheduleDefinition } from '../core/schedule'

/** A bounded cache: the least recently asked for goes first. */
export class ScheduleCache {
  // A Map keeps the order in which keys were set: the first is the oldest.
  private readonly compiled = new Map<string, Schedule>()

  constructor(
    private readonly log: Log,
    private readonly limit = 2_000
  ) {}

  /**
   * The schedule of a definition, compiled at most once while it is kept. What is wrong with it is passed over, and logged
   * when it is compiled: a bad row must not stop the other rules.
   */
  compile(definition: ScheduleDefinition): Schedule {
    const key = JSON.stringify(definition)
    const known = this.compiled.get(key)
    if (known !== undefined) {
      this.compiled.delete(key)
      this.compiled.set(key, known)
      return known
    }
    const schedule = this.compileNew(definition)
    this.compiled.set(key, schedule)
    if (this.compiled.size > this.limit) {
      for (const oldest of this.compiled.keys()) {
        this.compiled.delete(oldest)
        break
      }
    }
    return schedule
  }

  /** How many are kept. */
  get size(): number {
    return this.compiled.size
  }

  private compileNew(definition: ScheduleDefinition): Schedule {
    const schedule = compileSchedule(definition)
    for (const reason of schedule.faults) {
      this.log.warn(`a schedule is wrong, and what is wrong is passed over until it is corrected: ${reason}`, {
        schedule: definition.name
      })
    }
    return schedule
  }
}
