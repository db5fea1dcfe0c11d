// Random rows for the tables of rules: what SQLite's constraints let through, sense and nonsense alike.
import fc from 'fast-check'
import { sqliteCode } from '../../src/store/database/database'
import type { SqliteDatabase } from '../../src/store/database/driver'
import { dials, mixed } from './any-dials'

/** A row to insert: values by column. */
export interface AnyRow {
  readonly table: string
  readonly values: Readonly<Record<string, string | number | bigint | null>>
}

const nasty = [
  '',
  ' ',
  '\n',
  '\t\t',
  '\0',
  'a\0b',
  '\u00a0',
  '\u202e',
  '💥',
  "'; DROP TABLE rules; --",
  '%',
  '..',
  'x'.repeat(300)
]
const text = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary', maxLength: 8 }))
const oneOf = (...likely: readonly string[]) =>
  fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...likely) }, { weight: 1, arbitrary: text })
const orNull = <T>(some: fc.Arbitrary<T>) => fc.oneof(fc.constant(null), some)
const seldom = <T>(some: fc.Arbitrary<T>) => fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, some)
const flag = fc.constantFrom(1, 1, 1, 0)
const huge = fc.constantFrom(...[1, 2, 3, 600, 2 ** 31, -1, 0].map(BigInt), 2n ** 53n + 1n, 2n ** 63n - 1n)

const numbers = ['+442071838002', '+442071838003', '+442071838004', '+14155550100', '+999123', '+12'] as const
const number = oneOf(...numbers, mixed, '+1415555010\0', '+123456789012345')
const numberOfRules = fc.oneof(number, fc.constant(mixed))
const ruleName = oneOf('r1', 'r2', 'r3', 'day, 1', 'Ω')
const scheduleName = oneOf('s1', 's2', 's3', 's\0', 'Ω')
const listName = oneOf('l1', 'l2', 'l\0')

const zone = oneOf(
  ...'Europe/London America/New_York Mars/Base utc GMT+5 Etc/GMT+5 europe/LONDON EST5EDT A Factory'.split(' ')
)
const cron = oneOf(
  ...[
    '0 9 * * *',
    '30 8 * * MON-FRI',
    '* * * * *',
    '*/2 * * * *',
    '*/90 * * * *',
    '0 9 29 2 *',
    '0 9 30 2 *',
    '0 9 31 2 MON'
  ],
  ...[
    '0 0 1 1 *',
    '@daily',
    '@reboot',
    '@secondly',
    '0 9 * * MON#5',
    '0 9 * * MON#6',
    '0 9 L * *',
    '0 9 * * 5L',
    '0 25 * * *'
  ],
  ...[
    'H 9 * * *',
    '0 0 9 * * *',
    '0 9 * *',
    '9',
    '0 9 * * *\0',
    '٠ ٩ * * *',
    '0 9 ? * ?',
    '1,1 9 * * *',
    '-1 9 * * *',
    '0 9 * * FRI-MON'
  ]
)
const minutes = fc.constantFrom(1, 60, 480, 1440, 10_000, 525_600, 527_040, 527_041, 0)
const date = oneOf(
  ...[
    '2023-02-30',
    '2024-02-29',
    '2026-11-23',
    '2026-12-25',
    '9999-12-31',
    '0000-01-01',
    '-0001-01-01',
    '-4713-11-24',
    '1970-01-01'
  ],
  ...['2026-1-1', 'now', '2460000.5', '2026-11-23 ']
)
const time = fc.constantFrom('00:00', '09:00', '12:00', '23:59', '24:00', '24:01', '9:00', '12:60')
const pattern = oneOf(
  ...[
    '+1415*',
    '+1*',
    '+*',
    '*',
    '+1*2',
    '0044*',
    '00*',
    '0*',
    '0207183*',
    '415*',
    '+14155550123',
    '02071838750',
    '+044*',
    '++1'
  ],
  ...[
    'anonymous',
    'Anonymous',
    '00441234567890',
    '+1234567890123456',
    '9999999999999999999',
    '+1415*\0',
    '+14155550123\0',
    '0',
    `${'9'.repeat(70)}*`
  ]
)
const dial = oneOf(...dials)
const fallback = oneOf(
  ...[
    'busy',
    'hangup',
    'voicemail:100@default',
    'voicemail:@',
    'voicemail:1 0@default',
    'announce:closed',
    'announce:../../etc/passwd'
  ],
  ...[
    'dialplan:from-internal,100,1',
    'dialplan:a,b,c',
    'dialplan:a b,1,1',
    'number:+14155550100',
    'number:+1x',
    'number:+15005550006',
    'Busy'
  ]
)
const expires = oneOf(
  '2026-11-22T18:00:00Z',
  '2099-01-01T00:00:00Z',
  '-4713-11-24T12:00:00Z',
  '9999-12-31T23:59:59.999Z',
  'now'
)

