import { decide } from '../../../src/rules/decide'
import { reasonsOf } from '../../../src/rules/rule'
import { SqliteRuleStore } from '../../../src/store/rules/rule-store'
import { givenDatabaseFile, opened } from '../fresh-database'
import { fakeLog } from '../../fake-log'

const monday = Date.UTC(2026, 10, 23)
const minuteMs = 60_000
const number = '+442071838750'
const counted = (many: number) => `WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${many})`

function given(sql: string) {
  const file = givenDatabaseFile()
  opened(file).sqlite.exec(`INSERT INTO virtual_numbers (number, time_zone) VALUES ('${number}', 'UTC'); ${sql}`)
  const log = fakeLog()
  const store = new SqliteRuleStore(opened(file), log)
  const answer = async (at: number, from = '+442079460000') => {
    const caller = { number: from, name: '' }
    return decide(number, caller, at, await store.rulesFor(number, caller))
  }
  return { answer, log }
}

test('with a thousand rules on one number, each with its own schedule, the open one answers', async () => {
  const { answer, log } = given(`
    ${counted(1_000)} INSERT INTO schedules SELECT 'minute ' || i, 'UTC' FROM n;
    ${counted(1_000)} INSERT INTO schedule_windows SELECT 'minute ' || i, (i % 60) || ' ' || (i / 60) || ' * * *', 1 FROM n;
    ${counted(1_000)} INSERT INTO rules (number, name, position, schedule) SELECT '${number}', 'rule ' || i, i, 'minute ' || i FROM n;
    INSERT INTO targets (number, rule, step, dial) SELECT number, name, 1, 'PJSIP/' || position FROM rules`)
  for (const minute of [1, 500, 1_000]) {
    const { rule, plan, considered, nextChangeAt } = await answer(monday + minute * minuteMs)
    expect(rule).toBe(`rule ${minute}`)
    expect(plan.steps).toEqual([{ targets: [{ dial: `PJSIP/${minute}`, ringSeconds: 20 }] }])
    expect(considered.filter(({ matched }) => matched)).toHaveLength(1)
    expect(reasonsOf(considered).length).toBeLessThanOrEqual(20)
    expect(nextChangeAt).toBe(monday + (minute + 1) * minuteMs)
  }
  expect((await answer(monday + 1_001 * minuteMs)).outcome).toBe('fallback')
  expect(log.lines).toEqual([])
})

test('with a thousand windows on one schedule, each window opens, and between them it is closed', async () => {
  // One minute of every four from Sunday on, and as many exceptions next year.
  const { answer } = given(`
    INSERT INTO schedules VALUES ('many', 'UTC');
    ${counted(1_000)} INSERT INTO schedule_windows
      SELECT 'many', (i * 4 % 60) || ' ' || (i * 4 / 60 % 24) || ' * * ' || (i * 4 / 1440), 1 FROM n;
    ${counted(1_000)} INSERT INTO schedule_exceptions
      SELECT 'many', date('2027-01-01', i || ' days'), date('2027-01-01', i || ' days'), NULL, NULL, 'closed' FROM n;
    INSERT INTO rules (number, name, position, schedule) VALUES ('${number}', 'day', 1, 'many')`)
  const sunday = monday - 24 * 60 * minuteMs
  for (const i of [1, 250, 333, 999, 1_000]) {
    expect((await answer(sunday + i * 4 * minuteMs)).outcome).toBe('rule')
    const after = await answer(sunday + (i * 4 + 1) * minuteMs)
    expect(after.outcome).toBe('fallback')
    if (i < 1_000) expect(after.nextChangeAt).toBe(sunday + (i + 1) * 4 * minuteMs)
  }
  expect((await answer(Date.UTC(2027, 1, 1, 0, 4))).considered[0]?.why).toContain('by its exception closed')
})

test('in a list of a hundred thousand callers, each is found, and a caller not in it is not', async () => {
  const { answer } = given(`
    INSERT INTO caller_lists VALUES ('nuisance');
    ${counted(100_000)} INSERT INTO caller_list_entries SELECT 'nuisance', '+4420' || (79460000 + 2 * i) FROM n;
    INSERT INTO rules (number, name, position, callers, fallback) VALUES ('${number}', 'blocked', 1, 'nuisance', 'hangup')`)
  for (const i of [1, 50_000, 100_000]) {
    const caller = `+4420${79460000 + 2 * i}`
    expect((await answer(monday, caller)).rule).toBe('blocked')
    expect((await answer(monday, `0${caller.slice(3)}`)).rule).toBe('blocked')
    expect((await answer(monday, `+4420${79460001 + 2 * i}`)).rule).toBeNull()
  }
})
