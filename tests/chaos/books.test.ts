// The judge is judged: a call that balances, and each way in which one may not.
import type { RecordedCall } from '../../src/core/ports'
import { toCalls } from '../sandbox/sip-log'
import type { SipCall, SipMessage } from '../sandbox/sip-log'
import type { Account, Struck } from './account'
import { judge } from './books'
import type { FaultKind } from './fault-kinds'
import { people, profiles } from './profiles'

const caller = '+15005550000'
const number = '+14155550000'
const started = 1_000_000

type Said = readonly [afterMs: number, direction: 'sent' | 'received', start: string, method?: string, cause?: number]

function callOf(callId: string, said: readonly Said[]): SipCall {
  const messages = said.map(([afterMs, direction, start, method = 'INVITE', cause]): SipMessage => {
    const code = /^SIP\/2\.0 (\d+)/.exec(start)?.[1]
    return {
      at: started + afterMs,
      direction,
      method,
      code: code === undefined ? null : Number(code),
      callId,
      start,
      header: (name) => (name === 'From' ? `<sip:${caller}@127.0.0.1>` : null),
      raw: cause === undefined ? start : `${start}\r\nReason: Q.850;cause=${String(cause)}`
    }
  })
  const [call] = toCalls(messages)
  if (call === undefined) throw new Error('no INVITE')
  return call
}

const invite = (to: string): string => `INVITE sip:${to}@127.0.0.1:5060 SIP/2.0`
const ok = 'SIP/2.0 200 OK'
const bye = 'BYE sip:127.0.0.1 SIP/2.0'

const callerSees = callOf('a', [
  [0, 'sent', invite(number)],
  [20, 'received', 'SIP/2.0 180 Ringing'],
  [800, 'received', ok],
  [7800, 'sent', bye, 'BYE']
])
const personSees = callOf('b', [
  [10, 'received', invite(people.waits.number)],
  [790, 'sent', ok],
  [7810, 'received', bye, 'BYE']
])

function record(
  change: Partial<RecordedCall['call']> = {},
  dials: readonly string[] = [people.waits.number]
): RecordedCall {
  const call = { id: 'one', endedAt: started + 7800, outcome: 'answered', answeredBy: people.waits.number, ...change }
  const attempts = dials.map((dial) => ({ leg: 'one.1.1', dial, endedAt: started + 7810 }))
  return { call, attempts } as unknown as RecordedCall
}

function account(change: Partial<Account> = {}, profile = 'somebody answers'): Account {
  const found = profiles.find(({ name }) => name === profile)
  if (found === undefined) throw new Error(`there is no profile ${profile}`)
  const planned = { number, caller, profile: found, atMs: 0 }
  return { planned, seen: callerSees, legs: [personSees], records: [record()], failsafes: 0, ...change }
}

function fault(kind: FaultKind): Struck {
  const [fromAt, undoneAt, wellAt] = [started + 1000, started + 2000, started + 3000]
  return {
    kind,
    what: kind,
    atMs: 1000,
    lastsMs: 1000,
    chance: 0,
    during: false,
    fromAt,
    undoneAt,
    wellAt,
    numbers: []
  }
}

test('a call as it is planned balances', () => {
  expect(judge(account(), [])).toEqual({ outcome: 'person', byFailsafe: false, violations: [], notes: [] })
})

const callerGets = (...said: Said[]): Partial<Account> => ({
  seen: callOf('a', [[0, 'sent', invite(number)], [20, 'received', 'SIP/2.0 180 Ringing'], ...said])
})

