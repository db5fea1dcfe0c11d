// The example's world: an Asterisk, its database made by `followme migrate`, `followme serve`, and the people's phones.
import { join, relative } from 'node:path'

import { startAsterisk, type SandboxAsterisk } from '../sandbox/asterisk'
import type { Behaviour } from '../sandbox/scenario-uas'
import { uas, type SippHandle } from '../sandbox/sipp'
import { followme, serve, type Environment, type Server } from './program'

/** What migrations/0001_example.sql calls it. */
export const NUMBER = '+14155550100'
/** Who is rung when followme is not there. */
export const FAILSAFE = 'PJSIP/dave'

const MIGRATIONS = join(__dirname, 'migrations')

/** What each phone does, and how the demo says so. */
const PHONES: Readonly<Record<string, readonly [Behaviour, string]>> = {
  alice: [{ kind: 'refuse', code: 486 }, 'is on another call: busy'],
  bob: [{ kind: 'ring' }, 'is at lunch: rings, nobody answers'],
  carol: [{ kind: 'answer', afterMs: 1000 }, 'answers'],
  dave: [{ kind: 'answer', afterMs: 1000 }, 'answers too; the failsafe, for when followme is not there']
}

export interface Practice {
  readonly asterisk: SandboxAsterisk
  /** What the commands of followme need. */
  readonly environment: Environment
  readonly database: string
  readonly server: Server
  /** Ends everything and removes its files. */
  close(): Promise<void>
}

/** Sets everything up, saying what it does. Rejects, with nothing left running, where it cannot be. */
export async function openPractice(say: (line: string) => void): Promise<Practice> {
  const asterisk = await startAsterisk({
    log: (line) => say(`· ${line}`),
    phones: Object.keys(PHONES),
    globals: { FOLLOWME_FAILSAFE: FAILSAFE }
  })
  let server: Server | undefined
  const phones: SippHandle[] = []
  const close = async (): Promise<void> => {
    await Promise.all([server?.stop(), ...phones.map((phone) => phone.stop())])
    await asterisk.stop()
  }
  try {
    const database = join(asterisk.runDir, 'followme.db')
    const environment = { FOLLOWME_DATABASE: database }
    say(`· loading the example, ${relative(process.cwd(), MIGRATIONS)}/0001_example.sql`)
    say('\n$ followme migrate')
    say((await followme({ ...environment, FOLLOWME_MIGRATIONS: MIGRATIONS }, 'migrate')).trimEnd())

    say('\n$ followme serve &')
    server = await serve(
      {
        ...environment,
        FOLLOWME_MIGRATIONS: MIGRATIONS,
        FOLLOWME_ARI_URL: asterisk.ariUrl,
        FOLLOWME_ARI_USER: asterisk.ariUser,
        FOLLOWME_ARI_PASSWORD: asterisk.ariPassword,
        FOLLOWME_LOG_LEVEL: 'info'
      },
      `127.0.0.1:${asterisk.ports.next()}`,
      join(asterisk.runDir, 'log/followme')
    )
    say(`  process ${server.pid}, ready for calls`)

    say('\nThe phones of the practice:')
    for (const [name, [behaviour, what]] of Object.entries(PHONES)) {
      phones.push(await uas(asterisk, asterisk.phones.get(name) ?? 0, behaviour))
      say(`  ${name.padEnd(5)}  ${what}`)
    }
    return { asterisk, environment, database, server, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Says of each call that Asterisk sends to the failsafe. */
export function watchFailsafe({ asterisk }: Practice, say: (line: string) => void): void {
  const calls = (): string[] => asterisk.complaints().filter((line) => line.includes('followme: failsafe for a call'))
  let known = calls().length
  setInterval(() => {
    for (const line of calls().slice(known)) {
      known += 1
      say(`without followme, Asterisk rings ${FAILSAFE} ${/for a call to \S+/.exec(line)?.[0] ?? ''}`)
    }
  }, 200).unref()
}
