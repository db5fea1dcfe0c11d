// The versions that triggers keep say which plans an edit changes, whoever edits and however; followme's own records change none.
import { copyFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { failsafeSteps } from '../../../src/failsafe/plan-rows'
import { decide } from '../../../src/rules/decide'
import { unlistedCaller } from '../../../src/rules/number'
import { bookOf } from '../../../src/rules/rule-book'
import { indexOf } from '../../../src/rules/rule-tables'
import { migrate } from '../../../src/store/migrations/migrate'
import { ruleTables } from '../../../src/store/migrations/row-watch'
import { editsReader } from '../../../src/store/rules/rule-versions'
import { readRuleSet } from '../../../src/store/rules/rule-tables'
import { generator } from '../../rules/schedule/any-schedules'
import { makeAnyEdit, numbers, site } from '../any-edits'
import { givenDatabaseFile, givenDirectory, opened, ownMigrations, shipped } from '../fresh-database'

const tuesday = Date.UTC(2026, 10, 24, 10)
const everyNumber = [...numbers, '+61280001002']

function given(file = givenDatabaseFile()) {
  const editor = opened(file).sqlite
  const reader = opened(file, { busyTimeoutMs: 0 }).sqlite
  const editsSince = editsReader(reader)
  let { edition } = editsSince(null)
  return {
    file,
    editor,
    /** The numbers that have been edited since this was last asked; null: any may have been. */
    edited: () => {
      const edits = editsSince(edition)
      edition = edits.edition
      return edits.numbers
    },
    /** Each number's plan, of all tables read anew, and when it will be another. */
    plans: (of: readonly string[] = everyNumber) => {
      const book = bookOf(indexOf(readRuleSet(reader)))
      return new Map(
        of.map((number) => {
          const decision = decide(number, unlistedCaller, tuesday, book)
          return [number, JSON.stringify([failsafeSteps(decision, '{number}'), decision.nextChangeAt])] as const
        })
      )
    }
  }
}

test.each(['ON', 'OFF'])(
  'after any edits, recomputing the plans of the edited numbers is enough to have all plans (foreign keys %s)',
  (foreignKeys) => {
    const { editor, edited, plans } = given()
    editor.exec(site)
    editor.pragma(`foreign_keys = ${foreignKeys}`)
    edited()
    const random = generator(foreignKeys === 'ON' ? 1 : 2)
    const kept = plans()
    let changes = 0
    let remade = 0
    const looks = 400
    for (let look = 1; look <= looks; look++) {
      const sql = Array.from({ length: 1 + Math.floor(random() * 2) }, () => makeAnyEdit(editor, random))
      const concerned = edited() ?? everyNumber
      for (const [number, plan] of plans(concerned)) kept.set(number, plan)
      const right = plans()
      if ([...right].some(([number, plan]) => kept.get(number) !== plan)) {
        expect({ look, sql, concerned, kept: [...kept] }).toEqual({ look, sql, concerned, kept: [...right] })
      }
      remade += concerned.length
      if (concerned.length > 0) changes++
    }
    // Otherwise this would have shown nothing.
    expect(changes).toBeGreaterThan(looks / 3)
    expect(remade / looks).toBeLessThan(everyNumber.length / 2)
  },
  120_000
)

test('every table that a plan depends on has its triggers, and no other table has any', () => {
  const { sqlite } = opened(givenDatabaseFile())
  const triggers = sqlite
    .prepare("SELECT tbl_name FROM sqlite_schema WHERE type = 'trigger' AND sql GLOB '*INTO rule_versions*'")
    .pluck()
    .all()
  // The policy, the trunks and the limits of targets are compared by what they say.
  const deciding = Object.keys(ruleTables).filter(
    (table) => !/^caller_list|^dial_policy$|^trunk|^target_limits$/.test(table)
  )
  expect(triggers.sort()).toEqual(deciding.flatMap((table) => [table, table, table]).sort())
})

test('an edit of a number concerns the numbers that lead to it; an edit of a schedule concerns the numbers that use it', () => {
  const { editor, edited } = given()
  editor.exec(
    "INSERT INTO virtual_numbers (number, time_zone) VALUES ('+442071838799', 'UTC'), ('+14155550199', 'UTC')"
  )
  edited()
  editor.exec(`INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES
      ('+442071838750', 'UTC', 'number:+442071838751'), ('+442071838751', 'UTC', 'busy'), ('+14155550100', 'UTC', 'busy');
    INSERT INTO schedules VALUES ('office', 'UTC'), ('unused', 'UTC');
    INSERT INTO rules (number, name, position, schedule) VALUES ('+442071838751', 'day', 10, 'office');`)
  expect(edited()).toHaveLength(3)
  editor.exec("UPDATE virtual_numbers SET fallback = 'hangup' WHERE number = '+14155550100'")
  expect(edited()).toEqual(['+14155550100'])
  editor.exec("INSERT INTO schedule_windows VALUES ('office', '0 9 * * *', 60)")
  expect(edited()?.toSorted()).toEqual(['+442071838750', '+442071838751'])
  editor.exec("INSERT INTO schedule_windows VALUES ('unused', '0 9 * * *', 60)")
  expect(edited()).toEqual([])
})

test('an edit of the policy may concern any number, and so may the first or last number in a country', () => {
  const { editor, edited } = given()
  editor.exec(site)
  edited()
  for (const edit of [
    "INSERT INTO dial_policy (prefix, verdict) VALUES ('+33', 'allow')",
    "UPDATE dial_policy SET verdict = 'deny'",
    'DELETE FROM dial_policy',
    "INSERT INTO virtual_numbers (number, time_zone) VALUES ('+33123456789', 'UTC')",
    "DELETE FROM virtual_numbers WHERE number = '+33123456789'"
  ]) {
    editor.exec(edit)
    expect([edit, edited()]).toEqual([edit, null])
    expect([edit, edited()]).toEqual([edit, []])
  }
  editor.exec("INSERT INTO virtual_numbers (number, time_zone) VALUES ('+442079460000', 'UTC')")
  expect(edited()).toEqual(['+442079460000'])
})

test('records, plans, dialled forms and failsafe calls are not edits', () => {
  const { editor, edited } = given()
  editor.exec(site)
  edited()
  const at = '2026-11-24T10:00:00.000Z'
  editor.exec(`
    INSERT INTO calls (id, number, caller_number, caller_name, a_leg, started_at, decision, plan)
      VALUES ('c', '${numbers[0]!}', '', '', 'a', '${at}', 'rule', '{}');
    INSERT INTO attempts (call, step, target, leg, dial, started_at) VALUES ('c', 1, 1, 'c.1.1', 'PJSIP/alice', '${at}');
    INSERT INTO failsafe (number, step, fallback, computed_at) VALUES ('${numbers[0]!}', 1, 'busy', '${at}');
    INSERT INTO dialled_forms VALUES ('${numbers[0]!}', '${numbers[0]!}');
    INSERT INTO failsafe_calls (a_leg) VALUES ('a');
    INSERT INTO migration_refusal VALUES (1, '${at}', 'no');`)
  for (const [table, column] of [
    ['calls', 'rule'],
    ['attempts', 'cause'],
    ['failsafe', 'rule'],
    ['dialled_forms', 'form'],
    ['failsafe_calls', 'fault'],
    ['migration_refusal', 'reason']
  ]) {
    editor.exec(`UPDATE ${table!} SET ${column!} = 17; DELETE FROM ${table!}`)
  }
  expect(edited()).toEqual([])
})

test('after more than a thousand edited numbers, all numbers must be recomputed', () => {
  const { editor, edited } = given()
  const add = editor.prepare("INSERT INTO virtual_numbers (number, time_zone) VALUES (?, 'UTC')")
  const insert = editor.transaction((from: number, to: number) => {
    for (let each = from; each < to; each++) add.run(`+1415555${String(each)}`)
  })
  insert(1000, 1001)
  edited()
  insert(1001, 2001)
  expect(edited()).toHaveLength(1000)
  insert(2001, 3002)
  expect(edited()).toBeNull()
  expect(edited()).toEqual([])
})

test('after a backup was restored into the file, any number may have changed', async () => {
  const { file, editor, edited } = given()
  editor.exec(site)
  const backup = join(givenDirectory(), 'backup.db')
  await editor.backup(backup)
  edited()
  expect(edited()).toEqual([])
  const restored = opened(backup).sqlite
  await restored.backup(file)
  expect(edited()).toBeNull()
})

test('a database of an earlier version gets the rule versions with the next migration', () => {
  const earlier = givenDirectory()
  const first = ownMigrations.find((each) => each.includes('rule_versions'))!
  for (const name of readdirSync(shipped).filter((each) => each < first)) {
    copyFileSync(join(shipped, name), join(earlier, name))
  }
  const database = join(givenDirectory(), 'followme.db')
  migrate({ database, shipped: earlier, log: () => undefined })
  opened(database).sqlite.exec(site)
  expect(migrate({ database, shipped, log: () => undefined }).map(({ name }) => name)).toContain(first)
  const { editor, edited } = given(database)
  editor.exec('UPDATE virtual_numbers SET enabled = 0')
  expect(edited()?.toSorted()).toEqual(numbers.toSorted())
  rmSync(earlier, { recursive: true })
})

test('an edit of the number in fallback_full concerns the limited number, and so does one of its limit', () => {
  const { editor, edited } = given()
  editor.exec(
    `INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550100', 'UTC'), ('+14155550101', 'UTC');`
  )
  edited()
  editor.exec(
    "UPDATE virtual_numbers SET max_calls = 1, fallback_full = 'number:+14155550101' WHERE number = '+14155550100'"
  )
  expect(edited()).toEqual(['+14155550100'])
  editor.exec("UPDATE virtual_numbers SET label = 'Other' WHERE number = '+14155550101'")
  expect(edited()?.toSorted()).toEqual(['+14155550100', '+14155550101'])
})
