// Cron expressions that mean something, but hardly what their writer meant. PURE: imports only core/.
import { type Finding, doubtful } from './fault'
import { parseCron } from './schedule'

// Minute, hour, day of the month, month, day of the week: each with its lowest and highest value, and what it goes round in.
const fields = [
  { what: 'minute', low: 0, high: 59, round: 'an hour' },
  { what: 'hour', low: 0, high: 23, round: 'a day' },
  { what: 'day of the month', low: 1, high: 31, round: 'a month' },
  { what: 'month', low: 1, high: 12, round: 'a year' },
  { what: 'day of the week', low: 0, high: 6, round: 'a week' }
] as const

/** A step that never comes to a second time, or a date that no month has. For an expression that `parseCron` takes. */
export function cronDoubt(opens: string): Finding | undefined {
  return stepDoubt(opens) ?? dateDoubt(opens)
}

/** In the minutes, `*\/90` does not mean every 90 minutes: it fires once an hour. */
function stepDoubt(opens: string): Finding | undefined {
  for (const [index, text] of opens.trim().split(/\s+/).entries()) {
    const field = fields[index]
    if (field === undefined) return undefined
    for (const item of text.split(',')) {
      const [, from, to, step] = /^(\*|\d+)(?:-(\d+))?\/(\d+)$/.exec(item) ?? []
      if (from === undefined) continue
      const low = from === '*' ? field.low : Number(from)
      const high = to === undefined ? field.high : Number(to)
      // A step as long as the round itself is just another way to write its beginning.
      if (low + Number(step) <= high || (from === '*' && Number(step) === high - low + 1)) continue
      return doubtful(
        `window '${opens}' opens at one ${field.what} only, ${low}: '${item}' steps beyond the last, ${high}, and begins anew`,
        `write ${low}, or the ${field.what}s themselves; a step goes round in ${field.round}`
      )
    }
  }
  return undefined
}

function dateDoubt(opens: string): Finding | undefined {
  const explicit = (opens.trim().split(/\s+/)[2] ?? '').split(',').filter((item) => /^\d+$/.test(item))
  if (explicit.length === 0) return undefined
  const { month, dayOfWeek } = parseCron(opens).fields
  const longest = Math.max(...month.values.map((each) => new Date(Date.UTC(2024, each, 0)).getUTCDate()))
  const never = explicit.find((date) => Number(date) > longest)
  if (never === undefined) return undefined
  const instead = dayOfWeek.isWildcard ? 'on the other dates only' : 'on the days of the week, and on no such date'
  return doubtful(
    `window '${opens}' names day ${never}, which none of its months has: it opens ${instead}`,
    `leave ${never} out, or correct the month`
  )
}
