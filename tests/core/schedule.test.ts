import { CronExpressionParser } from 'cron-parser'
import fc from 'fast-check'
import { formatInstant, formatSpan, parseInstant, startOfDate } from '../../src/core/instant'
import {
  type ExceptionDefinition,
  type ScheduleDefinition,
  type WindowDefinition,
  brokenSchedule,
  compileSchedule
} from '../../src/core/schedule'
import { type OracleException, type OracleWindow, isOpen, wallOf } from './schedule-oracle'

const london = 'Europe/London'
const office: WindowDefinition = { opens: '30 8 * * MON-FRI', minutes: 540 }

function definition(
  windows: readonly WindowDefinition[],
  exceptions: readonly ExceptionDefinition[] = [],
  timeZone = london
): ScheduleDefinition {
  return { name: 'office', timeZone, windows, exceptions }
}

function closedOn(fromDate: string, toDate = fromDate, label: string | null = null): ExceptionDefinition {
  return { fromDate, toDate, opensAt: null, closesAt: null, label }
}

function hoursOn(fromDate: string, opensAt: string, closesAt: string): ExceptionDefinition {
  return { fromDate, toDate: fromDate, opensAt, closesAt, label: null }
}

/** When the schedule opens and closes between two local dates, as ISO instants in UTC. */
function changes(schedule: ScheduleDefinition, fromDate: string, toDate: string): string[] {
  const compiled = compileSchedule(schedule)
  const end = startOfDate(toDate, schedule.timeZone)
  const found: string[] = []
  let at: number | null = startOfDate(fromDate, schedule.timeZone)
  if (compiled.stateAt(at).open) found.push('open')
  for (;;) {
    const state = compiled.stateAt(at)
    at = state.nextChangeAt
    if (at === null || at >= end) return found
    found.push(`${state.open ? 'closes' : 'opens'} ${new Date(at).toISOString().slice(0, 16)}Z`)
  }
}

describe('a window', () => {
  test('opens when its cron expression fires, in the zone of the schedule, for so many minutes of wall clock', () => {
    expect(changes(definition([office]), '2026-11-20', '2026-11-24')).toEqual([
      'opens 2026-11-20T08:30Z',
      'closes 2026-11-20T17:30Z',
      'opens 2026-11-23T08:30Z',
      'closes 2026-11-23T17:30Z'
    ])
  })

  test('belongs to the day it opens on: Friday night lasts until Saturday six', () => {
    const night = definition([{ opens: '0 22 * * FRI', minutes: 480 }])
    expect(changes(night, '2026-06-01', '2026-06-08')).toEqual(['opens 2026-06-05T21:00Z', 'closes 2026-06-06T05:00Z'])
  })

  test('keeps its wall clock when the clocks change during it', () => {
    const night = definition([{ opens: '0 22 * * SAT', minutes: 480 }])
    // Seven hours long in spring, nine in autumn: until six by the clock on the wall.
    expect(changes(night, '2026-03-28', '2026-03-30')).toEqual(['opens 2026-03-28T22:00Z', 'closes 2026-03-29T05:00Z'])
    expect(changes(night, '2026-10-24', '2026-10-26')).toEqual(['opens 2026-10-24T21:00Z', 'closes 2026-10-25T06:00Z'])
  })

  test('that would open inside the spring gap opens at its end, and still closes by the wall clock', () => {
    const early = definition([{ opens: '30 1 * * *', minutes: 60 }])
    expect(changes(early, '2026-03-29', '2026-03-30')).toEqual(['opens 2026-03-29T01:00Z', 'closes 2026-03-29T01:30Z'])
  })

  test('that lies inside the spring gap does not happen that night', () => {
    const inside = definition([{ opens: '10 1 * * *', minutes: 30 }])
    expect(changes(inside, '2026-03-29', '2026-03-30')).toEqual([])
  })

  test('in the hour that autumn repeats opens once, the first time round', () => {
    const early = definition([{ opens: '15 1 * * *', minutes: 30 }])
    expect(changes(early, '2026-10-25', '2026-10-26')).toEqual(['opens 2026-10-25T00:15Z', 'closes 2026-10-25T00:45Z'])
  })

  test('that closes in the repeated hour closes the first time round, so that a hand-over has neither gap nor overlap', () => {
    const late = definition([{ opens: '0 18 * * *', minutes: 450 }])
    const early = definition([{ opens: '30 1 * * *', minutes: 60 }])
    expect(changes(late, '2026-10-25', '2026-10-26').slice(0, 2)).toEqual(['open', 'closes 2026-10-25T00:30Z'])
    expect(changes(early, '2026-10-25', '2026-10-26')[0]).toBe('opens 2026-10-25T00:30Z')
  })

  test('that overlaps or touches another makes one opening', () => {
    const both = definition([
      { opens: '0 9 * * *', minutes: 240 },
      { opens: '0 13 * * *', minutes: 60 },
      { opens: '0 12 * * *', minutes: 300 }
    ])
    expect(changes(both, '2026-01-05', '2026-01-06')).toEqual(['opens 2026-01-05T09:00Z', 'closes 2026-01-05T17:00Z'])
  })

  test.each(['* * * * *', '@minutely', '@hourly'])('%s for an hour is open always, and says so', (opens) => {
    const state = compileSchedule(definition([{ opens, minutes: 60 }])).stateAt(Date.UTC(2026, 0, 1))
    expect(state).toEqual({ open: true, because: { kind: 'window', opens, minutes: 60 }, nextChangeAt: null })
  })

  test('on 29 February waits eight years across 2100', () => {
    const leap = compileSchedule(definition([{ opens: '0 9 29 2 *', minutes: 60 }], [], 'UTC'))
    expect(leap.stateAt(Date.UTC(2096, 1, 29, 10)).nextChangeAt).toBe(Date.UTC(2104, 1, 29, 9))
  })

  test('a year long is open from any instant of that year', () => {
    const year = compileSchedule(definition([{ opens: '0 0 1 1 *', minutes: 365 * 1440 }], [], 'UTC'))
    expect(year.stateAt(Date.UTC(2027, 11, 31, 23, 59))).toMatchObject({
      open: true,
      nextChangeAt: Date.UTC(2028, 11, 31)
    })
    // 2028 is a leap year: its last day is left over.
    expect(year.stateAt(Date.UTC(2028, 5, 1)).nextChangeAt).toBe(Date.UTC(2028, 11, 31))
  })
})

