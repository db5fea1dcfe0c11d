// Schedules: windows, exceptions, zones, daylight saving. PURE; may use cron-parser and luxon beside core/.

export interface Schedule {
  readonly placeholder: true
}
