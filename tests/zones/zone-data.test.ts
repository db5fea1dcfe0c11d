// Which of several copies of the zone data decides, what names it takes, and what becomes of it when one is replaced.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { disagreements } from '../../src/rules/check/zones'
import { compileSchedule } from '../../src/rules/schedule/schedule'
import { type ZoneData, useZoneData, wallClockOf, zoneData } from '../../src/rules/schedule/time-zones'
import { ScheduleCache } from '../../src/store/rules/schedule-cache'
import { packagedZones } from '../../src/system/packaged-zones'
import { zoneVersion } from '../../src/system/system-zones'
import { compareVersions, newerUnread, readZoneData } from '../../src/system/zone-data'
import type { ZoneWatch } from '../../src/system/zone-watch'
import { followZoneUpdates } from '../../src/zone-updates'
import { until } from '../sandbox/child'
import { compile, givenZones, sourceText, zoneNames } from './compiled-zones'
import { fakeLog } from '../fake-log'

const hourMs = 3_600_000
const packagedVersion = packagedZones().version ?? ''
const tokyoUntilNow = '9 JP J%sT\n'
/** The database with another law for Tokyo: ten hours ahead of UTC from 1 March 2027 on. */
const newLaw = sourceText
  .replace(/^# version \S+/, '# version 2099a')
  .replace(tokyoUntilNow, `${tokyoUntilNow.trimEnd()} 2027 Mar\n10 - +10\n`)
const oldData = sourceText.replace(/^# version \S+/, '# version 2020a')

const newer = givenZones(newLaw)
const older = givenZones(oldData)
const empty = mkdtempSync(join(tmpdir(), 'followme-no-zones-'))
afterAll(() => rmSync(empty, { recursive: true, force: true }))

const used = ({ sources }: ZoneData) => `${sources[0].version ?? ''} of ${sources[0].name}`
const use = (TZDIR: string) => useZoneData(() => readZoneData({ TZDIR }))
const offset = (zone: string, at: string) => (wallClockOf(zone).wallAt(Date.parse(at)) - Date.parse(at)) / hourMs

test("the newest zone data are used: the system's, or else those of the package; Node.js's are a third copy", () => {
  expect(used(readZoneData({ TZDIR: newer }))).toBe(`2099a of the system (${newer})`)
  expect(used(readZoneData({ TZDIR: older }))).toBe(`${packagedVersion} of moment-timezone`)
  expect(readZoneData({ TZDIR: older }).sources.map(({ version }) => version)).toContain(process.versions['tz'])
})

test.each([empty, join(empty, 'missing'), '/dev/null'])(
  'without zone data of the system in %s, the data of the package are used',
  (TZDIR) => {
    const read = readZoneData({ TZDIR })
    expect(used(read)).toBe(`${packagedVersion} of moment-timezone`)
    useZoneData(() => read)
    expect(offset('Europe/London', '2027-07-01T00:00Z')).toBe(1)
  }
)

test('newer system data that cannot be read are reported with the cure', () => {
  const broken = mkdtempSync(join(tmpdir(), 'followme-broken-zones-'))
  try {
    mkdirSync(join(broken, 'Europe'))
    writeFileSync(join(broken, 'Europe/London'), 'no zone at all')
    writeFileSync(join(broken, '+VERSION'), '2099a\n')
    expect(newerUnread(readZoneData({ TZDIR: broken }))).toMatchObject([{ version: '2099a', cure: 'reinstall tzdata' }])
  } finally {
    rmSync(broken, { recursive: true })
  }
})

test.each([
  ['tzdata.zi', '# version 2026f\n# This zic input file is in the public domain.\n', '2026f'],
  ['+VERSION', '2026f\n', '2026f'],
  ['version', '2026f', '2026f'],
  ['tzdata.zi', '# version unknown\n', null],
  ['tzdata.zi', '', null]
])('release in %s: %j is %s', (file, text, version) => {
  const directory = mkdtempSync(join(tmpdir(), 'followme-version-'))
  try {
    writeFileSync(join(directory, file), text)
    expect(zoneVersion(directory)).toBe(version)
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('releases are ordered by age', () => {
  const inOrder = [null, '2019c', '2025b', '2025c', '2026a', '2026f', '2026z', '2026za', '2027a']
  for (const [at, older] of inOrder.entries()) {
    expect(compareVersions(older, older)).toBe(0)
    for (const later of inOrder.slice(at + 1)) {
      expect([compareVersions(older, later), compareVersions(later, older)]).toEqual([-1, 1])
    }
  }
})

describe.each([
  ['the data of the system', newer],
  ['the data of the package', older]
])('with %s', (_, directory) => {
  beforeEach(() => use(directory))

  test('every name of the database is a zone, in any case', () => {
    const isSame = (zone: string) =>
      [zone.toLowerCase(), zone.toUpperCase()].every((name) => {
        const at = Date.UTC(2026, 6, 1)
        return wallClockOf(name).wallAt(at) === wallClockOf(zone).wallAt(at)
      })
    expect(zoneNames.filter((zone) => !isSame(zone))).toEqual([])
  })

  test.each([
    'UTC+2',
    'GMT+1',
    'Z',
    'local',
    'localtime',
    'posixrules',
    'Factory',
    'posix/Europe/London',
    'right/Europe/London',
    'Europe',
    'Europe/Londn',
    'Europe/London/',
    'tzdata.zi',
    '../../etc/passwd',
    'CEST',
    ''
  ])('%j is not a zone', (zone) => expect(() => wallClockOf(zone)).toThrow('write an IANA zone such as'))
})

test("a zone name that the system lacks is an alias in the system's data if its zone is there", () => {
  // Debian has the old names in a package of their own.
  const without = givenDirectoryOf(newer, ['Asia/Tokyo', 'Europe/London', 'America/Los_Angeles'])
  try {
    use(without)
    expect(used(zoneData())).toContain('2099a')
    expect(offset('Japan', '2027-06-01T00:00Z')).toBe(10)
    expect(offset('US/Pacific', '2027-06-01T00:00Z')).toBe(-7)
    expect(offset('PST', '2027-06-01T00:00Z')).toBe(-7)
    // It is not there by any name: the next newest know it.
    expect(offset('America/Vancouver', '2026-12-01T12:00Z')).toBe(-7)
  } finally {
    rmSync(without, { recursive: true })
  }
})

function givenDirectoryOf(directory: string, zones: readonly string[]): string {
  const copy = mkdtempSync(join(tmpdir(), 'followme-few-zones-'))
  for (const zone of zones) {
    mkdirSync(join(copy, zone, '..'), { recursive: true })
    symlinkSync(join(directory, zone), join(copy, zone))
  }
  symlinkSync(join(directory, '+VERSION'), join(copy, '+VERSION'))
  return copy
}

test('if copies disagree within a year, the zone, the date and the difference are reported', () => {
  use(newer)
  const at = (date: string) =>
    disagreements(['Asia/Tokyo', 'Europe/London', 'Mars/Olympus'], Date.parse(date)).map(({ message }) => message)
  const difference = `2027-02-28 15:00 UTC ${packagedVersion} of moment-timezone has UTC+09:00, not UTC+10:00`
  expect(at('2026-02-01')).toEqual([])
  expect(at('2026-11-28')).toHaveLength(1)
  expect(at('2026-11-28')[0]).toContain(`from ${difference}`)
  expect(at('2026-11-28')[0]).toContain(`followme goes by 2099a of the system (${newer})`)
  expect(at('2027-04-01')[0]).toContain(`since ${difference}`)
})

describe('a running followme', () => {
  let watch: ZoneWatch | undefined
  afterEach(() => watch?.stop())

  test('switches to new data of the system, and so do its schedules', async () => {
    const directory = givenCopy()
    const log = fakeLog()
    let replaced = 0
    watch = followZoneUpdates({
      log,
      zonesInUse: () => ['Asia/Tokyo', 'Mars/Olympus'],
      replaced: () => (replaced += 1),
      watch: { env: { TZDIR: directory }, everyMs: 5 }
    })
    const cache = new ScheduleCache(log)
    const text = { name: 'day', time_zone: 'Asia/Tokyo', windows: '[["0 9 * * *",60]]', exceptions: null }
    const isOpen = (at: string) => cache.compile(text).stateAt(Date.parse(at)).open
    expect(isOpen('2027-06-01T00:30Z')).toBe(true)
    expect(used(zoneData())).toContain('moment-timezone')
    compile(newLaw, directory)
    await until('the new data', () => replaced === 1)
    expect(used(zoneData())).toContain('2099a')
    expect([isOpen('2027-06-01T00:30Z'), isOpen('2027-05-31T23:30Z')]).toEqual([false, true])
    expect(log.texts.filter((text) => !text.startsWith('debug '))).toEqual([
      'info time zone data',
      expect.stringMatching(/^info .*were replaced/)
    ])
  })
})

function givenCopy(): string {
  const directory = mkdtempSync(join(tmpdir(), 'followme-upgraded-'))
  copies.push(directory)
  compile(oldData, directory)
  return directory
}
const copies: string[] = []
afterAll(() => copies.forEach((each) => rmSync(each, { recursive: true, force: true })))

describe('changes in the law in 2026, by the data that followme uses', () => {
  beforeEach(() => useZoneData(readZoneData))

  test.each([
    ['America/Vancouver', '2026-12-01T15:30Z', true],
    ['America/Vancouver', '2026-12-02T00:30Z', false],
    ['America/Edmonton', '2026-12-01T14:30Z', true],
    ['America/Edmonton', '2026-12-01T23:30Z', false],
    ['Africa/Casablanca', '2026-12-01T16:30Z', true],
    ['US/Pacific', '2026-12-01T15:30Z', false],
    ['america/vancouver', '2026-12-01T15:30Z', true]
  ])('weekdays from 8:00 for nine hours in %s: open at %s: %s', (timeZone, at, open) => {
    const windows = [{ opens: '0 8 * * MON-FRI', minutes: 540 }]
    const schedule = compileSchedule({ name: 'office', timeZone, windows, exceptions: [] })
    expect(schedule.stateAt(Date.parse(at)).open).toBe(open)
  })

  test('British Columbia does not change its clocks in November 2026', () => {
    const changes = wallClockOf('America/Vancouver').changesBetween(Date.UTC(2026, 9, 25), Date.UTC(2027, 9, 25))
    expect(changes).toEqual([])
  })
})
