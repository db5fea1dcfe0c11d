// One burst of calls: a SIPp that places them, one that is all the phones, and where there are trunks one that refuses; what they saw.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SandboxAsterisk } from '../sandbox/asterisk'
import { gone, spawnTied, until } from '../sandbox/child'
import { mayPassOver, numberOf, profileOf, quickPhones, refusingPort } from './profiles'
import type { ProfileId } from './profiles'
import { callerScenario, phonesScenario, refusingScenario } from './scenarios'
import { linesOf, timed } from './sipp-lines'
import type { Line, Timed } from './sipp-lines'
import { wayOf } from './ways'
import type { WayId } from './ways'

export interface Burst {
  readonly way: WayId
  readonly profile: ProfileId
  readonly calls: number
  /** Calls a second. */
  readonly rate: number
  /** How long an answered call lasts. */
  readonly holdMs: number
}

export interface Seen extends Timed {
  /** Calls that went as caller and phones expect. */
  readonly successful: number
  readonly failed: number
  readonly retransmissions: number
  readonly lines: readonly Line[]
  /** What SIPp complained of. */
  readonly errors: string
}

export interface Running {
  /** Resolves when both SIPps are gone. */
  readonly seen: Promise<Seen>
}

/** Time that a caller may take beyond its own: Asterisk gives up on a SIP message after 32 s. */
const patienceMs = 40_000

/** Starts a burst; resolves once its phones listen and the first call is about to be placed. */
export async function start(asterisk: SandboxAsterisk, burst: Burst): Promise<Running> {
  const { ports, tree } = asterisk
  const { code, ownMs, targets, number } = profileOf(burst.profile)
  const ending = code === 200 ? 'answer' : wayOf(burst.way).answersAtLast === true ? 'answer-and-bye' : 'refusal'
  const dir = mkdtempSync(join(asterisk.runDir, 'burst-'))
  const file = (name: string) => join(dir, name)
  const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '')
  const sipp = (name: string, scenario: string, port: number, args: readonly string[]) => {
    writeFileSync(file(`${name}.xml`), scenario)
    const common = [
      ...['-sf', file(`${name}.xml`), '-i', '127.0.0.1', '-p', String(port), '-cp', String(ports.next())],
      ...['-mi', '127.0.0.1', '-mp', String(ports.nextMedia()), '-nostdin', '-buff_size', '4000000'],
      ...['-trace_logs', '-log_file', file(`${name}.log`), '-trace_err', '-error_file', file(`${name}.errors`)],
      ...['-trace_stat', '-stf', file(`${name}.stat`), '-fd', '1']
    ]
    const program = { ...tree.sipp, args: [...tree.sipp.args, ...common, ...args] }
    return spawnTied(program, { cwd: dir, env: { ...process.env, TERM: 'dumb', OPENSSL_CONF: '/dev/null' } })
  }
  const called = [
    { name: 'phones', scenario: phonesScenario(), port: asterisk.carrierPort },
    ...(number === undefined
      ? []
      : [{ name: 'refusing', scenario: refusingScenario(), port: refusingPort(asterisk.phones) }])
  ].map(({ name, scenario, port }) => ({ name, port, child: sipp(name, scenario, port, ['-l', '100000']) }))
  const calledGone = Promise.all(called.map(({ child }) => gone(child)))
  const killCalled = (signal: NodeJS.Signals) => {
    for (const { child } of called) child.kill(signal)
  }
  try {
    for (const { name, child, port } of called) {
      await until('SIPp to listen', () => child.exitCode !== null || isBound(port))
      if (child.exitCode !== null) throw new Error(`SIPp ended: ${read(`${name}.errors`)}`)
    }
  } catch (error) {
    killCalled('SIGKILL')
    throw error
  }

  const fields = Array.from({ length: burst.calls }, (_, at) => `+1500${String(5_550_000 + at)}`)
  writeFileSync(file('callers.csv'), ['SEQUENTIAL', ...fields, ''].join('\n'))
  const limitMs = (1000 * burst.calls) / burst.rate + burst.holdMs + ownMs + patienceMs
  const caller = sipp(
    'caller',
    callerScenario(numberOf(burst.way, burst.profile), ending, burst.holdMs),
    ports.next(),
    [
      ...['-inf', file('callers.csv'), '-m', String(burst.calls), '-l', String(burst.calls)],
      ...['-r', String(burst.rate), '-timeout', `${String(Math.round(limitMs))}ms`, '-timeout_error'],
      `127.0.0.1:${String(asterisk.sipPort)}`
    ]
  )
  const seen = async (): Promise<Seen> => {
    await gone(caller)
    // They end when their calls have.
    killCalled('SIGUSR1')
    const patience = setTimeout(() => killCalled('SIGKILL'), 5000)
    await calledGone
    clearTimeout(patience)
    const names = called.map(({ name }) => name)
    const lines = linesOf(['caller', ...names].map((name) => read(`${name}.log`)).join(''))
    const callers = counted(read('caller.stat'))
    const counts = names.map((name) => counted(read(`${name}.stat`)))
    const sum = (of: (each: typeof callers) => number) => counts.reduce((all, each) => all + of(each), 0)
    const errors = ['caller', ...names]
      .map((name) => read(`${name}.errors`))
      .join('')
      .slice(0, 2000)
    rmSync(dir, { recursive: true, force: true })
    return {
      ...timed(
        lines,
        targets.map(({ phone }) => phone),
        quickPhones,
        mayPassOver(burst.way, burst.profile)
      ),
      lines,
      successful: callers.successful,
      failed: burst.calls - callers.successful + sum(({ failed }) => failed),
      retransmissions: callers.retransmissions + sum(({ retransmissions }) => retransmissions),
      errors
    }
  }
  return { seen: seen() }
}

function isBound(port: number): boolean {
  const hex = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return readFileSync('/proc/net/udp', 'utf8').includes(hex)
}

function counted(statistics: string) {
  const lines = statistics.trim().split('\n')
  const names = lines[0]?.split(';') ?? []
  const values = lines.length > 1 ? (lines.at(-1)?.split(';') ?? []) : []
  const of = (name: string): number => Number(values[names.indexOf(name)] ?? 0)
  return {
    successful: of('SuccessfulCall(C)'),
    failed: of('FailedCall(C)'),
    retransmissions: of('Retransmissions(C)')
  }
}
