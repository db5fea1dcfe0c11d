// What strikes: each fault is done to the real thing (the process, the socket, the file, Asterisk) and undone again.
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AriProxy } from '../sandbox/ari-proxy'
import type { SandboxAsterisk } from '../sandbox/asterisk'
import { gone, run, sleep, spawnTied, until } from '../sandbox/child'
import type { FaultKind } from './fault-kinds'
import type { PlannedCall, PlannedFault } from './plan'
import { overrideOf } from './right'
import type { Service } from './service'
import { openInScript } from '../store/database/driver-in-script'

export interface Stage {
  readonly asterisk: SandboxAsterisk
  readonly proxy: AriProxy
  readonly service: Service
  readonly database: string
  /** followme's site migrations. */
  readonly site: string
  /** Calls that come while the fault lasts. */
  readonly arriving: readonly PlannedCall[]
}

/** Strikes, and resolves when it is over: with a word on what was done. What it needs to go well rejects when it does not. */
export type Strike = (stage: Stage, fault: PlannedFault) => Promise<string>

export const strikes: Readonly<Record<FaultKind, Strike>> = {
  killed: async ({ service }) => {
    const before = service.connections
    service.signal('SIGKILL')
    await until('followme to be started again, and to connect', () => service.connections > before)
    return 'SIGKILL'
  },
  replaced: async ({ service }) => {
    const before = service.connections
    const status = await service.replace()
    if (status !== 0) throw new Error(`the one that was replaced has ended with status ${String(status)}`)
    await until('the other one to connect', () => service.connections > before)
    return 'replaced by another one (serve --replace)'
  },
  stopped: async ({ service }, { lastsMs }) => {
    service.signal('SIGSTOP')
    await sleep(lastsMs)
    service.signal('SIGCONT')
    return `SIGSTOP for ${seconds(lastsMs)}`
  },
  'half-open': async ({ proxy, service }, { lastsMs }) => {
    const before = service.connections
    proxy.swallow()
    await sleep(lastsMs)
    proxy.heal()
    // What was swallowed stays so: it has to notice.
    await until('followme to connect anew', () => service.connections > before)
    return `every packet to and from Asterisk swallowed for ${seconds(lastsMs)}`
  },
  reset: async ({ proxy, service }) => {
    const before = service.connections
    proxy.reset()
    await until('followme to connect anew', () => service.connections > before)
    return 'every connection to Asterisk reset'
  },
  slow: async ({ proxy }, { lastsMs, chance }) => {
    const ms = Math.round(200 + ((chance * 10) % 1) * 600)
    proxy.slow(ms, { events: chance < 0.5 })
    await sleep(lastsMs)
    proxy.slow(0)
    return `Asterisk's answers${chance < 0.5 ? ' and events' : ''} ${String(ms)} ms late for ${seconds(lastsMs)}`
  },
  locked: async ({ database }, { lastsMs }) => {
    const child = spawnTied(
      { command: process.execPath, args: ['-e', lockScript, database, String(lastsMs)] },
      { cwd: join(__dirname, '../..'), stdio: ['ignore', 'ignore', 'inherit'] }
    )
    const status = await gone(child)
    if (status !== 0) throw new Error(`the writer that was to lock the database ended with status ${String(status)}`)
    return `database locked by another writer for ${seconds(lastsMs)}`
  },
  // What a full disk does to a write, to this process alone: none of any file gets longer, and SIGXFSZ is ignored by Node.
  'disk-full': async ({ service }, { lastsMs }) => {
    const { pid } = service
    await limitFiles(pid, '0')
    await sleep(lastsMs)
    await limitFiles(pid, 'unlimited')
    return `no file of followme's can be written for ${seconds(lastsMs)} (RLIMIT_FSIZE)`
  },
  blocked: async ({ service }, { lastsMs }) => {
    await service.evaluate(`{ const end = Date.now() + ${String(lastsMs)}; while (Date.now() < end); }`)
    return `event loop blocked for ${seconds(lastsMs)}`
  },
  migrated: async ({ service, site }) => {
    const version = String(readdirSync(site).length + 1).padStart(4, '0')
    const label = `Chaos ${version}`
    writeFileSync(
      join(site, `${version}_chaos.sql`),
      `-- followme: changes virtual_numbers\nUPDATE virtual_numbers SET label = '${label}';\nINSERT INTO caller_lists (name) VALUES ('${label}');\n`
    )
    await service.command('migrate')
    return 'a site migration applied, every number touched'
  },
  overridden: async ({ service, arriving }, { lastsMs, chance }) => {
    const endAt = Date.now() + lastsMs
    const numbers = arriving.map(({ number }) => number)
    const what = overrideOf({ chance })
    for (const number of numbers) await service.command('override', 'set', number, what, '--by', 'chaos')
    await sleep(Math.max(0, endAt - Date.now()))
    for (const number of numbers) await service.command('override', 'clear', number)
    return `${String(numbers.length)} numbers overridden (${what}) and back`
  },
  reloaded: async ({ asterisk }, { chance }) => {
    const all = ['core reload', 'module reload res_ari.so', 'dialplan reload', 'module reload res_pjsip.so']
    const command = all[Math.floor(chance * all.length)] ?? 'core reload'
    await asterisk.cli(command)
    return `Asterisk: ${command}`
  }
}

const lockScript = `
  const [file, ms] = process.argv.slice(1)
  const database = ${openInScript}(file, { timeout: 5000 })
  database.exec('BEGIN EXCLUSIVE')
  setTimeout(() => database.exec('COMMIT'), Number(ms))`

function limitFiles(pid: number, bytes: string): Promise<string> {
  return run({ command: 'prlimit', args: ['--pid', String(pid), `--fsize=${bytes}:`] })
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