const row = (
  table: string,
  values: Record<string, fc.Arbitrary<string | number | bigint | null>>
): fc.Arbitrary<AnyRow> => fc.record(values).map((each) => ({ table, values: each }))

const schedules = row('schedules', { name: scheduleName, time_zone: zone })
const windows = row('schedule_windows', { schedule: scheduleName, opens: cron, minutes })
const exceptions = row('schedule_exceptions', {
  schedule: scheduleName,
  from_date: date,
  to_date: date,
  opens_at: orNull(time),
  closes_at: orNull(time),
  label: orNull(text)
})
const callerLists = row('caller_lists', { name: listName })
const callerEntries = row('caller_list_entries', { list: listName, pattern })
const virtualNumbers = row('virtual_numbers', {
  number,
  label: text,
  enabled: flag,
  time_zone: zone,
  fallback,
  max_calls: orNull(huge),
  caller_id: orNull(oneOf('+14155550100', '+12345678901234567890', '+1')),
  fallback_full: orNull(fallback),
  caller_id_policy: oneOf('outside', 'caller', 'number', 'fixed'),
  name_prefix: orNull(oneOf('Sales: ', '')),
  alert_info: orNull(oneOf('<http://127.0.0.1/Bellcore-dr2>', 'é'))
})
const rules = row('rules', {
  number: numberOfRules,
  name: ruleName,
  position: fc.oneof(fc.integer({ min: 1, max: 99 }), huge),
  schedule: orNull(scheduleName),
  callers: orNull(listName),
  valid_from: seldom(date),
  valid_until: seldom(date),
  enabled: flag,
  fallback: seldom(fallback)
})
const targets = row('targets', {
  number: numberOfRules,
  rule: ruleName,
  step: fc.oneof(fc.integer({ min: 1, max: 3 }), huge),
  dial,
  ring_seconds: fc.constantFrom(1, 20, 600, 601),
  enabled: flag
})
const overrides = row('overrides', {
  // The good rules of the mixed number are looked at without an override.
  number: number.filter((each) => each !== mixed),
  kind: fc.constantFrom('closed', 'forward', 'rule'),
  value: orNull(fc.oneof(dial, ruleName)),
  expires_at: orNull(expires),
  set_by: orNull(text)
})

const dialPolicy = row('dial_policy', {
  prefix: oneOf('+', '+1', '+1415', '+44', '+999', '+0', '44', '+4\u0664', '+1234567890123456'),
  verdict: oneOf('allow', 'deny'),
  note: orNull(text)
})

