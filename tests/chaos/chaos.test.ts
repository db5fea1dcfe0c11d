// The short run of the chaos suite: every kind of fault strikes once, and the books balance. `npm run test:chaos` has more.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

jest.setTimeout(300_000)

const program = join(__dirname, 'chaos.ts')

test('calls flow while followme is killed, stopped, cut off and starved: none is lost, and the books balance', () => {
  const args = ['--import', 'tsx', program, '--seed', '1', '--calls', '200', '--faults', '11']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${stdout}${stderr}`)
  expect(stdout.trim().split('\n').at(-1)).toBe('200 passed, 0 failed')
})
