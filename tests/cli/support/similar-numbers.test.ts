import { oneTypoFrom } from '../../../src/cli/support/similar-numbers'

test.each([
  ['another digit', '+14155550101'],
  ['two neighbours swapped', '+14155551000'],
  ['a digit missing', '+1415555010'],
  ['a digit twice', '+141555501000']
])('%s in a telephone number is one slip away', (_, mistyped) => {
  expect(oneTypoFrom(mistyped)).toContain('+14155550100')
})

test.each([
  ['two digits', '+14155550122'],
  ['the number itself', '+14155550100']
])('%s is not one slip away', (_, other) => {
  expect(oneTypoFrom(other)).not.toContain('+14155550100')
})

test('only numbers that can exist are tried: up to 15 digits, the first of them no 0', () => {
  const found = oneTypoFrom('+101415555010012').filter((number) => !/^\+[1-9]\d{1,14}$/.test(number))
  expect(found).toEqual([])
})
