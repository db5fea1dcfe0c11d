// followme targets, with records and without Asterisk.
import { targetsCommand } from '../../../src/cli/commands/targets'
import type { AttemptRecord, CallRecord } from '../../../src/call/record'
import { openDatabase } from '../../../src/store/database/database'
import { aCall, anAttempt, givenDatabaseFile, givenRecords, opened } from '../../store/fresh-database'
import { printedBy } from '../printed'

const environment = { ...process.env }
afterEach(() => {
  process.env = { ...environment }
  jest.restoreAllMocks()
  jest.useRealTimers()
})

const [alice, bob, mobile] = ['PJSIP/alice', 'PJSIP/bob', '+442071838750']
const now = Date.parse('2026-11-29T14:00:00Z')
const second = 1000
const day = 86_400 * second

async function given(...records: readonly (readonly [CallRecord, AttemptRecord[]])[]): Promise<void> {
  const file = givenDatabaseFile()
  opened(file).sqlite.exec(`
    INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550100', 'Europe/London'), ('+14155550101', 'Europe/London');
    UPDATE virtual_numbers SET enabled = 0 WHERE number = '+14155550101';
    INSERT INTO trunks (name, position, dial) VALUES ('carrier', 1, 'PJSIP/{number}@carrier');
    INSERT INTO rules (number, name, position, enabled) VALUES ('+14155550100', 'day', 1, 1), ('+14155550100', 'off', 2, 0),
      ('+14155550101', 'day', 1, 1);
    INSERT INTO targets (number, rule, step, dial, enabled) VALUES ('+14155550100', 'day', 1, '${alice}', 1),
      ('+14155550100', 'day', 1, '${bob}', 1), ('+14155550100', 'day', 2, '${mobile}', 1),
      ('+14155550100', 'day', 2, 'number:+14155550101', 1), ('+14155550100', 'day', 2, 'PJSIP/disabled', 0),
      ('+14155550100', 'off', 1, 'PJSIP/off', 1), ('+14155550101', 'day', 1, 'PJSIP/other', 1);
    INSERT INTO target_limits (dial, wrap_up_seconds) VALUES ('${alice}', 0), ('${bob}', 60)`)
  Object.assign(process.env, {
    FOLLOWME_DATABASE: file,
    FOLLOWME_ARI_PASSWORD: 'x',
    // Nobody listens there.
    FOLLOWME_ARI_URL: 'http://127.0.0.1:1'
  })
  const database = openDatabase(file)
  const store = givenRecords(database)
  for (const [call, attempts] of records) store.save(call, attempts)
  await store.close()
  database.close()
}

async function shown(...args: readonly string[]): Promise<string> {
  jest.useFakeTimers({ now, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'clearTimeout', 'queueMicrotask'] })
  return (await printedBy(targetsCommand(), ...args)).join('\n')
}

/** A call with one attempt, so many seconds ago. */
function past(id: string, agoMs: number, changes: Partial<AttemptRecord>): readonly [CallRecord, AttemptRecord[]] {
  const startedAt = now - agoMs
  const attempt = anAttempt(id, { startedAt, dialledAt: startedAt, endedAt: startedAt + 9000, ...changes })
  return [
    aCall(id, {
      startedAt,
      endedAt: attempt.endedAt,
      answeredAt: attempt.outcome === 'answered' ? attempt.answeredAt : null,
      outcome: attempt.outcome === 'answered' ? 'answered' : 'fallback'
    }),
    [attempt]
  ]
}

const answered = (ms: number, agoMs: number): Partial<AttemptRecord> => ({
  dial: alice,
  outcome: 'answered',
  ringingAt: now - agoMs + 100,
  answeredAt: now - agoMs + ms
})

