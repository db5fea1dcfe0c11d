// Decides calls on a database, and prints as JSON how long that took. A process of its own, as serve is:
// decisions.ts FILE NUMBERS
import { decide } from '../../src/rules/decide'
import { useZoneData } from '../../src/rules/schedule/time-zones'
import { openDatabase } from '../../src/store/database/database'
import { SqliteRuleStore } from '../../src/store/rules/rule-store'
import { readZoneData } from '../../src/system/zone-data'
import { type BenchCall, type Spread, anyCalls } from './calls'
import { type Figures, Stopwatch } from './stopwatch'
import { scheduleName, sizeOf } from './site'
import { fakeLog } from '../fake-log'

/** All times in microseconds, all sizes in bytes. */
export interface Measured {
  /** The very first decision of the process, then a thousand that meet mostly schedules not asked for before. */
  readonly first: number
  readonly cold: Figures
  /** When all schedules have been asked for; `listed`: the numbers that ask who calls. */
  readonly uniform: Figures
  readonly listed: Figures
  readonly zipf: Figures
  /** Each right after another connection has edited one of a few schedules: mostly not the one that is asked for. */
  readonly afterEdit: Figures
  /** 40 days later: every schedule's next stretch of days is laid out. */
  readonly nextMonth: Figures
  readonly schedulesKept: number
  readonly outcomes: Readonly<Record<string, number>>
  /** After the warm calls, and how much of it was not there before the first one. */
  readonly heap: number
  readonly heapGrowth: number
  readonly rss: number
  readonly rssGrowth: number
}

// A Monday morning in London, and a call every 20 ms.
const start = Date.UTC(2026, 10, 23, 10)
const everyMs = 20
const nothing = () => undefined

async function measure(file: string, numbers: number): Promise<Measured> {
  useZoneData(readZoneData)
  const size = sizeOf(numbers)
  const reading = openDatabase(file)
  const writing = openDatabase(file)
  const store = new SqliteRuleStore(reading, fakeLog())
  const outcomes: Record<string, number> = {}

  const run = async (calls: readonly BenchCall[], from = start, before: (index: number) => void = nothing) => {
    const stopwatch = new Stopwatch(calls.length)
    for (const [index, { number, caller }] of calls.entries()) {
      before(index)
      const who = { number: caller, name: '' }
      stopwatch.start()
      const { outcome } = decide(number, who, from + everyMs * index, await store.rulesFor(number, who))
      stopwatch.stop()
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    }
    return stopwatch.figures()
  }
  const calls = (many: number, spread: Spread, seed: number) => anyCalls(many, spread, size, seed)
  const lists = writing.sqlite
    .prepare<[string], number>('SELECT count(*) FROM rules WHERE number = ? AND callers IS NOT NULL')
    .pluck()

  const coldCalls = calls(1_001, 'uniform', 1)
  const before = memory()
  const first = (await run(coldCalls.slice(0, 1))).elapsed.max
  const cold = await run(coldCalls.slice(1))
  // Until every schedule has been asked for, but for a few.
  for (let seed = 2; seed < 8; seed++) await run(calls(Math.max(2_000, size.schedules), 'uniform', seed))
  const uniform = await run(calls(20_000, 'uniform', 20))
  const zipf = await run(calls(20_000, 'zipf', 30))
  const after = memory()
  const schedulesKept = store.schedulesKept
  const listed = await run(calls(20_000, 'uniform', 40).filter(({ number }) => lists.get(number) !== 0))
  const edit = writing.sqlite.prepare<[string, string]>('UPDATE schedule_exceptions SET label = ? WHERE schedule = ?')
  const afterEdit = await run(calls(2_000, 'uniform', 50), start, (index) => {
    edit.run(`edit ${index}`, scheduleName(index % 5))
  })
  const nextMonth = await run(calls(1_000, 'uniform', 60), start + 40 * 86_400_000)
  reading.close()
  writing.close()
  const { heap, rss } = after
  const memories = { heap, heapGrowth: heap - before.heap, rss, rssGrowth: rss - before.rss }
  return { first, cold, uniform, listed, zipf, afterEdit, nextMonth, schedulesKept, outcomes, ...memories }
}

function memory() {
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  return { heap: heapUsed, rss }
}

const [file = '', numbers = ''] = process.argv.slice(2)
void measure(file, Number(numbers)).then((measured) => console.log(JSON.stringify(measured)))
