// The headers that say where a call has been, as the dialplan passes them on.
import fc from 'fast-check'
import { returnSigns } from '../../src/ari/return-signs'

const encoded = (text: string): string => Buffer.from(`=${text}`).toString('base64')
const signs = (diversion: string, history = '') => returnSigns(['', encoded(diversion), encoded(history)])

test('a call without such headers, or from an older copy of the dialplan, has no sign', () => {
  expect([returnSigns([]), returnSigns(['']), signs('')]).toEqual([undefined, undefined, undefined])
})

test('X-Followme names the leg', () => {
  expect(returnSigns(['c1.1.1', encoded(''), encoded('')])).toEqual({ leg: 'c1.1.1', diverting: [] })
  expect(returnSigns(['x'.repeat(300)])?.leg).toHaveLength(64)
})

test.each([
  ['<sip:+447400123456@carrier.example>;reason=no-answer;counter=1', ['+447400123456']],
  ['"Smith, Ann" <sips:02071838750@carrier.example;user=phone>;privacy=off', ['02071838750']],
  ['<tel:+447400123456>;reason=unconditional', ['+447400123456']],
  [
    '<sip:+447400123456;npdi@carrier>;reason=deflection, <sip:+442071838750@carrier>',
    ['+447400123456', '+442071838750']
  ],
  ['<sip:+447400123456@carrier><sip:+442071838750@carrier>', ['+447400123456', '+442071838750']],
  ['nothing of the kind', undefined]
])('Diversion %s', (header, diverting) => {
  expect(signs(header)?.diverting).toEqual(diverting)
})

test('of a history the last entry is where the call is now, and those before it diverted it, the latest first', () => {
  const history = '<sip:+1@a>;index=1, <sip:+2@a?Reason=SIP%3Bcause%3D302>;index=1.1, <sip:+3@a>;index=1.1.1'
  expect(signs('', history)?.diverting).toEqual(['+2', '+1'])
  expect(signs('<sip:+2@a>', history)?.diverting).toEqual(['+2', '+1'])
})

test('whatever the arguments are, there are few signs, and short ones', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 2000 })), fc.string({ maxLength: 2000 }), (args, header) => {
      for (const each of [returnSigns(args), signs(`sip:${header}`, header)]) {
        expect(each?.diverting.length ?? 0).toBeLessThanOrEqual(10)
        expect(each?.diverting.every((number) => number.length <= 64) ?? true).toBe(true)
      }
    })
  )
})
