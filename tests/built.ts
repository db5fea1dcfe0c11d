// The program as users run it, compiled. It starts three times as fast as its sources do, and tests start it some hundred times.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, utimesSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(__dirname, '..')
const mark = join(root, 'dist/.tsbuildinfo')

export const builtMain = join(root, 'dist/main.js')

/** Compiles the sources, if one is newer than what is compiled. */
export function buildIfOld(): void {
  const newer = ['src', 'tsconfig.json', '-newer', mark, '-print', '-quit']
  if (existsSync(builtMain) && existsSync(mark) && execFileSync('find', newer, { cwd: root }).length === 0) return
  // Sources that do not pass the type check are compiled all the same: a test may be run while they are being written.
  spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'src'], {
    cwd: root,
    stdio: 'inherit'
  })
  // The compiler leaves the mark as it was if nothing has really changed.
  utimesSync(mark, new Date(), new Date())
}
