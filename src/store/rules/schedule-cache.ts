// Compiled schedules, cached by their content: an edited schedule has another key, so no entry is ever stale. New time zone
// data invalidate all of them.
import type { Log } from '../../ports'
import { compileSchedule, type Schedule, type ScheduleDefinition } from '../../rules/schedule/schedule'
import { zoneData } from '../../rules/schedule/time-zones'

/** A schedule as read from the database. Its windows and exceptions are texts: JSON arrays of rows, each an array of columns. */
export interface ScheduleText {
  readonly name: string
  readonly time_zone: string
  /** `[opens, minutes]` */
  readonly windows: string | null
  /** `[from_date, to_date, opens_at, closes_at, label]` */
  readonly exceptions: string | null
}

/** A bounded cache; the least recently used entry is removed first. */
export class ScheduleCache {
  // A Map keeps the order in which keys were set, so the first is the oldest.
  private readonly compiled = new Map<string, Schedule>()
  private zones = zoneData()

  constructor(
    private readonly log: Log,
    private readonly limit = 20_000
  ) {}

  /**
   * The compiled schedule of a text, compiled once while it stays cached. Invalid parts are skipped, and logged when it is
   * compiled: one bad row must not stop the other rules.
   */
  compile(text: ScheduleText): Schedule {
    if (this.zones !== zoneData()) {
      this.compiled.clear()
      this.zones = zoneData()
    }
    const key = JSON.stringify([text.name, text.time_zone]) + (text.windows ?? '') + (text.exceptions ?? '')
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

  /** How many are cached. */
  get size(): number {
    return this.compiled.size
  }

  private compileNew(definition: ScheduleDefinition): Schedule {
    const schedule = compileSchedule(definition)
    for (const reason of schedule.faults) {
      this.log.warn(`a schedule is invalid, and its invalid parts are skipped until they are corrected: ${reason}`, {
        schedule: definition.name
      })
    }
    return schedule
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
