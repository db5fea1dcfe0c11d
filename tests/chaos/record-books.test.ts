// The judge is judged on records: what each may say of a call that is in order, and what not.
import type { Account, Struck } from './account'
import { judge } from './books'
import { account, bye, callerGets, fault, ok, record, rings, started, unanswered } from './given-account'
import { people } from './profiles'

const { waits, nobody, slow, away } = people

const violations = (change: Partial<Account>, faults: readonly Struck[] = [], profile?: string): string =>
  judge(account(change, profile), faults).violations.join('; ')

test.each<[string, Partial<Account>, RegExp]>([
  ['there is no record', { records: [] }, /no record/],
  ['there are two records', { records: [record(), record({}, [])] }, /2 records/],
  ['the record is open', { records: [record({ endedAt: null })] }, /left open/],
  ['an attempt is open', { records: [record({}, [{ endedAt: null }])] }, /attempt one.1.1 was left open/],
  ['the caller is wrong', { records: [record({ callerNumber: '+15005550001' })] }, /of a call from \+15005550001/],
  ['the decision is the fallback', { records: [record({ decision: 'fallback' })] }, /fallback has decided/],
  ['the outcome is abandoned', { records: [record({ outcome: 'abandoned' })] }, /says abandoned, not answered/],
  ['the outcome is lost', { records: [record({ outcome: 'lost' })] }, /says lost, not answered/],
  [
    'the answering target is wrong',
    { records: [record({ answeredBy: slow.number })] },
    /says that \+442071838702 answered/
  ],
  ['the answering target is missing', { records: [record({ answeredBy: null })] }, /says that nobody answered/],
  ['no attempt was answered', { records: [record({}, [{ outcome: 'no-answer' }])] }, /no answered attempt/],
  ['a fallback is named', { records: [record({ fallback: 'busy' })] }, /names the fallback busy/],
  ['the wrong party ended it', { records: [record({ endedBy: 'target' })] }, /target ended it, not caller/],
  ['no party ended it', { records: [record({ endedBy: null })] }, /null ended it/],
  ['the arrival is too late', { records: [record({ startedAt: started + 1500 })] }, /arrival is 1500 ms off/],
  ['the arrival is too early', { records: [record({ startedAt: started - 1500 })] }, /arrival is -1500 ms off/],
  ['the answer is too late', { records: [record({ answeredAt: started + 2000 })] }, /answer is 1200 ms off/],
  ['the answer time is missing', { records: [record({ answeredAt: null })] }, /not say when it was answered/],
  ['the end is too late', { records: [record({ endedAt: started + 9800 })] }, /end is 2000 ms off/],
  ['the talk time is too long', { records: [record({ talkMs: 9000 })] }, /talk is 2000 ms off/],
  ['the talk time is missing', { records: [record({ talkMs: null })] }, /how long they rang/],
  ['it is marked as recovered', { records: [record({ recovered: true })] }, /not seen, with followme there/],
  [
    'it is marked as handled by the failsafe',
    { records: [record({ failsafeAt: started })] },
    /says that the failsafe had it/
  ]
])('a record fails the check if %s', (_, change, words) => {
  expect(violations(change)).toMatch(words)
})

test('a recovered record may say lost if the call ended during the fault; if answered, it must say by whom', () => {
  const lost = { ...unanswered, outcome: 'lost', endedBy: null, recovered: true, endedAt: started + 8900 } as const
  const kept = { endedBy: null, recovered: true, talkMs: null, endedAt: started + 8900 } as const
  const gap = [fault('killed', 6900)]
  expect(judge(account({ records: [record(lost)] }), gap)).toMatchObject({
    violations: [],
    notes: ['its record says lost']
  })
  expect(violations({ records: [record(kept)] }, gap)).toBe('')
  // Killed the moment after, before that was written down.
  expect(violations({ records: [record(lost)] }, [fault('killed', 7900)])).toBe('')
  for (const afterMs of [3000, 8100]) {
    expect(violations({ records: [record(lost)] }, [fault('killed', afterMs)])).toMatch(/not seen, with followme there/)
  }
  expect(violations({ records: [record({ ...lost, recovered: false })] }, gap)).toMatch(/says lost/)
  expect(violations({ records: [record({ ...kept, outcome: 'abandoned' })] }, gap)).toMatch(
    /abandoned, not answered or lost/
  )
  expect(violations({ records: [record({ ...kept, answeredBy: slow.number })] }, gap)).toMatch(/8702 answered/)
  expect(violations({ records: [record({ ...kept, endedAt: started + 19_000 })] }, gap)).toMatch(/end is/)
})

test('a fault right after the end of a call may delay its recorded end; a later fault may not', () => {
  const late = { records: [record({ endedAt: started + 10_800 })] }
  expect(violations(late, [fault('blocked', 7900)])).toBe('')
  expect(violations(late, [fault('blocked', 8200)])).toMatch(/end is 3000 ms off/)
})