describe('an exception', () => {
  const night: WindowDefinition = { opens: '0 22 * * *', minutes: 480 }

  test('closes its dates from midnight to midnight, and says which it is', () => {
    const closed = definition([office], [closedOn('2026-12-25', '2026-12-28', 'Christmas')])
    expect(changes(closed, '2026-12-24', '2026-12-30')).toEqual([
      'opens 2026-12-24T08:30Z',
      'closes 2026-12-24T17:30Z',
      'opens 2026-12-29T08:30Z',
      'closes 2026-12-29T17:30Z'
    ])
    expect(compileSchedule(closed).stateAt(Date.UTC(2026, 11, 25, 10)).because).toEqual({
      kind: 'exception',
      label: 'Christmas',
      fromDate: '2026-12-25',
      toDate: '2026-12-28'
    })
    expect(compileSchedule(closed).stateAt(Date.UTC(2026, 11, 24, 23)).because).toEqual({ kind: 'none' })
  })

  test('ends a window of the evening before at midnight, and leaves nothing of one that would have opened on its date', () => {
    const closed = definition([night], [closedOn('2026-01-06')])
    expect(changes(closed, '2026-01-05', '2026-01-08')).toEqual([
      'open',
      'closes 2026-01-05T06:00Z',
      'opens 2026-01-05T22:00Z',
      'closes 2026-01-06T00:00Z',
      'opens 2026-01-07T22:00Z'
    ])
  })

  test('with hours opens for these hours only', () => {
    const short = definition([night], [hoursOn('2026-01-06', '09:00', '12:00')])
    expect(changes(short, '2026-01-06', '2026-01-07')).toEqual(['opens 2026-01-06T09:00Z', 'closes 2026-01-06T12:00Z'])
  })

  test('shares a date with another: their hours add up, and hours win over a closed range', () => {
    const both = definition(
      [office],
      [
        closedOn('2026-01-05', '2026-01-09'),
        hoursOn('2026-01-06', '09:00', '12:00'),
        hoursOn('2026-01-06', '14:00', '24:00')
      ]
    )
    expect(changes(both, '2026-01-05', '2026-01-10')).toEqual([
      'opens 2026-01-06T09:00Z',
      'closes 2026-01-06T12:00Z',
      'opens 2026-01-06T14:00Z',
      'closes 2026-01-07T00:00Z'
    ])
  })

  test('begins where the day begins when midnight itself is skipped', () => {
    const beirut = definition([{ opens: '* * * * *', minutes: 1 }], [closedOn('2022-03-27')], 'Asia/Beirut')
    expect(changes(beirut, '2022-03-26', '2022-03-29')).toEqual([
      'open',
      'closes 2022-03-26T22:00Z',
      'opens 2022-03-27T21:00Z'
    ])
  })

  test('a date that a zone never had is no trouble: Apia went from the 29th to the 31st of December 2011', () => {
    const apia = definition([{ opens: '0 9 * * *', minutes: 480 }], [], 'Pacific/Apia')
    expect(changes(apia, '2011-12-29', '2012-01-01')).toEqual([
      'opens 2011-12-29T19:00Z',
      'closes 2011-12-30T03:00Z',
      'opens 2011-12-30T19:00Z',
      'closes 2011-12-31T03:00Z'
    ])
  })
})

