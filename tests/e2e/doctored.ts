// followme doctor beside a followme that serves, on a real Asterisk that reads its database.
import { readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { gone, spawnTied, until } from '../sandbox/child'
import { ready, type Served } from './served'
import { useWorld, type World, type WorldOptions } from './world'

/** The built program. */
export const main = join(__dirname, '../../dist/main.js')

export interface Found {
  readonly check: string
  readonly level: string
  readonly message: string
  readonly cure?: string
}

type Env = Readonly<Record<string, string>>

export interface Doctored {
  readonly world: World
  /** The followme that serves. */
  readonly served: () => Served
  readonly serving: () => Promise<void>
  readonly stopped: () => Promise<void>
  readonly settings: () => NodeJS.ProcessEnv
  /** Runs the program: its status, and what it has printed. */
  readonly doctor: (
    env?: Env,
    args?: readonly string[],
    within?: readonly string[]
  ) => Promise<{ status: number; printed: string; complaints: string }>
  /** What is not ok, and the exit status that goes with it. */
  readonly faults: (env?: Env, within?: readonly string[]) => Promise<Found[]>
  /** Changes a file of Asterisk's configuration while `work` is done; `reload` has Asterisk take it, and take it back. */
  readonly changed: (
    file: string,
    change: (text: string) => string,
    reload: readonly string[],
    work: () => Promise<void>
  ) => Promise<void>
}

/** Has Asterisk open its databases anew. */
export const anew = ['module unload res_config_sqlite3.so', 'module load res_config_sqlite3.so']

export const found = (check: string, message: string | RegExp, cure: string | RegExp): object => ({
  check,
  level: 'fault',
  message: expect.stringMatching(message) as string,
  cure: expect.stringMatching(cure) as string
})

/** Asterisk says as whom it runs: doctor does not look for that among the processes, of which others may be Asterisks, too. */
function namesItsUser(etc: string): void {
  const file = join(etc, 'asterisk.conf')
  const { username } = userInfo()
  writeFileSync(file, readFileSync(file, 'utf8').replace('[options]', `[options]\nrunuser = ${username}`))
}

/** For the cases of a file. */
export function useDoctor(options: WorldOptions = {}): Doctored {
  const world = useWorld({
    withoutApp: true,
    readable: true,
    heedsPermissions: true,
    globals: { FOLLOWME_FAILSAFE: 'PJSIP/dave' },
    ...options,
    configure: (etc) => {
      namesItsUser(etc)
      options.configure?.(etc)
    }
  })
  let served: Served
  let health: string

  beforeAll(async () => {
    world.rule([['PJSIP/alice']])
    await serving()
  })
  afterAll(() => served.child.kill('SIGKILL'))
  afterEach(() => world.settle())

  async function serving(): Promise<void> {
    served = await ready(world)
    const line = served.lines.find(({ message }) => message === 'followme is running') as unknown as { health: number }
    health = `127.0.0.1:${String(line.health)}`
    // What it keeps for Asterisk is there.
    await until('followme to have kept the failsafe', async () => {
      const state = (await (await fetch(`http://${health}/readyz`)).json()) as { failsafeAgeSeconds: number | null }
      return state.failsafeAgeSeconds !== null
    })
  }

  async function stopped(): Promise<void> {
    served.child.kill('SIGKILL')
    await served.exited
  }

  function settings(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      FOLLOWME_ARI_URL: world.asterisk.ariUrl,
      FOLLOWME_ARI_PASSWORD: world.asterisk.ariPassword,
      FOLLOWME_DATABASE: world.database,
      FOLLOWME_HTTP: health
    }
  }

  /** Runs the program: its status, and what it has found. */
  async function doctor(
    env: Readonly<Record<string, string>> = {},
    args: readonly string[] = ['--json'],
    within: readonly string[] = []
  ): Promise<{ status: number; printed: string; complaints: string }> {
    const [command = '', ...rest] = [...within, process.execPath, main, 'doctor', ...args]
    const child = spawnTied(
      { command, args: rest },
      { env: { ...settings(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] }
    )
    let printed = ''
    let complaints = ''
    child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
    const closed = new Promise((resolve) => child.once('close', resolve))
    const status = await gone(child)
    await closed
    return { status, printed, complaints }
  }

  /** What is not ok, and the exit status that goes with it. */
  async function faults(env?: Readonly<Record<string, string>>, within?: readonly string[]): Promise<Found[]> {
    const { status, printed, complaints } = await doctor(env, ['--json'], within)
    expect(complaints).toBe('')
    const { checks } = JSON.parse(printed) as { readonly checks: readonly Found[] }
    expect(status).toBe(checks.some(({ level }) => level === 'fault') ? 1 : 0)
    return checks.filter(({ level }) => level !== 'ok')
  }

  /** Changes a file of Asterisk's configuration while `work` is done; `reload` has Asterisk take it, and take it back. */
  async function changed(
    file: string,
    change: (text: string) => string,
    reload: readonly string[],
    work: () => Promise<void>
  ): Promise<void> {
    const path = join(world.asterisk.runDir, 'etc', file)
    const before = readFileSync(path, 'utf8')
    writeFileSync(path, change(before))
    expect(readFileSync(path, 'utf8')).not.toBe(before)
    const take = async (): Promise<void> => {
      for (const command of reload) await world.asterisk.cli(command)
    }
    try {
      await take()
      await work()
    } finally {
      writeFileSync(path, before)
      await take()
    }
  }

  return { world, served: () => served, serving, stopped, settings, doctor, faults, changed }
}