const trunks = row('trunks', {
  name: oneOf('a', 'b', 'c', 'a b'),
  position: fc.integer({ min: 0, max: 3 }),
  dial: oneOf(
    'PJSIP/{number}@trunk',
    'PJSIP/{digits}@trunk',
    'PJSIP/9{national}@a',
    'DAHDI/g1/{digits}',
    'Local/{number}@x'
  ),
  shows: orNull(oneOf('number', 'caller')),
  diversion: orNull(oneOf('unconditional', 'no-answer', 'maybe')),
  max_calls: orNull(fc.integer({ min: 0, max: 3 })),
  private: flag,
  enabled: flag
})
const prefixes = oneOf('+1', '+44', '+999', '+33', '44')
const trunkPrefixes = row('trunk_prefixes', { trunk: oneOf('a', 'b', 'c'), prefix: prefixes })

const targetLimits = row('target_limits', {
  dial: oneOf('PJSIP/alice', '+442071838750', 'PJSIP/a b', 'Local/x@y', 'number:+14155550100', 'X/1'),
  max_calls: fc.integer({ min: 0, max: 3 }),
  wrap_up_seconds: fc.constantFrom(0, 30, -1, 4000)
})

/** Some rows of one table that belong to a row of another. */
function family(parent: fc.Arbitrary<AnyRow>, child: fc.Arbitrary<AnyRow>, key: Readonly<Record<string, string>>) {
  return fc.tuple(parent, fc.array(child, { minLength: 1, maxLength: 3 })).map(([head, others]) => [
    head,
    ...others.map(({ table, values }) => {
      const own = Object.entries(key).map(([column, of]) => [column, head.values[of] ?? null] as const)
      return { table, values: { ...values, ...Object.fromEntries(own) } }
    })
  ])
}

const alone = fc.oneof(
  targetLimits,
  trunks,
  trunkPrefixes,
  schedules,
  windows,
  exceptions,
  callerLists,
  callerEntries,
  virtualNumbers,
  rules,
  targets,
  overrides,
  dialPolicy
)

/** Rows of every table: some belong together, others meet by chance or not at all. */
export const anyRows: fc.Arbitrary<readonly AnyRow[]> = fc
  .array(
    fc.oneof(
      alone.map((each) => [each]),
      { weight: 2, arbitrary: family(rules, targets, { number: 'number', rule: 'name' }) },
      family(schedules, windows, { schedule: 'name' }),
      family(schedules, exceptions, { schedule: 'name' }),
      family(callerLists, callerEntries, { list: 'name' }),
      family(virtualNumbers, rules, { number: 'number' })
    ),
    { minLength: 1, maxLength: 12 }
  )
  .map((families) => families.flat())

/** Whoever may call: in every form that carriers send, and in none. */
export const anyCaller = oneOf(
  ...[
    '+14155550123',
    '14155550123',
    '0014155550123',
    '+442071838750',
    '02071838750',
    '020 7183 8750',
    'tel:+442071838750',
    '100'
  ],
  ...['anonymous', 'Restricted', '0', '+044123', '+1234567890123456', '9999999999999999999', '00441234567890']
)

/** From 1970 to 2100. */
export const anyInstant = fc.oneof(
  fc.integer({ min: 0, max: Date.UTC(2100, 11, 31) }),
  fc.integer({ min: Date.UTC(2026, 10, 22), max: Date.UTC(2027, 0, 2) }),
  fc.constantFrom(0, Date.UTC(2024, 1, 29, 9), Date.UTC(2026, 2, 29, 1, 30), Date.UTC(2100, 1, 28, 12))
)

/** Every number that a random row may belong to. */
export const everyNumber = [...numbers, mixed]

/** Inserts a row unless a constraint refuses it. As in the sqlite3 shell, the rows that it refers to need not exist. */
export function insertIfAllowed(sqlite: SqliteDatabase, { table, values }: AnyRow): void {
  const columns = Object.keys(values)
  try {
    sqlite
      .prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
      .run(Object.values(values))
  } catch (error) {
    // SQLITE_ERROR: a date of 'now' in a constraint.
    if (!/^SQLITE_(CONSTRAINT|ERROR)/.test(sqliteCode(error) ?? '')) throw error
  }
}
