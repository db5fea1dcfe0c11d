import { formatInstant, formatSpan, startOfDate } from '../../../src/rules/schedule/instant'
import {
  type ExceptionDefinition,
  type ScheduleDefinition,
  type WindowDefinition,
  brokenSchedule,
  compileSchedule
} from '../../../src/rules/schedule/schedule'

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
  test('opens when its cron expression fires, in the zone of the schedule, for so many minutes of local time', () => {
    expect(changes(definition([office]), '2026-11-20', '2026-11-24')).toEqual([
      'opens 2026-11-20T08:30Z',
      'closes 2026-11-20T17:30Z',
      'opens 2026-11-23T08:30Z',
      'closes 2026-11-23T17:30Z'
    ])
  })

  test('belongs to the day on which it opens: Friday night lasts until six on Saturday', () => {
    const night = definition([{ opens: '0 22 * * FRI', minutes: 480 }])
    expect(changes(night, '2026-06-01', '2026-06-08')).toEqual(['opens 2026-06-05T21:00Z', 'closes 2026-06-06T05:00Z'])
  })

  test('keeps its local closing time when the clocks change during it', () => {
    const night = definition([{ opens: '0 22 * * SAT', minutes: 480 }])
    // Seven hours long in spring, nine in autumn: until six by the clock on the wall.
    expect(changes(night, '2026-03-28', '2026-03-30')).toEqual(['opens 2026-03-28T22:00Z', 'closes 2026-03-29T05:00Z'])
    expect(changes(night, '2026-10-24', '2026-10-26')).toEqual(['opens 2026-10-24T21:00Z', 'closes 2026-10-25T06:00Z'])
  })

  test('that would open inside the spring gap opens at its end, and still closes at its local time', () => {
    const early = definition([{ opens: '30 1 * * *', minutes: 60 }])
    expect(changes(early, '2026-03-29', '2026-03-30')).toEqual(['opens 2026-03-29T01:00Z', 'closes 2026-03-29T01:30Z'])
  })

  test('that lies inside the spring gap does not open that night', () => {
    const inside = definition([{ opens: '10 1 * * *', minutes: 30 }])
    expect(changes(inside, '2026-03-29', '2026-03-30')).toEqual([])
  })

  test('in the hour repeated in autumn opens once, the first time', () => {
    const early = definition([{ opens: '15 1 * * *', minutes: 30 }])
    expect(changes(early, '2026-10-25', '2026-10-26')).toEqual(['opens 2026-10-25T00:15Z', 'closes 2026-10-25T00:45Z'])
  })

  test('that closes in the repeated hour closes the first time, so that a hand-over has neither gap nor overlap', () => {
    const late = definition([{ opens: '0 18 * * *', minutes: 450 }])
    const early = definition([{ opens: '30 1 * * *', minutes: 60 }])
    expect(changes(late, '2026-10-25', '2026-10-26').slice(0, 2)).toEqual(['open', 'closes 2026-10-25T00:30Z'])
    expect(changes(early, '2026-10-25', '2026-10-26')[0]).toBe('opens 2026-10-25T00:30Z')
  })

  test('that overlaps or adjoins another makes one opening', () => {
    const both = definition([
      { opens: '0 9 * * *', minutes: 240 },
      { opens: '0 13 * * *', minutes: 60 },
      { opens: '0 12 * * *', minutes: 300 }
    ])
    expect(changes(both, '2026-01-05', '2026-01-06')).toEqual(['opens 2026-01-05T09:00Z', 'closes 2026-01-05T17:00Z'])
  })

  test.each(['* * * * *', '@minutely', '@hourly'])('%s for an hour is always open, and says so', (opens) => {
    const state = compileSchedule(definition([{ opens, minutes: 60 }])).stateAt(Date.UTC(2026, 0, 1))
    expect(state).toEqual({ open: true, because: { kind: 'window', opens, minutes: 60 }, nextChangeAt: null })
  })

  test('on 29 February waits eight years across 2100', () => {
    const leap = compileSchedule(definition([{ opens: '0 9 29 2 *', minutes: 60 }], [], 'UTC'))
    expect(leap.stateAt(Date.UTC(2096, 1, 29, 10)).nextChangeAt).toBe(Date.UTC(2104, 1, 29, 9))
  })

  test('of a year is open at any time of that year', () => {
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

  test('closes its dates from midnight to midnight, and is the reason', () => {
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

  test('ends a window of the evening before at midnight, and cancels one that would open on its date', () => {
    const closed = definition([night], [closedOn('2026-01-06')])
    expect(changes(closed, '2026-01-05', '2026-01-08')).toEqual([
      'open',
      'closes 2026-01-05T06:00Z',
      'opens 2026-01-05T22:00Z',
      'closes 2026-01-06T00:00Z',
      'opens 2026-01-07T22:00Z'
    ])
  })

  test('with hours opens only for these hours', () => {
    const short = definition([night], [hoursOn('2026-01-06', '09:00', '12:00')])
    expect(changes(short, '2026-01-06', '2026-01-07')).toEqual(['opens 2026-01-06T09:00Z', 'closes 2026-01-06T12:00Z'])
  })

  test('can share a date with another: their hours add up, and hours win over a closed range', () => {
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

  test('that begins later is the reason if several close the same date', () => {
    const both = definition(
      [office],
      [closedOn('2026-12-25', '2026-12-25', 'Christmas Day'), closedOn('2026-12-20', '2026-12-31', 'winter break')]
    )
    const reasonOn = (date: string) => compileSchedule(both).stateAt(Date.parse(`${date}T10:00Z`)).because
    expect([reasonOn('2026-12-24'), reasonOn('2026-12-25')]).toMatchObject([
      { label: 'winter break' },
      { label: 'Christmas Day' }
    ])
  })

  test('begins at the start of the day if midnight is skipped', () => {
    const beirut = definition([{ opens: '* * * * *', minutes: 1 }], [closedOn('2022-03-27')], 'Asia/Beirut')
    expect(changes(beirut, '2022-03-26', '2022-03-29')).toEqual([
      'open',
      'closes 2022-03-26T22:00Z',
      'opens 2022-03-27T21:00Z'
    ])
  })

  test('a date that a zone skipped does no harm: Apia went from the 29th to the 31st of December 2011', () => {
    const apia = definition([{ opens: '0 9 * * *', minutes: 480 }], [], 'Pacific/Apia')
    expect(changes(apia, '2011-12-29', '2012-01-01')).toEqual([
      'opens 2011-12-29T19:00Z',
      'closes 2011-12-30T03:00Z',
      'opens 2011-12-30T19:00Z',
      'closes 2011-12-31T03:00Z'
    ])
  })
})

describe('a row of a schedule is refused with the reason and the cure', () => {
  test.each<[string, ScheduleDefinition, RegExp]>([
    ['an unknown zone', definition([office], [], 'Mars/Olympus'), /schedule 'office'.*"Mars\/Olympus".*Europe\/London/],
    ['an empty expression', definition([{ opens: ' ', minutes: 60 }]), /window ' ' is empty: write minute/],
    ['a seconds field', definition([{ opens: '0 30 8 * * MON', minutes: 60 }]), /six fields: leave out the seconds/],
    ['too few fields', definition([{ opens: '30 8', minutes: 60 }]), /has 2 fields, not five/],
    ['every second', definition([{ opens: '@secondly', minutes: 60 }]), /fires every second/],
    ['a date that never comes', definition([{ opens: '0 9 30 2 *', minutes: 60 }]), /can fire.*day of month/],
    ['another date that never comes', definition([{ opens: '0 9 31 4,6 *', minutes: 60 }]), /can fire/],
    ['an hour beyond the day', definition([{ opens: '0 24 * * *', minutes: 60 }]), /'0 24 \* \* \*' is not a cron/],
    ['the random H', definition([{ opens: 'H 9 * * *', minutes: 60 }]), /leaves a time to chance/],
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
    const { faults } = compileSchedule(faulty)
    expect(faults).toEqual([expect.stringMatching(message)])
    expect(faults[0]).toContain("schedule 'office': ")
  })

  test('names that contain an H, THU and MAR, are not random', () => {
    expect(compileSchedule(definition([{ opens: '0 9 * MAR,APR THU', minutes: 60 }])).faults).toEqual([])
  })

  test('and the other rows still apply', () => {
    const mixed = definition(
      [
        { opens: '0 25 * * *', minutes: 60 },
        { opens: '0 9 * * *', minutes: 60 },
        { opens: '', minutes: 60 }
      ],
      [closedOn('2026-02-30'), closedOn('2026-02-04')]
    )
    expect(compileSchedule(mixed).faults).toHaveLength(3)
    expect(changes(mixed, '2026-02-03', '2026-02-06')).toEqual([
      'opens 2026-02-03T09:00Z',
      'closes 2026-02-03T10:00Z',
      'opens 2026-02-05T09:00Z',
      'closes 2026-02-05T10:00Z'
    ])
  })

  test('and a broken schedule is never open, with the reason', () => {
    expect(brokenSchedule(london, 'no such zone').stateAt(0)).toEqual({
      open: false,
      because: { kind: 'fault', reason: 'no such zone' },
      nextChangeAt: null
    })
  })
})

describe('instants as text', () => {
  test('are shown in the zone', () => {
    const at = Date.UTC(2026, 10, 23, 9)
    expect(formatInstant(at, london)).toBe('Mon 2026-11-23 09:00 Europe/London')
    expect(formatInstant(at, 'no zone')).toBe('Mon 2026-11-23 09:00 UTC')
  })

  test.each([
    [30_000, '1 min'],
    [35 * 60_000, '35 min'],
    [14 * 3_600_000, '14 h'],
    [72 * 3_600_000, '3 days'],
    [90 * 60_000, '2 h'],
    [48 * 3_600_000, '2 days']
  ])('%d ms is %s', (ms, text) => {
    expect(formatSpan(ms)).toBe(text)
  })
})
