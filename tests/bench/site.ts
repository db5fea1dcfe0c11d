// The rules of a large business, each row a function of where it stands: the same at every run, and nothing to remember.
import { generator, pick, zones } from '../rules/schedule/any-schedules'

/** How much of everything. */
export interface SiteSize {
  readonly numbers: number
  readonly schedules: number
  readonly lists: number
}

export function sizeOf(numbers: number): SiteSize {
  return {
    numbers,
    schedules: Math.ceil(numbers / 10),
    lists: countries.length * Math.ceil(numbers / (100 * countries.length))
  }
}

export const rulesPerNumber = 3
export const targetsPerNumber = 10

/** Country code, how a national number begins there (trunk prefix, area), and the digits that follow. */
const countries = [
  { code: '1', trunk: '', area: '415', zone: 'America/Los_Angeles' },
  { code: '44', trunk: '0', area: '207', zone: 'Europe/London' },
  { code: '49', trunk: '0', area: '303', zone: 'Europe/Berlin' },
  { code: '61', trunk: '0', area: '28', zone: 'Australia/Sydney' },
  { code: '33', trunk: '0', area: '14', zone: 'Europe/Paris' }
] as const

const countryOf = (i: number) => countries[i % countries.length]!

/** Seven digits that belong to an index alone: a permutation, so that neighbours are strewn over the table. */
const digits = (i: number) => String(2_000_000 + ((i * 4_800_007) % 7_999_993)).padStart(7, '0')

export function numberOf(i: number): string {
  const { code, area } = countryOf(i)
  return `+${code}${area}${digits(i)}`
}

/** Somebody outside who lives in the country of number `i`. */
export function callerOf(i: number, k: number): { readonly international: string; readonly national: string } {
  const { code, trunk, area } = countryOf(i)
  const local = `${area}${digits(900_000 + k)}`
  return { international: `+${code}${local}`, national: `${trunk}${local}` }
}

export const scheduleName = (i: number) => `schedule ${i}`
export const listName = (i: number) => `list ${i}`

export interface ScheduleRows {
  readonly timeZone: string
  readonly windows: readonly (readonly [opens: string, minutes: number])[]
  readonly exceptions: readonly (readonly [from: string, to: string, opens: string | null, closes: string | null])[]
}

const windowsOfADay = [
  ['0 9 * * MON-FRI', 480],
  ['30 8 * * MON-THU', 240],
  ['30 13 * * MON-THU', 240],
  ['0 10 * * SAT', 180],
  ['0 22 * * *', 480],
  ['15 7,19 * * *', 45],
  ['0 9 1,15 * *', 600],
  ['0 18 * * FRI#1', 120],
  ['*/30 6-8 * * SUN', 20],
  ['0 0 * * SAT', 2880]
] as const

/** One to five windows, and the holidays of two years; the odd one opens on 29 February only. */
export function scheduleOf(i: number): ScheduleRows {
  const random = generator(1_000_003 + i)
  const windows = new Map<string, number>()
  if (i % 100 === 99) windows.set('0 9 29 2 *', 480)
  else
    for (let more = Math.ceil(random() * 5); more > 0; more--) {
      const [opens, minutes] = pick(windowsOfADay, random)
      windows.set(opens, minutes + 5 * Math.floor(random() * 3))
    }
  const exceptions = ['2026', '2027'].flatMap((year) =>
    Array.from({ length: 6 }, (_, month) => {
      const date = `${year}-${String(2 * month + 1).padStart(2, '0')}-${String(1 + Math.floor(random() * 28)).padStart(2, '0')}`
      return [date, date, ...(random() < 0.3 ? (['10:00', '14:00'] as const) : ([null, null] as const))] as const
    })
  )
  return { timeZone: pick(zones, random), windows: [...windows], exceptions }
}

/** A caller for a list, as list `i` writes its entry `k`. */
export function entryOf(i: number, k: number): string {
  const { international, national } = callerOf(i, 13 * i + k)
  if (k === 0 && i % 3 === 0) return 'anonymous'
  if (k % 10 === 1) return `${international.slice(0, 8)}*`
  return i % 5 === 0 && k % 4 === 2 && national.startsWith('0') ? national : international
}

/** Mostly a few dozen entries; every tenth list is one of the kind that is bought: thousands of nuisance callers. */
export const entriesOf = (i: number) => (i % 10 === 7 ? 5_000 : 5 + (i % 45))

export interface NumberRows {
  readonly number: string
  readonly timeZone: string
  readonly fallback: string
  readonly override: readonly [kind: string, value: string | null, expiresAt: string | null] | null
  readonly rules: readonly RuleRow[]
}

export interface RuleRow {
  readonly name: string
  readonly schedule: string | null
  readonly callers: string | null
  readonly validFrom: string | null
  readonly validUntil: string | null
  readonly fallback: string | null
  readonly targets: readonly (readonly [step: number, dial: string])[]
}

/** What answers number `i`: someone or something for a few, then the day, then the night. */
export function numberRowsOf(i: number, size: SiteSize): NumberRows {
  const random = generator(2_000_003 + i)
  const schedule = () => scheduleName(Math.floor(random() * size.schedules))
  const list = () =>
    listName(countries.length * Math.floor((random() * size.lists) / countries.length) + (i % countries.length))
  const other = () => `number:${numberOf((i + 1 + Math.floor(random() * (size.numbers - 1))) % size.numbers)}`
  const always = { schedule: null, callers: null, validFrom: null, validUntil: null, fallback: null }
  const special: Omit<RuleRow, 'targets'> =
    random() < 0.25
      ? { ...always, name: 'blocked', callers: list(), fallback: 'hangup' }
      : random() < 0.25
        ? { ...always, name: 'vip', callers: list(), schedule: schedule() }
        : random() < 0.5
          ? { ...always, name: 'campaign', schedule: schedule(), validFrom: '2026-11-01', validUntil: '2027-01-31' }
          : { ...always, name: 'lunch', schedule: schedule() }
  const rings = special.name === 'blocked' ? [0, 6, 4] : [3, 4, 3]
  const rules = [
    special,
    { ...always, name: 'day', schedule: schedule() },
    { ...always, name: 'night', schedule: random() < 0.4 ? schedule() : null, fallback: random() < 0.3 ? 'busy' : null }
  ].map((rule, position) => ({
    ...rule,
    targets: Array.from({ length: rings[position]! }, (_, k): [number, string] => [
      1 + Math.floor(k / 2),
      `PJSIP/${rule.name}-${i}-${k}`
    ])
  }))
  if (random() < 0.1) rules[2]!.targets[2] = [2, other()]
  const kind = random() < 0.02 ? pick(['closed', 'forward', 'rule'], random) : null
  const expiresAt = pick([null, '2026-11-01T00:00:00Z', '2027-06-01T00:00:00Z'], random)
  return {
    number: numberOf(i),
    timeZone: countryOf(i).zone,
    fallback: random() < 0.05 ? other() : 'voicemail:100@default',
    override:
      kind === null ? null : [kind, { closed: null, forward: 'PJSIP/duty', rule: 'night' }[kind] ?? null, expiresAt],
    rules
  }
}
