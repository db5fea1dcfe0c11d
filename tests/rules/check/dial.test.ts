// Devices that lead back to the site's own numbers.
import { faultsAfter } from '../given-rules'

const warningsOf = (dial: string) =>
  faultsAfter(`INSERT INTO overrides (number, kind, value) VALUES ('+442071838750', 'forward', '${dial}')`)

test.each([
  'PJSIP/+442071838750@trunk',
  'PJSIP/442071838750@trunk',
  'PJSIP/02071838750@trunk',
  'SIP/trunk/00442071838750',
  'SIP/trunk/+442071838750'
])('%s calls the number itself through a trunk, which is doubted', (dial) => {
  expect(warningsOf(dial)).toEqual([
    `warning overrides (+442071838750): the target ${dial} is the virtual number +442071838750, and a call to it comes back as a new one; dial a phone, or another number`
  ])
})

test('another virtual number behind a trunk is doubted, and the cure leads to its rules at once', () => {
  expect(warningsOf('SIP/trunk/+14155550100')).toEqual([
    expect.stringContaining('comes back as a new one; write number:+14155550100, which rings its targets at once')
  ])
})

test.each(['PJSIP/442071838750', 'PJSIP/+447700900123@trunk', 'PJSIP/2001@branch', 'DAHDI/1'])(
  '%s leads to none of them',
  (dial) => {
    expect(warningsOf(dial)).toEqual([])
  }
)
