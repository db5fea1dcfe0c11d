// Compiled schedules, kept by what they say: an edit is another schedule, so nothing is ever stale.
import { reasonOf } from '../core/errors'
import type { Log } from '../core/ports'
import { brokenSchedule, compileSchedule, type Schedule, type ScheduleDefinition } from '../core/schedule'

/** A bounded cache: the least recently asked for goes first. */
export class ScheduleCache {
  // A Map keeps the order in which keys were set: the first is the oldest.
  private readonly compiled = new Map<string, Schedule>()

  constructor(
    private readonly log: Log,
    private readonly limit = 2_000
  ) {}

  /**
   * The schedule of a definition, compiled at most once while it is kept. One that cannot be compiled is never open and says
   * why, and a warning is logged: a bad row must not stop the other rules.
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
    try {
      return compileSchedule(definition)
    } catch (error) {
      const reason = reasonOf(error)
      this.log.warn(`a schedule is wrong, and its rules are passed over until it is corrected: ${reason}`, {
        schedule: definition.name
      })
      return brokenSchedule(definition.timeZone, reason)
    }
  }
}
