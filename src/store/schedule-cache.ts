// Compiled schedules, kept by what they say: an edit is another schedule, so nothing is ever stale.
import { reasonOf } from '../core/errors'
import type { Log } from '../core/ports'
import { brokenSchedule, compileSchedule, type Schedule, type ScheduleDefinition } from '../core/schedule'

/** A schedule as it is read: its windows and its exceptions are texts, JSON arrays of rows, each an array of columns. */
export interface ScheduleText {
  readonly name: string
  readonly time_zone: string
  /** `[opens, minutes]` */
  readonly windows: string | null
  /** `[from_date, to_date, opens_at, closes_at, label]` */
  readonly exceptions: string | null
}

/** A bounded cache: the least recently asked for goes first. */
export class ScheduleCache {
  // A Map keeps the order in which keys were set: the first is the oldest.
  private readonly compiled = new Map<string, Schedule>()

  constructor(
    private readonly log: Log,
    private readonly limit = 20_000
  ) {}

  /**
   * The schedule that a text means, compiled at most once while it is kept. One that cannot be compiled is never open and says
   * why, and a warning is logged: a bad row must not stop the other rules.
   */
  compile(text: ScheduleText): Schedule {
    // No part but the name can hold a line break, so that no two schedules have the same key.
    const key = `${text.name}\n${text.time_zone}\n${text.windows ?? ''}\n${text.exceptions ?? ''}`
    const known = this.compiled.get(key)
    if (known !== undefined) {
      this.compiled.delete(key)
      this.compiled.set(key, known)
      return known
    }
    const schedule = this.compileNew(definitionOf(text))
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

type WindowColumns = [opens: string, minutes: number]
type ExceptionColumns = [from: string, to: string, opens: string | null, closes: string | null, label: string | null]

function definitionOf({ name, time_zone, windows, exceptions }: ScheduleText): ScheduleDefinition {
  return {
    name,
    timeZone: time_zone,
    windows: (JSON.parse(windows ?? '[]') as WindowColumns[]).map(([opens, minutes]) => ({ opens, minutes })),
    exceptions: (JSON.parse(exceptions ?? '[]') as ExceptionColumns[]).map(
      ([fromDate, toDate, opensAt, closesAt, label]) => ({ fromDate, toDate, opensAt, closesAt, label })
    )
  }
}
