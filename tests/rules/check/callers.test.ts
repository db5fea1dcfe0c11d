import { takerOf } from '../../../src/rules/check/callers'
import { faultsAfter } from '../given-rules'

const add = (pattern: string) => `INSERT INTO caller_list_entries VALUES ('vip', '${pattern}')`

test.each([
  ['+4402071838750', 'callers are read as +442071838750; write +442071838750'],
  ['+5215512345678', 'callers are read as +525512345678; write +525512345678'],
  ['+440*', 'callers are read as +44*; write +44*'],
  ['+44020*', 'callers are read as +4420*; write +4420*'],
  ['+0*', 'no country code begins with 0; write + and the country code'],
  ['+1234567890123456', 'no number has more than 15 digits; write the number as the callers show it'],
  ['+1234567890123456*', 'no number has more than 15 digits; write the number as the callers show it'],
  ['1'.repeat(65), 'no number has more than 15 digits; write the number as the callers show it'],
  ['4155550100x', 'it is not a number; write a number (+14155550100), a prefix (+1415*) or anonymous'],
  ['x4155550100', 'it is not a number; write a number (+14155550100), a prefix (+1415*) or anonymous'],
  ['+1*415*', 'it is not a number; write a number (+14155550100), a prefix (+1415*) or anonymous']
])('no caller matches %s, and check says: %s', (pattern, message) => {
  expect(faultsAfter(add(pattern), { force: true })).toEqual([
    `error caller_list_entries (vip, ${pattern}): no caller matches ${pattern}: ${message}`
  ])
})

test.each([
  '+44*',
  '+390612345678',
  '+3906*',
  '+123456789012345',
  '1'.repeat(64),
  '12345678901234567',
  '*',
  '+*',
  '00*',
  '02071838750'
])('callers can match %s', (pattern) => {
  expect(faultsAfter(add(pattern), { force: true })).toEqual([])
})

test.each<[string[], string, boolean]>([
  [['+44*'], '+44*', true],
  [['+44*'], '+4420*', true],
  [['+44*'], '+442071838750', true],
  [['+44*'], '00442071838750', true],
  [['+44*'], '+4*', false],
  [['+44*'], '44*', false],
  [['+44*'], '+45*', false],
  [['+44*'], '+4', false],
  [['+442071838750'], '00442071838750', true],
  [['00442071838750'], '+442071838750', true],
  [['+442071838750'], '+442071838750*', false],
  [['+442071838750'], '+442071838751', false],
  [['000123'], '+0123', false],
  [['0044*'], '0044207*', true],
  [['0044*'], '+44*', false],
  [['+442071838750*'], '+442071838750', true],
  [['100*'], '1002345', true],
  [['*'], '100', true],
  [['*'], '+1415*', true],
  [['*'], 'anonymous', false],
  [['a*'], 'anonymous', false],
  [['anonymous'], 'anonymous', true],
  [['anonymous'], '100', false],
  [['+1415*', '+14*'], '+1416*', true],
  [[], '100', false]
])('the patterns %j cover %s: %s', (patterns, pattern, taken) => {
  expect(takerOf(patterns)(pattern)).toBe(taken)
})
