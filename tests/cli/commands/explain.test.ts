import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { explainCommand } from '../../../src/cli/commands/explain'
import { shippedMigrations } from '../../../src/config/config'
import { useZoneData } from '../../../src/rules/schedule/time-zones'
import { openDatabase } from '../../../src/store/database/database'
import { migrate } from '../../../src/store/migrations/migrate'
import { packagedZones } from '../../../src/system/packaged-zones'
import { readZoneData } from '../../../src/system/zone-data'
import { printedBy } from '../printed'

const directory = mkdtempSync(path.join(tmpdir(), 'followme-explain-'))
const database = path.join(directory, 'followme.db')

const site = `
  INSERT INTO schedules (name, time_zone) VALUES ('office', 'Europe/London'), ('broken', 'Mars/Olympus');
  INSERT INTO schedule_windows (schedule, opens, minutes) VALUES ('office', '0 9 * * MON-FRI', 480);
  INSERT INTO schedule_exceptions (schedule, from_date, to_date, label) VALUES ('office', '2026-12-25', '2026-12-25', 'Christmas Day');
  INSERT INTO dial_policy (prefix, verdict) VALUES ('+1', 'allow');
  INSERT INTO caller_lists (name) VALUES ('vip');
  INSERT INTO caller_list_entries (list, pattern) VALUES ('vip', '+1415*');
  INSERT INTO virtual_numbers (number, label, enabled, time_zone, fallback) VALUES
    ('+442071838750', 'Sales', 1, 'Europe/London', 'voicemail:100@default'),
    ('+442071838751', '', 0, 'Europe/London', 'busy'),
    ('+442071838752', '', 1, 'America/New_York', 'busy');
  INSERT INTO rules (number, name, position, schedule, callers) VALUES
    ('+442071838750', 'mars', 5, 'broken', NULL),
    ('+442071838750', 'vip', 10, NULL, 'vip'),
    ('+442071838750', 'day', 20, 'office', NULL),
    ('+442071838752', 'all', 10, NULL, NULL);
  INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES
    ('+442071838750', 'vip', 1, 'PJSIP/ann', 40),
    ('+442071838750', 'day', 1, 'PJSIP/alice', 20),
    ('+442071838750', 'day', 1, 'PJSIP/bob', 15),
    ('+442071838750', 'day', 2, 'number:+442071838752', 30),
    ('+442071838752', 'all', 1, '+14155550100', 25);
  INSERT INTO overrides (number, kind, value, expires_at, set_by) VALUES
    ('+442071838752', 'forward', 'PJSIP/carol', '2026-11-24T12:00:00Z', 'ann');
`

beforeAll(() => {
  migrate({ database, shipped: shippedMigrations(), log: () => undefined })
  const { sqlite, close } = openDatabase(database)
  sqlite.exec(site)
  close()
  process.env['FOLLOWME_DATABASE'] = database
})

afterAll(() => {
  delete process.env['FOLLOWME_DATABASE']
  rmSync(directory, { recursive: true, force: true })
})

/** What the command prints. */
async function explain(...args: string[]): Promise<string> {
  return (await printedBy(explainCommand(), ...args)).join('\n')
}

async function explainJson(...args: string[]): Promise<unknown> {
  return JSON.parse(await explain(...args, '--json'))
}

test('explain shows who rings, in which order, why, and what comes next', async () => {
  expect(await explain('+442071838750', '--from', '+33123456789', '--at', '2026-11-23T10:00Z')).toBe(
    `+442071838750 (Sales), called by +33123456789, Mon 2026-11-23 10:00 Europe/London

Rule 'day' answers.
  1. together PJSIP/alice for 20 s, PJSIP/bob for 15 s
  2. PJSIP/carol for 30 s
  Nobody answers: voicemail:100@default

Rules, in order:
    mars  cannot be used: schedule 'broken': time zone "Mars/Olympus" is unknown: write an IANA zone such as Europe/London
    vip   caller +33123456789 is not on list 'vip'
  → day   schedule 'office' is open: closes Mon 2026-11-23 17:00 Europe/London, in 7 h

The plan continues with other numbers:
    +442071838752, by an override

Correct this:
  ! skipped: schedule 'broken': time zone "Mars/Olympus" is unknown: write an IANA zone such as Europe/London

From Mon 2026-11-23 17:00 Europe/London, in 7 h: no rule answers, so the number's fallback does.`
  )
})

