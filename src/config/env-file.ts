// The syntax of systemd's EnvironmentFile= (systemd.exec(5); src/basic/env-file.c), so that the unit and the command line read
// a file in the same way. Node's util.parseEnv would cut a password at its first "#".
import { AppError } from '../errors'
import { shown } from './setting'
import { nearestSetting } from './setting-names'

const comment = /\s*[#;](?:\\[^]|[^\\\n\r])*/y
const assignment = /\s*(\S[^=\n\r]*)(=?)/y
const blanks = /[ \t]*/y
const singleQuoted = /'([^']*)('?)/y
const doubleQuoted = /"((?:\\[^]|[^"\\])*)("?)/y
const bare = /(?:\\[^]?|[^\\\n\r])*/y

/**
 * The settings that begin with `FOLLOWME_`; everything else is ignored. Nothing is expanded. Throws `invalid`, naming the line
 * but not the value, for a setting that systemd would ignore. `remark` is called for other lines that may be meant as settings.
 */
export function parseEnvFile(
  text: string,
  file: string,
  remark: (line: string) => void = () => undefined
): ReadonlyMap<string, string> {
  const settings = new Map<string, string>()
  let at = 0
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match !== null) at = pattern.lastIndex
    return match
  }
  const fault = (offset: number, what: string): AppError => {
    const line = text.slice(0, offset).split('\n').length
    return new AppError('invalid', `${file}, line ${String(line)}: ${what}`)
  }
  const value = (): string => {
    let whole = ''
    for (;;) {
      next(blanks)
      const start = at
      const quoted = next(singleQuoted) ?? next(doubleQuoted)
      if (quoted === null) return whole + plain(next(bare)?.[0] ?? '')
      const [raw, inner = '', end] = quoted
      if (end === '') throw fault(start, `the quote ${raw.charAt(0)} is never closed: close it, or remove it`)
      whole += raw.startsWith('"') ? unescaped(inner) : inner
    }
  }
  for (;;) {
    if (next(comment) !== null) continue
    const match = next(assignment)
    if (match === null) return settings
    const [, key = '', sign] = match
    const name = key.trim()
    const start = at - 1
    if (/^FOLLOWME_\w+$/.test(name) && sign === '=') settings.set(name, value())
    else if (name.includes('FOLLOWME_')) {
      throw fault(start, `${shown(name)} is not a setting: write NAME=value, with only the name before the "="`)
    } else if (sign === '=') {
      const near = nearestSetting(name)
      if (near !== undefined) remark(fault(start, `${shown(name)} is not a setting: write ${near}`).message)
      value()
    } else
      remark(fault(start, 'not a setting, because it has no "=": write NAME=value, or start the line with #').message)
  }
}

/** Within double quotes, a backslash escapes only these, as in a shell; any other backslash stays. */
function unescaped(text: string): string {
  return text.replace(/\\(["\\`$\n])/g, (_, character: string) => (character === '\n' ? '' : character))
}

/** Outside quotes, a backslash keeps the next character, or joins two lines. Blanks at the end are dropped. */
function plain(text: string): string {
  return text.replace(/\\([^]?)|[ \t]+$/g, (_, character: string | undefined) =>
    (character ?? '').replace(/[\n\r]/, '')
  )
}
