// A number read for a live call, and the same number read with all tables for check and dry runs: the same rules, the same
// plan, whatever the rows. More runs on demand: FOLLOWME_RUNS=20000 npx jest two-readers
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { decide } from '../../../src/rules/decide'
import type { NumberRules, RuleBook } from '../../../src/rules/rule'
import { bookOf } from '../../../src/rules/rule-book'
import { indexOf } from '../../../src/rules/rule-tables'
import { SqliteRuleStore } from '../../../src/store/rules/rule-store'
import { readRuleSet } from '../../../src/store/rules/rule-tables'
import { anyCaller, anyInstant, anyRows, everyNumber, insertIfAllowed } from '../any-rows'
import { givenDatabaseFile, opened } from '../fresh-database'
import { fakeLog } from '../../fake-log'

const runs = process.env['FOLLOWME_RUNS']
const settings = runs === undefined ? { numRuns: 150, seed: 20261128 } : { numRuns: Number(runs) }
jest.setTimeout(runs === undefined ? 180_000 : 3_600_000)

const tables = [
  'overrides',
  'targets',
  'rules',
  'virtual_numbers',
  'caller_list_entries',
  'caller_lists',
  'schedule_exceptions',
  'schedule_windows',
  'schedules',
  'dial_policy'
]

/** The rules as plain data: a schedule is what it says at these instants. */
const plain = (rules: NumberRules | undefined, instants: readonly number[]) =>
  rules && {
    ...rules,
    policy: rules.policy.key,
    rules: rules.rules.map(({ schedule, ...rule }) => ({
      ...rule,
      schedule: schedule && {
        name: schedule.name,
        timeZone: schedule.compiled.timeZone,
        faults: schedule.compiled.faults,
        states: instants.map((at) => schedule.compiled.stateAt(at))
      }
    }))
  }

/** SQLite's arrays are those of another realm, so their texts are compared. */
const same = (one: unknown, other: unknown) => assert.equal(textOf(one), textOf(other))
const textOf = (value: unknown) => inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null })

const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 1, maxLength: 3 })

test('a live call and a complete reading of the tables get the same rules and the same plan', async () => {
  const file = givenDatabaseFile()
  const writer = opened(file).sqlite
  writer.pragma('foreign_keys = OFF')
  const store = new SqliteRuleStore(opened(file), fakeLog())
  const reader = opened(file, { readOnly: true }).sqlite
  let rulesSeen = 0
  await fc.assert(
    fc.asyncProperty(anyRows, some(anyCaller), some(anyInstant), async (rows, callers, instants) => {
      writer.transaction(() => {
        for (const table of tables) writer.exec(`DELETE FROM ${table}`)
        for (const row of rows) insertIfAllowed(writer, row)
        // Most random rules are of a number that is not among the random rows.
        for (const number of everyNumber) {
          writer.prepare("INSERT OR IGNORE INTO virtual_numbers (number, time_zone) VALUES (?, 'UTC')").run(number)
        }
      })()
      const whole: RuleBook = bookOf(indexOf(readRuleSet(reader)))
      for (const number of new Set([...everyNumber, ...whole.keys()])) {
        const live = await store.rulesFor(number)
        same(plain(live.get(number), instants), plain(whole.get(number), instants))
        for (const [other, rules] of live) same(plain(rules, instants), plain(whole.get(other), instants))
        rulesSeen += live.get(number)?.rules.length ?? 0
        for (const caller of callers.map((each) => ({ number: each, name: '' }))) {
          const forCaller = await store.rulesFor(number, caller)
          for (const at of instants) {
            const decision = decide(number, caller, at, whole)
            same(decide(number, caller, at, live), decision)
            same(decide(number, caller, at, forCaller), decision)
          }
        }
      }
    }),
    settings
  )
  // Otherwise this would have shown nothing.
  expect(rulesSeen).toBeGreaterThan(100)
})
