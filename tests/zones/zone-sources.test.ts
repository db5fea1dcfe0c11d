// Each copy of the zone data against the database's own text and tools, in every zone.
import { spawnSync } from 'node:child_process'
import { type ZoneSource, clockIn } from '../../src/rules/schedule/time-zones'
import { aliasOf, packagedZones } from '../../src/system/packaged-zones'
import { systemZones } from '../../src/system/system-zones'
import { generator } from '../rules/schedule/any-schedules'
import { changesOf, givenZones, offsetOf, readAllZones, sourceVersion, zoneNames } from './compiled-zones'

const seed = Number(process.env['FOLLOWME_ORACLE_SEED'] ?? 20_261_122)
const directory = givenZones()
const packaged = packagedZones()
const years = '2019,2040'
beforeAll(() => readAllZones(directory, years))

let read: ZoneSource | undefined

/** One for all cases: it remembers each zone that it has read. */
function system(): ZoneSource {
  const source = read ?? systemZones(directory, aliasOf)
  if ('reason' in source) throw new Error(source.reason)
  return (read = source)
}

test("the text of the zone database has the package's release (to update it, copy a newer tzdata.zi)", () => {
  expect(sourceVersion).toBe(packaged.version)
  expect(zoneNames.length).toBeGreaterThan(590)
})

/** Zones with an instant at which a source has another offset than the database's text. */
function wrongIn(source: ZoneSource, instants: (zone: string) => readonly number[]): string[] {
  return zoneNames.filter((zone) => {
    const clock = clockIn(source, zone)
    return (
      clock === undefined || instants(zone).some((at) => clock.wallAt(at) - at !== offsetOf(directory, zone, at, years))
    )
  })
}

/** Of each zone; more on demand: FOLLOWME_INSTANTS=100 npx jest zone-sources */
const instantsPerZone = Number(process.env['FOLLOWME_INSTANTS'] ?? 8)

/** Random instants from 2020 to 2037, and the change of the clocks after each, to the millisecond. */
function anyInstants(random: () => number): (zone: string) => number[] {
  const [from, to] = [Date.UTC(2020, 0, 1), Date.UTC(2038, 0, 1)]
  return (zone) =>
    Array.from({ length: instantsPerZone }, () => {
      const any = Math.floor(from + random() * (to - from))
      const change = changesOf(directory, zone, years).find(({ at }) => at > any)?.at ?? any
      return [any, change - 1, change]
    }).flat()
}

test("the package's data have the database's offset in every zone, at random instants and at clock changes", () => {
  expect(wrongIn(packaged, anyInstants(generator(seed)))).toEqual([])
})

test("so do the system's data, which are read by other code", () => {
  expect(wrongIn(system(), anyInstants(generator(seed + 1)))).toEqual([])
})

// Python has a reader of zone files of its own; zdump reads them as the C library does. `zone second…` a line → offsets in seconds.
const python = `
import sys, zoneinfo
from datetime import datetime
for line in sys.stdin:
    name, *seconds = line.split()
    with open(sys.argv[1] + '/' + name, 'rb') as file:
        zone = zoneinfo.ZoneInfo.from_file(file)
    offsets = [datetime.fromtimestamp(int(each), zone).utcoffset() for each in seconds]
    print(*[int(each.total_seconds()) for each in offsets])
`
const hasPython = spawnSync('python3', ['-c', 'import zoneinfo']).status === 0

;(hasPython ? test : test.skip)(
  'so does a third reader, which shares no code with zdump',
  () => {
    const source = system()
    const instants = anyInstants(generator(seed + 2))
    const asked = zoneNames.map((zone) => ({ zone, seconds: instants(zone).map((at) => Math.floor(at / 1000)) }))
    const { stdout, stderr } = spawnSync('python3', ['-c', python, directory], {
      encoding: 'utf8',
      input: asked.map(({ zone, seconds }) => [zone, ...seconds].join(' ')).join('\n')
    })
    expect(stderr).toBe('')
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(zoneNames.length)
    const wrong = asked.filter(({ zone, seconds }, index) => {
      const clock = clockIn(source, zone)
      return seconds.map((at) => ((clock?.wallAt(at * 1000) ?? NaN) - at * 1000) / 1000).join(' ') !== lines[index]
    })
    expect(wrong.map(({ zone }) => zone)).toEqual([])
  },
  120_000
)
