// Where numbers lead, one of each sort: what every country has is judged by Google's own code in dial-policy.test.ts.
import { countryName, destinationOf, kindIn, placePrefix } from '../../../src/rules/numbering/destinations'

const ordinary = { isShared: false, kind: null, isFree: false }

test.each([
  ['+493023125000', { ...ordinary, code: '49', country: 'DE' }],
  ['+442071838750', { ...ordinary, code: '44', country: 'GB' }],
  ['+441534123456', { ...ordinary, code: '44', country: 'JE', isShared: true }],
  ['+14155550100', { ...ordinary, code: '1', country: 'US', isShared: true }],
  ['+18765551234', { ...ordinary, code: '1', country: 'JM', isShared: true }],
  // Nobody has these: the largest country of the code.
  ['+440000000000', { ...ordinary, code: '44', country: 'GB' }],
  ['+49', { ...ordinary, code: '49', country: 'DE' }],
  ['+448001111111', { ...ordinary, code: '44', country: 'GB', isFree: true }],
  ['+4990', { ...ordinary, code: '49', country: 'DE' }],
  ['+80012345678', { ...ordinary, code: '800', country: null, isFree: true }],
  ['+881612345678', { ...ordinary, code: '881', country: null, kind: 'satellite' }],
  ['+2101234567', undefined],
  ['+', undefined]
])('%s is in %j', (number, destination) => {
  expect(destinationOf(number)).toEqual(destination)
})

test.each([
  ['+14159761234', 'premium-rate'],
  ['+4414159761234', null],
  ['+141597612345', null],
  ['+14159751234', null],
  ['+49', null],
  ['', null]
])('%s is classified as %s', (number, kind) => {
  expect(kindIn(number)).toBe(kind)
})

test.each([
  ['+493023125000', '+49'],
  ['+14155550100', '+1415'],
  ['+442071838750', '+4420718'],
  ['+881612345678', '+881'],
  ['+2101234567', '+2101234567']
])('the prefix of %s that tells its country: %s', (number, prefix) => {
  expect(placePrefix(number)).toBe(prefix)
})

test('countries have their English names', () => {
  expect(['SL', 'GB'].map(countryName)).toEqual(['Sierra Leone', 'United Kingdom'])
})
