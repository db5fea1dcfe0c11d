// Rows that SQLite accepts and that mean nothing, beside rules that are right: whatever they are, the right ones go on
// working, and check names what is passed over. More runs on demand: FOLLOWME_RUNS=20000 npx jest nonsense
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { callerOf, matchesPattern } from '../../src/rules/caller'
import { checkRules } from '../../src/rules/check/check'
import type { Fault } from '../../src/rules/finding'
import { failsafeSteps } from '../../src/failsafe/plan-rows'
import { type Decision, decide } from '../../src/rules/decide'
import { endpointFor, normaliseDialled, parseFallback, parseTarget, unlistedCaller } from '../../src/rules/number'
import { ringingIn } from '../../src/rules/hunt-plan'
import type { RuleBook } from '../../src/rules/rule'
import { notesOn } from '../../src/rules/rule-faults'
import { type RuleIndex, indexOf } from '../../src/rules/rule-tables'
import { readRuleSet } from '../../src/store/rules/rule-tables'
import { SqliteRuleStore } from '../../src/store/rules/rule-store'
import { type AnyRow, anyCaller, anyInstant, anyRows, everyNumber, insertIfAllowed } from './any-rows'
import { dials, mixed } from './any-dials'
import { givenDatabase } from './fresh-database'
import { fakeLog } from '../fake-log'

const runs = process.env['FOLLOWME_RUNS']
const settings = runs === undefined ? { numRuns: 30, seed: 20261122 } : { numRuns: Number(runs) }
const now = Date.UTC(2026, 10, 22, 12)
jest.setTimeout(runs === undefined ? 180_000 : 3_600_000)

const good = '+442071838000'
const right = [good, mixed]
  .map(
    (number) => `
      INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES ('${number}', 'Europe/London', 'voicemail:100@default');
      INSERT INTO rules (number, name, position, schedule, callers) VALUES
        ('${number}', 'good vip', 1000, 'good', 'good'), ('${number}', 'good day', 1001, 'good', NULL),
        ('${number}', 'good rest', 1002, NULL, NULL);
      INSERT INTO targets (number, rule, step, dial) VALUES ('${number}', 'good vip', 1, 'PJSIP/ann'),
        ('${number}', 'good day', 1, 'PJSIP/alice'), ('${number}', 'good rest', 1, 'PJSIP/bob');`
  )
  .join('')
const rightRows = `
  INSERT INTO schedules VALUES ('good', 'Europe/London');
  INSERT INTO schedule_windows VALUES ('good', '30 8 * * MON-FRI', 540);
  INSERT INTO schedule_exceptions VALUES ('good', '2026-12-25', '2026-12-26', NULL, NULL, 'Christmas');
  INSERT INTO caller_lists VALUES ('good'); INSERT INTO caller_list_entries VALUES ('good', '+1415*');${right}`

// Rows of the good schedule and the good list that mean nothing.
const beside: readonly AnyRow[] = [
  { table: 'schedule_windows', values: { schedule: 'good', opens: '0 25 * * *', minutes: 60 } },
  { table: 'schedule_windows', values: { schedule: 'good', opens: '\n', minutes: 60 } },
  { table: 'schedule_exceptions', values: { schedule: 'good', from_date: '-0001-01-01', to_date: '9999-12-31' } },
  { table: 'caller_list_entries', values: { list: 'good', pattern: '+044*' } }
]

interface Tried {
  readonly index: RuleIndex
  readonly faults: readonly Fault[]
  readonly decideFor: (number: string, caller: string, at: number) => Promise<Decision>
  readonly bookFor: (number: string) => Promise<RuleBook>
}

/** One database for all runs: each puts its rows in, looks, and takes them out again. */
function givenTrial() {
  const database = givenDatabase()
  const { sqlite } = database
  sqlite.exec(rightRows)
  return async (rows: readonly AnyRow[], look: (tried: Tried) => Promise<void>): Promise<void> => {
    // As the sqlite3 shell has it: nobody asks whether what a row refers to is there.
    sqlite.pragma('foreign_keys = OFF')
    sqlite.exec('BEGIN')
    try {
      for (const each of rows) insertIfAllowed(sqlite, each)
      const store = new SqliteRuleStore(database, fakeLog())
      const set = readRuleSet(sqlite)
      await look({
        index: indexOf(set),
        faults: checkRules(set, now),
        bookFor: (number) => store.rulesFor(number),
        decideFor: async (number, caller, at) =>
          decide(number, { number: caller, name: '' }, at, await store.rulesFor(number))
      })
    } finally {
      sqlite.exec('ROLLBACK')
    }
  }
}

const rows = fc.tuple(anyRows, fc.subarray([...beside])).map(([random, own]) => [...random, ...own])
const questions = fc.array(fc.tuple(anyCaller, anyInstant), { minLength: 1, maxLength: 4 })