test.each<[string, Partial<Account>, RegExp]>([
  ['that was never placed', { seen: undefined }, /never placed/],
  ['that was never answered', { ...callerGets(), legs: [] }, /never given an answer/],
  ['that was given 503', { ...callerGets([900, 'received', 'SIP/2.0 503 No']), legs: [] }, /given 503/],
  [
    'that somebody else took',
    {
      legs: [
        callOf('b', [
          [10, 'received', invite(people.slow.number)],
          [790, 'sent', ok],
          [7810, 'received', bye, 'BYE']
        ])
      ]
    },
    /came to \+442071838702/
  ],
  [
    'that fell back, with somebody there',
    { ...callerGets([900, 'received', 'SIP/2.0 486 Busy Here']), legs: [] },
    /came to 486/
  ],
  ['whose caller was answered, and by nobody', { legs: [] }, /answered by nobody/],
  [
    'that heard the apology',
    { ...callerGets([800, 'received', ok], [3000, 'received', bye, 'BYE', 41]), legs: [] },
    /apology/
  ],
  [
    'whose caller was hung up on',
    { ...callerGets([800, 'received', ok], [3000, 'received', bye, 'BYE', 16]) },
    /dropped/
  ],
  [
    'whose person was hung up on',
    {
      legs: [
        callOf('b', [
          [10, 'received', invite(people.waits.number)],
          [790, 'sent', ok],
          [3000, 'received', bye, 'BYE']
        ])
      ]
    },
    /dropped/
  ],
  [
    'that heard nothing',
    {
      seen: callOf('a', [
        [0, 'sent', invite(number)],
        [16_000, 'received', ok],
        [23_000, 'sent', bye, 'BYE']
      ]),
      legs: [
        callOf('b', [
          [10, 'received', invite(people.waits.number)],
          [15_990, 'sent', ok],
          [23_010, 'received', bye, 'BYE']
        ])
      ]
    },
    /heard nothing/
  ],
  [
    'that rang twice',
    {
      legs: [
        personSees,
        callOf('c', [
          [10, 'received', invite(people.waits.number)],
          [800, 'received', 'CANCEL sip:x SIP/2.0', 'CANCEL']
        ])
      ]
    },
    /rung 2 times/
  ],
  ['that the failsafe has taken from followme', { failsafes: 1 }, /failsafe has fired/],
  ['without a record', { records: [] }, /no record/],
  ['with two', { records: [record(), record({}, [])] }, /2 records/],
  ['whose record is open', { records: [record({ endedAt: null })] }, /left open/],
  ['whose record says otherwise', { records: [record({ outcome: 'abandoned' })] }, /says abandoned/],
  ['whose record names another', { records: [record({ answeredBy: people.slow.number })] }, /says that \+442071838702/]
])('a call %s does not balance', (_, change, words) => {
  expect(judge(account(change), []).violations.join('; ')).toMatch(words)
})

test('whatever strikes, somebody who has answered and waits is not given up for the fallback', () => {
  const givenUp = {
    ...callerGets([1900, 'received', 'SIP/2.0 486 Busy Here']),
    legs: [
      callOf('b', [
        [10, 'received', invite(people.waits.number)],
        [790, 'sent', ok],
        [1910, 'received', bye, 'BYE']
      ])
    ],
    records: [record({ outcome: 'fallback', answeredBy: null })]
  }
  expect(judge(account(givenUp), [fault('stopped')]).violations.join()).toMatch(/nobody was there/)
})

test('what a fault may cost is noted; a fault that may cost nothing excuses nothing', () => {
  const fellBack = {
    ...callerGets([1900, 'received', 'SIP/2.0 486 Busy Here']),
    legs: [],
    records: [record({ outcome: 'fallback', answeredBy: null })]
  }
  expect(judge(account(fellBack), [fault('stopped')])).toMatchObject({
    outcome: 'fallback',
    violations: [],
    notes: ['came to 486']
  })
  expect(judge(account(fellBack), [fault('locked')]).violations).not.toEqual([])
  expect(judge(account({ failsafes: 1 }), [fault('half-open')])).toMatchObject({ byFailsafe: true, violations: [] })
  expect(judge(account({ failsafes: 1 }), [fault('disk-full')]).violations).not.toEqual([])
})
