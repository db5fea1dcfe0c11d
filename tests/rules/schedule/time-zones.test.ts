// The clock of a zone: whose data it goes by, how often they are asked, and what is said of a zone that there is not.
import { clockIn, engineZones, useZoneData, wallClockOf, zoneData } from '../../../src/rules/schedule/time-zones'
import { readZoneData } from '../../../src/system/zone-data'

const [winter, summer] = [Date.UTC(2026, 0, 15), Date.UTC(2026, 6, 15)]

afterEach(() => useZoneData(readZoneData))

test.each([
  ['Europe/London', 0, 60],
  ['America/New_York', -300, -240],
  ['Asia/Kathmandu', 345, 345],
  ['Antarctica/Troll', 0, 120],
  ['utc', 0, 0]
])("in Node.js's data %s is %d minutes ahead of UTC in winter and %d in summer", (zone, inWinter, inSummer) => {
  const offsetAt = engineZones.offsetsOf(zone)
  expect([winter, summer].map((at) => offsetAt?.(at))).toEqual([inWinter * 60_000, inSummer * 60_000])
})

test('Node.js has no clock for an unknown zone', () => {
  expect(engineZones.offsetsOf('Europe/Londres')).toBeUndefined()
  expect(clockIn({ ...engineZones, version: null }, 'Europe/Londres')).toBeUndefined()
})

test('the first zone data that have a zone are used, and are read only once', () => {
  const asked: string[] = []
  const source = (name: string, zones: Readonly<Record<string, number>>) => ({
    ...{ name, version: null },
    offsetsOf: (zone: string) => {
      asked.push(`${name} ${zone}`)
      const offset = zones[zone]
      return offset === undefined ? undefined : () => offset
    }
  })
  const sources = [source('one', { Here: 1000 }), source('other', { Here: 2000, There: 3000 })] as const
  let reads = 0
  useZoneData(() => {
    reads += 1
    return { sources, unread: [], aliasOf: () => undefined, since: 0 }
  })
  expect(reads).toBe(0)
  const clocks = ['Here', 'There'].map(wallClockOf)
  expect(clocks.map((clock) => clock.wallAt(winter) - winter)).toEqual([1000, 3000])
  expect(['Here', 'There'].map(wallClockOf)).toEqual(clocks)
  expect(asked).toEqual(['one Here', 'one There', 'other There'])
  expect([zoneData() === zoneData(), reads]).toEqual([true, 1])
  useZoneData(readZoneData)
  expect(() => wallClockOf('Here')).toThrow('time zone "Here" is unknown')
})

test.each([
  ['Europe/Londres', 'Europe/London'],
  ['UTC+12', 'Pacific/Auckland'],
  ['nowhere at all', 'Europe/London']
])('an unknown zone %j is refused, with %s as an example', (zone, example) => {
  let error: unknown
  try {
    wallClockOf(zone)
  } catch (thrown) {
    error = thrown
  }
  const message = `time zone "${zone}" is unknown: write an IANA zone such as ${example}`
  expect(error).toMatchObject({ code: 'invalid', message })
})
