import { callCommand } from '../../../src/cli/commands/call'
import { explainCommand } from '../../../src/cli/commands/explain'
import { overrideCommand } from '../../../src/cli/commands/override'
import { decide } from '../../../src/rules/decide'
import { SqliteRuleStore } from '../../../src/store/rules/rule-store'
import { Switchboard } from '../../../src/engine/switchboard'
import { TargetMonitor } from '../../../src/engine/target-monitor'
import { TrunkMonitor } from '../../../src/engine/trunk-monitor'
import { FakeCalls, FakeClock, FakeTelephony, settled, gateOf } from '../../engine/fakes'
import { givenDatabaseFile, opened, givenRecords } from '../../store/fresh-database'
import { fakeLog } from '../../fake-log'
import { printedBy } from '../printed'

const number = '+442071838750'
const site = `
  INSERT INTO schedules VALUES ('office', 'Europe/London');
  INSERT INTO schedule_windows VALUES ('office', '0 9 * * MON-FRI', 480);
  INSERT INTO virtual_numbers (number, label, time_zone, fallback, enabled) VALUES
    ('${number}', 'Sales', 'Europe/London', 'voicemail:100@default', 1),
    ('+442071838751', 'Back', 'UTC', 'number:${number}', 1),
    ('+442071838752', '', 'UTC', 'busy', 0);
  INSERT INTO rules (number, name, position, schedule, fallback) VALUES
    ('${number}', 'day', 10, 'office', NULL), ('${number}', 'night', 20, NULL, 'busy'), ('+442071838751', 'on', 10, NULL, NULL);
  INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES
    ('${number}', 'day', 1, 'PJSIP/alice', 20),
    ('${number}', 'night', 1, 'PJSIP/bob', 25),
    ('+442071838751', 'on', 1, 'number:${number}', 20);
`
/** Monday, eleven in the morning in London. */
const now = Date.parse('2026-11-23T11:00Z')

const environment = { ...process.env }
beforeEach(() => jest.spyOn(Date, 'now').mockReturnValue(now))
afterEach(() => {
  process.env = { ...environment }
  jest.restoreAllMocks()
})

function given(): string {
  const file = givenDatabaseFile()
  opened(file).sqlite.exec(site)
  process.env['FOLLOWME_DATABASE'] = file
  return file
}

async function override(...args: string[]): Promise<string> {
  return (await printedBy(overrideCommand(), ...args)).join('\n')
}

async function answerAt(file: string, at = now) {
  const { outcome, rule, plan } = decide(
    number,
    { number: '', name: '' },
    at,
    await new SqliteRuleStore(opened(file), fakeLog()).rulesFor(number)
  )
  return { outcome, rule, rings: plan.steps.flatMap(({ targets }) => targets.map(({ dial }) => dial)) }
}

