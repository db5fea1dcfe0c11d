// The zone database as its own tools see it: tzdata.zi, its source text, compiled by zic and read by zdump. It shares neither
// data nor code with src/. For tests only.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const sourceText = readFileSync(join(__dirname, 'tzdata.zi'), 'utf8')
export const sourceVersion = /^# version (\S+)/.exec(sourceText)?.[1] ?? ''

/** Every name of the database but `Factory`, links included, in order. */
export const zoneNames: readonly string[] = sourceText
  .split('\n')
  .flatMap((line) => /^(?:Z|L \S+) (\S+)/.exec(line)?.[1] ?? [])
  .filter((name) => name !== 'Factory')
  .sort()

const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/bin`, LC_ALL: 'C' }

/** A directory of zone files that lasts as long as the test file that asks for it. */
export function givenZones(text = sourceText): string {
  const directory = mkdtempSync(join(tmpdir(), 'followme-zones-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  compile(text, directory)
  return directory
}

/** Compiles a source text to zone files, as distributions do; a +VERSION beside them says which release they are of. */
export function compile(text: string, into: string): void {
  execFileSync('zic', ['-d', into, '-'], { env, input: text, stdio: ['pipe', 'ignore', 'pipe'] })
  writeFileSync(join(into, '+VERSION'), `${/^# version (\S+)/.exec(text)?.[1] ?? ''}\n`)
}

/** From `at` on a zone is `offset` ahead of UTC, both in milliseconds. */
interface Change {
  readonly at: number
  readonly offset: number
}

const tables = new Map<string, readonly Change[]>()

const allYears = '1970,2110'

/** When a zone's offset changes, in these years, in order; the first is the offset before. */
export function changesOf(directory: string, zone: string, years = allYears): readonly Change[] {
  const file = join(directory, zone)
  // A link is the same file by another name.
  const key = `${directory} ${statSync(file).ino} ${years}`
  let table = tables.get(key)
  if (table === undefined) tables.set(key, (table = tableOf(file, dumped([file], years))))
  return table
}

/** Reads every zone of a directory for {@link changesOf}, faster than one after the other. */
export function readAllZones(directory: string, years: string): void {
  const files = new Map<string, string>()
  for (const zone of zoneNames) {
    const file = join(directory, zone)
    files.set(`${directory} ${statSync(file).ino} ${years}`, file)
  }
  const lines = new Map<string, string[]>()
  for (const line of dumped([...files.values()], years)) {
    const [file = ''] = line.split(' ', 1)
    const known = lines.get(file)
    if (known === undefined) lines.set(file, [line])
    else known.push(line)
  }
  for (const [key, file] of files) tables.set(key, tableOf(file, lines.get(file) ?? []))
}

/** How many milliseconds a zone's wall is ahead of UTC at an instant of these years. */
export function offsetOf(directory: string, zone: string, at: number, years = allYears): number {
  const table = changesOf(directory, zone, years)
  let [low, high] = [0, table.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (table[middle]!.at <= at) low = middle + 1
    else high = middle
  }
  return table[low - 1]!.offset
}

/** The long form of zdump, which prints the second before each change and the second of it. */
function dumped(files: readonly string[], years: string): string[] {
  const options = { env, encoding: 'utf8', maxBuffer: 256 << 20 } as const
  return spawnSync('zdump', ['-v', '-c', years, ...files], options).stdout.split('\n')
}

function tableOf(file: string, lines: readonly string[]): readonly Change[] {
  const changes = lines.flatMap((line) => {
    const [, utc, offset] = /^\S+ +\w{3} (.*) UTC? = .* gmtoff=(-?\d+)$/.exec(line) ?? []
    return utc === undefined ? [] : [{ at: Date.parse(`${utc} UTC`), offset: Number(offset) * 1000 }]
  })
  if (changes.length > 0) return [{ at: -Infinity, offset: changes[0]!.offset }, ...changes]
  // One that never changes is not printed.
  const [, sign, hours, minutes] = /([-+])(\d\d)(\d\d)/.exec(
    execFileSync('date', ['+%z'], { env: { ...env, TZ: `:${file}` }, encoding: 'utf8' })
  ) as unknown as string[]
  return [{ at: -Infinity, offset: Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000 }]
}