test('a call handled by the failsafe must be recorded completely, unless Asterisk reports that it could not write', () => {
  const away = [fault('stopped', -500)]
  const carried = { failsafeAt: started + 10 } as const
  const by = (change: Partial<Account>): string => violations({ failsafes: 1, ...change }, away)
  expect(by({ records: [record(carried)] })).toBe('')
  expect(by({ records: [record()] })).toMatch(/does not say that the failsafe had it/)
  expect(by({ records: [] })).toMatch(/no record/)
  const locked = [...away, fault('locked', 7000)]
  const lost = [record({ ...unanswered, outcome: 'lost' })]
  expect(violations({ failsafes: 1, unwritten: 1, records: [] }, locked)).toBe('')
  expect(violations({ failsafes: 1, unwritten: 1, records: lost }, locked)).toBe('')
  expect(by({ records: [], unwritten: 1 })).toBe('')
  expect(by({ records: [record({ ...carried, outcome: 'lost' })] })).toMatch(/says lost, not answered/)
  expect(by({ records: [record({ ...carried, endedBy: null })] })).toMatch(/null ended it/)
  expect(by({ records: [record({ ...carried, talkMs: 5900 })] })).toMatch(/talk is -1100 ms off/)
  expect(by({ records: [record({ failsafeAt: started + 9000 })] })).toMatch(/when the failsafe took it is 1200 ms off/)
})

test('a caller who gave up is recorded as abandoned, or not at all if followme could not be notified', () => {
  const seen = callerGets([1500, 'sent', 'CANCEL sip:x SIP/2.0', 'CANCEL'], [1510, 'received', 'SIP/2.0 487 Gone'])
  const legs = [rings(nobody.number, [1510, 'received', 'CANCEL sip:x SIP/2.0', 'CANCEL'])]
  const abandoned = { ...unanswered, outcome: 'abandoned', endedAt: started + 1510 } as const
  const attempt = { dial: nobody.number, outcome: 'cancelled' } as const
  const by = (change: Partial<Account>, ...faults: Struck[]): string =>
    violations({ seen, legs, ...change }, faults, 'the caller gives up')
  expect(by({ records: [record(abandoned, [attempt])] })).toBe('')
  expect(by({ records: [record({ ...abandoned, endedBy: null }, [attempt])] })).toMatch(/null ended it, not caller/)
  expect(by({ records: [record({ ...abandoned, outcome: 'fallback' }, [attempt])] })).toMatch(/says fallback/)
  const none = { records: [], legs: [] }
  expect(by(none, fault('half-open', -200))).toBe('')
  expect(by(none, fault('stopped', -200))).toMatch(/no record/)
  // What it had not read yet is gone with the connection.
  expect(by(none, fault('stopped', -200), fault('reset', 1700, { sinceAt: started - 200 }))).toBe('')
  expect(by(none, fault('half-open', 1000))).toMatch(/no record/)
  expect(by(none)).toMatch(/no record/)
})

test('a fallback is recorded with its text, and ends when the caller leaves Stasis or hangs up', () => {
  const seen = callerGets([100, 'received', ok], [9000, 'sent', bye, 'BYE'])
  const legs = [rings(away.number, [40, 'sent', 'SIP/2.0 480 Away'])]
  const fallback = 'voicemail:100@default'
  const given = { ...unanswered, outcome: 'fallback', fallback, endedBy: null, endedAt: started + 90 } as const
  const by = (change: Partial<typeof given> | { fallback: string } | { endedAt: number }): string =>
    violations({ seen, legs, records: [record({ ...given, ...change }, [{ dial: away.number }])] }, [], 'voicemail')
  expect(by({})).toBe('')
  expect(by({ endedAt: started + 9000 })).toBe('')
  expect(by({ endedAt: started + 10_500 })).toMatch(/end is 1500 ms off/)
  expect(by({ fallback: 'busy' })).toMatch(/names the fallback busy, not voicemail/)
  const unseen = (faults: readonly Struck[]): string =>
    violations(
      { seen, legs, records: [record({ ...given, recovered: true }, [{ dial: away.number }])] },
      faults,
      'voicemail'
    )
  expect(unseen([fault('replaced', -700)])).toBe('')
  expect(unseen([fault('replaced', 3000)])).toMatch(/not seen, with followme there/)
})

test('with a slow Asterisk, a very short conversation may be recorded as abandoned', () => {
  const moment = (talkMs: number): Partial<Account> => ({
    seen: callerGets([800, 'received', ok], [800 + talkMs, 'sent', bye, 'BYE']),
    legs: [rings(waits.number, [790, 'sent', ok], [810 + talkMs, 'received', bye, 'BYE'])],
    records: [record({ ...unanswered, outcome: 'abandoned', endedAt: started + 800 + talkMs })]
  })
  expect(violations(moment(1500), [fault('slow', 100)])).toBe('')
  expect(violations(moment(7000), [fault('slow', 100)])).toMatch(/says abandoned/)
  expect(violations(moment(1500), [fault('blocked', 100)])).toMatch(/says abandoned/)
})

test('a call to an unknown number is recorded as refused', () => {
  const seen = callerGets([50, 'received', 'SIP/2.0 404 Not Found'])
  const refused = {
    ...unanswered,
    outcome: 'refused',
    decision: 'unknown-number',
    endedBy: 'followme',
    endedAt: started + 50
  } as const
  const by = (change: Partial<typeof refused> | { decision: 'rule' }): string =>
    violations({ seen, legs: [], records: [record({ ...refused, ...change }, [])] }, [], 'no such number')
  expect(by({})).toBe('')
  expect(by({ decision: 'rule' })).toMatch(/rule has decided/)
})
