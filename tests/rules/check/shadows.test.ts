// What check says is never reached is never reached. More runs on demand: FOLLOWME_RUNS=100000 npx jest check/shadows
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { checkRules } from '../../../src/rules/check/check'
import { decide } from '../../../src/rules/decide'
import { bookOf } from '../../../src/rules/rule-book'
import { type RuleSet, indexOf } from '../../../src/rules/rule-tables'
import { callerAsTheyCame } from '../given-numbers'

const runs = process.env['FOLLOWME_RUNS']
const settings = runs === undefined ? { numRuns: 80, seed: 20261122 } : { numRuns: Number(runs) }
const now = Date.UTC(2026, 10, 22, 12)
const number = '+442071838750'
const noLimit = { maxCalls: null, fallbackFull: null, ...callerAsTheyCame }

const names = ['a', 'b', 'c'] as const
const schedule = fc.record({
  timeZone: fc.constantFrom(...Array<string>(7).fill('Europe/London'), 'Mars/Base'),
  windows: fc.subarray(
    [
      { opens: '0 9 * * *', minutes: 60 },
      { opens: '0 9 * * *', minutes: 480 },
      { opens: '0 8 * * *', minutes: 600 },
      { opens: '0 0 * * *', minutes: 1440 },
      { opens: '0 9 * * MON-FRI', minutes: 480 },
      { opens: '0 25 * * *', minutes: 60 }
    ],
    { minLength: 1, maxLength: 2 }
  ),
  exceptions: fc.subarray(
    [
      { fromDate: '2026-11-23', toDate: '2026-11-24', opensAt: null, closesAt: null, label: null },
      { fromDate: '2026-11-24', toDate: '2026-11-24', opensAt: '10:00', closesAt: '12:00', label: 'short' },
      { fromDate: '2026-02-30', toDate: '2026-11-24', opensAt: null, closesAt: null, label: null }
    ],
    { maxLength: 1 }
  )
})
const pattern = fc.constantFrom(
  ...[
    '+4420718*',
    '+442071838751',
    '+44*',
    '+*',
    '0207*',
    '020*',
    '0044*',
    '00*',
    '44*',
    '02071838751',
    '00442071838751'
  ],
  ...['anonymous', '+1415*', '+14155550123', '415*', '100', '1*', '0*']
)
const rule = fc.record({
  schedule: fc.constantFrom(null, ...names, ...names),
  callers: fc.constantFrom(null, null, null, ...names),
  validFrom: fc.constantFrom(...Array<null>(6).fill(null), '2026-11-23', '2026-11-24', '-0001-01-01'),
  validUntil: fc.constantFrom(...Array<null>(6).fill(null), '2026-11-24', '2026-11-25', '2027-02-30'),
  enabled: fc.constantFrom(true, true, true, false),
  fallback: fc.constantFrom(null, 'busy'),
  dials: fc.subarray(['PJSIP/alice', 'Local/x@y'])
})

const sets: fc.Arbitrary<RuleSet> = fc
  .record({
    schedules: fc.tuple(schedule, schedule, schedule),
    lists: fc.array(fc.uniqueArray(pattern, { maxLength: 4 }), { minLength: 3, maxLength: 3 }),
    rules: fc.array(rule, { minLength: 2, maxLength: 5 })
  })
  .map(({ schedules, lists, rules }) => ({
    schedules: schedules.map(({ timeZone }, index) => ({ name: names[index]!, timeZone })),
    windows: schedules.flatMap(({ windows }, index) => windows.map((each) => ({ ...each, schedule: names[index]! }))),
    exceptions: schedules.flatMap(({ exceptions }, index) =>
      exceptions.map((each) => ({ ...each, schedule: names[index]! }))
    ),
    callerLists: names.map((name) => ({ name })),
    callerEntries: lists.flatMap((patterns, index) => patterns.map((each) => ({ list: names[index]!, pattern: each }))),
    numbers: [{ number, label: '', enabled: true, timeZone: 'Europe/London', fallback: 'busy', ...noLimit }],
    rules: rules.map((each, index) => ({ number, name: `r${index}`, position: index + 1, ...each })),
    targets: rules.flatMap(({ dials }, index) =>
      dials.map((dial) => ({ number, rule: `r${index}`, step: 1, dial, ringSeconds: 20, enabled: true }))
    ),
    overrides: [],
    dialPolicy: [],
    trunks: [],
    targetLimits: []
  }))

const callers = [
  '+442071838751',
  '020 7183 8751',
  '+442071830000',
  '+33123456789',
  '+14155550123',
  '415 555 0123',
  '100',
  '',
  '0999',
  '1'
]
const instants = [
  ...Array.from({ length: 18 }, (_, index) => Date.UTC(2026, 10, 22, 1) + index * 5 * 3_600_000),
  Date.UTC(2026, 10, 24, 11),
  Date.UTC(1990, 5, 5, 10),
  Date.UTC(2080, 5, 5, 23)
]

test('a rule that check reports as never reached or never answering answers no caller at any time', () => {
  let shadows = 0
  fc.assert(
    fc.property(sets, (set) => {
      const never = new Set(
        checkRules(set, now)
          .filter(({ level, message }) => level === 'error' && /^it (is never reached|never answers)/.test(message))
          .map(({ key }) => key.slice(number.length + 2))
      )
      shadows += never.size
      if (never.size === 0) return
      const book = bookOf(indexOf(set))
      for (const caller of callers) {
        for (const at of instants) {
          const { rule: answers } = decide(number, { number: caller, name: '' }, at, book)
          assert.ok(
            answers === null || !never.has(answers),
            `${answers ?? ''} answers '${caller}' at ${new Date(at).toISOString()}`
          )
        }
      }
    }),
    settings
  )
  // Where nothing is hidden, nothing is proved.
  expect(shadows).toBeGreaterThan(settings.numRuns / 10)
})

test('among a thousand rules of one number, check reports those hidden by others', () => {
  const rules = Array.from({ length: 1000 }, (_, index) => ({
    ...{
      number,
      name: `r${index}`,
      position: index + 1,
      schedule: 'a',
      callers: index === 998 ? null : `l${index % 500}`
    },
    ...{ validFrom: null, validUntil: null, enabled: true, fallback: 'busy' }
  }))
  const set: RuleSet = {
    schedules: [{ name: 'a', timeZone: 'UTC' }],
    windows: [{ schedule: 'a', opens: '0 9 * * *', minutes: 60 }],
    exceptions: [],
    callerLists: Array.from({ length: 500 }, (_, index) => ({ name: `l${index}` })),
    callerEntries: Array.from({ length: 500 }, (_, index) => ({
      list: `l${index}`,
      pattern: `+1${4_155_550_000 + index}`
    })),
    numbers: [{ number, label: '', enabled: true, timeZone: 'UTC', fallback: 'busy', ...noLimit }],
    rules,
    targets: [],
    overrides: [],
    dialPolicy: [],
    trunks: [],
    targetLimits: []
  }
  const faults = checkRules(set, now)
  // The second five hundred have the lists of the first; of the last two, the one for everyone hides the other as well.
  expect(faults).toHaveLength(499)
  expect(faults.every(({ message }) => message.startsWith('it is never reached'))).toBe(true)
  const answers = decide(
    number,
    { number: '+14155550123', name: '' },
    Date.UTC(2026, 10, 23, 9, 30),
    bookOf(indexOf(set))
  )
  expect([answers.rule, answers.considered.length]).toEqual(['r123', 1000])
})