describe('a schedule is refused with the reason and the cure', () => {
  test.each<[string, ScheduleDefinition, RegExp]>([
    ['an unknown zone', definition([office], [], 'Mars/Olympus'), /schedule 'office'.*"Mars\/Olympus".*Europe\/London/],
    ['an empty expression', definition([{ opens: ' ', minutes: 60 }]), /window ' ' is empty: write minute/],
    ['a seconds field', definition([{ opens: '0 30 8 * * MON', minutes: 60 }]), /six fields: leave out the seconds/],
    ['too few fields', definition([{ opens: '30 8', minutes: 60 }]), /has 2 fields, not five/],
    ['every second', definition([{ opens: '@secondly', minutes: 60 }]), /fires every second/],
    ['a date that never comes', definition([{ opens: '0 9 30 2 *', minutes: 60 }]), /can fire.*day of month/],
    ['another such date', definition([{ opens: '0 9 31 4,6 *', minutes: 60 }]), /can fire/],
    ['an hour beyond the day', definition([{ opens: '0 24 * * *', minutes: 60 }]), /'0 24 \* \* \*' is not a cron/],
    ['a time left to chance', definition([{ opens: 'H 9 * * *', minutes: 60 }]), /leaves a time to chance/],
    ['no duration', definition([{ opens: '0 9 * * *', minutes: 0 }]), /stays open for 0 minutes/],
    ['half a minute', definition([{ opens: '0 9 * * *', minutes: 0.5 }]), /stays open for 0.5 minutes/],
    ['a date that does not exist', definition([office], [closedOn('2026-02-30')]), /"2026-02-30" is no date/],
    [
      'a range that ends before it begins',
      definition([office], [closedOn('2026-02-03', '2026-02-01')]),
      /before it begins/
    ],
    ['hours over midnight', definition([office], [hoursOn('2026-02-03', '22:00', '02:00')]), /later on the same day/],
    ['half a pair of hours', definition([office], [{ ...closedOn('2026-02-03'), opensAt: '09:00' }]), /give both/]
  ])('%s', (_fault, faulty, message) => {
    expect(() => compileSchedule(faulty)).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.stringMatching(message) as string })
    )
  })

  test('names with an H in them are no chance: THU and MAR', () => {
    expect(() => compileSchedule(definition([{ opens: '0 9 * MAR,APR THU', minutes: 60 }]))).not.toThrow()
  })

  test('broken, it is never open and tells why', () => {
    expect(brokenSchedule(london, 'no such zone').stateAt(0)).toEqual({
      open: false,
      because: { kind: 'fault', reason: 'no such zone' },
      nextChangeAt: null
    })
  })
})

describe('instants in words', () => {
  test('are written in the zone, and read back', () => {
    const at = Date.UTC(2026, 10, 23, 9)
    expect(formatInstant(at, london)).toBe('Mon 2026-11-23 09:00 Europe/London')
    expect(formatInstant(at, 'no zone')).toBe('Mon 2026-11-23 09:00 UTC')
    expect(parseInstant('2026-11-23 04:00', 'America/New_York')).toBe(at)
    expect(parseInstant('2026-11-23T10:00:00+01:00', 'America/New_York')).toBe(at)
    expect(parseInstant('2026-11-23', 'America/New_York')).toBe(at - 4 * 3_600_000)
    for (const wrong of ['', 'now', '2026-02-30', '2026-11-23 25:00', '2026-11-23T10:61Z', '1764000000']) {
      expect(parseInstant(wrong, london)).toBeUndefined()
    }
  })

  test.each([
    [30_000, '1 min'],
    [35 * 60_000, '35 min'],
    [14 * 3_600_000, '14 h'],
    [72 * 3_600_000, '3 days']
  ])('%d ms is %s', (ms, text) => {
    expect(formatSpan(ms)).toBe(text)
  })
})

describe('agreement', () => {
  test('days match as cron-parser itself matches them', () => {
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
          schedule = compileSchedule(definition([{ opens, minutes: 1 }], [], 'UTC'))
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

  // More on demand: FOLLOWME_ORACLE=100000 npx jest tests/core/schedule
  const comparisons = Number(process.env['FOLLOWME_ORACLE'] ?? 4000)
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
  let before = offset(Date.UTC(2004, 0, 1))
  for (let at = Date.UTC(2004, 0, 1); at < Date.UTC(2028, 0, 1); at += dayMs) {
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
