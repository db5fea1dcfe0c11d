// Before a run's first test: the program is compiled, and there is a directory for all temporary files, which goes with the run,
// however that ends.
import { chmodSync } from 'node:fs'
import { buildIfOld } from './built'
import { killChildren } from './sandbox/child'
import { makeRunDir } from './sandbox/run-dir'

/** Everything that asks for a temporary directory from now on, in this process and its children, is given one in there. */
export default function useOwnTemporaries(): void {
  buildIfOld()
  const { path } = makeRunDir(killChildren)
  // Some tests run programs as another user, who may write there as in any such directory.
  chmodSync(path, 0o1777)
  process.env['TMPDIR'] = path
}
