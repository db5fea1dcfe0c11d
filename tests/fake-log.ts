// The log of the tests: nothing is printed, and every line is kept.
import type { Log } from '../src/ports'

export interface LogLine {
  readonly level: keyof Log
  readonly message: string
  readonly fields: object | undefined
}

export interface FakeLog extends Log {
  readonly lines: readonly LogLine[]
  /** `level message` of each line. */
  readonly texts: readonly string[]
}

export function fakeLog(): FakeLog {
  const lines: LogLine[] = []
  const texts: string[] = []
  const at = (level: keyof Log) => (message: string, fields?: object) => {
    lines.push({ level, message, fields })
    texts.push(`${level} ${message}`)
  }
  return { lines, texts, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
