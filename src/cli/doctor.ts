// followme doctor: looks at the whole installation, and says what to do about each thing that is wrong.
import { Command } from 'commander'
import { factsOf, readingFunctions } from '../ari/inspection'
import { type Config, readConfig } from '../config'
import { reasonOf } from '../core/errors'
import { type OpenDatabase, openDatabase } from '../store/database'
import { dialplanChecks, factChecks, globalsWanted } from './doctor-asterisk'
import { type Check, fault, many } from './doctor-check'
import { databaseChecks, diskCheck, permissionChecks } from './doctor-database'
import { currentCheck, failsafeCheck } from './doctor-failsafe'
import { clockCheck, serveCheck } from './doctor-machine'
import { zoneChecks } from './doctor-zones'
import { printable } from './timeline'

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look at the whole installation, and say what to do; exit status 1 if there is a fault')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { json?: true }) => {
      const checks = await examine(readConfig())
      const count = (level: Check['level']): number => checks.filter((each) => each.level === level).length
      const [warnings, faults] = [count('warning'), count('fault')]
      if (json === true) console.log(JSON.stringify({ faults, warnings, checks }, null, 2))
      else console.log([...checks.map(linesOf), `${many(faults, 'fault')}, ${many(warnings, 'warning')}`].join('\n'))
      if (faults > 0) process.exitCode = 1
    })
}

/** Everything that can be looked at is; what cannot be, because of a fault, is left out. Nothing is changed anywhere. */
async function examine(config: Config): Promise<Check[]> {
  const checks: Check[] = []
  const look = async (what: string, work: () => Promise<Check[]> | Check[]): Promise<void> => {
    try {
      checks.push(...(await work()))
    } catch (error) {
      checks.push(fault(what, reasonOf(error), 'do what it says, then run followme doctor again'))
    }
  }
  let database: OpenDatabase | undefined
  await look('database', () => {
    database = openDatabase(config.database, { readOnly: true })
    return databaseChecks(database, config)
  })
  await look('followme', async () => [await serveCheck(config.http)])
  if (database !== undefined) {
    const open = database
    await look('failsafe', async () => [await currentCheck(open, config)])
  }
  checks.push(diskCheck(config.database), ...zoneChecks(database?.sqlite))
  await look('asterisk', async () => {
    const facts = await factsOf(config.ari, globalsWanted)
    checks.push(...factChecks(facts, config), ...permissionChecks(config.database, facts.user))
    return [clockCheck(facts.aheadMs, database?.sqlite)]
  })
  if (checks.some(({ check, level }) => check === 'asterisk' && level === 'fault')) return checks
  await look('dialplan', () =>
    readingFunctions(config.ari, async (read) => {
      checks.push(...(await dialplanChecks(read)))
      return database === undefined ? [] : [await failsafeCheck(read, database.sqlite)]
    })
  )
  database?.close()
  return checks
}

function linesOf({ check, level, message, cure }: Check): string {
  const line = printable(`${level.padEnd('warning'.length)}  ${check}: ${message}`)
  return cure === undefined ? line : `${line}\n         → ${printable(cure)}`
}
