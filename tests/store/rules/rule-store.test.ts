import { checkRules } from '../../../src/rules/check/check'
import { decide } from '../../../src/rules/decide'
import type { NumberRules } from '../../../src/rules/rule'
import { ruleQueries } from '../../../src/store/rules/rule-queries'
import { maxNumbersBehind } from '../../../src/rules/rule-book'
import { SqliteRuleStore } from '../../../src/store/rules/rule-store'
import { readRuleSet } from '../../../src/store/rules/rule-tables'
import { ScheduleCache } from '../../../src/store/rules/schedule-cache'
import { givenDatabaseFile, opened } from '../fresh-database'
import { fakeLog } from '../../fake-log'

const practice = `
INSERT INTO schedules VALUES ('office', 'Europe/London'), ('never asked', 'UTC');
INSERT INTO schedule_windows VALUES ('office', '30 8 * * MON-FRI', 540), ('never asked', '* * * * *', 1);
INSERT INTO schedule_exceptions VALUES ('office', '2026-12-25', '2026-12-26', NULL, NULL, 'Christmas');
INSERT INTO caller_lists VALUES ('vip'), ('others');
INSERT INTO caller_list_entries VALUES ('vip', '+1415*'), ('vip', 'anonymous'), ('others', '+1*');
INSERT INTO virtual_numbers (number, label, time_zone, fallback)
  VALUES ('+442071838750', 'Practice', 'Europe/London', 'voicemail:100@default');
INSERT INTO rules (number, name, position, schedule, callers, valid_from, enabled, fallback) VALUES
  ('+442071838750', 'night', 30, NULL, NULL, NULL, 0, NULL),
  ('+442071838750', 'vip', 10, NULL, 'vip', '2026-01-01', 1, 'hangup'),
  ('+442071838750', 'day', 20, 'office', NULL, NULL, 1, NULL);
INSERT INTO targets (number, rule, step, dial, ring_seconds, enabled) VALUES
  ('+442071838750', 'day', 2, '+442071838751', 15, 1),
  ('+442071838750', 'day', 1, 'PJSIP/bob', 20, 1),
  ('+442071838750', 'day', 1, 'PJSIP/alice', 20, 1),
  ('+442071838750', 'day', 1, 'PJSIP/gone', 20, 0);
`

function given(sql: string) {
  const file = givenDatabaseFile()
  const writer = opened(file)
  writer.sqlite.exec(sql)
  const log = fakeLog()
  return { edit: (text: string) => writer.sqlite.exec(text), log, store: new SqliteRuleStore(opened(file), log), file }
}

const only = async (store: SqliteRuleStore, number: string): Promise<NumberRules> => {
  const rules = (await store.rulesFor(number)).get(number)
  if (rules === undefined) throw new Error(`no ${number}`)
  return rules
}

const mondayTen = Date.UTC(2026, 10, 23, 10)

test('a number is read with its rules by position, and everything that belongs to them', async () => {
  const { store } = given(practice)
  const rules = await only(store, '+442071838750')
  expect(rules).toMatchObject({
    number: '+442071838750',
    label: 'Practice',
    enabled: true,
    timeZone: 'Europe/London',
    fallback: 'voicemail:100@default',
    override: null
  })
  expect(rules.rules.map((rule) => ({ ...rule, schedule: rule.schedule?.name }))).toEqual([
    {
      name: 'vip',
      position: 10,
      enabled: true,
      schedule: undefined,
      callers: { name: 'vip', patterns: ['+1415*', 'anonymous'] },
      validFrom: '2026-01-01',
      validUntil: null,
      fallback: 'hangup',
      targets: []
    },
    {
      name: 'day',
      position: 20,
      enabled: true,
      schedule: 'office',
      callers: null,
      validFrom: null,
      validUntil: null,
      fallback: null,
      targets: [
        { step: 1, dial: 'PJSIP/alice', ringSeconds: 20 },
        { step: 1, dial: 'PJSIP/bob', ringSeconds: 20 },
        { step: 2, dial: '+442071838751', ringSeconds: 15 }
      ]
    },
    expect.objectContaining({ name: 'night', enabled: false, schedule: undefined, targets: [] })
  ])
})

test('a schedule is compiled from its windows and exceptions', async () => {
  const { store } = given(practice)
  const schedule = (await only(store, '+442071838750')).rules[1]?.schedule?.compiled
  expect(schedule?.stateAt(mondayTen).open).toBe(true)
  expect(schedule?.stateAt(Date.UTC(2026, 11, 25, 10))).toMatchObject({ open: false, because: { label: 'Christmas' } })
})

