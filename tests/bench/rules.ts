// `npm run bench:rules`: how long a decision takes, and what it keeps in memory, at 1,000, 10,000 and 100,000 numbers.
// Nothing is decided by the figures; they are printed, as a table or with --json.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../sandbox/child'
import { makeRunDir } from '../sandbox/run-dir'
import type { Measured } from './decisions'
import { rulesPerNumber, sizeOf, targetsPerNumber } from './site'
import { table } from './table'

export interface Benched extends Measured {
  readonly numbers: number
  readonly rules: number
  readonly targets: number
  readonly schedules: number
  readonly databaseBytes: number
  readonly buildSeconds: number
}

const usage = 'usage: npm run bench:rules [-- --json] [-- NUMBERS…]    (1000 10000 100000)'

async function bench(directory: string, numbers: number): Promise<Benched> {
  const program = (name: string) => ({
    command: process.execPath,
    args: ['--expose-gc', '--import', 'tsx', join(__dirname, name)]
  })
  const file = join(directory, `${numbers}.db`)
  const began = performance.now()
  await run({ ...program('build.ts'), args: [...program('build.ts').args, file, String(numbers)] })
  const buildSeconds = (performance.now() - began) / 1000
  const databaseBytes = statSync(file).size
  const printed = await run({
    ...program('decisions.ts'),
    args: [...program('decisions.ts').args, file, String(numbers)]
  })
  return {
    numbers,
    rules: numbers * rulesPerNumber,
    targets: numbers * targetsPerNumber,
    schedules: sizeOf(numbers).schedules,
    databaseBytes,
    buildSeconds,
    ...(JSON.parse(printed) as Measured)
  }
}

async function main(args: readonly string[]): Promise<void> {
  const json = args.includes('--json')
  const sizes = args.filter((arg) => arg !== '--json').map(Number)
  if (sizes.some((size) => !Number.isInteger(size) || size < 100)) {
    console.error(usage)
    process.exitCode = 2
    return
  }
  // Its programs die with this one, however it dies; the directory goes with it.
  const directory = makeRunDir(() => undefined)
  try {
    const results: Benched[] = []
    for (const size of sizes.length === 0 ? [1_000, 10_000, 100_000] : sizes) {
      console.error(`${size} numbers: building a database, then deciding some 100,000 calls …`)
      results.push(await bench(directory.path, size))
    }
    console.log(json ? JSON.stringify(results, null, 2) : table(results))
  } finally {
    directory.remove()
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 3
})