/** The answer, without what only counts or explains. */
const answerOf = ({ outcome, rule, plan }: Decision) => ({ outcome, rule, plan })

test('invalid rows do not change the decisions of another number', async () => {
  const tryRows = givenTrial()
  await fc.assert(
    fc.asyncProperty(rows, questions, async (random, asked) => {
      const expected: Decision[] = []
      await tryRows([], async ({ decideFor }) => {
        for (const [caller, at] of asked) expected.push(await decideFor(good, caller, at))
      })
      await tryRows(random, async ({ decideFor }) => {
        for (const [index, [caller, at]] of asked.entries()) {
          assert.deepEqual(answerOf(await decideFor(good, caller, at)), answerOf(expected[index]!))
        }
      })
    }),
    settings
  )
})

test('the valid rules of a number with invalid rows still work, and any rule that answers instead is valid', async () => {
  const tryRows = givenTrial()
  await fc.assert(
    fc.asyncProperty(rows, questions, async (random, asked) => {
      await tryRows(random, async ({ decideFor, faults, bookFor }) => {
        const book = await bookFor(mixed)
        for (const [caller, at] of asked) {
          const { outcome, rule, plan, continued } = await decideFor(mixed, caller, at)
          assert.equal(outcome, 'rule')
          if (rule?.startsWith('good') === true) {
            assert.deepEqual(answerOf(await decideFor(good, caller, at)), { outcome, rule, plan })
            continue
          }
          const own = book.get(mixed)?.rules.find(({ name }) => name === rule)
          const wrong = faults.filter(
            ({ table, key, level }) => table === 'rules' && key === `${mixed}, ${rule ?? ''}` && level === 'error'
          )
          // What may be wrong with a rule that answers: its fallback, how its steps are numbered, a list that has no name.
          assert.deepEqual(
            wrong.filter(
              ({ message }) => !/^(fallback |a step is missing|number:|the fallback |there is no list)/.test(message)
            ),
            []
          )
          if (
            own?.targets.length !== 0 &&
            own?.fallback === null &&
            continued.length === 0 &&
            plan.steps.length === 0
          ) {
            assert.ok(own.targets.every(({ dial }) => dial.startsWith('number:') || dial === mixed))
          }
        }
      })
    }),
    settings
  )
})