test('explain --json prints one document with the documented fields', async () => {
  expect(
    await explainJson('00 44 (20) 7183-8750', '--from', '+1 415 555-0100', '--at', '2026-12-25T10:00:00+01:00')
  ).toEqual({
    number: '+442071838750',
    caller: '+14155550100',
    at: '2026-12-25T09:00:00.000Z',
    outcome: 'rule',
    rule: 'vip',
    plan: { steps: [{ targets: [{ dial: 'PJSIP/ann', ringSeconds: 40 }] }], fallback: 'voicemail:100@default' },
    considered: [
      { rule: 'mars', matched: false, why: expect.stringContaining('Mars/Olympus') as string },
      { rule: 'vip', matched: true, why: "caller +14155550100 is on list 'vip' (+1415*)" },
      { rule: 'day', matched: false, why: "not reached: rule 'vip' answers first" }
    ],
    limit: null,
    limits: [],
    continued: [],
    nextChangeAt: null,
    notes: [expect.stringContaining("schedule 'broken': time zone") as string],
    zoneDisagreements: []
  })
})

test('a number may be written with blanks, dashes and parentheses', async () => {
  expect(await explainJson('+44 (20) 7183-8750', '--at', '2026-11-23')).toMatchObject({ number: '+442071838750' })
})

test.each([['4155550100'], ['+4155550100'], ['01114155550100']])(
  'for a number dialled as %s, explain suggests the intended number and answers for it',
  async (dialled) => {
    const { sqlite, close } = openDatabase(database)
    sqlite.exec("INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550100', 'America/Los_Angeles')")
    try {
      const text = await explain(dialled, '--at', '2026-11-23T10:00')
      expect(text).toContain('did you mean +14155550100?')
      expect(text).toContain('\n\n+14155550100, called by somebody on no list')
    } finally {
      sqlite.exec("DELETE FROM virtual_numbers WHERE number = '+14155550100'")
      close()
    }
  }
)

test('faults of a number are shown even if its rules work: time zone, fallback, later rules', async () => {
  const { sqlite, close } = openDatabase(database)
  sqlite.exec(`INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES ('+442071838759', 'Mars/Base', 'announce:../x');
    INSERT INTO rules (number, name, position, valid_from) VALUES
      ('+442071838759', 'first', 1, NULL), ('+442071838759', 'dated', 2, '2026-01-01'), ('+442071838759', 'local', 3, NULL);
    INSERT INTO targets (number, rule, step, dial) VALUES
      ('+442071838759', 'first', 1, 'PJSIP/alice'), ('+442071838759', 'local', 1, 'Local/x@y')`)
  close()
  const text = await explain('+442071838759', '--at', '2026-11-23')
  expect(text).toContain("Rule 'first' answers.")
  expect(text.split('\n').filter((line) => line.startsWith('  ! '))).toEqual([
    expect.stringContaining(
      'the dates of +442071838759 cannot be read, and its times are shown in UTC: time zone "Mars/Base"'
    ),
    expect.stringContaining('busy instead: fallback "announce:../x"'),
    expect.stringContaining("rule 'dated' of +442071838759 is skipped: time zone"),
    expect.stringContaining('rule \'local\' of +442071838759 is skipped: target "Local/x@y"')
  ])
})

test("a time without a zone is read in the number's zone", async () => {
  expect(await explainJson('+442071838752', '--at', '2026-11-24 06:59')).toMatchObject({
    at: '2026-11-24T11:59:00.000Z',
    caller: null,
    outcome: 'override',
    nextChangeAt: '2026-11-24T12:00:00.000Z'
  })
})

test('an override is shown with who set it and until when', async () => {
  const text = await explain('+442071838752', '--at', '2026-11-24 06:59')
  expect(text).toContain(
    'An override answers: forward to PJSIP/carol, set by ann, until Tue 2026-11-24 07:00 America/New_York.'
  )
  expect(text).toContain("From Tue 2026-11-24 07:00 America/New_York, in 1 min: rule 'all' answers.")
})

test('a holiday is shown by its name', async () => {
  expect(await explain('+442071838750', '--at', '2026-12-25')).toContain(
    "schedule 'office' is closed, by its exception Christmas Day: opens Mon 2026-12-28 09:00 Europe/London, in 3 days"
  )
})

test.each([
  ['+15555555555', 'there is no virtual number +15555555555: add it to virtual_numbers'],
  ['+442071838751', '+442071838751 is disabled: set enabled to 1 in virtual_numbers']
])('calls to %s are refused, with the reason', async (number, reason) => {
  expect(await explainJson(number, '--at', '2026-11-23')).toMatchObject({
    outcome: 'unknown-number',
    reason,
    rule: null,
    plan: { steps: [] }
  })
  expect(await explain(number)).toContain(`The call is refused: ${reason}.`)
})

test('a mistyped number is refused, with the number that was probably meant', async () => {
  const [hint, , asked] = (await explain('+442071838705')).split('\n')
  expect(hint).toBe('There is no virtual number +442071838705: did you mean +442071838750?')
  expect(asked).toMatch(/^\+442071838705, called by/)
  expect(await explainJson('+442071838705')).not.toHaveProperty('dialled')
})

