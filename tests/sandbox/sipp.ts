// SIPp as carrier and phones of a sandbox. Each is a process of its own, gone when its owner is.
import { createSocket } from 'node:dgram'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { SandboxAsterisk } from './asterisk'
import { gone, spawnTied, until } from './child'
import { uacScenario, type Call } from './scenario-uac'
import { uasScenario, type Behaviour, type Behaviours } from './scenario-uas'
import { HANG_UP } from './scenario-xml'
import { parseMessages, toCalls, type SipCall, type SipMessage } from './sip-log'

export interface UacOptions extends Call {
  /** How many calls in all, and how many a second. Default: one. */
  readonly count?: number
  readonly ratePerSecond?: number
  /** How many at once at most. Default: no limit. */
  readonly limit?: number
  /** The carrier's port. Default: a fresh one. */
  readonly port?: number
  /** One line a call, its fields apart by `;`: what `[field0]`, `[field1]` in the number and the headers stand for. */
  readonly fields?: readonly string[]
  /** Gives up after so long. Default 60 s. */
  readonly timeoutMs?: number
  /** Keeps its messages, for `calls()` and all that reads them. Default: yes; not for thousands of calls. */
  readonly traced?: boolean
}

export interface SippResult {
  /**
   * 0: every call went as expected; 1: one did not; other: SIPp could not run; -1: it was ended by a signal. For a phone,
   * judge by its calls: what Asterisk repeats to the one that had the port before counts as failed here.
   */
  readonly exitCode: number
  readonly successful: number
  readonly failed: number
  readonly calls: readonly SipCall[]
  /** What SIPp complained about. */
  readonly errors: string
}

export interface SippHandle {
  /** What it is: `uac` (a caller) or `uas` (a phone), and its port. */
  readonly name: string
  /** Resolves when SIPp is through (a caller) or was stopped (a phone); never rejects. */
  readonly finished: Promise<SippResult>
  messages(): SipMessage[]
  calls(): SipCall[]
  /** Resolves with the first call for which this is true; rejects where none comes to be. */
  waitForCall(what: string, met: (call: SipCall) => boolean): Promise<SipCall>
  /** Makes the answered calls hang up now, and those cancel that were to be cancelled later. */
  hangUp(): void
  /** What SIPp complains about so far. */
  errors(): string
  /** Ends SIPp: when its calls have ended, or after `patienceMs` (default 3 s) whatever calls are up. */
  stop(patienceMs?: number): Promise<SippResult>
}

function bound(port: number): boolean {
  const hex = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return readFileSync('/proc/net/udp', 'utf8').includes(hex)
}