test('no decision throws, and only targets and fallbacks that the grammar allows are used', async () => {
  const tryRows = givenTrial()
  await fc.assert(
    fc.asyncProperty(rows, questions, async (random, asked) => {
      await tryRows(random, async ({ decideFor }) => {
        for (const number of everyNumber) {
          for (const [caller, at] of asked) {
            const { plan, nextChangeAt } = await decideFor(number, caller, at)
            assert.ok(nextChangeAt === null || nextChangeAt > at)
            assert.notEqual(parseFallback(plan.fallback).kind, 'number')
            for (const { dial } of plan.steps.flatMap(({ targets }) => targets)) {
              assert.notEqual(parseTarget(dial).kind, 'virtual-number')
              assert.match(dial, /^(\+[1-9][0-9]{1,14}|(PJSIP|SIP|IAX2|DAHDI)\/[A-Za-z0-9_.+*#@/-]+)$/)
              assert.notEqual(dial, number)
            }
          }
        }
      })
    }),
    settings
  )
})

test('the failsafe rings the same targets as the live path, in the same order, and only steps that the dialplan accepts', async () => {
  const dialplan = readFileSync(join(__dirname, '../../asterisk-conf/extensions_followme.conf'), 'utf8')
  const accepted = new RegExp(/\$\{REGEX\("(\^\(\(PJSIP.*?)" /.exec(dialplan)?.[1] ?? 'none')
  const trunk = 'PJSIP/{number}@trunk'
  const tryRows = givenTrial()
  await fc.assert(
    fc.asyncProperty(rows, anyInstant, async (random, at) => {
      await tryRows(random, async ({ decideFor }) => {
        for (const number of everyNumber) {
          const decision = await decideFor(number, unlistedCaller.number, at)
          const steps = failsafeSteps(decision, trunk)
          const dialled = steps.flatMap(({ dial }) => dial ?? [])
          const live = ringingIn(decision.plan).flat()
          assert.equal(dialled.join('&'), live.map(({ dial }) => endpointFor(parseTarget(dial), trunk)).join('&'))
          for (const dial of dialled) assert.match(dial, accepted)
        }
      })
    }),
    settings
  )
})

test('a target that contains several targets or dialplan code is not dialled, and the next rule answers', async () => {
  const tryRows = givenTrial()
  const dialled: string[] = []
  for (const dial of dials) {
    const rule = { table: 'rules', values: { number: mixed, name: 'first', position: 1 } }
    const target = { table: 'targets', values: { number: mixed, rule: 'first', step: 1, dial } }
    await tryRows([rule, target], async ({ decideFor }) => {
      const { plan } = await decideFor(mixed, '', now)
      dialled.push(...ringingIn(plan).flatMap((targets) => targets.map((each) => each.dial)))
    })
  }
  expect([...new Set(dialled)].sort()).toEqual(
    ['+442071838750', `PJSIP/${'a'.repeat(200)}`, 'PJSIP/alice', 'PJSIP/bob', 'SIP/a@b/c*#'].sort()
  )
})

/** Whether a fault has the words of a note. */
function tells(note: string, { message, cure }: Fault): boolean {
  const parsed = `${message}: ${cure}`
  if (note.endsWith(parsed) || note.includes(`: ${message}: `)) return true
  // A circle may be written out from another of its numbers, and a limit of the plan is no fault of one row.
  if (note.includes('go round in a circle')) return message.includes('go round in a circle')
  return note.includes('and that is the limit') && message.includes('other numbers, one after another')
}

test('check reports whatever is skipped, with its table, its key and a cure', async () => {
  const tryRows = givenTrial()
  await fc.assert(
    fc.asyncProperty(rows, questions, async (random, asked) => {
      await tryRows(random, async ({ decideFor, bookFor, faults }) => {
        for (const fault of faults) assert.ok(fault.table !== '' && fault.message !== '' && fault.cure !== '')
        for (const number of everyNumber) {
          const rules = (await bookFor(number)).get(number)
          const notes = new Set(rules === undefined ? [] : notesOn(rules))
          for (const [caller, at] of asked)
            for (const note of (await decideFor(number, caller, at)).notes) notes.add(note)
          for (const note of notes) {
            assert.ok(
              faults.some((fault) => tells(note, fault)),
              `check does not say: ${note}`
            )
          }
        }
      })
    }),
    settings
  )
})

test('check finds no error in a row that works', async () => {
  const tryRows = givenTrial()
  await fc.assert(
    fc.asyncProperty(rows, questions, async (random, asked) => {
      await tryRows(random, async ({ decideFor, faults, index }) => {
        const { set } = index
        const errorsOf = (table: string, key: string) =>
          faults.filter((fault) => fault.level === 'error' && fault.table === table && fault.key === key)
        const isWrong = (table: string, key: string, otherwise: RegExp) =>
          errorsOf(table, key).some(({ message }) => !otherwise.test(message))
        for (const { schedule, opens, minutes } of set.windows) {
          if (!isWrong('schedule_windows', `${schedule}, ${opens}, ${minutes}`, /opens again after|no schedule/))
            continue
          assert.notEqual(index.compiled(schedule).faults.length, 0)
        }
        for (const { list, pattern } of set.callerEntries) {
          if (!isWrong('caller_list_entries', `${list}, ${pattern}`, /no list/)) continue
          const senders = [pattern, pattern.replace('*', '1'), ...asked.map(([caller]) => caller)]
          // Nobody has a number of more than 15 digits, or of other signs, whatever a carrier may let through.
          for (const sent of senders.filter((each) => /^[+0-9 ]{1,16}$/.test(each))) {
            assert.ok(!matchesPattern(pattern, callerOf(sent, mixed)), `'${sent}' matches ${pattern}`)
          }
        }
        for (const { number } of set.numbers) {
          const numberErrors = errorsOf('virtual_numbers', number)
          const unreachable = numberErrors.some(({ message }) => message.startsWith('number '))
          assert.equal(unreachable, normaliseDialled(number) !== number)
          for (const [caller, at] of asked) {
            const { plan, outcome, rule } = await decideFor(number, caller, at)
            const dials = plan.steps.flatMap(({ targets }) => targets.map(({ dial }) => dial))
            // A target that is wrong in one rule is wrong in all.
            for (const target of set.targets.filter((each) => each.number === number)) {
              const key = `${number}, ${target.rule}, ${target.step}, ${target.dial}`
              if (isWrong('targets', key, /has no rule/)) assert.ok(!dials.includes(target.dial), target.dial)
            }
            if (errorsOf('overrides', number).some(({ message }) => !message.includes('leads nowhere'))) {
              assert.ok(outcome !== 'override' || faults.some(({ message }) => message.includes('in a circle')))
            }
            if (rule === null) continue
            const never = errorsOf('rules', `${number}, ${rule}`).filter(({ message }) =>
              /^it (is never|never)/.test(message)
            )
            if (outcome === 'rule') assert.deepEqual(never, [])
          }
        }
      })
    }),
    settings
  )
})

test('the database refuses a number with blanks, with the reason', () => {
  const { sqlite } = givenDatabase()
  const insert = sqlite.prepare("INSERT INTO virtual_numbers (number, time_zone) VALUES (?, 'UTC')")
  for (const number of ['+1 415 555 0100', ' +14155550100', '+14155550100 ', '+1-415-555-0100', '14155550100']) {
    expect(() => insert.run(number)).toThrow(
      'virtual_numbers.number must be E.164 with a leading +, such as +14155550100'
    )
  }
})
