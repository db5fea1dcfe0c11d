// Whose ringing it is that names no caller.
import type { AttemptRecord } from '../../src/call/record'
import { callerOfLeg } from './account'
import { account, callOf, callerGets, invite, record, started } from './given-account'
import { people } from './profiles'

const { nobody, waits } = people
const leg = (who: string, afterMs: number, from?: string) => callOf('b', [[afterMs, 'received', invite(who)]], from)
/** One who hangs up before anybody has answered. */
const leaves = (caller: string, afterMs: number, ...attempts: Partial<AttemptRecord>[]) => {
  const { planned } = account({}, 'the caller gives up')
  const seen = callerGets([afterMs, 'sent', 'CANCEL sip:x SIP/2.0', 'CANCEL'])
  return { planned: { ...planned, caller }, seen, records: [record({}, attempts)] }
}

test('a leg that names its caller belongs to that caller, even if another has just hung up', () => {
  expect(callerOfLeg(leg(nobody.number, 2000, '+15005550009'), [leaves('+15005550001', 1900)])).toBe('+15005550009')
})

test.each([
  ['Diversion', '<sip:+14155550002@192.0.2.1>;reason=unconditional'],
  ['Alert-Info', '<http://127.0.0.1/>;number=+14155550002']
])('a leg that names the number that was called, in %s, belongs to its caller', (name, value) => {
  const withheld = leg('442071838712', 2000, 'anonymous')
  const marked = { ...withheld, invite: { ...withheld.invite, header: (of: string) => (of === name ? value : null) } }
  const calls = ['+15005550001', '+15005550002'].map((caller) => {
    const there = leaves(caller, 9000)
    return { ...there, planned: { ...there.planned, number: `+1415${caller.slice(5)}` } }
  })
  expect(callerOfLeg(marked, calls)).toBe('+15005550002')
})

test('an anonymous leg belongs to the last caller who had hung up and would have rung that number', () => {
  const gone = [leaves('+15005550001', 1500), leaves('+15005550002', 1900), leaves('+15005550003', 9000)]
  expect(callerOfLeg(leg(nobody.number, 2000, 'anonymous'), gone)).toBe('+15005550002')
  expect(callerOfLeg(leg(waits.number, 2000, 'anonymous'), gone)).toBe('anonymous')
  expect(callerOfLeg(leg(nobody.number, 100, 'anonymous'), gone)).toBe('anonymous')
  expect(callerOfLeg(leg(nobody.number, 40_000, 'anonymous'), gone)).toBe('anonymous')
})

test('an ambiguous anonymous leg belongs to the caller with an attempt to that number open at the time', () => {
  const tried = (fromMs: number, toMs: number) => {
    return { dial: nobody.number, startedAt: started + fromMs, endedAt: started + toMs }
  }
  // The second has gone a moment later than the ringing was seen, and was rung by the failsafe before.
  const gone = [
    leaves('+15005550001', 1500, tried(1000, 1950)),
    leaves('+15005550002', 2800, tried(100, 900)),
    leaves('+15005550003', 1900)
  ]
  expect(callerOfLeg(leg(nobody.number, 2000, 'anonymous'), gone)).toBe('+15005550001')
})

test('if several such attempts were open, the leg belongs to the one dialled at that moment', () => {
  const tried = (dialledMs: number, toMs: number) => {
    const startedAt = started + dialledMs - 800
    return { dial: nobody.number, startedAt, dialledAt: started + dialledMs, endedAt: started + toMs }
  }
  // The second was rung before, by name, and has left last: its attempt has only just ended.
  const gone = [leaves('+15005550001', 4100, tried(4400, 5200)), leaves('+15005550002', 4300, tried(1500, 3600))]
  expect(callerOfLeg(leg(nobody.number, 4430, 'anonymous'), gone)).toBe('+15005550001')
})

test('an anonymous leg belongs to no caller who is still there or whose call was never placed', () => {
  const { planned } = leaves('+15005550001', 1500)
  const there = [
    { planned, seen: callerGets(), records: [] },
    { planned, seen: undefined, records: [] }
  ]
  expect(callerOfLeg(leg(nobody.number, 2000, 'anonymous'), there)).toBe('anonymous')
})
