// Whose ringing it is that names no caller.
import { callerOfLeg } from './account'
import { account, callOf, callerGets, invite } from './given-account'
import { people } from './profiles'

const { nobody, waits } = people
const leg = (who: string, afterMs: number, from?: string) => callOf('b', [[afterMs, 'received', invite(who)]], from)
/** One who hangs up before anybody has answered. */
const leaves = (caller: string, afterMs: number) => {
  const { planned } = account({}, 'the caller gives up')
  return { planned: { ...planned, caller }, seen: callerGets([afterMs, 'sent', 'CANCEL sip:x SIP/2.0', 'CANCEL']) }
}

test('it is of the caller it names, whoever has gone', () => {
  expect(callerOfLeg(leg(nobody.number, 2000, '+15005550009'), [leaves('+15005550001', 1900)])).toBe('+15005550009')
})

test('one that names nobody is of the last who had gone, of those who would have rung that number', () => {
  const gone = [leaves('+15005550001', 1500), leaves('+15005550002', 1900), leaves('+15005550003', 9000)]
  expect(callerOfLeg(leg(nobody.number, 2000, 'anonymous'), gone)).toBe('+15005550002')
  expect(callerOfLeg(leg(waits.number, 2000, 'anonymous'), gone)).toBe('anonymous')
  expect(callerOfLeg(leg(nobody.number, 100, 'anonymous'), gone)).toBe('anonymous')
  expect(callerOfLeg(leg(nobody.number, 40_000, 'anonymous'), gone)).toBe('anonymous')
})

test('one that names nobody is of nobody who is there still, or was never placed', () => {
  const { planned } = leaves('+15005550001', 1500)
  const there = [
    { planned, seen: callerGets() },
    { planned, seen: undefined }
  ]
  expect(callerOfLeg(leg(nobody.number, 2000, 'anonymous'), there)).toBe('anonymous')
})
