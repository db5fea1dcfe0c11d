// Two calls in the records, one answered and one that rings, and what the commands print of them.
import { callCommand } from '../../../src/cli/commands/call'
import { callsCommand } from '../../../src/cli/commands/calls'
import type { AttemptRecord, CallRecord, ReplacementRecord } from '../../../src/call/record'
import { openDatabase } from '../../../src/store/database/database'
import { aCall, anAttempt, givenDatabaseFile, givenRecords, noon } from '../../store/fresh-database'
import { printedBy } from '../printed'

const environment = { ...process.env }
afterEach(() => {
  process.env = { ...environment }
  jest.restoreAllMocks()
})

export const answered = aCall('3f2a', {
  answeredAt: noon + 9_340,
  endedAt: noon + 21_640,
  outcome: 'answered',
  endedBy: 'caller',
  cause: 16,
  answeredBy: 'PJSIP/carol',
  ringMs: 9_340,
  talkMs: 12_300
})
export const rung = [
  anAttempt('3f2a', { endedAt: noon + 52, outcome: 'busy', cause: 17, sipCode: 486 }),
  anAttempt('3f2a', {
    step: 2,
    leg: '3f2a.2.1',
    dial: 'PJSIP/carol',
    startedAt: noon + 60,
    ringingAt: noon + 240,
    answeredAt: noon + 9_340,
    endedAt: noon + 21_640,
    outcome: 'answered',
    cause: 16
  })
]
export const ringing = aCall('9b11', {
  number: '+442071838750',
  startedAt: noon + 60_000,
  callerName: '',
  callerNumber: ''
})

/** A database with these records, for the commands. */
export async function given(...records: [CallRecord, AttemptRecord[], ReplacementRecord[]?][]): Promise<void> {
  const file = givenDatabaseFile()
  process.env['FOLLOWME_DATABASE'] = file
  const database = openDatabase(file)
  const store = givenRecords(database)
  for (const [call, attempts, replacements] of records) store.save(call, attempts, replacements)
  await store.close()
  database.close()
}

/** What `followme calls` or `followme call` prints. */
export async function run(command: 'calls' | 'call', ...args: string[]): Promise<string> {
  return (await printedBy(command === 'calls' ? callsCommand() : callCommand(), ...args)).join('\n')
}
