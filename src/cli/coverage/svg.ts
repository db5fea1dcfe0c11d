// Coverage as a drawing to print: one row per day, hours from left to right, one colour per plan.
import { isGap, inWallTime } from '../../rules/analysis/coverage'
import { zoneOrUtc } from '../../rules/schedule/instant'
import { wallClockOf } from '../../rules/schedule/time-zones'
import { dayMs } from '../../rules/schedule/wall-clock'
import { type Coverage, dayNames, legendOf } from './grid'
import { clockChanges } from './text'
import { printable } from '../support/text'

const left = 130
const top = 60
const hourWidth = 30
const rowHeight = 24

/** A complete SVG document, in the number's local time. It needs no external font, style sheet or script. */
export function coverageSvg(coverage: Coverage): string {
  const { number, spans, from, days } = coverage
  const legend = legendOf(spans)
  const clock = wallClockOf(zoneOrUtc(number.timeZone))
  const start = Math.floor(clock.wallAt(from) / dayMs) * dayMs
  const body: string[] = []
  for (const { from: begin, to: end, span } of inWallTime(spans, clock)) {
    const sign = legend.signOf(span)
    for (let day = Math.floor((begin - start) / dayMs); start + day * dayMs < end; day++) {
      const midnight = start + day * dayMs
      const x = left + (Math.max(begin - midnight, 0) / dayMs) * 24 * hourWidth
      const width = ((Math.min(end - midnight, dayMs) - Math.max(begin - midnight, 0)) / dayMs) * 24 * hourWidth
      const y = top + day * rowHeight
      body.push(`<rect x="${x}" y="${y}" width="${width}" height="${rowHeight - 2}" fill="${colour(sign)}"/>`)
      if (width >= 14 && !isGap(span)) body.push(text(x + width / 2, y + 16, sign, 'text-anchor="middle"'))
    }
  }
  const names = dayNames(coverage).map((name, day) => text(10, top + day * rowHeight + 16, name))
  const hours = Array.from({ length: 25 }, (_, hour) => {
    const x = left + hour * hourWidth
    const line = `<line x1="${x}" y1="${top}" x2="${x}" y2="${top + days * rowHeight}" stroke="#fff" stroke-opacity="0.6"/>`
    return line + text(x, top - 8, String(hour), 'text-anchor="middle"')
  })
  const below = top + days * rowHeight + 10
  const keys = legend.lines.map(({ sign, text: answer }, index) => {
    const y = below + index * 22
    return `<rect x="10" y="${y}" width="22" height="16" fill="${colour(sign)}"/>${text(40, y + 13, `${sign}  ${answer}`)}`
  })
  const changes = clockChanges(coverage)
  const notes = changes.map((change, index) => text(10, below + (keys.length + index) * 22 + 13, change.text))
  const height = below + (keys.length + notes.length) * 22 + 10
  const title = `${number.number}${number.label === '' ? '' : ` (${number.label})`}, ${zoneOrUtc(number.timeZone)}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + 24 * hourWidth + 20}" height="${height}" font-family="sans-serif" font-size="13">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    text(10, 24, title, 'font-size="17" font-weight="bold"'),
    ...body,
    ...names,
    ...hours,
    ...keys,
    ...notes,
    '</svg>',
    ''
  ].join('\n')
}

/** Grey for nobody; well-separated hues for consecutive letters. */
function colour(sign: string): string {
  return sign === '·' ? '#d9d9d9' : `hsl(${((sign.codePointAt(0) ?? 0) * 137) % 360}, 65%, 72%)`
}

function text(x: number, y: number, content: string, more = ''): string {
  const escaped = printable(content).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return `<text x="${x}" y="${y}"${more === '' ? '' : ` ${more}`}>${escaped}</text>`
}
