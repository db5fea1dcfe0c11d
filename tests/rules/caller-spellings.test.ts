// Every way in which a list may write a caller, and which entries mean whom.
import { callerOf, entriesFor, matchesPattern, readCaller } from '../../src/rules/caller'
import { unlistedCaller } from '../../src/rules/number'
import type { BareNumbers } from '../../src/rules/numbering/read-number'

const british = '+442071838000'
const american = '+14155550100'

describe('a caller list accepts every way in which people write a number, and no other', () => {
  const british44 = ['+442071838750', '442071838750', '00442071838750', '02071838750']
  test.each<[string, string, BareNumbers, readonly string[]]>([
    [british, '020 7183 8750', 'auto', british44],
    [british, '+442071838750', 'auto', british44],
    [british, '+02071838750', 'auto', british44],
    [british, '020 7183 8750', 'national', [...british44, '2071838750']],
    [british, '+14155550123', 'national', ['+14155550123', '14155550123', '0014155550123']],
    [american, '4155550123', 'auto', ['+14155550123', '14155550123', '0014155550123', '01114155550123', '4155550123']],
    [american, '+442071838750', 'auto', ['+442071838750', '442071838750', '00442071838750', '011442071838750']],
    ['+390612345678', '06 1234 5679', 'auto', ['+390612345679', '390612345679', '00390612345679', '0612345679']],
    ['+33123456789', '+262262123456', 'auto', ['+262262123456', '262262123456', '00262262123456', '0262123456']],
    ['+999123', '+442071838750', 'auto', ['+442071838750', '442071838750', '00442071838750']],
    ['+5511912345678', '+442071838750', 'auto', ['+442071838750', '442071838750', '00442071838750']],
    [british, '100', 'auto', ['100']],
    [british, '*67', 'auto', ['*67']],
    [british, 'withheld', 'auto', ['anonymous']]
  ])('for %s, from %j read as %s', (virtualNumber, sent, bare, spellings) => {
    expect(callerOf(sent, virtualNumber, bare).spellings()).toEqual(spellings)
  })

  test('including the number as the carrier sent it, if that is another international number', () => {
    const own = ['+4402071838750', '4402071838750', '004402071838750']
    expect(callerOf('+4402071838750', british).spellings()).toEqual(expect.arrayContaining([...british44, ...own]))
  })

  test.each([
    ['+5491123456789', '+541123456789', true],
    ['+541123456789', '+5491123456789', true],
    ['+542614123456', '+5492614123456', true],
    ['+549112345678901', '+54112345678901', false],
    ['+54112345678901', '+549112345678901', false],
    ['+5491123456789', '+1123456789', false]
  ])('%s and its variant %s are the same caller: %s', (sent, twin, isTwin) => {
    expect(callerOf(sent, '+541143210000').spellings().includes(twin)).toBe(isTwin)
  })
})

test.each([
  ['100', ['100', '1*', '10*', '100*']],
  ['0207', ['0207', '0*', '02*', '020*', '0207*']],
  ['', ['anonymous']]
])('the entries that match the caller %j are %j', (sent, entries) => {
  expect(entriesFor(callerOf(sent, british))).toEqual(entries)
})

test('each spelling of a number and each of its prefixes is an entry once', () => {
  const from = callerOf('020 7183 8750', british)
  const beginnings = from.spellings().flatMap((text) => Array.from(text, (_, index) => `${text.slice(0, index + 1)}*`))
  expect(entriesFor(from).toSorted()).toEqual([...new Set([...from.spellings(), ...beginnings])].sort())
  expect(new Set(entriesFor(from)).size).toBe(entriesFor(from).length)
})

test.each([
  ['anonymous', '', true],
  ['anonymous', '100', false],
  ['*', '', false],
  ['a*', '', false],
  ['10*', '100', true],
  ['100', '100', true],
  ['10', '100', false],
  ['(020) 7183-87.50', '+442071838750', true],
  ['020*', '+442071838750', true],
  ['7183*', '+442071838750', false]
])('the entry %j matches the caller %j: %s', (pattern, sent, means) => {
  expect(matchesPattern(pattern, callerOf(sent, british))).toBe(means)
})

test('the same text is another caller for a number of another country or with another reading of bare numbers', () => {
  const read = (virtualNumber: string, bare: BareNumbers) => callerOf('2079460018', virtualNumber, bare).number
  expect([read(british, 'national'), read(british, 'international'), read(british, 'national')]).toEqual([
    '+442079460018',
    '+2079460018',
    '+442079460018'
  ])
  expect([read(british, 'national'), read(american, 'national')]).toEqual(['+442079460018', '+12079460018'])
  const once = callerOf('100', british)
  expect(callerOf('100', british)).toBe(once)
})

test('a caller keeps the name, and is unchanged if the number is already normalised', () => {
  const ann = { number: '020 7183 8750', name: 'Ann' }
  expect(readCaller(ann, british, 'auto')).toEqual({ number: '+442071838750', name: 'Ann' })
  const known = { number: '+442071838750', name: '' }
  expect(readCaller(known, british, 'auto')).toBe(known)
  expect(readCaller(unlistedCaller, british, 'auto')).toBe(unlistedCaller)
})