describe('followme override set', () => {
  test('prints what callers get now, until when, and what follows', async () => {
    given()
    expect(await override('set', number, 'forward:PJSIP/carol', '--for', '2h', '--by', 'ann')).toBe(
      `+442071838750 (Sales), Mon 2026-11-23 11:00 Europe/London: an override answers: forward to PJSIP/carol, set by ann, until Mon 2026-11-23 13:00 Europe/London.
Callers now get:
  1. PJSIP/carol for 30 s
  Nobody answers: voicemail:100@default
From Mon 2026-11-23 13:00 Europe/London, in 2 h: rule 'day' answers.`
    )
  })

  test('closed gives the fallback immediately, until it is cleared if no end is given', async () => {
    const file = given()
    const text = await override('set', number, 'closed')
    expect(text).toContain('an override answers: closed, until it is cleared.')
    expect(text).toContain('Immediately: voicemail:100@default')
    expect(await answerAt(file)).toEqual({ outcome: 'override', rule: null, rings: [] })
  })

  test('a named rule answers at any time, and the override expires by itself', async () => {
    const file = given()
    await override('set', number, 'rule:night', '--until', '2026-11-23 18:00')
    expect(await answerAt(file)).toEqual({ outcome: 'override', rule: 'night', rings: ['PJSIP/bob'] })
    const end = Date.parse('2026-11-23T18:00Z')
    expect(await answerAt(file, end - 1)).toMatchObject({ outcome: 'override' })
    expect(await answerAt(file, end)).toMatchObject({ outcome: 'rule', rule: 'night' })
  })

  test.each([
    ['1d in spring', '2027-03-27T18:00Z', '1d', '2027-03-28T17:00:00.000Z', 'Sun 2027-03-28 18:00 Europe/London'],
    ['1w in autumn', '2026-10-22T11:00Z', '1w', '2026-10-29T12:00:00.000Z', 'Thu 2026-10-29 12:00 Europe/London'],
    ['24h is exact', '2027-03-27T18:00Z', '24h', '2027-03-28T18:00:00.000Z', '19:00 Europe/London']
  ])('days and weeks end at the same time of day across a clock change: %s', async (_when, at, length, end, shown) => {
    const file = given()
    jest.spyOn(Date, 'now').mockReturnValue(Date.parse(at))
    expect(await override('set', number, 'closed', '--for', length)).toContain(shown)
    expect(opened(file).sqlite.prepare('SELECT expires_at FROM overrides').pluck().get()).toBe(end)
  })

  test('replaces the previous override, and says which that was', async () => {
    given()
    await override('set', number, 'closed', '--by', 'ann')
    expect(await override('set', number, 'rule:night', '--for', '30m')).toMatch(
      /^Replaces: closed, set by ann, until it is cleared\.\n.*rule 'night', until Mon 2026-11-23 11:30/
    )
  })

  test.each(['+911', '+49110', 'PJSIP/112@trunk', 'PJSIP/0044999@trunk'])('refuses to forward to %s', async (dial) => {
    given()
    await expect(override('set', number, `forward:${dial}`)).rejects.toThrow(
      /would call the emergency number .*: write/
    )
  })

  test.each([
    ['+23276123456', 'Sierra Leone'],
    ['PJSIP/00881631234567@trunk', 'a satellite phone'],
    ['+449098790000', 'a premium-rate number']
  ])('refuses to forward to %s until the policy allows it', async (dial, reason) => {
    const file = given()
    await expect(override('set', number, `forward:${dial}`)).rejects.toThrow(reason)
    expect(opened(file).sqlite.prepare('SELECT count(*) FROM overrides').pluck().get()).toBe(0)
    const allow = opened(file).sqlite.prepare("INSERT INTO dial_policy (prefix, verdict) VALUES (?, 'allow')")
    for (const prefix of ['+232', '+881', '+4490']) allow.run(prefix)
    expect(await override('set', number, `forward:${dial}`)).toContain(`1. ${dial} for 30 s`)
  })

  test.each([
    ['PJSIP/911', /^warning: the target PJSIP\/911 rings the phone .*; give the phone another name/],
    [`PJSIP/${number}@trunk`, /^warning: the target .* comes back as a new one; dial a phone/],
    ['SIP/trunk/00442071838751', /^warning: the target .*; write number:\+442071838751, which/]
  ])('forwards to %s with the same warning as check', async (dial, warning) => {
    given()
    const said = jest.spyOn(console, 'error').mockImplementation(() => undefined)
    await override('set', number, `forward:${dial}`)
    expect(said.mock.calls).toEqual([[expect.stringMatching(warning)]])
  })

  test('forwards to another virtual number, whose rules apply', async () => {
    const file = given()
    opened(file).sqlite.exec("UPDATE targets SET dial = 'PJSIP/dora' WHERE rule = 'on'")
    await override('set', number, 'forward:number:+442071838751')
    expect(await answerAt(file)).toMatchObject({ outcome: 'override', rings: ['PJSIP/dora'] })
  })

  test('says so if calls to the number are refused anyway', async () => {
    given()
    expect(await override('set', '+442071838752', 'closed')).toContain('calls are refused, +442071838752 is disabled')
  })

  test.each([
    [['sales', 'closed'], 'usage', /number "sales" is not a virtual number/],
    [['+15005550006', 'closed'], 'not-found', /there is no virtual number \+15005550006/],
    [['020 7183 8750', 'closed'], 'usage', /not a virtual number: did you mean \+442071838750\?$/],
    [['+44207183875', 'closed'], 'not-found', /did you mean \+442071838750 or \+442071838751 or \+442071838752\?$/],
    [[number, 'open'], 'usage', /unknown override "open": use closed, forward:TARGET or rule:NAME/],
    [[number, 'closed:now'], 'usage', /use closed/],
    [[number, 'forward:carol'], 'usage', /target "carol" cannot be dialled: write a number/],
    [[number, 'forward:020 7183 8751'], 'usage', /is not an international number/],
    [[number, 'forward:'], 'usage', /cannot be dialled/],
    [[number, `forward:${number}`], 'usage', /leads back to the number itself/],
    [[number, `forward:number:${number}`], 'usage', /leads back to the number itself/],
    [[number, 'forward:number:+15005550006'], 'usage', /would ring nobody: .*there is no virtual number/],
    [[number, 'forward:number:+442071838751'], 'usage', /would ring nobody: .*calls go round in a circle/],
    [[number, 'forward:number:+442071838752'], 'usage', /would ring nobody: .*disabled/],
    [[number, 'rule:evening'], 'not-found', /has no rule 'evening': its rules are 'day', 'night'/],
    [
      [number, 'closed', '--until', 'next week'],
      'usage',
      /invalid --until "next week": write an instant .*Europe\/London/
    ],
    [
      [number, 'closed', '--until', '2026-11-23 10:59'],
      'usage',
      /not in the future: it is Mon 2026-11-23 11:00 Europe/
    ],
    [[number, 'closed', '--until', '2h'], 'usage', /not in the future: .* write \+2h, or --for 2h/],
    [[number, 'closed', '--for', '2 hours'], 'usage', /invalid --for "2 hours": write numbers with units, 30m, 2h/],
    [[number, 'closed', '--for', '0h'], 'usage', /invalid --for "0h"/],
    [[number, 'closed', '--for', '2h', '--until', '2026-12-01'], 'usage', /both given/],
    [[number, 'closed', '--by', ' '], 'usage', /--by is empty/]
  ])('%j is refused with the cure, and changes nothing', async (args, code, message) => {
    const file = given()
    await expect(override('set', ...args)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string
    })
    expect(opened(file).sqlite.prepare('SELECT count(*) FROM overrides').pluck().get()).toBe(0)
  })
})

