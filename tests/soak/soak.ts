// `npm run test:soak`: thousands of calls at a steady rate, through a real Asterisk, and what followme keeps of them: no
// memory, no handle, no listener, no timer, nothing but the records. And the failsafe has not been needed once.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { sleep, until } from '../sandbox/child'
import type { Held } from '../sandbox/inspector'
import { uac } from '../sandbox/sipp'
import { recorded, setUpMs, wrongIn } from './books'
import { callers } from './callers'
import { judged, table } from './figures'
import type { Figure } from './figures'
import { openSite } from './site'
import type { Sample, Site } from './site'

const usage = 'usage: npm run test:soak [-- --calls 20000] [-- --rate 40]    (calls, and calls a second)'
/** Fewer calls than this say nothing of memory. */
const fewest = 1000
/** Connections that are kept for reuse go by themselves. */
const idleMs = 45_000

/** What is expected of a run, and what else there is to say of it if that is not so. */
type Check = readonly [expected: string, faults: readonly string[]]

async function soak(calls: number, rate: number): Promise<readonly Check[]> {
  const site = await openSite((line) => console.log(`· ${line}`))
  try {
    const warmUp = Math.min(1000, Math.max(20, Math.round(calls / 10)))
    console.log(`· ${warmUp} calls to warm up, then ${calls} at ${rate} a second: ${Math.round(calls / rate)} s`)
    const warm = await site.place(warmUp, rate)
    const before = await atRest(site)
    const heapBefore = await site.heap()
    const [placed, samples] = await watched(site, () => site.place(calls, rate), Math.max(1, calls / rate / 60))
    const after = await atRest(site, before)
    const heapAfter = await site.heap()
    console.log(`\n${told(before, after)}`)
    console.log(`  heap, MB            ${heapBefore.toFixed(1).padStart(6)}${heapAfter.toFixed(1).padStart(8)}\n`)
    const figures = figuresOf(samples, calls >= fewest).map(judged)
    console.log(`${table(figures)}\n`)
    const { median, p99 } = setUpMs(site.database, 100)
    console.log(
      `From a call's arrival to the second target's answer, its own 100 ms left out: median ${median} ms, p99 ${p99} ms\n`
    )
    const sipp = [...warm, ...placed].flatMap(({ exitCode, failed, errors }) =>
      exitCode === 0 && failed === 0 ? [] : [`status ${exitCode}, ${failed} failed: ${errors.slice(0, 300)}`]
    )
    const failsafes = site.failsafes()
    const records = recorded(site.database)
    console.log(`${recordsTold(records)}\n`)
    return [
      [`all ${warmUp + calls} calls went as callers and phones expect`, sipp],
      ['each has its one record, with the outcome and the attempts it must have', wrongIn(records, [warmUp, calls])],
      ['the failsafe was not needed once', failsafes === 0 ? [] : [`it was, ${failsafes} times`]],
      ['followme complained of nothing', complaints(site)],
      ['at rest it holds no more than before', moreThan(before, after)],
      [
        'nor more than 5 MB of memory',
        heapAfter - heapBefore <= 5 ? [] : [`${(heapAfter - heapBefore).toFixed(1)} MB more`]
      ],
      ...figures
        .filter(({ figure }) => figure.most !== null)
        .map(({ figure, growth, isFlat }): Check => {
          const faults = isFlat ? [] : [`it has grown by ${growth.toFixed(1)} ${figure.unit}`]
          return [`${figure.name}: no growth beyond ${String(figure.most)} ${figure.unit}`, faults]
        }),
      ['and a failsafe that is needed would have been seen', await failsafeUnseen(site)]
    ]
  } finally {
    await site.close()
  }
}

/** Samples while something goes on. */
async function watched<T>(site: Site, work: () => Promise<T>, everySeconds: number): Promise<[T, readonly Sample[]]> {
  const samples: Sample[] = []
  const state = { isOver: false }
  const done = work().finally(() => (state.isOver = true))
  // Whatever it is, it is told when it is waited for.
  done.catch(() => undefined)
  for (;;) {
    await sleep(1000 * everySeconds)
    if (state.isOver) return [await done, samples]
    samples.push(await site.sample())
  }
}

