// followme doctor: checks the whole installation, and shows how to fix each fault.
import { Command } from 'commander'
import { type AsteriskFacts, factsOf, inspecting } from '../../ari/inspection'
import { type Config, readConfig } from '../../config/config'
import { AppError, reasonOf } from '../../errors'
import { settingRemarks, settingsFile } from '../../config/environment'
import { Store } from '../../store/store'
import { dialplanChecks, factChecks, globalsWanted } from '../../doctor/asterisk'
import { type Check, fault, many, ok, warning } from '../../doctor/check'
import { configurationChecks, failsafeSettings } from '../../doctor/configuration'
import {
  asteriskPermissionCheck,
  asteriskUser,
  databaseChecks,
  diskCheck,
  oldLogChecks,
  permissionCheck
} from '../../doctor/database'
import { currentCheck, nextStartChecks, sharedChecks } from '../../doctor/failsafe'
import { clockCheck, serveCheck } from '../../doctor/machine'
import { referencedNameChecks } from '../../doctor/referenced-names'
import { transferChecks } from '../../doctor/transfers'
import { zoneChecks } from '../../doctor/zones'
import { printable } from '../support/text'

interface Options {
  readonly json?: true
  readonly quiet?: true
  readonly asteriskConf?: string
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check the whole installation and show how to fix it; exit status 1 if there is a fault')
    .option('--json', 'print one JSON document')
    .option('--quiet', 'print one line, for a monitoring system')
    .option('--asterisk-conf <directory>', "Asterisk's configuration (default: as Asterisk reports, or /etc/asterisk)")
    .action(async ({ json, quiet, asteriskConf }: Options) => {
      const checks = await new Doctor(asteriskConf).examine()
      const count = (level: Check['level']): number => checks.filter((each) => each.level === level).length
      const [warnings, faults] = [count('warning'), count('fault')]
      const summary = `${many(faults, 'fault')}, ${many(warnings, 'warning')}`
      if (json === true) console.log(JSON.stringify({ faults, warnings, checks }, null, 2))
      else if (quiet === true) console.log(oneLine(summary, checks))
      else console.log([...checks.map(linesOf), summary].join('\n'))
      if (faults > 0) process.exitCode = 1
    })
}

/** Runs every check it can. A check that cannot run because of a fault is skipped, so that one cause is reported as one fault. */
class Doctor {
  private readonly checks: Check[] = []
  private readonly config: Config
  private readonly hasPassword: boolean

  constructor(private readonly asteriskConf: string | undefined) {
    const { FOLLOWME_ARI_PASSWORD: password, FOLLOWME_ARI_PASSWORD_FILE: file } = process.env
    this.hasPassword = (password ?? '') !== '' || (file ?? '') !== ''
    // The database can be checked without them.
    this.config = readConfig(this.hasPassword ? process.env : { ...process.env, FOLLOWME_ARI_PASSWORD: 'unknown' })
  }

  async examine(): Promise<Check[]> {
    const { config } = this
    const settings = settingsFile()
    if (settings !== undefined) this.checks.push(ok('settings', `from ${settings}`))
    this.checks.push(...settingRemarks().map((line) => warning('settings', line, 'correct or remove it')))
    await this.look('write-ahead log', () => oldLogChecks(config.database))
    const hasOldLog = this.has('write-ahead log', 'fault')
    let store: Store | undefined
    await this.look('database', () => {
      store = Store.open(config.database, { readOnly: true, ...(hasOldLog && { busyTimeoutMs: 0 }) })
      return [...databaseChecks(store, config), permissionCheck(config.database)]
    })
    if (hasOldLog && store === undefined) this.forget('database')
    await this.look('followme', async () => [await serveCheck(config.http)])
    const isServed = !this.has('followme', 'fault')
    const open = store
    // A followme that is not running updates nothing.
    if (open !== undefined && isServed) await this.look('failsafe', async () => [await currentCheck(open, config)])
    this.checks.push(diskCheck(config.database), ...zoneChecks(open))
    await this.look('asterisk', () => this.asterisk(hasOldLog ? undefined : open, isServed))
    open?.close()
    return this.checks
  }

  private async asterisk(store: Store | undefined, isServed: boolean): Promise<Check[]> {
    const { config } = this
    if (!this.hasPassword) {
      throw new AppError(
        'invalid',
        'FOLLOWME_ARI_PASSWORD is not set, so Asterisk was not checked: set it, or FOLLOWME_ARI_PASSWORD_FILE'
      )
    }
    let facts: AsteriskFacts
    try {
      facts = await factsOf(config.ari, globalsWanted)
    } catch (error) {
      // The same cause keeps followme from being ready.
      if (this.isOnlyAsterisk()) this.forget('followme')
      throw error
    }
    // Nothing is connected because followme is not running: one fault, not two.
    this.checks.push(
      ...factChecks(facts, config).filter(
        ({ check, level }) => isServed || check !== 'application' || level !== 'fault'
      )
    )
    this.checks.push(clockCheck(facts.aheadMs, store))
    await this.look('dialplan', () =>
      inspecting(config.ari, async (asterisk) => {
        this.checks.push(...(await dialplanChecks(asterisk)))
        const reported = await asterisk.read('AST_CONFIG(asterisk.conf,directories,astetcdir)')
        this.checks.push(
          ...configurationChecks(
            this.asteriskConf ?? (reported === null || reported === '' ? '/etc/asterisk' : reported)
          )
        )
        const user = asteriskUser(facts.user, config.database)
        if (store === undefined) return asteriskPermissionCheck(config.database, user)
        if (!this.has(failsafeSettings, 'fault')) this.checks.push(...(await sharedChecks(asterisk, store)))
        this.checks.push(...nextStartChecks(this.checks, config.database, user))
        const given = {
          rules: store.ruleSet(),
          trunk: config.trunk,
          staticFailsafe: facts.globals.get('FOLLOWME_FAILSAFE') ?? '',
          loadedModules: facts.loadedModules
        }
        const now = Date.now()
        return [...(await referencedNameChecks(asterisk, given, now)), ...(await transferChecks(asterisk, given, now))]
      })
    )
    return []
  }

  private async look(what: string, work: () => Promise<Check[]> | Check[]): Promise<void> {
    try {
      this.checks.push(...(await work()))
    } catch (error) {
      this.checks.push(fault(what, reasonOf(error), 'fix that, then run followme doctor again'))
    }
  }

  private has(name: string, level?: Check['level']): boolean {
    return this.checks.some((each) => each.check === name && (level === undefined || each.level === level))
  }

  private isOnlyAsterisk(): boolean {
    return this.checks.some(
      ({ check, level, message }) =>
        check === 'followme' && level === 'fault' && /^it is not ready: asterisk: [^;]*$/.test(message)
    )
  }

  private forget(name: string): void {
    const kept = this.checks.filter(({ check }) => check !== name)
    this.checks.splice(0, this.checks.length, ...kept)
  }
}

/** The worst level comes first. */
function oneLine(summary: string, checks: readonly Check[]): string {
  const wrong = (['fault', 'warning'] as const).flatMap((level) => checks.filter((each) => each.level === level))
  const names = [...new Set(wrong.map(({ check }) => check))]
  return `followme: ${summary}${names.length > 0 ? `: ${names.join(', ')}` : ''}`
}

function linesOf({ check, level, message, cure }: Check): string {
  const line = printable(`${level.padEnd('warning'.length)}  ${check}: ${message}`)
  return cure === undefined ? line : `${line}\n         → ${printable(cure)}`
}
