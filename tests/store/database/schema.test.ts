import type { Selectable } from 'kysely'
import type { Schema } from '../../../src/store/database/schema'
import { givenDatabase } from '../fresh-database'

type Kind<Value> = `${NonNullable<Value> extends string ? 'TEXT' : 'INTEGER'}${null extends Value ? '?' : ''}`
type Kinds<Row> = { [Column in keyof Row]: Kind<Row[Column]> }
type Columns = { [Table in keyof Schema]: Kinds<Selectable<Schema[Table]>> }

// The compiler holds this against the types, the test holds it against the database.
const columns: Columns = {
  schedules: { name: 'TEXT', time_zone: 'TEXT' },
  schedule_windows: { schedule: 'TEXT', opens: 'TEXT', minutes: 'INTEGER' },
  schedule_exceptions: {
    schedule: 'TEXT',
    from_date: 'TEXT',
    to_date: 'TEXT',
    opens_at: 'TEXT?',
    closes_at: 'TEXT?',
    label: 'TEXT?'
  },
  caller_lists: { name: 'TEXT' },
  caller_list_entries: { list: 'TEXT', pattern: 'TEXT' },
  virtual_numbers: {
    number: 'TEXT',
    label: 'TEXT',
    enabled: 'INTEGER',
    time_zone: 'TEXT',
    fallback: 'TEXT',
    max_calls: 'INTEGER?',
    caller_id: 'TEXT?',
    fallback_full: 'TEXT?',
    caller_id_policy: 'TEXT',
    name_prefix: 'TEXT?',
    alert_info: 'TEXT?'
  },
  rules: {
    number: 'TEXT',
    name: 'TEXT',
    position: 'INTEGER',
    schedule: 'TEXT?',
    callers: 'TEXT?',
    valid_from: 'TEXT?',
    valid_until: 'TEXT?',
    enabled: 'INTEGER',
    fallback: 'TEXT?'
  },
  targets: {
    number: 'TEXT',
    rule: 'TEXT',
    step: 'INTEGER',
    dial: 'TEXT',
    ring_seconds: 'INTEGER',
    enabled: 'INTEGER'
  },
  overrides: {
    number: 'TEXT',
    kind: 'TEXT',
    value: 'TEXT?',
    expires_at: 'TEXT?',
    set_by: 'TEXT?',
    set_at: 'TEXT'
  },
  dial_policy: {
    prefix: 'TEXT',
    verdict: 'TEXT',
    max_calls: 'INTEGER?',
    max_per_hour: 'INTEGER?',
    max_minutes_day: 'INTEGER?',
    note: 'TEXT?'
  },
  trunks: {
    name: 'TEXT',
    position: 'INTEGER',
    dial: 'TEXT',
    shows: 'TEXT?',
    diversion: 'TEXT?',
    max_calls: 'INTEGER?',
    private: 'INTEGER',
    enabled: 'INTEGER'
  },
  trunk_prefixes: { trunk: 'TEXT', prefix: 'TEXT' },
  target_limits: { dial: 'TEXT', max_calls: 'INTEGER', wrap_up_seconds: 'INTEGER' },
  failsafe: {
    number: 'TEXT',
    step: 'INTEGER',
    entry: 'TEXT',
    dial: 'TEXT?',
    ring_seconds: 'INTEGER?',
    fallback: 'TEXT?',
    rule: 'TEXT?',
    computed_at: 'TEXT',
    talk_seconds: 'INTEGER?',
    limited_dial: 'TEXT?',
    limits: 'TEXT?',
    max_calls: 'INTEGER?',
    full_step: 'INTEGER?',
    outside_caller: 'TEXT?',
    inside_caller: 'TEXT?',
    name_prefix: 'TEXT?',
    alert_info: 'TEXT?',
    private_dial: 'TEXT?',
    diversion: 'TEXT?',
    instead_of: 'TEXT?'
  },
  calls: {
    id: 'TEXT',
    number: 'TEXT',
    caller_number: 'TEXT',
    caller_name: 'TEXT',
    a_leg: 'TEXT',
    started_at: 'TEXT',
    answered_at: 'TEXT?',
    ended_at: 'TEXT?',
    outcome: 'TEXT?',
    ended_by: 'TEXT?',
    cause: 'INTEGER?',
    decision: 'TEXT',
    rule: 'TEXT?',
    plan: 'TEXT',
    fallback: 'TEXT?',
    answered_by: 'TEXT?',
    ring_ms: 'INTEGER?',
    talk_ms: 'INTEGER?',
    recovered: 'INTEGER',
    failsafe_at: 'TEXT?',
    server: 'TEXT?',
    reason: 'TEXT?',
    came_from: 'TEXT?'
  },
  attempts: {
    call: 'TEXT',
    step: 'INTEGER',
    target: 'INTEGER',
    leg: 'TEXT',
    dial: 'TEXT',
    started_at: 'TEXT',
    ringing_at: 'TEXT?',
    answered_at: 'TEXT?',
    ended_at: 'TEXT?',
    outcome: 'TEXT?',
    cause: 'INTEGER?',
    sip_code: 'INTEGER?',
    dialled_at: 'TEXT?',
    reason: 'TEXT?',
    contact: 'TEXT?',
    trunk: 'TEXT?',
    try: 'INTEGER'
  },
  replacements: {
    call: 'TEXT',
    position: 'INTEGER',
    step: 'INTEGER?',
    target: 'INTEGER?',
    leg: 'TEXT',
    who: 'TEXT',
    at: 'TEXT',
    try: 'INTEGER?'
  },
  failsafe_calls: {
    id: 'INTEGER',
    a_leg: 'TEXT',
    number: 'TEXT',
    caller_number: 'TEXT',
    caller_name: 'TEXT',
    entered_at: 'TEXT',
    plan_at: 'TEXT',
    tried: 'TEXT',
    dialling: 'TEXT',
    dial_status: 'TEXT',
    answered_ms: 'TEXT',
    answered_by: 'TEXT',
    hung_up_by: 'TEXT',
    ending: 'TEXT',
    ending_at: 'TEXT',
    fallback: 'TEXT',
    cause: 'TEXT',
    ended_at: 'TEXT',
    fault: 'TEXT?'
  },
  dialled_forms: { form: 'TEXT', number: 'TEXT' },
  dialled_numbers: { form: 'TEXT?', number: 'TEXT?' },
  migration_files: {
    id: 'INTEGER',
    version: 'INTEGER',
    event: 'TEXT',
    at: 'TEXT',
    name: 'TEXT?',
    checksum: 'TEXT?',
    text: 'TEXT?'
  },
  rule_versions: { kind: 'TEXT', name: 'TEXT', version: 'INTEGER' },
  migration_refusal: { id: 'INTEGER', at: 'TEXT', reason: 'TEXT' },
  schema_migrations: {
    origin: 'TEXT',
    version: 'INTEGER',
    name: 'TEXT',
    checksum: 'TEXT',
    applied_at: 'TEXT',
    duration_ms: 'INTEGER'
  }
}