function counted(statFile: string): { successful: number; failed: number } {
  const lines = existsSync(statFile) ? readFileSync(statFile, 'utf8').trim().split('\n') : []
  const names = lines[0]?.split(';') ?? []
  const values = lines.length > 1 ? (lines.at(-1)?.split(';') ?? []) : []
  const of = (name: string): number => Number(values[names.indexOf(name)] ?? 0)
  return { successful: of('SuccessfulCall(C)'), failed: of('FailedCall(C)') }
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** SIPp takes a message as part of the call whose Call-ID it has, and answers with the headers of the last one it got. */
function requestHangUp(call: SipCall, port: number): void {
  const last = call.messages.filter(({ direction }) => direction === 'received').at(-1)
  const headers = ['Via', 'From', 'To', 'Call-ID'].map((name) => `${name}: ${last?.header(name) ?? ''}`)
  const lines = [`${HANG_UP} sip:sandbox SIP/2.0`, ...headers, `CSeq: 99 ${HANG_UP}`, 'Content-Length: 0', '', '']
  const socket = createSocket('udp4')
  socket.send(lines.join('\r\n'), port, '127.0.0.1', () => socket.close())
}

function start(
  asterisk: SandboxAsterisk,
  name: string,
  scenario: string,
  port: number,
  args: string[],
  traced = true
): SippHandle {
  const dir = mkdtempSync(join(asterisk.runDir, `${name}-`))
  const file = (ending: string): string => join(dir, ending)
  writeFileSync(file('scenario.xml'), scenario)
  const media = asterisk.ports.nextMedia()
  const common = [
    ...['-sf', file('scenario.xml'), '-i', '127.0.0.1', '-p', String(port), '-cp', String(asterisk.ports.next())],
    ...['-mi', '127.0.0.1', '-mp', String(media), '-nostdin'],
    ...(traced ? ['-trace_msg', '-message_file', file('messages')] : []),
    ...['-trace_err', '-error_file', file('errors')],
    ...['-trace_stat', '-stf', file('stat'), '-fd', '1']
  ]
  const program = { ...asterisk.tree.sipp, args: [...asterisk.tree.sipp.args, ...common, ...args] }
  const child = spawnTied(program, { cwd: dir, env: { ...process.env, TERM: 'dumb', OPENSSL_CONF: '/dev/null' } })
  const messages = (): SipMessage[] => parseMessages(readIfThere(file('messages')))
  const calls = (): SipCall[] => toCalls(messages())
  const finished = gone(child).then((exitCode) => ({
    exitCode,
    ...counted(file('stat')),
    calls: calls(),
    errors: readIfThere(file('errors'))
  }))
  return {
    name: `${name} ${port}`,
    finished,
    messages,
    calls,
    hangUp: () => {
      for (const call of calls()) if (call.end === null) requestHangUp(call, port)
    },
    errors: () => readIfThere(file('errors')),
    waitForCall: async (what, met) => {
      await until(what, () => calls().some(met))
      const call = calls().find(met)
      if (call === undefined) throw new Error(`lost sight of ${what}`)
      return call
    },
    stop: (patienceMs = 3000) => {
      // Asks it to end when its calls have, then no longer asks.
      child.kill('SIGUSR1')
      const patience = setTimeout(() => child.kill('SIGKILL'), patienceMs)
      return finished.finally(() => clearTimeout(patience))
    }
  }
}

function fieldsFile({ runDir }: SandboxAsterisk, lines: readonly string[]): string {
  const file = join(mkdtempSync(join(runDir, 'fields-')), 'calls.csv')
  writeFileSync(file, ['SEQUENTIAL', ...lines, ''].join('\n'))
  return file
}

/** The carrier calls a virtual number (or several times the same). */
export function uac(asterisk: SandboxAsterisk, options: UacOptions): SippHandle {
  const count = options.count ?? 1
  const port = options.port ?? asterisk.ports.next()
  const args = [
    ...['-m', String(count), '-r', String(options.ratePerSecond ?? 10), '-l', String(options.limit ?? count)],
    ...(options.fields === undefined ? [] : ['-inf', fieldsFile(asterisk, options.fields)]),
    ...['-timeout', `${options.timeoutMs ?? 60_000}ms`, '-timeout_error', `127.0.0.1:${asterisk.sipPort}`]
  ]
  return start(asterisk, 'uac', uacScenario(options), port, args, options.traced)
}

function isBehaviour(given: Behaviour | Behaviours): given is Behaviour {
  return 'kind' in given && typeof given.kind === 'string'
}

/**
 * A simulated phone on a port Asterisk calls (asterisk.phones or carrierPort). Resolves when it listens. One behaviour for
 * all calls, or several by the number or name called.
 */
export async function uas(
  asterisk: SandboxAsterisk,
  port: number,
  behaviour: Behaviour | Behaviours,
  { traced }: Pick<UacOptions, 'traced'> = {}
): Promise<SippHandle> {
  const behaviours = isBehaviour(behaviour) ? { default: behaviour } : behaviour
  if (bound(port)) throw new Error(`there is a phone on port ${port} already: stop it first`)
  const handle = start(asterisk, 'uas', uasScenario(behaviours), port, [], traced)
  const dead = handle.finished.then((result) => {
    throw new Error(`SIPp ended (${result.exitCode}): ${result.errors}`)
  })
  await Promise.race([dead, until(`SIPp to listen on ${port}`, () => bound(port))])
  dead.catch(() => undefined)
  return handle
}