const records = (): (readonly [CallRecord, AttemptRecord[]])[] => [
  past('a1', 2 * day, answered(2000, 2 * day)),
  past('a2', day, answered(5000, day)),
  past('a3', day / 2, answered(8000, day / 2)),
  past('a4', 40 * day, { dial: alice, outcome: 'busy' }),
  past('a5', 3 * day, { dial: alice, outcome: 'limited', dialledAt: null }),
  past('b1', 3 * day, { dial: bob, outcome: 'busy' }),
  past('b2', 4 * day, { dial: bob, outcome: 'declined' }),
  past('b3', 5 * day, { dial: bob, outcome: 'no-answer' }),
  past('b4', 6 * day, { dial: bob, outcome: 'unreachable' }),
  past('b5', 20_000, { ...answered(1000, 20_000), dial: bob }),
  past('m1', 40 * day, { dial: mobile, trunk: 'carrier', outcome: 'wrong-number' }),
  ...[30, 25, 20].map((ago) =>
    past(`t${ago}`, ago * second, { dial: mobile, trunk: 'carrier', outcome: 'congestion', sipCode: 503 })
  ),
  [
    aCall('live', { startedAt: now - 60_000, endedAt: null, answeredAt: now - 50_000, outcome: null }),
    [
      anAttempt('live', {
        dial: alice,
        startedAt: now - 60_000,
        ringingAt: now - 59_000,
        answeredAt: now - 50_000,
        endedAt: null,
        outcome: null
      })
    ]
  ]
]

test('shows targets and trunks with their state, their last use and their figures', async () => {
  await given(...records())
  const lines = (await shown()).split('\n')
  expect(lines.slice(0, -2).map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
    'TARGET | STATE | LAST USED (Europe/London) | TRIED | ANSWERED | BUSY | NO ANSWER | FAILED | ANSWERED IN',
    '+442071838750 | free | 2026-11-29 13:59:40 | 3 | 0 | 0 | 0 | 3 | -',
    'PJSIP/alice | in call live since 2026-11-29 13:59:10, at most 1 call | 2026-11-29 13:59:00 | 4 | 3 | 0 | 0 | 0 | 5.0 s',
    'PJSIP/bob | wraps up until 2026-11-29 14:00:49, at most 1 call, 60 s to wrap up | 2026-11-29 13:59:40 | 5 | 1 | 2 | 1 | 1 | 1.0 s',
    '',
    'TRUNK | STATE | LAST USED (Europe/London) | TRIED | ANSWERED | BUSY | NO ANSWER | FAILED | ANSWERED IN',
    'carrier | passed over until 2026-11-29 14:00:49 | 2026-11-29 13:59:40 | 3 | 0 | 0 | 0 | 3 | -'
  ])
  expect(lines.at(-1)).toMatch(/^Which phones are registered is not known: .*127\.0\.0\.1:1/)
})

test('--json prints one document with the same', async () => {
  await given(...records())
  expect(JSON.parse(await shown('--json'))).toMatchObject({
    since: '2026-10-30T14:00:00.000Z',
    asterisk: expect.stringContaining('127.0.0.1') as string,
    targets: [
      { dial: mobile, limit: null, calls: [], wrapsUpUntil: null, contacts: null, tried: 3, medianAnswerMs: null },
      {
        dial: alice,
        limit: { maxCalls: 1, wrapUpSeconds: 0 },
        calls: [{ call: 'live', since: '2026-11-29T13:59:10.000Z', isAnswered: true }],
        lastUsedAt: '2026-11-29T13:59:00.000Z',
        medianAnswerMs: 5000
      },
      { dial: bob, wrapsUpUntil: '2026-11-29T14:00:49.000Z', busy: 2, noAnswer: 1, failed: 1 }
    ],
    trunks: [{ name: 'carrier', restsUntil: '2026-11-29T14:00:49.000Z', calls: [], failed: 3 }]
  })
})

test('a site without records and without targets', async () => {
  await given()
  expect(await shown()).toContain('PJSIP/alice    free, at most 1 call')
  opened(process.env['FOLLOWME_DATABASE'] ?? '').sqlite.exec(
    'DELETE FROM virtual_numbers; DELETE FROM trunks; DELETE FROM target_limits'
  )
  expect(await shown()).toMatch(/^no rule has a target\n/)
})
