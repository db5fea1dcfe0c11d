// npm run test:node [-- PART]: followme on every Node.js that it supports, each with the npm of its time, and on some that it
// does not support. With PART, only what has that in its name.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import useOwnTemporaries from '../temporaries'
import { packed } from '../packaging/packed'
import { demo, install, pairs, refusal, refused, suites } from './trials'

async function main(): Promise<void> {
  useOwnTemporaries()
  const directory = mkdtempSync(join(tmpdir(), 'followme-pack-'))
  const counts = { passed: 0, failed: 0 }
  const part = process.argv[2] ?? ''
  const trial = async (name: string, tried: () => Promise<void>): Promise<void> => {
    if (!name.includes(part)) return
    const startedAt = Date.now()
    const fault = await tried().then(
      () => undefined,
      (error: unknown) => error
    )
    counts[fault === undefined ? 'passed' : 'failed'] += 1
    console.log(
      `${fault === undefined ? 'passed' : 'FAILED'}  ${name} (${String(Math.round((Date.now() - startedAt) / 1000))} s)`
    )
    if (fault !== undefined) console.log(fault instanceof Error ? fault.message : fault)
  }
  try {
    const tarball = await packed(directory)
    for (const pair of pairs) {
      const { node, npm } = pair
      await trial(`Node.js ${node}: installed by npm ${npm}, 5,000 numbers`, () => install(pair, tarball, 2, 5000))
    }
    for (const line of new Set(pairs.map(({ node }) => node))) {
      await trial(`Node.js ${line}: the suites of the store and the command line`, () =>
        suites(line, 'tests/store', 'tests/cli')
      )
      await trial(`Node.js ${line}: the demo`, () => demo(line))
    }
    for (const line of refused) await trial(`Node.js ${line}: refused`, () => refusal(line))
  } finally {
    rmSync(directory, { recursive: true })
  }
  console.log(`${String(counts.passed)} passed, ${String(counts.failed)} failed`)
  process.exitCode = counts.failed === 0 ? 0 : 1
}

void main()