describe('a list is read with the entries that can match the caller, in order', () => {
  const entries = `INSERT INTO caller_list_entries VALUES ('vip', '+*'), ('vip', '+442*'), ('vip', '+442071838750'),
    ('vip', '020*'), ('vip', '02071838750'), ('vip', '00442071838750'), ('vip', '44*'), ('vip', '+4420718387501'),
    ('vip', '+443*'), ('vip', '207*'), ('vip', '0207183875*'), ('vip', '2071838750')`

  test.each([
    ['+442071838750', ['+*', '+442*', '+442071838750', '00442071838750', '020*', '0207183875*', '02071838750', '44*']],
    ['020 7183 8750', ['+*', '+442*', '+442071838750', '00442071838750', '020*', '0207183875*', '02071838750', '44*']],
    ['+14155550123', ['+*', '+1415*']],
    ['2071', ['207*']],
    ['', ['anonymous']]
  ])('%j', async (number, patterns) => {
    const { store, edit } = given(practice)
    edit(entries)
    const rules = (await store.rulesFor('+442071838750', { number, name: '' })).get('+442071838750')
    expect(rules?.rules[0]?.callers).toEqual({ name: 'vip', patterns })
  })
})

test('an unknown number has no rules', async () => {
  const { store } = given(practice)
  expect((await store.rulesFor('+15005550006')).size).toBe(0)
  expect((await store.rulesFor("' OR 1=1 --")).size).toBe(0)
})

test('an edit applies to the next call, a hundred times', async () => {
  const { store, edit } = given(practice)
  for (let i = 1; i <= 100; i++) {
    edit(
      `UPDATE targets SET ring_seconds = ${i}; UPDATE schedule_windows SET minutes = ${i * 3} WHERE schedule = 'office'`
    )
    const day = (await only(store, '+442071838750')).rules[1]
    expect(day?.targets[0]?.ringSeconds).toBe(i)
    // Half past eight, and then open for three minutes more each time: ten o'clock is 90 minutes later.
    expect(day?.schedule?.compiled.stateAt(mondayTen).open).toBe(i * 3 > 90)
  }
})

test('an override is read with its number', async () => {
  const { store, edit } = given(practice)
  edit(`INSERT INTO overrides (number, kind, value, expires_at, set_by)
    VALUES ('+442071838750', 'forward', 'PJSIP/bob', '2026-11-22T18:00:00Z', 'ann')`)
  expect((await only(store, '+442071838750')).override).toEqual({
    kind: 'forward',
    value: 'PJSIP/bob',
    expiresAt: Date.UTC(2026, 10, 22, 18),
    setBy: 'ann'
  })
})

test('an override that expired before the range of JavaScript dates is expired, and does no harm', async () => {
  const { store, edit, file } = given(practice)
  edit("INSERT INTO overrides (number, kind, expires_at) VALUES ('+442071838750', 'closed', '-4713-11-24T12:00:00Z')")
  const book = await store.rulesFor('+442071838750')
  expect(decide('+442071838750', { number: '', name: '' }, mondayTen, book).outcome).toBe('rule')
  expect(checkRules(readRuleSet(opened(file).sqlite), mondayTen)).toContainEqual(
    expect.objectContaining({ table: 'overrides', message: expect.stringContaining('it expired on') as string })
  )
})

