// The gate before each leg, over a real database: an edit of the policy holds for calls that are ringing.
import { DialGate } from '../../src/engine/dial-gate'
import { SqliteDialRecords } from '../../src/store/records/dial-records'
import { SqliteRuleStore } from '../../src/store/rules/rule-store'
import { fakeLog } from '../fake-log'
import { givenDatabaseFile, opened } from '../store/fresh-database'
import { FakeClock } from './fakes'
import { number, setUp } from './set-up'

const latvia = '+37120123456'

/** One rule: Alice, then a number in Latvia, which the policy allows, then Bob. */
function given() {
  const file = givenDatabaseFile()
  const editor = opened(file).sqlite
  editor.exec(`
    INSERT INTO dial_policy (prefix, verdict) VALUES ('+371', 'allow');
    INSERT INTO virtual_numbers (number, time_zone) VALUES ('${number}', 'UTC');
    INSERT INTO rules (number, name, position) VALUES ('${number}', 'always', 10);
    INSERT INTO targets (number, rule, step, dial) VALUES
      ('${number}', 'always', 1, 'PJSIP/alice'), ('${number}', 'always', 2, '${latvia}'), ('${number}', 'always', 3, 'PJSIP/bob');`)
  const database = opened(file)
  const rules = new SqliteRuleStore(database, fakeLog())
  const log = fakeLog()
  let asked = 0
  const policy = () => {
    asked += 1
    return rules.policyNow()
  }
  const records = new SqliteDialRecords(database, 3600)
  const gate = new DialGate({ policy, records, legCounted: () => undefined, clock: new FakeClock(), log })
  return { editor, database, gate, asked: () => asked, ...setUp(rules, { gate }), logged: log.texts }
}

test('a policy edited while 50 calls ring applies to the next leg of each, and the hunt continues immediately', async () => {
  const { editor, arrive, handle, telephony, calls } = given()
  const all = Array.from({ length: 50 }, (_, index) => `c${String(index + 1)}`)
  for (const id of all) await arrive(`17.${id.slice(1)}`)
  // One has gone on before.
  await handle({ type: 'legGone', leg: 'c1.1.1', cause: 17 })
  editor.exec("UPDATE dial_policy SET verdict = 'deny', note = 'fraud of last week' WHERE prefix = '+371'")
  telephony.asked.splice(0)
  for (const id of all.slice(1)) await handle({ type: 'legGone', leg: `${id}.1.1`, cause: 17 })
  expect(telephony.asked.filter((each) => each.startsWith('createLeg'))).toEqual(
    all.slice(1).map((id) => `createLeg ${id}.3.1 PJSIP/bob`)
  )
  const [first, ...others] = all.map((id) => calls.calls.get(id)?.attempts[1])
  expect(first).toMatchObject({ dial: latvia, outcome: null, reason: null })
  for (const each of others) {
    expect(each).toMatchObject({ dial: latvia, outcome: 'refused', cause: 52, dialledAt: null })
    expect(each?.reason).toBe(
      `target "${latvia}" is denied by the row +371 of dial_policy (fraud of last week): change that row, or dial another number`
    )
  }
})

test('a call that rings only phones never reads the policy', async () => {
  const { editor, arrive, handle, asked } = given()
  editor.exec(`DELETE FROM targets WHERE dial = '${latvia}'`)
  await arrive()
  await handle({ type: 'legGone', leg: 'c1.1.1', cause: 17 })
  expect(asked()).toBe(0)
})

test('if the policy cannot be read, the last version applies; without one, no number may be dialled', async () => {
  const { database, gate, logged, arrive, handle, telephony } = given()
  await arrive()
  expect(gate.refusalOf('x', latvia, number)).toBeUndefined()
  database.close()
  await handle({ type: 'legGone', leg: 'c1.1.1', cause: 17 })
  expect(telephony.asked).toContain(`createLeg c1.2.1 ${latvia}`)
  expect(gate.refusalOf('x', '+37220123456', number)).toContain('in a country without a virtual number')
  expect(logged.filter((line) => line.includes('dial_policy cannot be read'))).toHaveLength(1)
  const blind = new DialGate({
    policy: () => {
      throw new Error('disk I/O error')
    },
    records: { attemptsSince: () => [] },
    legCounted: () => undefined,
    clock: new FakeClock(),
    log: fakeLog()
  })
  expect(blind.refusalOf('x', latvia, number)).toBe(
    `whether ${latvia} may be dialled is not known: dial_policy cannot be read`
  )
  expect(blind.refusalOf('x', 'PJSIP/alice', number)).toBeUndefined()
})

test('digits without a plus are read in the country of the number whose rules name them, even behind another number', async () => {
  const { editor, arrive, handle, telephony, calls } = given()
  const british = '+442071838750'
  editor.exec(`
    DELETE FROM targets;
    INSERT INTO virtual_numbers (number, time_zone) VALUES ('${british}', 'UTC');
    INSERT INTO rules (number, name, position) VALUES ('${british}', 'always', 10);
    INSERT INTO targets (number, rule, step, dial) VALUES
      ('${number}', 'always', 1, 'number:${british}'), ('${british}', 'always', 1, 'PJSIP/alice'),
      ('${british}', 'always', 2, 'PJSIP/07400123456@trunk');`)
  await arrive()
  await arrive('17.2')
  await handle({ type: 'legGone', leg: 'c1.1.1', cause: 17 })
  expect(telephony.asked).toContain('createLeg c1.2.1 PJSIP/07400123456@trunk')
  editor.exec("INSERT INTO dial_policy (prefix, verdict) VALUES ('+447400', 'deny')")
  await handle({ type: 'legGone', leg: 'c2.1.1', cause: 17 })
  expect(calls.calls.get('c2')?.attempts[1]?.reason).toContain(
    'calls +447400123456, which is denied by the row +447400'
  )
})
