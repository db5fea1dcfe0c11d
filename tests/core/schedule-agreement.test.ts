import { CronExpressionParser } from 'cron-parser'
import fc from 'fast-check'
import { compileSchedule } from '../../src/core/schedule'
import { type OracleException, type OracleWindow, isOpen, wallOf } from './schedule-oracle'

describe('a compiled schedule agrees', () => {
  test('with cron-parser itself about which days match', () => {
    const field = (low: number, high: number, extra: string[] = []) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: low, max: high }).map(String),
        fc
          .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
        fc.integer({ min: 2, max: 9 }).map((step) => `*/${step}`),
        ...extra.map((text) => fc.constant(text))
      )
    const cron = fc
      .tuple(
        field(1, 31, ['L', '15,L', '?']),
        field(1, 12, ['FEB', 'jan,DEC']),
        field(0, 7, ['5L', '1,3L', '2#5', '1#1', 'MON-FRI', '?'])
      )
      .map((fields) => `0 12 ${fields.join(' ')}`)
    fc.assert(
      fc.property(cron, fc.integer({ min: 0, max: 40_000 }), (opens, firstDay) => {
        let schedule
        try {
          schedule = compileSchedule({ name: 'any', timeZone: 'UTC', windows: [{ opens, minutes: 1 }], exceptions: [] })
        } catch {
          return
        }
        const parsed = CronExpressionParser.parse(opens, { currentDate: new Date(0), tz: 'UTC' })
        for (let day = firstDay; day < firstDay + 60; day++) {
          const noon = day * 86_400_000 + 12 * 3_600_000
          expect([opens, day, schedule.stateAt(noon).open]).toEqual([opens, day, parsed.includesDate(new Date(noon))])
        }
      }),
      { numRuns: 300 }
    )
  })

  // More on demand: FOLLOWME_ORACLE=100000 npx jest tests/core/schedule-agreement
  const comparisons = Number(process.env['FOLLOWME_ORACLE'] ?? 1000)
  test(`with an oracle that looks at every minute of the wall clock, at ${comparisons} instants in odd zones`, () => {
    const random = generator(20_261_122)
    const transitions = new Map(zones.map((zone) => [zone, transitionsOf(zone)]))
    const instantsPerSchedule = 25
    for (let compared = 0; compared < comparisons; compared += instantsPerSchedule) {
      const zone = pick(zones, random)
      const near = transitions.get(zone) ?? []
      const base =
        near.length > 0 && random() < 0.5
          ? pick(near, random)
          : Date.UTC(1990 + Math.floor(random() * 60), 0, 1) + random() * 365 * dayMs
      const windows = Array.from({ length: 1 + Math.floor(random() * 3) }, () => randomWindow(random))
      const exceptions = Array.from({ length: Math.floor(random() * 3) }, () => randomException(random, base, zone))
      const schedule = compileSchedule({
        name: 'random',
        timeZone: zone,
        windows: windows.map((window) => ({ opens: cronOf(window), minutes: window.minutes })),
        exceptions: exceptions.map((exception) => ({ ...exception, label: null }))
      })
      for (let each = 0; each < instantsPerSchedule; each++) {
        const spread = each % 3 === 0 ? 6 * dayMs : 3 * 3_600_000
        const at = Math.floor(base + (random() - 0.5) * 2 * spread)
        const state = schedule.stateAt(at)
        const context = JSON.stringify({ zone, at: new Date(at).toISOString(), windows, exceptions })
        expect(`${String(state.open)} ${context}`).toBe(`${String(isOpen(windows, exceptions, zone, at))} ${context}`)
        const next = state.nextChangeAt
        if (next === null || each % 5 !== 0) continue
        // It holds until then, and not a millisecond longer.
        for (const [instant, open] of [
          [next - 1, state.open],
          [next, !state.open],
          [at + Math.floor((next - at) * random()), state.open]
        ] as const) {
          expect(`${String(isOpen(windows, exceptions, zone, instant))} ${instant} ${context}`).toBe(
            `${String(open)} ${instant} ${context}`
          )
        }
      }
    }
  }, 600_000)
})

const dayMs = 86_400_000
const zones = [
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'Pacific/Apia',
  'Antarctica/Troll',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Asia/Beirut',
  'Asia/Tehran',
  'America/Havana',
  'Asia/Gaza',
  'Africa/Cairo',
  'Asia/Amman',
  'America/Caracas',
  'Asia/Pyongyang',
  'Europe/Dublin',
  'Pacific/Kiritimati',
  'Australia/Eucla',
  'America/Asuncion',
  'Atlantic/Azores',
  'America/Scoresbysund',
  'Antarctica/Casey',
  'Asia/Kolkata',
  'UTC',
  'America/Phoenix',
  'Pacific/Easter',
  'Europe/Istanbul'
]

function transitionsOf(zone: string): number[] {
  const offset = (at: number) => wallOf(at, zone) - at
  const found: number[] = []
  let before = offset(Date.UTC(2009, 0, 1))
  for (let at = Date.UTC(2009, 0, 1); at < Date.UTC(2026, 0, 1); at += dayMs) {
    const after = offset(at + dayMs)
    if (after === before) continue
    let [low, high] = [at, at + dayMs]
    while (high - low > 60_000) {
      const middle = low + Math.floor((high - low) / 120_000) * 60_000
      if (offset(middle) === before) low = middle
      else high = middle
    }
    found.push(high)
    before = after
  }
  return found
}

function randomWindow(random: () => number): OracleWindow {
  const some = (count: number, low: number, high: number) =>
    [...new Set(Array.from({ length: count }, () => low + Math.floor(random() * (high - low + 1))))].sort(
      (a, b) => a - b
    )
  const small = () => 1 + Math.floor(random() * 3)
  return {
    minutesOfHour: random() < 0.5 ? [0] : some(small(), 0, 59),
    hours: random() < 0.5 ? some(small(), 0, 4) : some(small(), 0, 23),
    datesOfMonth: random() < 0.2 ? some(8, 1, 31) : null,
    weekdays: random() < 0.4 ? some(4, 0, 6) : null,
    minutes: pick([1, 30, 45, 60, 90, 120, 300, 480, 1440, 2000], random)
  }
}

function randomException(random: () => number, base: number, zone: string): OracleException {
  const wall = wallOf(base, zone)
  const date = (days: number) => new Date(wall + days * dayMs).toISOString().slice(0, 10)
  const from = Math.floor(random() * 7) - 3
  const to = from + Math.floor(random() * 2)
  const [opensAt, closesAt] = pick(
    [
      [null, null],
      ['00:00', '01:30'],
      ['01:30', '03:00'],
      ['09:00', '24:00'],
      ['00:00', '24:00']
    ] as const,
    random
  )
  return { fromDate: date(from), toDate: date(to), opensAt, closesAt }
}

function cronOf({ minutesOfHour, hours, datesOfMonth, weekdays }: OracleWindow): string {
  return `${minutesOfHour.join(',')} ${hours.join(',')} ${datesOfMonth?.join(',') ?? '*'} * ${weekdays?.join(',') ?? '*'}`
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)]!
}

/** Mulberry32: the same seed, the same numbers. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
