// With made-up copies of the zone data that disagree: which difference is reported, and since when.
import { disagreements, zoneFaults } from '../../../src/rules/check/zones'
import { indexOf } from '../../../src/rules/rule-tables'
import { type ZoneSource, useZoneData } from '../../../src/rules/schedule/time-zones'
import { readZoneData } from '../../../src/system/zone-data'
import { rulesAfter } from '../given-rules'

const now = Date.UTC(2026, 10, 22, 12)
const dayMs = 86_400_000

/** Data in which Europe/London is so many hours ahead of UTC: at first, then from each day on, counted from `now`. */
function source(
  name: string,
  first: number,
  ...changes: readonly (readonly [day: number, hours: number])[]
): ZoneSource {
  return {
    name,
    version: name === 'the others' ? null : '2026a',
    offsetsOf: (timeZone) =>
      timeZone === 'Europe/London'
        ? (instant) => (changes.findLast(([day]) => now + day * dayMs <= instant)?.[1] ?? first) * 3_600_000
        : undefined
  }
}

function given(used: ZoneSource, ...others: readonly ZoneSource[]): void {
  useZoneData(() => ({ sources: [used, ...others], unread: [], aliasOf: () => undefined, since: 0 }))
}

afterEach(() => useZoneData(readZoneData))

const summer = [
  [-30, 0],
  [130, 1]
] as const

test.each<[string, ZoneSource, string | undefined]>([
  ['the same', source('theirs', 1, ...summer), undefined],
  ['different until last month', source('theirs', 2, ...summer), undefined],
  ['different since a change that only it has', source('theirs', 1, ...summer, [-10, 2]), 'since 2026-11-12 12:00 UTC'],
  ['different since a change that it lacks', source('theirs', 1, [130, 1]), 'since 2026-10-23 12:00 UTC'],
  ['different from now on', source('theirs', 1, ...summer, [0, 2]), 'since 2026-11-22 12:00 UTC'],
  ['different once, and again', source('theirs', 1, [-300, 2], [-200, 1], [-30, 3]), 'since 2026-10-23 12:00 UTC'],
  [
    'different, and then different in another way',
    source('theirs', 1, [-300, 2], [-200, 3]),
    'since 2026-01-26 12:00 UTC'
  ],
  ['different for more than a year', source('theirs', 5), 'since 2025-11-21 12:00 UTC'],
  [
    'different from a future change that only it has',
    source('theirs', 1, [-30, 0], [100, 1]),
    'from 2027-03-02 12:00 UTC'
  ],
  [
    'different from a future change that it lacks',
    source('theirs', 1, [-30, 0], [150, 1]),
    'from 2027-04-01 12:00 UTC'
  ],
  ['different in more than a year', source('theirs', 1, ...summer, [367, 2]), undefined],
  ['missing', { name: 'theirs', version: '2026a', offsetsOf: () => undefined }, undefined]
])('another copy of the zone data has the zone %s', (_, theirs, since) => {
  given(source('ours', 1, ...summer), theirs)
  const found = disagreements(['Europe/London', 'Mars/Base'], now)
  expect(found.map(({ timeZone }) => timeZone)).toEqual(since === undefined ? [] : ['Europe/London'])
  if (since !== undefined) expect(found[0]?.message).toMatch(new RegExp(`^${since} 2026a of theirs has UTC`))
})

test('check warns about each copy that disagrees, with its offset', () => {
  given(source('ours', 0), source('theirs', 1), source('the others', 0, [10, -2.5]), source('ours, too', 0))
  expect(zoneFaults(indexOf(rulesAfter('')), now)).toEqual([
    {
      table: 'time zones',
      key: 'Europe/London',
      level: 'warning',
      message:
        'since 2025-11-21 12:00 UTC 2026a of theirs has UTC+01:00, not UTC; ' +
        'from 2026-12-02 12:00 UTC data of an unknown release of the others has UTC-02:30, not UTC; followme goes by 2026a of ours',
      cure: 'update tzdata, Node.js or followme, whichever is older, so that all programs of this machine agree'
    }
  ])
})
