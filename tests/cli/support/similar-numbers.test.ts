import { oneTypoFrom } from '../../../src/cli/support/similar-numbers'

test.each([
  ['a wrong digit', '+14155550101'],
  ['two swapped digits', '+14155551000'],
  ['a missing digit', '+1415555010'],
  ['a doubled digit', '+141555501000']
])('%s is one typo away', (_, mistyped) => {
  expect(oneTypoFrom(mistyped)).toContain('+14155550100')
})

test.each([
  ['a number with two wrong digits', '+14155550122'],
  ['the number itself', '+14155550100']
])('%s is not one typo away', (_, other) => {
  expect(oneTypoFrom(other)).not.toContain('+14155550100')
})

test('only possible numbers are tried: up to 15 digits, not starting with 0', () => {
  const found = oneTypoFrom('+101415555010012').filter((number) => !/^\+[1-9]\d{1,14}$/.test(number))
  expect(found).toEqual([])
})