describe('followme override clear', () => {
  test('restores the rules, and prints what callers get now', async () => {
    const file = given()
    await override('set', number, 'closed')
    expect(await override('clear', number)).toBe(
      `Cleared: closed.
+442071838750 (Sales), Mon 2026-11-23 11:00 Europe/London: rule 'day' answers.
Callers now get:
  1. PJSIP/alice for 20 s
  Nobody answers: voicemail:100@default
From Mon 2026-11-23 17:00 Europe/London, in 6 h: rule 'night' answers.`
    )
    expect(await answerAt(file)).toMatchObject({ outcome: 'rule', rule: 'day' })
  })

  test('reports that there is no override', async () => {
    given()
    await expect(override('clear', number)).rejects.toMatchObject({ code: 'not-found' })
    await expect(override('clear', '+15005550006')).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('followme override list', () => {
  test('shows each override with its end, who set it, and since when', async () => {
    const file = given()
    expect(await override('list')).toBe('no overrides')
    await override('set', number, 'rule:night', '--for', '1d', '--by', 'ann\u001b[2J')
    opened(file).sqlite.exec(`
      INSERT INTO overrides (number, kind, expires_at, set_at)
      VALUES ('+442071838751', 'closed', '2026-11-22T10:00:00Z', '2026-11-22T09:00:00Z')`)
    expect(await override('list')).toBe(
      `+442071838750 (Sales): rule 'night', set by ann·[2J, until Tue 2026-11-24 11:00 Europe/London, since Mon 2026-11-23 11:00 Europe/London
+442071838751 (Back): closed, expired Sun 2026-11-22 10:00 UTC, since Sun 2026-11-22 09:00 UTC`
    )
    expect(JSON.parse(await override('list', '--json'))).toMatchObject([
      { number, kind: 'rule', value: 'night', expiresAt: '2026-11-24T11:00:00.000Z', expired: false },
      { number: '+442071838751', kind: 'closed', value: null, setBy: null, expired: true }
    ])
  })
})

test('an override set between two calls applies to the next, and is shown in its record, its log and by explain', async () => {
  const file = given()
  const database = opened(file)
  const calls = givenRecords(database)
  const telephony = new FakeTelephony()
  const clock = new FakeClock()
  const callLog = fakeLog()
  let minted = 0
  const switchboard = new Switchboard({
    telephony,
    gate: gateOf(),
    trunks: new TrunkMonitor(clock, fakeLog()),
    targets: new TargetMonitor({
      limits: () => undefined,
      records: { talkedSince: () => [] },
      clock: clock,
      log: fakeLog()
    }),
    rules: new SqliteRuleStore(database, fakeLog()),
    calls,
    clock: { now: () => now, after: (ms, callback) => clock.after(ms, callback) },
    log: fakeLog(),
    callLog: () => callLog,
    newCallId: () => `c${String(++minted)}`,
    maxCallSeconds: 3600,
    bareNumbers: 'auto',
    server: 'sales-1',
    journal: new FakeCalls()
  })
  const arrive = async (aLeg: string) => {
    switchboard.handle({ type: 'incoming', call: { aLeg, number, caller: { number: '+15005550006', name: '' } } })
    await settled()
  }
  await arrive('17.1')
  await override('set', number, 'forward:PJSIP/carol', '--for', '2h', '--by', 'ann')
  await arrive('17.2')
  await override('clear', number)
  await arrive('17.3')
  await calls.close()
  expect(telephony.asked.filter((asked) => asked.startsWith('createLeg'))).toEqual([
    'createLeg c1.1.1 PJSIP/alice',
    'createLeg c2.1.1 PJSIP/carol',
    'createLeg c3.1.1 PJSIP/alice'
  ])
  expect(callLog.lines.map(({ fields }) => fields)).toContainEqual(
    expect.objectContaining({ decision: 'override', override: 'forward to PJSIP/carol, set by ann' })
  )
  const call = async (...args: string[]) => (await printedBy(callCommand(), ...args)).join('\n')
  expect(JSON.parse(await call('c2', '--json'))).toMatchObject({
    decision: 'override',
    rule: null,
    plan: { override: { kind: 'forward', value: 'PJSIP/carol', setBy: 'ann' } }
  })
  expect(JSON.parse(await call('c1', '--json'))).toMatchObject({ decision: 'rule', rule: 'day' })
  expect(await call('c1', '--explain')).toContain("→ day  schedule 'office' is open: closes Mon 2026-11-23 17:00")
  expect(await call('c2')).toContain(
    'an override is set, forward to PJSIP/carol, set by ann: PJSIP/carol (30 s), then voicemail:100@default'
  )
})

test('explain shows the current override', async () => {
  given()
  await override('set', number, 'rule:night', '--for', '2h', '--by', 'ann')
  const explained = (await printedBy(explainCommand(), number)).join('\n')
  expect(explained).toContain(
    "An override answers: rule 'night', set by ann, until Mon 2026-11-23 13:00 Europe/London."
  )
  expect(explained).toContain("→ night  the override 'rule' set by ann names it")
})
