// Schedules compared with an oracle that watches the clock on the wall, minute by minute. `npm test` compares 100,000 pairs of
// schedule and instant, `npm run test:unit` a few. More: FOLLOWME_ORACLE=1000000 npx jest tests/rules/schedule/schedule-agreement
import { type Schedule, compileSchedule } from '../../../src/rules/schedule/schedule'
import { useZoneData } from '../../../src/rules/schedule/time-zones'
import { packagedZones } from '../../../src/system/packaged-zones'
import {
  anyBase,
  anyException,
  anySchedule,
  anySparseWindow,
  clockChanges,
  cronOf,
  dayMs,
  generator,
  hourMs,
  minuteMs,
  zones
} from './any-schedules'
import { type Log, type OracleSchedule, nextFlip, readZonesFrom, wasOpen, watch } from './schedule-oracle'
import { givenZones } from '../../zones/compiled-zones'

const pairs = Number(process.env['FOLLOWME_ORACLE'] ?? 2000)
const seed = Number(process.env['FOLLOWME_ORACLE_SEED'] ?? 20_261_122)

// The oracle's zone data are of the package's release.
readZonesFrom(givenZones())
beforeAll(() => useZoneData(() => ({ sources: [packagedZones()], unread: [], aliasOf: () => undefined, since: 0 })))

describe('a compiled schedule agrees with an independent oracle', () => {
  test(`whether it is open and until when, at ${pairs} instants in ${zones.length} zones, a third near a clock change`, () => {
    const random = generator(seed)
    const disagreements: string[] = []
    let nearAChange = 0
    let compared = 0
    for (let turn = 0; compared < pairs; turn++) {
      const zone = zones[turn % zones.length]!
      const base = anyBase(zone, random)
      const schedule = anySchedule(zone, base, random)
      const compiled = compile(schedule)
      const log = watch(schedule, base - 7 * dayMs, base + 7 * dayMs)
      for (let each = 0; each < 40 && compared < pairs; each++, compared++) {
        const spread = each % 5 === 0 ? 6 * dayMs : 2 * hourMs
        const any = Math.floor(base + (random() * 2 - 1) * spread)
        // Now and then the very millisecond at which something changes.
        const at = each % 8 === 1 ? (nextFlip(log, any) ?? any) : any
        if (clockChanges(zone).some((change) => Math.abs(change - at) <= 2 * hourMs)) nearAChange++
        disagreements.push(...disagreement(compiled, log, at, schedule))
      }
    }
    expect(disagreements.slice(0, 3)).toEqual([])
    expect(nearAChange / compared).toBeGreaterThan(1 / 3)
  }, 600_000)

  const years = Math.ceil(pairs / 2000)
  test(`about what is months away, through ${years} years of windows that seldom open`, () => {
    const random = generator(seed + 1)
    const disagreements: string[] = []
    for (let turn = 0; turn < years; turn++) {
      const zone = zones[turn % zones.length]!
      const base = anyBase(zone, random)
      const schedule: OracleSchedule = {
        zone,
        windows: [anySparseWindow(random), anySparseWindow(random)],
        exceptions: [anyException(zone, base, random, 400), anyException(zone, base, random, 400)]
      }
      const log = watch(schedule, base, base + 400 * dayMs)
      const compiled = compile(schedule)
      for (let each = 0; each < 100; each++) {
        const at = Math.floor(base + random() * 365 * dayMs)
        disagreements.push(...disagreement(compiled, log, at, schedule))
      }
    }
    expect(disagreements.slice(0, 3)).toEqual([])
  }, 600_000)
})

function compile({ zone, windows, exceptions }: OracleSchedule): Schedule {
  return compileSchedule({
    name: 'random',
    timeZone: zone,
    windows: windows.map((window) => ({ opens: cronOf(window), minutes: window.minutes })),
    exceptions: exceptions.map((exception) => ({ ...exception, label: null }))
  })
}

/** In words, and enough to repeat it; nothing where both say the same. */
function disagreement(compiled: Schedule, log: Log, at: number, schedule: OracleSchedule): string[] {
  const { open, nextChangeAt } = compiled.stateAt(at)
  const seen = { open: wasOpen(log, at), nextChangeAt: nextFlip(log, at) }
  // Beyond the end of the log both may be right.
  const end = log.from + log.open.length * minuteMs
  const sameChange = seen.nextChangeAt === (nextChangeAt !== null && nextChangeAt < end ? nextChangeAt : null)
  if (open === seen.open && sameChange) return []
  return [JSON.stringify({ at: new Date(at).toISOString(), said: { open, nextChangeAt }, seen, schedule })]
}
