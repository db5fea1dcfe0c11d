// Instants and lengths of time as people write them. Expected instants were worked out by hand from each zone's rules.
import { type Duration, dayOfDate, parseDuration, parseInstant, shifted } from '../../../src/rules/schedule/instant'

const london = 'Europe/London'
const losAngeles = 'America/Los_Angeles'

const utc = (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`)
const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString().slice(0, 19))

describe('on Mon 2026-11-23 at 18:20 in London', () => {
  const now = utc('2026-11-23 18:20')

  test.each([
    ['2026-11-23T09:00Z', '2026-11-23T09:00:00'],
    ['2026-11-23T09:00:05.250Z', '2026-11-23T09:00:05'],
    ['2026-11-23T09:00:05Z', '2026-11-23T09:00:05'],
    ['2026-11-23t09:00z', '2026-11-23T09:00:00'],
    ['2026-11-23 09:00+01:00', '2026-11-23T08:00:00'],
    ['2026-11-23T09:00-0330', '2026-11-23T12:30:00'],
    ['2026-11-23T09:00+05', '2026-11-23T04:00:00'],
    ['2026-11-23T09:00+01:59', '2026-11-23T07:01:00'],
    ['2026-11-23T09:00+23:00', '2026-11-22T10:00:00'],
    ['2026-11-23 09:00', '2026-11-23T09:00:00'],
    ['2026-11-23 9:00', '2026-11-23T09:00:00'],
    ['2026-11-23', '2026-11-23T00:00:00'],
    [' 2026-11-23 24:00 ', '2026-11-24T00:00:00'],
    ['20:00', '2026-11-23T20:00:00'],
    ['9:30', '2026-11-23T09:30:00'],
    ['today', '2026-11-23T00:00:00'],
    ['Today 20:00', '2026-11-23T20:00:00'],
    ['yesterday', '2026-11-22T00:00:00'],
    ['yesterday 18:00', '2026-11-22T18:00:00'],
    ['tomorrow 9:05', '2026-11-24T09:05:00'],
    ['now', '2026-11-23T18:20:00'],
    ['2h', '2026-11-23T16:20:00'],
    ['2H', '2026-11-23T16:20:00'],
    ['-2h', '2026-11-23T16:20:00'],
    ['2h ago', '2026-11-23T16:20:00'],
    ['+2h', '2026-11-23T20:20:00'],
    ['+1h30m', '2026-11-23T19:50:00'],
    ['1w', '2026-11-16T18:20:00'],
    ['90s', '2026-11-23T18:18:30']
  ])('%j is %s', (text, expected) => {
    expect(iso(parseInstant(text, london, now)?.at)).toBe(expected)
  })

  test.each([
    '',
    ' ',
    '2026-02-30',
    '2026-11-23 25:00',
    '2026-11-23T10:61Z',
    '2026-11-23 10:00:60',
    '2026-11-23 10:00:61',
    '2026-11-23 10:00+24:00',
    '2026-11-23 10:00+01:60',
    'know',
    'nowadays',
    '20:00Z',
    'yesterday 10:00Z',
    '1764000000',
    '2M',
    '2 h',
    'in 2h',
    '0h',
    '+2h ago',
    '+',
    'last week',
    'noon',
    '23.11.2026',
    '11/23/2026',
    '2026-11-2310:00'
  ])('%j is not an instant', (text) => {
    expect(parseInstant(text, london, now)).toBeUndefined()
  })

  test('an impossible date is an error that names it', () => {
    expect(() => dayOfDate('2026-02-30')).toThrow('date "2026-02-30" is not in the calendar: write YYYY-MM-DD')
  })

  test('today is today in the zone', () => {
    // 10:20 in the morning there; at 02:00 UTC it is still the day before.
    expect(iso(parseInstant('today', losAngeles, now)?.at)).toBe('2026-11-23T08:00:00')
    expect(iso(parseInstant('today', losAngeles, utc('2026-11-24 02:00'))?.at)).toBe('2026-11-23T08:00:00')
    expect(iso(parseInstant('today', 'no zone', now)?.at)).toBe('2026-11-23T00:00:00')
  })

  test('an instant says whether its reading depends on the zone', () => {
    const local = (text: string) => parseInstant(text, london, now)?.isLocal
    expect(['9:30', '2026-11-23', 'yesterday', '1d', '+1w'].map(local)).toEqual([true, true, true, true, true])
    expect(['now', '2h', '2026-11-23T09:00Z', '2026-11-23 09:00+00:00'].map(local)).toEqual(Array(4).fill(false))
  })
})

describe('at a clock change', () => {
  test('a skipped time of day is read as the end of the gap, with a remark', () => {
    expect(parseInstant('2026-03-08 02:30', losAngeles, 0)).toEqual({
      at: utc('2026-03-08 10:00'),
      isLocal: true,
      remark: 'the clocks of America/Los_Angeles skip 2026-03-08 02:30: read as 2026-03-08 03:00'
    })
  })

  test('a repeated time of day is read as the first, with a remark that names both', () => {
    expect(parseInstant('2026-11-01 01:30', losAngeles, 0)).toEqual({
      at: utc('2026-11-01 08:30'),
      isLocal: true,
      remark:
        'the clocks of America/Los_Angeles show 2026-11-01 01:30 twice: read as the first, 2026-11-01T08:30Z; the second is 2026-11-01T09:30Z'
    })
  })

  test.each([
    ['2026-03-08 01:59', losAngeles],
    ['2026-03-08 03:00', losAngeles],
    ['2026-11-01 00:59', losAngeles],
    ['2026-11-01 02:00', losAngeles],
    ['2026-10-31 12:00', losAngeles],
    ['2026-11-01T08:30Z', losAngeles],
    // Lord Howe Island goes back by half an hour: 01:30 to 02:00 come twice, 01:20 does not.
    ['2026-04-05 01:20', 'Australia/Lord_Howe']
  ])('%s in %s is unambiguous and gets no remark', (text, zone) => {
    expect(parseInstant(text, zone, 0)).not.toHaveProperty('remark')
  })

  test('a repeated half hour gets a remark too', () => {
    expect(parseInstant('2026-04-05 01:45', 'Australia/Lord_Howe', 0)?.remark).toContain(
      'the second is 2026-04-04T15:15Z'
    )
  })
})

describe('a length of time', () => {
  test.each<[string, Duration]>([
    ['30m', { days: 0, ms: 30 * 60_000 }],
    ['2h', { days: 0, ms: 2 * 3_600_000 }],
    ['1h30m', { days: 0, ms: 90 * 60_000 }],
    ['3d', { days: 3, ms: 0 }],
    ['2W', { days: 14, ms: 0 }],
    ['1d12h', { days: 1, ms: 12 * 3_600_000 }],
    ['45S', { days: 0, ms: 45_000 }],
    ['1000d1s', { days: 1000, ms: 1000 }],
    ['36525d', { days: 36_525, ms: 0 }],
    ['876600h', { days: 0, ms: 876_600 * 3_600_000 }]
  ])('%s', (text, expected) => {
    expect(parseDuration(text)).toEqual(expected)
  })

  test.each([
    '',
    '0m',
    '2',
    'h',
    '2h30',
    '2 hours',
    '-2h',
    '1.5h',
    '2M',
    '36526d',
    '876601h',
    '36525d1s',
    '999999d',
    '1y'
  ])('%j is not a length of time', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  test.each([
    // The last Sunday of March has 23 hours in London, that of October 25.
    ['2027-03-27 18:00', london, '1d', '2027-03-28 17:00'],
    ['2026-10-22 11:00', london, '7d', '2026-10-29 12:00'],
    ['2026-10-24 17:00', london, '1d', '2026-10-25 18:00'],
    ['2026-10-24 17:00', london, '24h', '2026-10-25 17:00'],
    ['2026-03-07 20:00', losAngeles, '1d', '2026-03-08 19:00'],
    ['2026-03-07 20:00', losAngeles, '1d2h', '2026-03-08 21:00'],
    ['2026-10-25 01:30', london, '1h', '2026-10-25 02:30'],
    ['2026-06-01 12:00', london, '2w', '2026-06-15 12:00'],
    ['2026-03-07 10:30', losAngeles, '1d', '2026-03-08 10:00'],
    ['2026-06-01 12:00', 'no zone', '1d', '2026-06-02 12:00']
  ])('from %sZ in %s, %s later is %sZ', (from, zone, text, to) => {
    const duration = parseDuration(text)
    expect(duration === undefined ? undefined : iso(shifted(utc(from), duration, zone))).toBe(iso(utc(to)))
  })

  test('days backwards follow the clock too', () => {
    expect(iso(shifted(utc('2026-10-29 12:00'), { days: 7, ms: 0 }, london, -1))).toBe('2026-10-22T11:00:00')
  })
})