test.each([
  [['sales'], /number "sales" is not a virtual number/],
  [['02071838999'], /write \+ and the country code/],
  [
    ['+442071838750', '--at', 'next week'],
    /invalid --at "next week": write an instant .* in the time zone Europe\/London/
  ],
  [['+442071838750', '--at', '2026-02-30'], /--at "2026-02-30"/]
])('%j is wrong usage', async (args, message) => {
  await expect(explain(...args)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(message) as string
  })
})

test('an unmigrated database is reported with the cure', async () => {
  const empty = path.join(directory, 'empty.db')
  openDatabase(empty, { create: true }).close()
  process.env['FOLLOWME_DATABASE'] = empty
  try {
    await expect(explain('+442071838750')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining("run 'followme migrate'") as string
    })
  } finally {
    process.env['FOLLOWME_DATABASE'] = database
  }
})

test('if copies of the zone data disagree about a zone of the rules, the zone, the date and the difference are shown', async () => {
  const newest = packagedZones()
  const older = { name: 'old data', version: '2025b', offsetsOf: () => () => -8 * 3_600_000 }
  useZoneData(() => ({ sources: [newest, older], unread: [], aliasOf: () => undefined, since: 0 }))
  try {
    expect(await explain('+442071838752', '--at', '2026-12-01 09:00')).toContain(
      '  ! America/New_York: since 2025-11-30 14:00 UTC 2025b of old data has UTC-08:00, not UTC-05:00; followme goes by'
    )
  } finally {
    useZoneData(readZoneData)
  }
})

test('the limits of every prefix of a ringing number are shown, and no others', async () => {
  const { sqlite, close } = openDatabase(database)
  const asked = () => explain('+442071838750', '--at', '2026-11-25T10:00Z')
  expect(await asked()).not.toContain('Limits')
  sqlite.exec(`INSERT INTO dial_policy (prefix, verdict, max_calls, max_minutes_day) VALUES
    ('+1415', 'limit', 2, NULL), ('+', 'limit', NULL, 60), ('+44', 'limit', 1, 1)`)
  const text = await asked()
  const json = await explainJson('+442071838750', '--at', '2026-11-25T10:00Z')
  sqlite.exec("DELETE FROM dial_policy WHERE verdict = 'limit'")
  close()
  expect(text).toContain(`
Limits of dial_policy:
    +14155550100: +1415 at most 2 at once; + at most 60 minutes a day
`)
  const rows = [
    { prefix: '+1415', maxCalls: 2, maxPerHour: null, maxMinutesDay: null },
    { prefix: '+', maxCalls: null, maxPerHour: null, maxMinutesDay: 60 }
  ]
  expect(json).toMatchObject({ limits: [{ dial: '+14155550100', rows }] })
})

test('max_calls and the fallback for further calls are shown, but not if nobody rings', async () => {
  const { sqlite, close } = openDatabase(database)
  const asked = (at: string) => explain('+442071838750', '--at', at)
  sqlite.exec(`UPDATE virtual_numbers SET max_calls = 2, fallback_full = 'announce:custom/full' WHERE label = 'Sales'`)
  const [open, closed] = [await asked('2026-11-25T10:00Z'), await asked('2026-11-25T20:00Z')]
  const json = JSON.parse(await explain('+442071838750', '--at', '2026-11-25T10:00Z', '--json')) as object
  sqlite.exec('UPDATE virtual_numbers SET max_calls = NULL, fallback_full = NULL')
  close()
  expect(open).toContain('\n  At most 2 calls at once; any more get: announce:custom/full\n')
  expect(closed).not.toContain('At most')
  expect(json).toMatchObject({ limit: { maxCalls: 2, plan: { steps: [], fallback: 'announce:custom/full' } } })
})

test('the limit of a target is shown behind its ring time, and in the JSON document', async () => {
  const { sqlite, close } = openDatabase(database)
  const at = ['--at', '2026-11-23T10:00Z']
  try {
    sqlite.exec("INSERT INTO target_limits VALUES ('PJSIP/alice', 1, 30), ('+14155550100', 2, 0)")
    expect(await explain('+442071838750', ...at)).toContain(
      '  1. together PJSIP/alice for 20 s (at most 1 call, 30 s to wrap up), PJSIP/bob for 15 s\n'
    )
    sqlite.exec("UPDATE overrides SET expires_at = '2026-11-22T12:00:00Z'")
    expect(await explain('+442071838750', ...at)).toContain('+14155550100 for 25 s (at most 2 calls)\n')
    expect(JSON.stringify(JSON.parse(await explain('+442071838750', ...at, '--json')))).toContain(
      '"limit":{"maxCalls":1,"wrapUpSeconds":30}'
    )
  } finally {
    sqlite.exec("DELETE FROM target_limits; UPDATE overrides SET expires_at = '2026-11-24T12:00:00Z'")
    close()
  }
})
