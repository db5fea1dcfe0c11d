// followme backup FILE: copies the database while followme keeps running.
import { rmSync } from 'node:fs'
import { Command } from 'commander'
import { databasePath } from '../../config/config'
import { backUpTo, unfinished } from '../../store/database/backup'
import { withProgress } from '../support/progress'
import { count } from '../support/text'

export function backupCommand(): Command {
  return new Command('backup')
    .description('copy the database to a new file while followme runs, and verify the copy')
    .argument('<file>', 'the file to create; an existing file is never overwritten')
    .action(async (file: string) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => giveUp(file))
      const { bytes, numbers, calls } = await withProgress({ first: 'copying the database' }, ({ report }) =>
        backUpTo(databasePath(), file, () => report('checking the copy'))
      )
      console.log(`${file}: ${size(bytes)}, ${count(numbers, 'number')}, ${count(calls, 'call')}`)
    })
}

function giveUp(file: string): void {
  rmSync(unfinished(file), { force: true })
  process.exit(3)
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
