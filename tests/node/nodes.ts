// Node.js and npm in the versions that people have, from the packages that bring them, kept in ~/.cache/followme.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { run } from '../sandbox/child'

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'followme', 'node')

/** The directory of a Node.js, with `bin/node`. `line` is a version or the beginning of one, `24`: then it is the newest. */
export function nodeOf(line: string): Promise<string> {
  return kept(`node-linux-${process.arch}`, line)
}

/** The directory of an npm, with `bin/npm-cli.js`. */
export function npmOf(line: string): Promise<string> {
  return kept('npm', line)
}

async function kept(name: string, line: string): Promise<string> {
  const printed = await npm('view', `${name}@${line}`, 'version', '--json')
  const versions = [JSON.parse(printed) as string | string[]].flat()
  const version = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)
  if (version === undefined) throw new Error(`there is no ${name}@${line}`)
  const place = join(cache, `${name}-${version}`)
  if (existsSync(place)) return place
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(cache, '.new-'))
  try {
    await npm('pack', `${name}@${version}`, '--silent', '--pack-destination', work)
    const [tarball = ''] = readdirSync(work)
    await run({ command: 'tar', args: ['-xzf', join(work, tarball), '-C', work] })
    // Another run may have been faster.
    if (!existsSync(place)) renameSync(join(work, 'package'), place)
  } finally {
    rmSync(work, { recursive: true })
  }
  return place
}

function npm(...args: string[]): Promise<string> {
  return run({ command: 'npm', args })
}