describe('the book contains every number that the first one leads to', () => {
  const number = (name: string, fallback = 'busy') =>
    `INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES ('${name}', 'UTC', '${fallback}');
     INSERT INTO rules (number, name, position) VALUES ('${name}', 'all', 10);`
  const target = (from: string, to: string) =>
    `INSERT INTO targets (number, rule, step, dial) VALUES ('${from}', 'all', 1, 'number:${to}');`

  test('through targets, through fallbacks of rules and numbers, and through an override', async () => {
    const { store } = given(`
      ${number('+1001')} ${number('+1002', 'number:+1004')} ${number('+1003')} ${number('+1004')} ${number('+1005')}
      ${number('+1006')} ${target('+1001', '+1002')}
      UPDATE rules SET fallback = 'number:+1003' WHERE number = '+1001';
      INSERT INTO overrides (number, kind, value) VALUES ('+1004', 'forward', 'number:+1005')`)
    expect([...(await store.rulesFor('+1001')).keys()].sort()).toEqual(['+1001', '+1002', '+1003', '+1004', '+1005'])
  })

  test('once each in a circle, and without unknown numbers', async () => {
    const { store } = given(`${number('+1001')} ${number('+1002')}
      ${target('+1001', '+1002')} ${target('+1002', '+1001')} ${target('+1002', '+1999')}`)
    expect([...(await store.rulesFor('+1001')).keys()]).toEqual(['+1001', '+1002'])
  })

  test('up to a limit', async () => {
    const chain = Array.from({ length: 100 }, (_, i) => `+${1000 + i}`)
    const { store } = given(
      chain.map((each) => number(each)).join('') +
        chain
          .slice(1)
          .map((each, i) => target(chain[i]!, each))
          .join('')
    )
    expect((await store.rulesFor('+1000')).size).toBe(1 + maxNumbersBehind)
  })
})

describe('an invalid row does not stop other rules', () => {
  test('an invalid window leaves the others of its schedule, and is logged once', async () => {
    const { store, log, edit } = given(practice)
    edit("INSERT INTO schedule_windows VALUES ('office', '0 25 * * *', 60)")
    for (let i = 0; i < 3; i++) {
      const day = (await only(store, '+442071838750')).rules[1]
      expect(day?.schedule?.compiled.stateAt(mondayTen).open).toBe(true)
    }
    expect(log.lines.map(({ message }) => message)).toEqual([
      expect.stringContaining("schedule 'office': window '0 25 * * *'")
    ])
  })

  test('an invalid schedule is never open, with the reason, and is logged once', async () => {
    const { store, log, edit } = given(practice)
    edit("UPDATE schedules SET time_zone = 'Europe/Atlantis' WHERE name = 'office'")
    for (let i = 0; i < 3; i++) {
      const rules = (await only(store, '+442071838750')).rules
      expect(rules).toHaveLength(3)
      expect(rules[1]?.schedule?.compiled.stateAt(mondayTen)).toMatchObject({
        open: false,
        because: { kind: 'fault', reason: expect.stringContaining('Europe/Atlantis') as string }
      })
    }
    expect(log.lines).toHaveLength(1)
    expect(log.lines[0]).toMatchObject({ level: 'warn', fields: { schedule: 'office' } })
  })

  test('a missing schedule or list (foreign keys were off) matches no call', async () => {
    const { store, edit } = given(practice)
    edit('PRAGMA foreign_keys = OFF; DELETE FROM schedules; DELETE FROM caller_lists; DELETE FROM caller_list_entries')
    const [vip, day] = (await only(store, '+442071838750')).rules
    expect(vip?.callers).toEqual({ name: 'vip', patterns: [] })
    expect(day?.schedule?.compiled.stateAt(mondayTen).open).toBe(false)
  })
})

test('compiled schedules are cached up to a limit, and the least recently used is dropped first', () => {
  const log = fakeLog()
  const cache = new ScheduleCache(log, 2)
  const named = (name: string) => ({ name, time_zone: 'Nowhere/None', windows: '[]', exceptions: '[]' })
  const first = cache.compile(named('a'))
  cache.compile(named('b'))
  expect(cache.compile(named('a'))).toBe(first)
  cache.compile(named('c'))
  expect(cache.size).toBe(2)
  expect(cache.compile(named('a'))).toBe(first)
  // One warning for each content, not for each question.
  expect(log.lines).toHaveLength(3)
})

test('a decision uses an index for every table', () => {
  const { db, sqlite } = opened(givenDatabaseFile())
  const texts: string[] = []
  const watched = Object.create(sqlite, {
    prepare: { value: (sql: string) => texts.push(sql) && sqlite.prepare(sql) }
  }) as typeof sqlite
  const queries = ruleQueries(db, watched)
  // Whether the database has a column is asked once.
  const asked = texts.filter((text) => !text.includes('pragma_table_info'))
  expect(asked).toHaveLength(Object.keys(queries).length)
  for (const text of asked) {
    const steps = sqlite.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`)
    const plan = steps.all(Array.from(text.matchAll(/\?/g), () => '1')).map(({ detail }) => detail)
    expect(plan.filter((detail) => detail.startsWith('SEARCH'))).not.toEqual([])
    expect(plan.filter((detail) => /^SCAN (?!json_each)/.test(detail))).toEqual([])
  }
})
