// winston: one line a message on standard error; JSON where that is not a terminal. A child logger carries callId.
import { Writable } from 'node:stream'
import winston from 'winston'
import type { LogLevel } from './config/setting-values'

const plain = winston.format.printf(({ timestamp, level, message, callId, ...rest }) => {
  const call = typeof callId === 'string' ? ` [${callId}]` : ''
  const fields = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? quoted(value) : escaped(JSON.stringify(value))}`)
    .join('')
  return `${String(timestamp)} ${level}${call} ${escaped(String(message))}${fields}`
})

/** A value with blanks or control characters is quoted: no caller's name may forge a log line. */
function quoted(text: string): string {
  return /^[\w+./:@,-]+$/.test(text) ? text : escaped(JSON.stringify(text))
}

/** What a terminal would obey, much of which JSON leaves as it is: controls, line separators, changes of direction. */
function escaped(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex -- they are what is meant
    /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}

const oneLine = winston.format((info) => {
  const message = Symbol.for('message')
  info[message] = escaped(String(info[message]))
  return info
})

/** How long a line waits for others to share a write with. */
const shareMs = 20
/** How much may wait in memory for a reader who does not read: beyond it, lines are lost and counted. */
const maxWaiting = 8_000_000

/**
 * Standard error. A write costs more than making a line, so info lines share one, unless `waitMs` is 0. Warnings, errors and debug
 * lines are written immediately, with the lines before them. If the process is killed, the lines of the last {@link shareMs} are
 * lost.
 */
class StandardError extends Writable {
  private lines = ''
  private lost = 0

  /** `onLost` is called with how many lines were lost, once there is a reader again. */
  constructor(
    private readonly waitMs: number,
    private readonly onLost: (lost: number) => void
  ) {
    super({ objectMode: true })
  }

  override _write(line: winston.Logform.TransformableInfo, _encoding: string, next: () => void): void {
    if (this.lines === '' && this.waitMs > 0) this.writeLater()
    this.lines += `${String(line[Symbol.for('message')])}\n`
    if (this.waitMs === 0 || line[Symbol.for('level')] !== 'info') this.share()
    next()
  }

  private writeLater(): void {
    process.once('exit', this.share)
    setTimeout(this.share, this.waitMs).unref()
  }

  private readonly share = (): void => {
    process.off('exit', this.share)
    const { lines, lost } = this
    if (lines === '') return
    this.lines = ''
    if (process.stderr.writableLength > maxWaiting) {
      this.lost += lines.split('\n').length - 1
      return
    }
    process.stderr.write(lines)
    this.lost = 0
    if (lost > 0) this.onLost(lost)
  }
}

/** The program's logger. `fields` that name a call are given by {@link winston.Logger.child}. */
export function createLog(level: LogLevel, terminal = process.stderr.isTTY): winston.Logger {
  const { combine, timestamp, json, colorize } = winston.format
  const stream = new StandardError(terminal ? 0 : shareMs, (lines) =>
    log.warn('log lines were lost: nobody read standard error', { lines })
  )
  const log = winston.createLogger({
    level,
    format: terminal ? combine(timestamp(), colorize(), plain) : combine(timestamp(), json(), oneLine()),
    transports: [new winston.transports.Stream({ stream })]
  })
  // winston formats a line before it checks the level, and there are many debug lines.
  const { debug } = log
  log.debug = function (this: winston.Logger, ...args: Parameters<typeof debug>) {
    return this.isDebugEnabled() ? debug.apply(this, args) : this
  } as typeof debug
  return log
}
