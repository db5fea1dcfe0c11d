// The times of an iCalendar file as local times of one time zone.
import type ICAL from 'ical.js' with { 'resolution-mode': 'import' }
import { AppError } from '../../errors'
import { wallClockOf } from '../../rules/schedule/time-zones'
import { type SourceEvent, where } from './ics-source'

/** If the schedule's zone is not given, all times must be in one zone. Throws `usage` otherwise. */
export class LocalTimes {
  private first: string | undefined

  constructor(
    private readonly zone: string | undefined,
    readonly file: string
  ) {}

  wallOf(time: ICAL.Time, item: ICAL.Component, property: string, given: SourceEvent): number {
    const wall = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second)
    if (time.isDate) return wall
    const utc = time.zone.tzid === 'UTC'
    const named = item.getFirstProperty(property)?.getFirstParameter('tzid')
    if (!utc && named === undefined) return wall
    const zone = utc ? 'UTC' : (named ?? '')
    // A calendar in one zone is assumed to be for a schedule in that zone.
    this.first ??= zone
    if (this.zone === undefined && !utc && this.first === zone) return wall
    if (this.zone === undefined) {
      throw new AppError(
        'usage',
        `${where(this.file, given)} has a time in ${zone}: give the schedule's time zone with --zone`
      )
    }
    return wallClockOf(this.zone).wallAt(utc ? wall : this.instantOf(time, wall, zone, given))
  }

  private instantOf(time: ICAL.Time, wall: number, zone: string, given: SourceEvent): number {
    try {
      return wallClockOf(zone).instantOf(wall)
    } catch (error) {
      // A name that the file defines in a VTIMEZONE, such as "W. Europe Standard Time".
      if (time.zone.tzid === zone) return time.toUnixTime() * 1000
      throw new AppError(
        'usage',
        `${where(this.file, given)} has the unknown time zone "${zone}": write an IANA zone, such as Europe/London`,
        { cause: error }
      )
    }
  }
}
