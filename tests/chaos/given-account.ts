// A call from every side that balances, made up for tests to spoil.
import type { AttemptRecord, CallRecord } from '../../src/call/record'
import type { RecordedCall } from '../../src/ports'
import { toCalls } from '../sandbox/sip-log'
import type { SipCall, SipMessage } from '../sandbox/sip-log'
import { aCall, anAttempt } from '../store/fresh-database'
import type { Account, Struck } from './account'
import type { FaultKind } from './fault-kinds'
import { people, profiles } from './profiles'

export const caller = '+15005550000'
export const number = '+14155550000'
export const started = 1_000_000

export type Said = readonly [
  afterMs: number,
  direction: 'sent' | 'received',
  start: string,
  method?: string,
  cause?: number
]

export function callOf(callId: string, said: readonly Said[], from = caller): SipCall {
  const messages = said.map(([afterMs, direction, start, method = 'INVITE', cause]): SipMessage => {
    const code = /^SIP\/2\.0 (\d+)/.exec(start)?.[1]
    return {
      at: started + afterMs,
      direction,
      method,
      code: code === undefined ? null : Number(code),
      callId,
      start,
      header: (name) => (name === 'From' ? `<sip:${from}@127.0.0.1>` : null),
      raw: cause === undefined ? start : `${start}\r\nReason: Q.850;cause=${String(cause)}`
    }
  })
  const [call] = toCalls(messages)
  if (call === undefined) throw new Error('no INVITE')
  return call
}

export const invite = (to: string): string => `INVITE sip:${to}@127.0.0.1:5060 SIP/2.0`
export const ok = 'SIP/2.0 200 OK'
export const bye = 'BYE sip:127.0.0.1 SIP/2.0'

/** A caller who has heard ringing, and then this. */
export const callerGets = (...said: readonly Said[]): SipCall =>
  callOf('a', [[0, 'sent', invite(number)], [20, 'received', 'SIP/2.0 180 Ringing'], ...said])

/** Somebody's phone rings, and then this happens. */
export const rings = (who: string, ...said: readonly Said[]): SipCall =>
  callOf(`${who} ${JSON.stringify(said)}`, [[10, 'received', invite(who)], ...said])

export const waitsTalks = rings(people.waits.number, [790, 'sent', ok], [7810, 'received', bye, 'BYE'])

/** Of a call that the first who was rung has answered. */
export function record(
  change: Partial<CallRecord> = {},
  attempts: readonly Partial<AttemptRecord>[] = [{}]
): RecordedCall {
  const whole: Partial<CallRecord> = {
    number,
    callerNumber: caller,
    startedAt: started + 5,
    answeredAt: started + 810,
    endedAt: started + 7810,
    outcome: 'answered',
    endedBy: 'caller',
    answeredBy: people.waits.number,
    ringMs: 805,
    talkMs: 7000
  }
  const ended = { dial: people.waits.number, outcome: 'answered', endedAt: started + 7810 } as const
  return {
    call: aCall('one', { ...whole, ...change }),
    attempts: attempts.map((each) => anAttempt('one', { ...ended, ...each })),
    replacements: []
  }
}

/** Of one whom nobody answered. */
export const unanswered = { answeredAt: null, answeredBy: null, talkMs: null } as const

export function account(change: Partial<Account> = {}, profile = 'somebody answers'): Account {
  const found = profiles.find(({ name }) => name === profile)
  if (found === undefined) throw new Error(`there is no profile ${profile}`)
  return {
    planned: { number, caller, profile: found, atMs: 0 },
    seen: callerGets([800, 'received', ok], [7800, 'sent', bye, 'BYE']),
    legs: [waitsTalks],
    records: [record()],
    failsafes: 0,
    unwritten: 0,
    ...change
  }
}

/** One that strikes so many milliseconds after the call has come, and is over two seconds later. */
export function fault(kind: FaultKind, afterMs = 1000, change: Partial<Struck> = {}): Struck {
  const fromAt = started + afterMs
  const struck = { fromAt, sinceAt: fromAt, undoneAt: fromAt + 1000, wellAt: fromAt + 2000 }
  const planned = { kind, atMs: afterMs, lastsMs: 1000, chance: 0, during: false }
  return { ...planned, what: kind, ...struck, numbers: [number], ...change }
}
