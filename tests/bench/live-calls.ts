// `npm run bench:live`: what a call costs followme while none, 1,000 and 5,000 others are up. The real switchboard, rules,
// records and log lines, on a real database, behind a port that answers at once. The figures decide nothing; exit status 1
// where a call went wrong.
import { join, resolve } from 'node:path'
import { Writable } from 'node:stream'
import winston from 'winston'
import { systemClock } from '../../src/system/clock'
import { callIds } from '../../src/call-id'
import type { Journal } from '../../src/ports'
import { Switchboard } from '../../src/engine/switchboard'
import { TargetMonitor } from '../../src/engine/target-monitor'
import { TrunkMonitor } from '../../src/engine/trunk-monitor'
import { createLog } from '../../src/log'
import { DialGate } from '../../src/engine/dial-gate'
import { RecordQueue } from '../../src/engine/record-queue'
import { SqliteDialRecords } from '../../src/store/records/dial-records'
import { SqliteRecordStore } from '../../src/store/records/record-store'
import { openDatabase } from '../../src/store/database/database'
import { migrate } from '../../src/store/migrations/migrate'
import { SqliteRuleStore } from '../../src/store/rules/rule-store'
import { until } from '../sandbox/child'
import { numberScript } from '../sandbox/number-script'
import { makeRunDir } from '../sandbox/run-dir'
import { readZoneData } from '../../src/system/zone-data'
import { useZoneData } from '../../src/rules/schedule/time-zones'
import { LivePort } from './live-port'

const newCallId = callIds()

const number = '+14155550100'
const targets = ['PJSIP/busy', 'PJSIP/answers'] as const
const levels = [0, 1000, 5000, 0]
/** Calls that are measured at each level; three times as many come before the first, and so many at once. */
const many = 5000
const together = 50

function openBench(file: string) {
  migrate({ database: file, shipped: resolve(__dirname, '../../migrations'), log: () => undefined })
  useZoneData(readZoneData)
  const [reading, writing] = [openDatabase(file), openDatabase(file)]
  writing.sqlite.exec(numberScript(number, [[[targets[0], 8]], [[targets[1], 8]]]))
  const log = createLog('info', false)
  // Each line is made, and written nowhere.
  const nowhere = new Writable({ write: (_line, _encoding, done) => done() })
  log.clear().add(new winston.transports.Stream({ stream: nowhere }))
  const calls = new RecordQueue({ store: new SqliteRecordStore({ reading, writing }), clock: systemClock, log })
  const journal: Journal = {
    openCalls: () => Promise.resolve([]),
    closeLost: () => undefined,
    recordUnseen: () => undefined
  }
  const rules = new SqliteRuleStore(reading, log)
  const gate = new DialGate({
    policy: () => rules.policyNow(),
    records: new SqliteDialRecords(reading, 7200),
    legCounted: () => calls.retryNow(),
    clock: systemClock,
    log
  })
  const port: LivePort = new LivePort(targets[0], (event) => switchboard.handle(event))
  const switchboard = new Switchboard({
    ...{
      telephony: port,
      gate,
      rules,
      calls,
      journal,
      clock: systemClock,
      log,
      trunks: new TrunkMonitor(systemClock, log),
      targets: new TargetMonitor({
        limits: () => gate.policyNow()?.targets,
        records: { talkedSince: () => [] },
        clock: systemClock,
        log
      })
    },
    ...{ callLog: (callId) => log.child({ callId }), newCallId: () => newCallId(Date.now()), maxCallSeconds: 7200 },
    ...{ bareNumbers: 'auto', server: 'bench' }
  })
  const wrong = writing.sqlite
    .prepare<[], number>(
      `SELECT count(*) FROM calls WHERE outcome IS NOT 'answered' OR answered_by IS NOT '${targets[1]}'
         OR (SELECT group_concat(outcome) FROM attempts WHERE call = calls.id) IS NOT 'busy,answered'`
    )
    .pluck()
  const close = async (): Promise<void> => {
    switchboard.stop()
    await calls.close()
    reading.close()
    writing.close()
  }
  return { port, calls, switchboard, wrongRecords: () => wrong.get() ?? 0, close }
}

type Bench = ReturnType<typeof openBench>

let placed = 0

/** Calls of which `met` tells when they have come as far as they shall. */
async function place({ port, calls }: Bench, count: number, met: () => boolean): Promise<void> {
  for (let left = count; left > 0; left -= together) {
    for (let i = 0; i < Math.min(together, left); i++) {
      placed += 1
      port.arrive(`a${String(placed)}`, number, `+1500${String(5_550_000 + placed)}`)
    }
    await until('calls to come so far', met)
  }
  await calls.flush()
}

async function hold(bench: Bench, count: number): Promise<void> {
  const { port, calls, switchboard } = bench
  for (const aLeg of [...port.talking].slice(count)) await port.end(aLeg)
  port.hangsUp = false
  const isSettled = (): boolean => switchboard.liveCalls === port.talking.size
  await place(bench, count - port.talking.size, isSettled)
  port.hangsUp = true
  await until('the others to have ended', isSettled)
  await calls.flush()
}

const heapNow = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

async function main(): Promise<number> {
  const directory = makeRunDir(() => undefined)
  const bench = openBench(join(directory.path, 'followme.db'))
  const { port, switchboard } = bench
  try {
    // Until the code is compiled, and the database's pages are at hand.
    await place(bench, 3 * many, () => switchboard.liveCalls === 0)
    const idleHeap = heapNow()
    const rows: (readonly [held: number, perCallUs: number, heapKb: number])[] = []
    for (const held of levels) {
      await hold(bench, held)
      const heap = heapNow() - idleHeap
      const before = process.cpuUsage()
      await place(bench, many, () => switchboard.liveCalls === held)
      const { user, system } = process.cpuUsage(before)
      rows.push([held, (user + system) / many, held === 0 ? 0 : heap / 1000 / held])
    }
    const [[, base] = [0, NaN]] = rows
    console.log('calls up   processor a call   ratio   heap a call up')
    for (const [held, us, kb] of rows) {
      const cells = [`${us.toFixed(0)} µs`, (us / base).toFixed(2), held === 0 ? '' : `${kb.toFixed(1)} kB`]
      console.log([String(held).padStart(8), ...cells.map((cell, at) => cell.padStart([18, 7, 16][at] ?? 0))].join(' '))
    }
    const faults = [
      ['records that are not as they must be', bench.wrongRecords()],
      ['callers sent back to the dialplan', port.left],
      ['calls left over', switchboard.liveCalls],
      ['legs left over', port.up]
    ] as const
    const found = faults.filter(([, count]) => count > 0)
    for (const [what, count] of found) console.error(`${String(count)} ${what}`)
    return found.length === 0 ? 0 : 1
  } finally {
    await bench.close()
    directory.remove()
  }
}

main().then(
  (status) => {
    process.exitCode = status
  },
  (error: unknown) => {
    console.error(error)
    process.exitCode = 3
  }
)
