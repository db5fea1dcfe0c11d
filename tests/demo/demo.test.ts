// The demo as its user meets it: what it shows, that what it says to type works, and that nothing is left of it.
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

import { gone, until } from '../sandbox/child'
import { openSqlite } from '../../src/store/database/driver'

const PROJECT = resolve(__dirname, '../..')
const RUN = join(__dirname, 'run.sh')
// The first on a machine unpacks Asterisk.
const LIMIT_MS = 300_000
// Ends before the case does, to say what was printed instead.
const SEEN_MS = 120_000
const execute = promisify(execFile)

/** What any run shows of its call, by the day rule and by the night rule alike. */
const HUNT = [
  /PJSIP\/alice: busy \(cause 17, SIP 486\)/,
  /PJSIP\/bob: no answer/,
  /PJSIP\/carol answers/,
  /hung up by the caller/
]

let mine: string[] = []
let killed: Demo
let run: Demo
let stay: Demo

interface Demo {
  readonly pid: number
  readonly directory: string
  readonly ended: Promise<number>
  output(): string
  /** Waits until it has printed this. */
  sees(text: string): Promise<void>
  /** The first line that begins so, as one would copy it. */
  line(beginning: string): string
  /** As Ctrl-C in a terminal does: to all of the group. */
  interrupt(): void
}

/** Starts the demo in a process group, and a directory for temporary files, of its own. */
function start(command: string, ...args: string[]): Demo {
  const directory = mkdtempSync(join(tmpdir(), 'fm-'))
  mine.push(directory)
  const env = { ...process.env, TMPDIR: directory }
  const child = spawn(command, args, { cwd: PROJECT, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const pid = child.pid ?? 0
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const sees = async (text: string): Promise<void> => {
    const seen = until(
      `'${text}' in what the demo prints`,
      () => {
        const ended = child.exitCode !== null || child.signalCode !== null
        return output.includes(text) || (ended && Promise.reject(new Error('the demo ended early')))
      },
      SEEN_MS
    )
    await seen.catch((error: unknown) => {
      throw new Error(`${String(error)}; it printed:\n${output}`)
    })
  }
  return {
    pid,
    directory,
    ended: gone(child),
    sees,
    output: () => output,
    line: (beginning: string) => output.split('\n').find((line) => line.trim().startsWith(beginning)) ?? '',
    interrupt: () => process.kill(-pid, 'SIGINT')
  }
}

/** Processes that were given this directory for their temporary files. */
function processesOf(directory: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'utf8').includes(`TMPDIR=${directory}\0`)
    } catch {
      return false
    }
  })
}

async function leavesNoProcess(directory: string): Promise<void> {
  await until('the last process of the demo to be gone', () => processesOf(directory).length === 0)
}

function directoriesLeft(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.includes('followme'))
}

beforeAll(async () => {
  await execute('npm', ['run', '--silent', 'build'], { cwd: PROJECT })
  // Side by side, since most of a run is waiting.
  // Stays, so that its call's end, while nobody looks, is not its own.
  killed = start('sh', RUN, '--stay')
  run = start('npm', 'run', 'demo')
  stay = start('npm', 'run', 'demo', '--', '--stay')
}, LIMIT_MS)

afterAll(() => {
  for (const directory of mine) {
    for (const pid of processesOf(directory)) {
      try {
        process.kill(Number(pid), 'SIGKILL')
      } catch {
        // It has gone with the one that was killed before it.
      }
    }
    rmSync(directory, { recursive: true, force: true })
  }
  mine = []
})

test(
  'if the demo is killed during the call, no process is left',
  async () => {
    await killed.sees('PJSIP/bob rings')
    // run.sh has become the killed.
    expect(readFileSync(`/proc/${killed.pid}/cmdline`, 'utf8')).toContain('demo.ts')
    expect(processesOf(killed.directory).length).toBeGreaterThan(5)
    process.kill(killed.pid, 'SIGKILL')
    await killed.ended
    await leavesNoProcess(killed.directory)
  },
  LIMIT_MS
)

test(
  'npm run demo shows a call with one target busy, one away and one that answers, and leaves nothing behind',
  async () => {
    const status = await run.ended
    expect({ status, output: run.output() }).toMatchObject({ status: 0 })
    const [live = '', record = '', why = ''] = run.output().split(/^\$ followme (?:call|explain) .*$/m)
    for (const event of HUNT) {
      expect(live).toMatch(event)
      expect(record).toMatch(event)
    }
    expect(why).toMatch(/Rule '(day|night)' answers/)
    await leavesNoProcess(run.directory)
    expect(directoriesLeft(run.directory)).toEqual([])
  },
  LIMIT_MS
)

test(
  'with --stay, the next call is answered even if followme is killed; Ctrl-C leaves nothing behind',
  async () => {
    await stay.sees('kill -9')
    const [listed, callIn] = [stay.line('FOLLOWME_DATABASE='), stay.line('sh ')]
    // It says that the next call follows the rules as they then are: here, without those who would not answer.
    const database = openSqlite(/FOLLOWME_DATABASE=(\S+)/.exec(listed)![1]!)
    database.exec("UPDATE targets SET enabled = 0 WHERE dial <> 'PJSIP/carol'")
    database.close()
    await execute('sh', ['-c', callIn], { cwd: PROJECT })
    // The record of a call is written a moment after its end.
    await until(
      'both calls to be listed',
      async () => {
        const { stdout } = await execute('sh', ['-c', listed], { cwd: PROJECT })
        return stdout.match(/answered\s+PJSIP\/carol/g)?.length === 2
      },
      SEEN_MS
    )

    await execute('sh', ['-c', stay.line('kill -9')])
    await stay.sees('followme has ended (signal SIGKILL)')
    await execute('sh', ['-c', callIn], { cwd: PROJECT })
    await stay.sees('Asterisk rings PJSIP/dave for a call to +14155550100')

    stay.interrupt()
    await stay.ended
    await leavesNoProcess(stay.directory)
    expect(directoriesLeft(stay.directory)).toEqual([])
  },
  LIMIT_MS
)

test(
  'any argument but --stay is wrong usage',
  async () => {
    const demo = start('sh', RUN, '--help-me')
    expect(await demo.ended).toBe(2)
    expect(demo.output()).toContain('usage: npm run demo [-- --stay]')
  },
  LIMIT_MS
)