test('the table types in the code match the migrated database', () => {
  const { sqlite } = givenDatabase()
  const found: Record<string, Record<string, string>> = {}
  const rows = sqlite
    .prepare<[], { table: string; column: string; type: string; required: number }>(
      `SELECT t.name AS "table", c.name AS "column", c.type, c."notnull" AS required
       FROM pragma_table_list AS t JOIN pragma_table_xinfo(t.name) AS c
       WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite%'`
    )
    .all()
  for (const row of rows) (found[row.table] ??= {})[row.column] = `${row.type}${row.required === 1 ? '' : '?'}`
  expect(found).toEqual(columns)
})

test('every table is strict', () => {
  const { sqlite } = givenDatabase()
  const loose = sqlite
    .prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite%'"
    )
    .pluck()
  expect(loose.all()).toEqual([])
})

test('renaming a number renames it in its rules, targets and override; deleting it deletes them', () => {
  const { sqlite } = givenDatabase()
  sqlite.exec(`
    INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550100', 'UTC');
    INSERT INTO rules (number, name, position) VALUES ('+14155550100', 'day', 10);
    INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550100', 'day', 1, 'PJSIP/alice');
    INSERT INTO overrides (number, kind) VALUES ('+14155550100', 'closed');
    UPDATE virtual_numbers SET number = '+14155550101';
    UPDATE rules SET name = 'night'`)
  expect(sqlite.prepare('SELECT number, rule FROM targets').all()).toEqual([{ number: '+14155550101', rule: 'night' }])
  expect(sqlite.prepare('SELECT number FROM overrides').all()).toEqual([{ number: '+14155550101' }])
  sqlite.exec('DELETE FROM virtual_numbers')
  for (const table of ['rules', 'targets', 'overrides']) {
    expect(sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0)
  }
})

test('a failsafe step can be looked up by one column, number and step, as the dialplan needs', () => {
  const { sqlite } = givenDatabase()
  sqlite.exec(`INSERT INTO failsafe (number, step, dial, ring_seconds, fallback, computed_at) VALUES
    ('+14155550100', 1, 'PJSIP/alice&PJSIP/bob', 20, NULL, '2026-11-22T11:48:12.345Z'),
    ('+14155550100', 2, NULL, NULL, 'busy', '2026-11-22T11:48:12.345Z')`)
  const found = sqlite.prepare("SELECT * FROM failsafe WHERE entry = '+14155550100/2'").get()
  expect(found).toMatchObject({ step: 2, fallback: 'busy', dial: null })
})

test.each([
  ["SELECT * FROM rules WHERE number = '+1' ORDER BY position"],
  ["SELECT * FROM targets WHERE number = '+1'"],
  ["SELECT * FROM schedule_exceptions WHERE schedule = 'office'"],
  ["SELECT * FROM calls WHERE started_at >= '2026'"],
  ["SELECT * FROM calls WHERE number = '+1' ORDER BY started_at DESC"],
  ['SELECT * FROM calls WHERE ended_at IS NULL ORDER BY started_at'],
  ["SELECT * FROM failsafe WHERE entry = '+1/1'"],
  ["SELECT * FROM replacements WHERE call = 'c1' ORDER BY position"]
])('an index is used for: %s', (sql) => {
  const { sqlite } = givenDatabase()
  const plan = sqlite.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all()
  expect(plan.map((step) => step.detail).join('; ')).toMatch(/USING (PRIMARY KEY|INDEX|COVERING INDEX)/)
})
