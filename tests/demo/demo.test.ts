// The demo as its user meets it: what it shows, that what it says to type works, and that nothing is left of it.
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

import { gone, until } from '../sandbox/child'

const PROJECT = resolve(__dirname, '../..')
const RUN = join(__dirname, 'run.sh')
const LIMIT_MS = 60_000
const execute = promisify(execFile)

/** What any run shows of its call, by the day rule and by the night rule alike. */
const HUNT = [
  /PJSIP\/alice: busy \(17, SIP 486\)/,
  /PJSIP\/bob: no-answer/,
  /PJSIP\/carol answers/,
  /hung up by the caller/
]

let mine: string[] = []

/** Starts the demo in a process group, and a directory for temporary files, of its own. */
function start(command: string, ...args: string[]) {
  const directory = mkdtempSync(join(tmpdir(), 'fm-'))
  mine.push(directory)
  const env = { ...process.env, TMPDIR: directory }
  const child = spawn(command, args, { cwd: PROJECT, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const pid = child.pid ?? 0
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const sees = async (text: string): Promise<void> => {
    await until(`'${text}' in what the demo prints`, LIMIT_MS, () => {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the demo ended early:\n${output}`)
      return output.includes(text)
    })
  }
  return {
    pid,
    directory,
    ended: gone(child),
    sees,
    output: () => output,
    /** The line that begins so, as one would copy it. */
    line: (beginning: string) => output.split('\n').find((line) => line.trim().startsWith(beginning)) ?? '',
    /** As Ctrl-C in a terminal does: to all of the group. */
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
  await until('the last process of the demo to be gone', 5000, () => processesOf(directory).length === 0)
}

function directoriesLeft(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.includes('followme'))
}

beforeAll(async () => {
  // The runs below are side by side; each would build.
  await execute('npm', ['run', '--silent', 'build'], { cwd: PROJECT })
}, LIMIT_MS)

afterAll(() => {
  for (const directory of mine) {
    for (const pid of processesOf(directory)) process.kill(Number(pid), 'SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  }
  mine = []
})

test.concurrent(
  'npm run demo shows a call that finds one busy, one away and one who answers, and leaves nothing',
  async () => {
    const demo = start('npm', 'run', 'demo')
    const status = await demo.ended
    expect({ status, output: demo.output() }).toMatchObject({ status: 0 })
    const [live = '', record = '', why = ''] = demo.output().split(/^\$ followme (?:call|explain) .*$/m)
    for (const event of HUNT) {
      expect(live).toMatch(event)
      expect(record).toMatch(event)
    }
    expect(why).toMatch(/Rule '(day|night)' answers/)
    await leavesNoProcess(demo.directory)
    expect(directoriesLeft(demo.directory)).toEqual([])
  },
  LIMIT_MS
)

test.concurrent(
  'with --stay, followme may be killed: the next caller is answered; Ctrl-C leaves nothing',
  async () => {
    const demo = start('npm', 'run', 'demo', '--', '--stay')
    await demo.sees('kill -9')
    const listed = demo.line('FOLLOWME_DATABASE=')
    const callIn = demo.line('sh ')
    await execute('sh', ['-c', callIn], { cwd: PROJECT })
    const { stdout } = await execute('sh', ['-c', listed], { cwd: PROJECT })
    expect(stdout.match(/answered\s+PJSIP\/carol/g)).toHaveLength(2)

    await execute('sh', ['-c', demo.line('kill -9')])
    await demo.sees('followme has ended (signal SIGKILL)')
    await execute('sh', ['-c', callIn], { cwd: PROJECT })
    await demo.sees('Asterisk rings PJSIP/dave for a call to +14155550100')

    demo.interrupt()
    await demo.ended
    await leavesNoProcess(demo.directory)
    expect(directoriesLeft(demo.directory)).toEqual([])
  },
  LIMIT_MS
)

test.concurrent(
  'killed in the middle of the call, it leaves no process',
  async () => {
    const demo = start('sh', RUN)
    await demo.sees('PJSIP/bob rings')
    // run.sh has become the demo.
    expect(readFileSync(`/proc/${demo.pid}/cmdline`, 'utf8')).toContain('demo.ts')
    expect(processesOf(demo.directory).length).toBeGreaterThan(5)
    process.kill(demo.pid, 'SIGKILL')
    await demo.ended
    await leavesNoProcess(demo.directory)
  },
  LIMIT_MS
)

test(
  'anything but --stay is wrong usage',
  async () => {
    const demo = start('sh', RUN, '--help-me')
    expect(await demo.ended).toBe(2)
    expect(demo.output()).toContain('usage: npm run demo [-- --stay]')
  },
  LIMIT_MS
)
