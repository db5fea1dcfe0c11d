// Tables for a terminal, and the instants in them.
import { wallClockOf } from '../../rules/schedule/time-zones'
import { minuteMs } from '../../rules/schedule/wall-clock'
import { columnsOf, padded } from './columns'

/** An aligned table, one line for each row. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) =>
    rows.reduce((most, row) => Math.max(most, columnsOf(row[i] ?? '')), title.length)
  )
  const line = (row: readonly string[]): string =>
    row
      .map((text, i) => padded(text, widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  return [head, ...rows].map(line).join('\n')
}

/** `2026-11-23 09:00:00`, with the offset from UTC if the table mixes time zones. */
export function clockText(at: number, timeZone: string, withOffset = false): string {
  const wall = wallClockOf(timeZone).wallAt(at)
  const offset = Math.round((wall - at) / minuteMs)
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60]
  const digits = (value: number) => String(value).padStart(2, '0')
  const shown = new Date(wall).toISOString().slice(0, 19).replace('T', ' ')
  return withOffset ? `${shown}${offset < 0 ? '-' : '+'}${digits(hours)}:${digits(minutes)}` : shown
}
