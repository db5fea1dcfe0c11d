// The numbers dialled in the last day, as the records of earlier processes have them.
import type { AttemptRecord } from '../../../src/call/record'
import { SqliteDialRecords } from '../../../src/store/records/dial-records'
import { aCall, anAttempt, givenDatabase, givenRecords, noon } from '../fresh-database'

const dayMs = 86_400_000
const latvia = '+37120123456'

async function given(attempts: readonly (readonly [Parameters<typeof aCall>[1], Partial<AttemptRecord>])[]) {
  const database = givenDatabase()
  const records = givenRecords(database)
  attempts.forEach(([call, attempt], index) => {
    const id = `c${String(index)}`
    records.save(aCall(id, call), [anAttempt(id, { dial: latvia, ...attempt })])
  })
  await records.flush()
  const found = new SqliteDialRecords(database, 3600).attemptsSince(noon)
  return found.map(([{ call, dial }, from]) => [call, dial, from])
}

test.each<[string, Parameters<typeof aCall>[1], Partial<AttemptRecord>, boolean]>([
  [
    'an attempt in progress is found, however old',
    { startedAt: noon - 9 * dayMs },
    { startedAt: noon - 9 * dayMs },
    true
  ],
  ['an attempt that ended since is found', { endedAt: noon }, { endedAt: noon, outcome: 'busy' }, true],
  ['an attempt that ended before is not found', { endedAt: noon }, { endedAt: noon - 1, outcome: 'busy' }, false],
  [
    'an attempt that began long before and ended since is found',
    { startedAt: noon - 3_600_000, endedAt: noon },
    { startedAt: noon - 3_600_000, endedAt: noon, outcome: 'answered' },
    true
  ],
  ['a refused attempt is not found', { endedAt: noon }, { endedAt: noon, outcome: 'refused' }, false],
  ['an attempt to a phone is not found', {}, { dial: 'PJSIP/alice' }, false],
  ['an attempt to a number behind a trunk is found', {}, { dial: 'PJSIP/0037120123456@trunk' }, true],
  ['an attempt to a number on a line is found', {}, { dial: 'DAHDI/g1/0037120123456' }, true]
])('%s', async (_what, call, attempt, isFound) => {
  expect(await given([[call, attempt]])).toHaveLength(isFound ? 1 : 0)
})

test('each attempt has the virtual number whose rules name its target, according to the plan', async () => {
  const dial = 'PJSIP/07400123456@trunk'
  const plan = { steps: [{ targets: [{ dial, ringSeconds: 20, from: '+442071838750' }] }], fallback: 'busy' }
  expect(
    await given([
      [{ plan }, { dial }],
      [{}, { dial }]
    ])
  ).toEqual([
    ['c0', dial, '+442071838750'],
    ['c1', dial, aCall('c1').number]
  ])
})
