// A sandbox leaves no process and no directory behind, whatever ends the program that started it.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { gone, isAlive, until } from './child'
import { startAsterisk } from './asterisk'

const TSX = resolve(__dirname, '../../node_modules/tsx/dist/cli.mjs')
const JEST = resolve(__dirname, '../../node_modules/jest/bin/jest.js')
const OWNER = join(__dirname, 'owner.ts')

interface Started {
  readonly owner: ChildProcess
  /** Of the Node process that has the sandbox: tsx runs it as a child. */
  readonly pid: number
  readonly children: readonly number[]
  readonly runDir: string
}

/** Starts owner.ts: a program with an Asterisk, a SIPp phone that rings and a SIPp call that waits. */
async function start(): Promise<Started> {
  const owner = spawn(process.execPath, [TSX, OWNER], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  owner.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await until('the owner to be up', () => output.includes('\n'))
  return { owner, ...(JSON.parse(output) as Omit<Started, 'owner'>) }
}

const cases = (['SIGKILL', 'SIGINT', 'SIGTERM'] as const).map((signal) => [signal] as const)

test.each(cases)(
  'after %s of its owner, no Asterisk or SIPp process is left',
  async (signal) => {
    const { owner, pid, children, runDir } = await start()
    expect(children.length).toBeGreaterThanOrEqual(3)
    expect(children.every(isAlive)).toBe(true)
    process.kill(pid, signal)
    await gone(owner)
    await until('the children to be gone', () => !children.some(isAlive))
    // Nobody is there to remove the directory of a killed owner; the next sandbox does.
    if (signal === 'SIGKILL') await (await startAsterisk()).stop()
    expect(existsSync(runDir)).toBe(false)
  },
  120_000
)

test.each(cases)(
  'after %s of a test run, no temporary file is left',
  async (signal) => {
    // Not in this run's own: paths of a sandbox within a run within a run are too long for a socket.
    const directory = mkdtempSync('/tmp/run-')
    const made = (): string[] => readdirSync(directory).flatMap((each) => readdirSync(join(directory, each)))
    const run = (name: string): ChildProcess =>
      spawn(process.execPath, [JEST, '--runInBand', '--runTestsByPath', __filename, '-t', name], {
        stdio: 'ignore',
        env: { ...process.env, TMPDIR: directory }
      })
    const interrupted = run('two sandboxes run side by side')
    await until('a sandbox of the run', () => made().length > 0)
    interrupted.kill(signal)
    await gone(interrupted)
    // Nobody is there to remove what a killed run has left; the next one does.
    if (signal === 'SIGKILL') await gone(run('no test has this name'))
    const left = readdirSync(directory)
    rmSync(directory, { recursive: true })
    expect(left).toEqual([])
  },
  120_000
)

test('two sandboxes run side by side', async () => {
  const [one, two] = await Promise.all([startAsterisk(), startAsterisk()])
  expect(one.sipPort).not.toBe(two.sipPort)
  expect(await one.cli('core show uptime')).toContain('System uptime')
  await one.stop()
  expect(await two.channels()).toEqual([])
  await two.stop()
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`followme-sandbox-${process.pid}-`))).toEqual([])
})

test('an Asterisk that was killed restarts on the same ports', async () => {
  const asterisk = await startAsterisk()
  await asterisk.kill()
  await expect(asterisk.channels()).rejects.toThrow()
  await asterisk.restart()
  expect(await asterisk.channels()).toEqual([])
  await asterisk.stop()
})
