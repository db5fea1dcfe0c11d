// The short run of the chaos suite: every kind of fault strikes once, and the books balance. `npm run test:chaos` has more.
import { join } from 'node:path'
import { run } from '../sandbox/child'
import { faultKinds } from './fault-kinds'

test('calls flow while followme is killed, stopped, cut off and starved: none is lost, and the books balance', async () => {
  const faults = String(faultKinds.length)
  const args = ['--import', 'tsx', join(__dirname, 'chaos.ts'), '--seed', '1', '--calls', '200', '--faults', faults]
  const printed = await run({ command: process.execPath, args })
  expect(printed.trim().split('\n').at(-1)).toBe('200 passed, 0 failed')
}, 300_000)
