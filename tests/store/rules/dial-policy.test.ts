// What may be dialled, from the table to the plan: an edit holds from the next call, in the failsafe too.
import { failsafeSteps } from '../../../src/failsafe/plan-rows'
import { decide } from '../../../src/rules/decide'
import { unlistedCaller } from '../../../src/rules/number'
import { policyReader } from '../../../src/store/rules/dial-policy'
import { SqliteRuleStore } from '../../../src/store/rules/rule-store'
import { fakeLog } from '../../fake-log'
import { givenDatabase, givenDatabaseFile, opened } from '../fresh-database'

const number = '+442071838750'
const site = `
  INSERT INTO virtual_numbers (number, time_zone) VALUES ('${number}', 'UTC');
  INSERT INTO rules (number, name, position) VALUES ('${number}', 'day', 10);
  INSERT INTO targets (number, rule, step, dial) VALUES
    ('${number}', 'day', 1, '+37120123456'), ('${number}', 'day', 2, 'PJSIP/alice');`

function given() {
  const file = givenDatabaseFile()
  const editor = opened(file).sqlite
  editor.exec(site)
  const store = new SqliteRuleStore(opened(file), fakeLog())
  return {
    editor,
    decision: async () => decide(number, unlistedCaller, 0, await store.rulesFor(number))
  }
}

test('a plan keeps a target that the policy refuses, with the reason, and the failsafe leaves it out', async () => {
  const { decision } = given()
  const { plan, notes } = await decision()
  const reason = expect.stringContaining('is in a country without a virtual number (Latvia)') as string
  expect(plan.steps).toEqual([
    { targets: [{ dial: '+37120123456', ringSeconds: 20, refused: reason }] },
    { targets: [{ dial: 'PJSIP/alice', ringSeconds: 20 }] }
  ])
  expect(notes).toEqual([reason])
  expect(failsafeSteps(await decision(), 'PJSIP/{number}@trunk').map(({ dial }) => dial)).toEqual(['PJSIP/alice', null])
})

test.each([
  ['a row that allows it', "INSERT INTO dial_policy (prefix, verdict) VALUES ('+371', 'allow')"],
  ['a virtual number there', "INSERT INTO virtual_numbers (number, time_zone) VALUES ('+37120999999', 'UTC')"]
])('%s allows it from the next call, and without it the next call is refused', async (_what, opening) => {
  const { editor, decision } = given()
  const refused = async () => (await decision()).plan.steps[0]?.targets[0]?.refused !== undefined
  expect(await refused()).toBe(true)
  editor.exec(opening)
  expect(await refused()).toBe(false)
  editor.exec("DELETE FROM dial_policy; DELETE FROM virtual_numbers WHERE number = '+37120999999'")
  expect(await refused()).toBe(true)
})

test('an override cannot forward to such a number either: the rules apply', async () => {
  const { editor, decision } = given()
  editor.exec(`INSERT INTO overrides (number, kind, value) VALUES ('${number}', 'forward', '+37120123457')`)
  const { outcome, notes } = await decision()
  expect(outcome).toBe('rule')
  expect(notes).toContainEqual(
    expect.stringContaining('the override of +442071838750 is ignored: target "+37120123457"')
  )
})

test('the policy is read again after a commit of any connection, including its own, and not otherwise', () => {
  const file = givenDatabaseFile()
  const own = opened(file).sqlite
  const other = opened(file).sqlite
  const read = policyReader(own)
  const nothing = read()
  expect(read()).toBe(nothing)
  other.exec("INSERT INTO dial_policy (prefix, verdict) VALUES ('+44', 'allow')")
  const british = read()
  expect(british.rows).toMatchObject([{ prefix: '+44' }])
  own.exec("INSERT INTO dial_policy (prefix, verdict) VALUES ('+33', 'allow')")
  expect(read().rows).toHaveLength(2)
  own.transaction(() => own.exec('DELETE FROM dial_policy'))()
  expect(read().rows).toEqual([])
  // What nobody has committed holds for nobody afterwards.
  const undo = own.transaction(() => {
    own.exec("INSERT INTO dial_policy (prefix, verdict) VALUES ('+', 'allow')")
    expect(read().rows).toHaveLength(1)
    throw new Error('undone')
  })
  expect(undo).toThrow('undone')
  expect(read().rows).toEqual([])
})

test('every country with a number is found, however many numbers there are and however they begin', () => {
  const { sqlite } = givenDatabase()
  const add = sqlite.prepare("INSERT INTO virtual_numbers (number, time_zone) VALUES (?, 'UTC')")
  const read = policyReader(sqlite)
  sqlite.transaction(() => {
    for (let each = 0; each < 20_000; each++) add.run(`+4420${String(71_000_000 + each)}`)
    // Guernsey's have Britain's code, and Kazakhstan's Russia's.
    for (const each of ['+447781123456', '+77012345678', '+33123456789', '+8816312345678']) add.run(each)
    sqlite.pragma('ignore_check_constraints = ON')
    for (const each of ['', 'x', '+', '+44x', '+999', '\u{1f4a5}', '+33\0']) add.run(each)
  })()
  const kinds = (numbers: readonly string[]) => numbers.map((each) => read().refusalOf(each)?.kind)
  expect(kinds(['+447911123456', '+447781999999', '+77019999999', '+33199999999'])).toEqual([
    undefined,
    undefined,
    undefined,
    undefined
  ])
  expect(kinds(['+79161234567', '+447400123456', '+447624123456'])).toEqual(['country', undefined, 'country'])
})

test('the policy is compiled again only if its content has changed', () => {
  const { sqlite } = givenDatabase()
  sqlite.exec(site)
  const read = policyReader(sqlite)
  const first = read()
  sqlite.exec(
    "UPDATE targets SET ring_seconds = 30; INSERT INTO virtual_numbers (number, time_zone) VALUES ('+442079460000', 'UTC')"
  )
  expect(read()).toBe(first)
  sqlite.exec("INSERT INTO dial_policy (prefix, verdict) VALUES ('+371', 'deny')")
  expect(read()).not.toBe(first)
})

test.each([
  ["('44', 'allow')", 'dial_policy.prefix must be + and the digits that the numbers begin with, such as +44'],
  ["('+044', 'allow')", 'dial_policy.prefix must be'],
  ["('+44 20', 'allow')", 'dial_policy.prefix must be'],
  ["('+44*', 'allow')", 'dial_policy.prefix must be'],
  ["('', 'allow')", 'dial_policy.prefix must be'],
  ["('+1234567890123456', 'allow')", 'dial_policy.prefix must be'],
  ["('+44', 'Allow')", 'dial_policy.verdict must be allow, deny or limit'],
  ["('+44', NULL)", 'NOT NULL']
])('the row %s is refused', (values, message) => {
  const { sqlite } = givenDatabase()
  expect(() => sqlite.exec(`INSERT INTO dial_policy (prefix, verdict) VALUES ${values}`)).toThrow(message)
})

test.each(['+', '+1', '+44', '+4490', '+123456789012345'])('the prefix %s is accepted', (prefix) => {
  const { sqlite } = givenDatabase()
  expect(() => sqlite.prepare("INSERT INTO dial_policy (prefix, verdict) VALUES (?, 'deny')").run(prefix)).not.toThrow()
})
