// The short run of the chaos suite: every kind of fault strikes once. `npm run test:chaos` has more.
import { join } from 'node:path'
import { run } from '../sandbox/child'
import { faultKinds } from './fault-kinds'

/** What it says at its end. Each transport has its run in a file of its own, so that they run side by side. */
export async function shortRun(seed: number, transport: 'auto' | 'http'): Promise<string | undefined> {
  const faults = String(faultKinds.length)
  const args = [
    '--import',
    'tsx',
    join(__dirname, 'chaos.ts'),
    '--seed',
    String(seed),
    '--calls',
    '200',
    '--faults',
    faults
  ]
  const env = { ...process.env, FOLLOWME_ARI_TRANSPORT: transport }
  const printed = await run({ command: process.execPath, args }, { env })
  return printed.trim().split('\n').at(-1)
}