/** What it holds at rest: the least that is seen for a while, or what is no more than `before`. */
async function atRest(site: Site, before?: Held): Promise<Held> {
  const total = (held: Held) => Object.values(held).reduce((sum, count) => sum + count, 0)
  const endAt = Date.now() + (before === undefined ? 12_000 : idleMs)
  let least = await site.held()
  while (Date.now() < endAt && (before === undefined || moreThan(before, least).length > 0)) {
    await sleep(1000)
    const held = await site.held()
    if (total(held) <= total(least)) least = held
  }
  return least
}

function moreThan(before: Held, after: Held): string[] {
  return Object.keys(after).flatMap((kind) => {
    const [was, is] = [before[kind] ?? 0, after[kind] ?? 0]
    return is > was ? [`${kind}: ${was}, then ${is}`] : []
  })
}

function told(before: Held, after: Held): string {
  const kinds = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const line = (kind: string) =>
    `  ${kind.padEnd(20)}${String(before[kind] ?? 0).padStart(6)}${String(after[kind] ?? 0).padStart(8)}`
  return ['At rest             before   after', ...kinds.map(line)].join('\n')
}

function recordsTold(records: ReturnType<typeof recorded>): string {
  return records
    .map(({ number, record, calls }) => {
      const what = callers.find((each) => each.number === number)?.what ?? number
      return `${String(calls).padStart(7)}   ${what}: ${record}`
    })
    .join('\n')
}

function figuresOf(samples: readonly Sample[], isLong: boolean): Figure[] {
  const figure = (name: string, of: (sample: Sample) => number, most: number | null): Figure => ({
    name,
    unit: 'MB',
    most: isLong ? most : null,
    points: samples.map((sample) => ({ calls: sample.calls, value: of(sample) / 1e6 }))
  })
  return [
    figure('heap in use', ({ heap }) => heap, 5),
    figure('resident memory', ({ rss }) => rss, 10),
    figure("Asterisk's resident memory", ({ asterisk }) => asterisk, null),
    figure('write-ahead log', ({ log }) => log, 16),
    figure('database (the records)', ({ database }) => database, null)
  ]
}

/** Standing still is none: other programs' turns do that, and the garbage collections that are asked for. */
function complaints({ server }: Site): string[] {
  const lines = readFileSync(server.logFile, 'utf8').split('\n')
  const isComplaint = (line: string) => /"level":"(warn|error)"/.test(line) && !line.includes('event loop blocked')
  return lines.filter(isComplaint).slice(0, 10)
}

/** Without followme the next call needs it. */
async function failsafeUnseen(site: Site): Promise<string[]> {
  const before = site.failsafes()
  await site.server.stop()
  const { successful } = await uac(site.asterisk, { number: callers[0]?.number ?? '', hangupAfterMs: 100 }).finished
  await until('the last leg to go', async () => (await site.asterisk.channels()).length === 0)
  const seen = site.failsafes() - before
  return successful === 1 && seen === 1 ? [] : [`${successful} of 1 call answered, ${seen} failsafe seen`]
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { calls: { type: 'string' }, rate: { type: 'string' } } })
  const [calls, rate] = [Number(values.calls ?? 20_000), Number(values.rate ?? 40)]
  if (!Number.isInteger(calls) || calls < 10 || !(rate > 0)) throw new Error(usage)
  const checks = await soak(calls, rate)
  for (const [expected, faults] of checks) {
    console.log(`${faults.length === 0 ? '✓' : '✗'} ${expected}${faults.map((fault) => `\n    ${fault}`).join('')}`)
  }
  const failed = checks.filter(([, faults]) => faults.length > 0).length
  console.log(`${checks.length - failed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 3
})
