// `followme serve` as a process of its own, beside the Asterisk of a world; the built program is run.
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { type Program, spawnTied, until } from '../sandbox/child'
import type { World } from './world'

const main = join(__dirname, '../../dist', 'main.js')

export interface Served {
  readonly child: ChildProcess
  readonly lines: { level: string; message: string }[]
  /** Resolves once it has ended and all that it said has been read. */
  readonly exited: Promise<number | null>
}

/** Starts it; `within` is a program that becomes it. */
export function serve(
  world: Pick<World, 'asterisk' | 'database' | 'logged'>,
  env: Readonly<Record<string, string>> = {},
  options: readonly string[] = [],
  within?: Program
): Served {
  const settings = {
    PATH: process.env['PATH'],
    FOLLOWME_ARI_URL: world.asterisk.ariUrl,
    FOLLOWME_ARI_PASSWORD: world.asterisk.ariPassword,
    FOLLOWME_DATABASE: world.database,
    FOLLOWME_HTTP: '127.0.0.1:0',
    FOLLOWME_ARI_TRANSPORT: process.env['FOLLOWME_ARI_TRANSPORT'],
    ...env
  }
  const args = [main, 'serve', ...options]
  const program = within
    ? { command: within.command, args: [...within.args, process.execPath, ...args] }
    : { command: process.execPath, args }
  const child = spawnTied(program, { env: settings, stdio: ['ignore', 'inherit', 'pipe'] })
  const lines: Served['lines'] = []
  let rest = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) {
      world.logged.push(line)
      lines.push(
        line.startsWith('{') ? (JSON.parse(line) as Served['lines'][number]) : { level: 'text', message: line }
      )
    }
  })
  return { child, lines, exited: new Promise((resolve) => child.once('close', (code) => resolve(code))) }
}

/** Whether a line of its log contains this text. */
export function said({ lines }: Served, text: string): boolean {
  return lines.some(({ message }) => message.includes(text))
}

/** Starts it and waits until it is connected. */
export async function ready(
  world: World,
  env: Readonly<Record<string, string>> = {},
  options: readonly string[] = [],
  within?: Program
): Promise<Served> {
  const served = serve(world, env, options, within)
  await until('followme to connect', () => said(served, 'connected to Asterisk'))
  return served
}
