// Logging with winston: one line per message on standard error, as JSON unless that is a terminal. A child logger adds callId.
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

/** Values with blanks or control characters are quoted, so that no caller's name can forge a log line. */
function quoted(text: string): string {
  return /^[\w+./:@,-]+$/.test(text) ? text : escaped(JSON.stringify(text))
}

/** Escapes characters that a terminal would obey and JSON may leave unchanged: controls, line separators, text direction. */
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

/** How long a line waits so that several lines share one write. */
const shareMs = 20
/** How much log text may wait in memory if nothing reads it; beyond that, lines are dropped and counted. */
const maxWaiting = 8_000_000

/**
 * Standard error. A write costs more than formatting a line, so info lines share a write unless `waitMs` is 0. Warnings, errors
 * and debug lines are written immediately, with the lines before them. If the process is killed, the lines of the last {@link
 * shareMs} are lost.
 */
class StandardError extends winston.transports.Console {
  private lines = ''
  private lost = 0

  /** `onLost` is called with the number of lost lines once the output is read again. */
  constructor(
    private readonly waitMs: number,
    private readonly onLost: (lost: number) => void
  ) {
    super()
  }

  override log(line: winston.Logform.TransformableInfo, next: () => void): void {
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

/** The program's logger. Use {@link winston.Logger.child} to add a call's fields. */
export function createLog(level: LogLevel, terminal = process.stderr.isTTY): winston.Logger {
  const { combine, timestamp, json, colorize } = winston.format
  const transport = new StandardError(terminal ? 0 : shareMs, (lines) =>
    log.warn('log lines were lost: standard error was not being read', { lines })
  )
  const log = winston.createLogger({
    level,
    format: terminal ? combine(timestamp(), colorize(), plain) : combine(timestamp(), json(), oneLine()),
    transports: [transport]
  })
  // Checked here, because winston formats a line before it checks the level, and there are many debug lines.
  const { debug } = log
  log.debug = function (this: winston.Logger, ...args: Parameters<typeof debug>) {
    return this.isDebugEnabled() ? debug.apply(this, args) : this
  } as typeof debug
  return log
}
