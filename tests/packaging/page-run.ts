// A Markdown page, followed to the letter: its files saved, its commands run by one shell, in an empty directory, with the
// program as it is built.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { builtMain } from '../built'
import { type Block, blocksOf, examplesOf } from './markdown'

const clock = join(__dirname, 'standing-clock.cjs')

/** What a command printed, standard error included, without a newline at the end; and its exit status. */
export interface Printed {
  readonly text: string
  readonly status: number
}

/** The name of the file that a block is, or undefined: `-- site/0001_office.sql`, its first line. */
export function fileOf({ language, text }: Block): string | undefined {
  return language === 'sql' ? /^-- (site\/\S+\.sql)$/m.exec(text.split('\n')[0] ?? '')?.[1] : undefined
}

/** What each command of the page's `console` blocks printed, in order. `now`, in milliseconds, is what every clock shows. */
export function runPage(page: string, directory: string, now: number): Printed[] {
  const bin = join(directory, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'followme'), `#!/bin/sh\nexec '${process.execPath}' '${builtMain}' "$@"\n`, { mode: 0o755 })
  const script = join(bin, 'page.sh')
  writeFileSync(script, scriptOf(page))
  const work = join(directory, 'work')
  mkdirSync(work)
  const { stdout } = spawnSync('sh', [script], {
    cwd: work,
    env: {
      PATH: [bin, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
      NODE_OPTIONS: `--require ${clock}`,
      STANDING_CLOCK: String(now)
    },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024
  })
  return stdout
    .split('\x1e')
    .slice(1)
    .map((printed) => {
      const [text = '', status = ''] = printed.split('\x1f')
      return { text: text.trimEnd(), status: Number.parseInt(status, 10) }
    })
}

// Before each command a record separator, after it a unit separator and its status, which `$?` then still is.
function scriptOf(page: string): string {
  const parts = blocksOf(page).flatMap((block) => {
    const file = fileOf(block)
    if (file !== undefined) return [`cat > '${file}' <<'END OF FILE'\n${block.text}\nEND OF FILE`]
    if (block.language !== 'console') return []
    return examplesOf(block).map(
      ({ command }) => `printf '\\036'; (exit $status)\n${command}\nstatus=$?; printf '\\037%s' $status`
    )
  })
  return ['exec 2>&1', 'status=0', ...parts, ''].join('\n')
}
