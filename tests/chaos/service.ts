// `followme serve` as a service: the built program, started again a second after it has died, as systemd would.
import { run, until } from '../sandbox/child'
import { debuggerIn, evaluateIn } from '../sandbox/inspector'
import { readiness } from '../sandbox/readiness'
import type { Readiness } from '../sandbox/readiness'
import { said, serve } from '../e2e/served'
import type { Served } from '../e2e/served'
import type { SandboxAsterisk } from '../sandbox/asterisk'
import { join } from 'node:path'

const main = join(__dirname, '../../dist', 'main.js')
const restartMs = 1000

export interface Service {
  /** What every process has logged, in order: one line a message. */
  readonly logged: readonly string[]
  /** How often it has been started. */
  readonly starts: number
  /** How often it has connected to Asterisk. */
  readonly connections: number
  readonly pid: number
  /** Has the running process evaluate an expression, through the inspector that SIGUSR1 wakes: no hook of its own. */
  evaluate(expression: string): Promise<unknown>
  signal(signal: NodeJS.Signals): void
  /** Another one takes over with --replace; resolves with the exit status of the one that has left. */
  replace(): Promise<number | null>
  /** What /readyz says; null where nobody answers in time. */
  readiness(): Promise<Readiness | null>
  /** Connected to Asterisk, and ready for calls, in a process that is not about to be replaced. */
  isWell(): Promise<boolean>
  /** Runs another command of followme and gives what it prints. */
  command(...args: string[]): Promise<string>
  /** SIGTERM; resolves with the exit status. */
  stop(): Promise<number | null>
}

export interface ServiceOptions {
  readonly asterisk: SandboxAsterisk
  readonly ariUrl: string
  readonly database: string
  readonly site: string
}

/** Starts it. */
export function startService({ asterisk, ariUrl, database, site }: ServiceOptions): Service {
  const logged: string[] = []
  const http = `127.0.0.1:${String(asterisk.ports.next())}`
  const settings = { FOLLOWME_DATABASE: database, FOLLOWME_MIGRATIONS: site }
  let stopping = false
  let starts = 0
  let running = start()

  function start(...options: string[]): Served {
    starts += 1
    const served = serve(
      { asterisk, database, logged },
      // A port of its own choice: somebody else on this machine may be debugging.
      { ...settings, FOLLOWME_ARI_URL: ariUrl, FOLLOWME_HTTP: http, NODE_OPTIONS: '--inspect-port=0' },
      options
    )
    void served.exited.then((status) => {
      logged.push(`followme has ended (${String(status ?? served.child.signalCode)})`)
      if (!stopping && served === running) setTimeout(() => (running = start()), restartMs)
    })
    return served
  }

  return {
    logged,
    get starts() {
      return starts
    },
    get connections() {
      return logged.filter((line) => line.includes('"connected to Asterisk"')).length
    },
    get pid() {
      return running.child.pid ?? 0
    },
    evaluate: async (expression) => {
      const { child, lines } = running
      const url = (): string | null => debuggerIn(lines.map(({ message }) => message).join('\n'))
      child.kill('SIGUSR1')
      await until('the inspector of followme', () => url() !== null)
      return evaluateIn(url() ?? '', expression)
    },
    signal: (signal) => void running.child.kill(signal),
    replace: () => {
      const old = running
      running = start('--replace')
      return old.exited
    },
    readiness: () => readiness(http),
    isWell: async () => {
      const { child } = running
      if (child.exitCode !== null || child.signalCode !== null) return false
      return said(running, 'connected to Asterisk') && (await readiness(http))?.ready === true
    },
    command: (...args) =>
      run({ command: process.execPath, args: [main, ...args] }, { env: { PATH: process.env['PATH'], ...settings } }),
    stop: () => {
      stopping = true
      running.child.kill('SIGTERM')
      const patience = setTimeout(() => running.child.kill('SIGKILL'), 10_000)
      return running.exited.finally(() => clearTimeout(patience))
    }
  }
}
