import { execFileSync } from 'node:child_process'
import { type Decision, decide } from '../../src/rules/decide'
import type { Caller } from '../../src/rules/number'
import type { RuleBook } from '../../src/rules/rule'
import { bookOf } from '../../src/rules/rule-book'
import { indexOf } from '../../src/rules/rule-tables'
import { readRuleSet } from '../../src/store/rules/rule-tables'
import { SqliteRuleStore } from '../../src/store/rules/rule-store'
import { generator, pick } from '../rules/schedule/any-schedules'
import { makeAnyEdit, numbers, site } from './any-edits'
import { givenDatabaseFile, opened } from './fresh-database'
import { openInScript } from './database/driver-in-script'
import { fakeLog } from '../fake-log'

const callers = ['+442079460000', '020 7946 0000', '00442079460000', '+14155550199', '4155550199', '', '+61291110000']
// More on demand: FOLLOWME_RUNS=5000 npx jest store/edits
const edits = Number(process.env['FOLLOWME_RUNS'] ?? 200)
const monday = Date.UTC(2026, 10, 23)

function given() {
  const file = givenDatabaseFile()
  const editor = opened(file).sqlite
  editor.exec(site)
  const store = new SqliteRuleStore(opened(file), fakeLog())
  const reader = opened(file, { readOnly: true }).sqlite
  return {
    file,
    editor,
    decision: async (number: string, caller: Caller, at: number) =>
      decide(number, caller, at, await store.rulesFor(number, caller)),
    /** Every table read whole, by code that shares nothing with the store's and remembers nothing. */
    freshBook: (): RuleBook => bookOf(indexOf(readRuleSet(reader)))
  }
}

const essence = ({ outcome, plan, nextChangeAt }: Decision) => JSON.stringify([outcome, plan, nextChangeAt])

test('any edit between two calls applies to the next call', async () => {
  const { editor, decision, freshBook } = given()
  const random = generator(20261123)
  let before = freshBook()
  let felt = 0
  for (let edit = 1; edit <= edits; edit++) {
    const caller = { number: pick(callers, random), name: '' }
    const at = monday + Math.floor(random() * 48 * 60) * 60_000
    for (const number of numbers) await decision(number, caller, at)
    const sql = makeAnyEdit(editor, random)
    const after = freshBook()
    let changes = false
    for (const number of numbers) {
      const right = decide(number, caller, at, after)
      const json = JSON.stringify(await decision(number, caller, at))
      expect({ edit, sql, json }).toEqual({ edit, sql, json: JSON.stringify(right) })
      changes ||= essence(right) !== essence(decide(number, caller, at, before))
    }
    if (changes) felt++
    before = after
  }
  // Otherwise this would have shown nothing.
  expect(felt).toBeGreaterThan(edits * 0.15)
}, 600_000)

test('an edit by another process applies to the next call, too', async () => {
  const { file, decision } = given()
  const caller = { number: '+14155550199', name: '' }
  const ten = monday + 10 * 3_600_000
  for (let minutes = 90; minutes >= 30; minutes -= 20) {
    const sql = `UPDATE schedule_windows SET minutes = ${minutes} WHERE schedule = 'office'`
    execFileSync(process.execPath, ['-e', `${openInScript}(process.argv[1]).exec(process.argv[2])`, file, sql])
    const { rule } = await decision('+442071838750', caller, ten)
    expect(rule).toBe(minutes > 60 ? 'day' : 'night')
  }
})
