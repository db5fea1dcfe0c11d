// The system's time zone data (tzdata), read with zdump, a tool of the C library.
import { execFileSync } from 'node:child_process'
import { type Stats, closeSync, openSync, readFileSync, readSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { isError } from '../errors'
import type { OffsetAt, UnreadZones, ZoneSource } from '../rules/schedule/time-zones'

/** Where systems keep the data; TZDIR overrides this, as for every other program. */
const directories = ['/usr/share/zoneinfo', '/usr/lib/zoneinfo', '/usr/share/lib/zoneinfo', '/etc/zoneinfo']

/** The directory with the system's zone data; undefined if there is none. */
export function zoneDirectory({ TZDIR }: NodeJS.ProcessEnv): string | undefined {
  const places = TZDIR === undefined || TZDIR === '' ? directories : [path.resolve(TZDIR)]
  return places.find((each) => statOf(each)?.isDirectory())
}

function statOf(file: string): Stats | undefined {
  try {
    return statSync(file)
  } catch {
    return undefined
  }
}

/** The files that may name the release of the data, and the pattern to find it. */
const versionFiles: readonly (readonly [file: string, version: RegExp])[] = [
  ['tzdata.zi', /^# version (\d{4}[a-z]+)/],
  ['+VERSION', /^(\d{4}[a-z]+)/],
  ['version', /^(\d{4}[a-z]+)/],
  // Alpine has none of these files, but it has a list of its packages.
  ['/lib/apk/db/installed', /^P:tzdata\nV:(\d{4}[a-z]+)/m]
]

/** The release of the data in a directory; null if unknown. */
export function zoneVersion(directory: string): string | null {
  for (const [file, pattern] of versionFiles) {
    if (path.isAbsolute(file) && !directories.includes(directory)) continue
    try {
      const [, version] = pattern.exec(readFileSync(path.resolve(directory, file), 'latin1')) ?? []
      if (version !== undefined) return version
    } catch {
      // Try the next file.
    }
  }
  return null
}

/** A text that changes when the data are replaced. */
export function zoneFingerprint(directory: string | undefined): string {
  if (directory === undefined) return 'none'
  const parts = ['.', 'Europe', ...versionFiles.map(([file]) => file)].map((file) => {
    const stat = statOf(path.resolve(directory, file))
    return stat === undefined ? '' : `${stat.ino}:${stat.size}:${stat.mtimeMs}`
  })
  return [directory, ...parts].join(' ')
}

/**
 * The system's data, or why they cannot be read. `aliasOf` returns another name of a zone: Debian, for example, has the old
 * names (`US/Pacific`) in a separate package.
 */
export function systemZones(
  directory: string,
  aliasOf: (timeZone: string) => string | undefined
): ZoneSource | UnreadZones {
  const name = `the system (${directory})`
  const version = zoneVersion(directory)
  const cure = 'install zdump (Debian: libc-bin, Alpine: tzdata-utils), and check the permissions of the directory'
  try {
    const example = fileOf(directory, 'Europe/London') ?? fileOf(directory, 'Etc/UTC')
    if (example === undefined) return { name, version, reason: 'it contains no zones', cure: 'reinstall tzdata' }
    piecesBetween(example, Date.now(), Date.now())
  } catch (error) {
    return { name, version, reason: `zdump fails: ${isError(error) ? firstLine(error.message) : String(error)}`, cure }
  }
  // Reading a zone takes a moment, and it may be asked for repeatedly.
  const known = new Map<string, OffsetAt | undefined>()
  return {
    name,
    version,
    offsetsOf: (timeZone) => {
      const file = fileOf(directory, timeZone) ?? fileOf(directory, aliasOf(timeZone) ?? '')
      if (file !== undefined && !known.has(file)) known.set(file, offsetsIn(file))
      return known.get(file ?? '')
    }
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}

const notZones = new Set(['factory', 'localtime', 'posixrules', 'posix', 'right'])

/** The file of a zone, regardless of upper and lower case; undefined if there is none. */
function fileOf(directory: string, timeZone: string): string | undefined {
  let found = directory
  const parts = timeZone.toLowerCase().split('/')
  if (notZones.has(parts[0] ?? '')) return undefined
  try {
    for (const part of parts) {
      const entry = readdirSync(found).find((each) => each.toLowerCase() === part)
      if (entry === undefined) return undefined
      found = path.join(found, entry)
    }
    return isZoneFile(found) ? found : undefined
  } catch {
    return undefined
  }
}

/** For anything else, zdump prints UTC. */
function isZoneFile(file: string): boolean {
  if (!statSync(file).isFile()) return false
  const start = Buffer.alloc(4)
  const handle = openSync(file, 'r')
  try {
    readSync(handle, start)
  } finally {
    closeSync(handle)
  }
  return start.toString('latin1') === 'TZif'
}

/** From `at` until the next piece, the offset is `offset`; both in milliseconds. */
interface Piece {
  readonly at: number
  readonly offset: number
}

const yearMs = 365.25 * 86_400_000
// zdump checks every half day: about 5 ms for the years that calls and rules use, five times that for all others.
const [nearBackMs, nearAheadMs] = [10 * yearMs, 20 * yearMs]
const [farFrom, farTo] = [Date.UTC(1970, 0, 1), Date.UTC(2100, 0, 1)]

/** Undefined if zdump cannot read the file. Outside 1970 to 2099 the first or last offset applies. */
function offsetsIn(file: string): OffsetAt | undefined {
  const [from, to] = [Date.now() - nearBackMs, Date.now() + nearAheadMs]
  const near = tryPieces(file, from, to)
  if (near === undefined) return undefined
  let far: readonly Piece[] | undefined
  return (instant) => {
    if (instant >= from && instant < to) return offsetIn(near, instant)
    far ??= tryPieces(file, farFrom, farTo) ?? near
    return offsetIn(far, instant)
  }
}

function offsetIn(pieces: readonly Piece[], instant: number): number {
  return (pieces.findLast(({ at }) => at <= instant) ?? pieces[0])?.offset ?? 0
}

function tryPieces(file: string, from: number, to: number): readonly Piece[] | undefined {
  try {
    return piecesBetween(file, from, to)
  } catch {
    return undefined
  }
}

/** The offsets of a zone file between two instants. Throws if zdump cannot be run or its output is unexpected. */
function piecesBetween(file: string, from: number, to: number): readonly Piece[] {
  const range = `${Math.floor(from / 1000)},${Math.ceil(to / 1000) + 1}`
  // PATH may be the short one of a service or of cron.
  const PATH = `${process.env['PATH'] ?? ''}:/usr/bin:/usr/sbin:/bin`
  const printed = execFileSync('zdump', ['-i', '-t', range, file], {
    env: { PATH, LC_ALL: 'C' },
    encoding: 'utf8',
    timeout: 5000,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const pieces = printed.split('\n').flatMap((line) => pieceOf(line) ?? [])
  if (pieces[0]?.at !== -Infinity) throw new Error(`zdump printed "${firstLine(printed.trim())}"`)
  return pieces
}

/**
 * A line of `zdump -i`: date, time and offset from then on, by the new wall clock, or hyphens for the date and time at the
 * start of the range. Undefined for any other line.
 */
function pieceOf(line: string): Piece | undefined {
  const [, date, hour, minute = '00', second = '00', offset] =
    /^(-|\d{4}-\d\d-\d\d)\t(?:-|(\d\d)(?::(\d\d))?(?::(\d\d))?)\t([-+]\d\d(?:\d\d)?(?:\d\d)?)/.exec(line) ?? []
  if (date === undefined || offset === undefined) return undefined
  const [hours, minutes, seconds] = [offset.slice(1, 3), offset.slice(3, 5), offset.slice(5, 7)].map(Number)
  const size = (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000
  const offsetMs = offset.startsWith('-') ? -size : size
  if (date === '-') return { at: -Infinity, offset: offsetMs }
  return { at: Date.parse(`${date}T${hour ?? '00'}:${minute}:${second}Z`) - offsetMs, offset: offsetMs }
}
