// `followme serve` as a process of its own, beside the Asterisk of a world.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { until } from '../sandbox/child'
import type { World } from './world'

const main = join(__dirname, '..', '..', 'dist', 'main.js')

export interface Served {
  readonly child: ChildProcess
  readonly lines: { level: string; message: string }[]
  readonly exited: Promise<number | null>
}

/** Starts it; the built program is run. */
export function serve(world: World, env: Readonly<Record<string, string>> = {}): Served {
  const child = spawn(process.execPath, [main, 'serve'], {
    env: {
      PATH: process.env['PATH'],
      FOLLOWME_ARI_URL: world.asterisk.ariUrl,
      FOLLOWME_ARI_PASSWORD: world.asterisk.ariPassword,
      FOLLOWME_DATABASE: world.database,
      FOLLOWME_HTTP: '127.0.0.1:0',
      ...env
    },
    stdio: ['ignore', 'inherit', 'pipe']
  })
  const lines: Served['lines'] = []
  let rest = ''
  child.stderr.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) {
      lines.push(
        line.startsWith('{') ? (JSON.parse(line) as Served['lines'][number]) : { level: 'text', message: line }
      )
    }
  })
  return { child, lines, exited: new Promise((resolve) => child.once('exit', (code) => resolve(code))) }
}

/** Whether a line of its log contains this text. */
export function said({ lines }: Served, text: string): boolean {
  return lines.some(({ message }) => message.includes(text))
}

/** Starts it and waits until it is connected. */
export async function ready(world: World, env: Readonly<Record<string, string>> = {}): Promise<Served> {
  const served = serve(world, env)
  await until('followme to connect', 15_000, () => said(served, 'connected to Asterisk'))
  return served
}
