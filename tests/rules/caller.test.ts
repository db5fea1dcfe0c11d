import fc from 'fast-check'
import { callerOf } from '../../src/rules/caller'
import type { BareNumbers } from '../../src/rules/numbering/read-number'
import { matchRules } from '../../src/rules/rule'
import { number as numberOf, rule } from './given-numbers'

const british = '+442071838000'
const american = '+14155550100'
const australian = '+61291234567'

test.each([
  [british, '+442071838750', '+442071838750'],
  [british, '020 7183 8750', '+442071838750'],
  [british, '(020) 7183-8750', '+442071838750'],
  [british, '00442071838750', '+442071838750'],
  [british, '442071838750', '+442071838750'],
  [british, '+02071838750', '+442071838750'],
  [british, '+00442071838750', '+442071838750'],
  [british, 'tel:+44-20-7183-8750', '+442071838750'],
  [british, 'TEL:020 7183 8750;phone-context=+44', '+442071838750'],
  [british, '0014155550123', '+14155550123'],
  [british, '14155550123', '+14155550123'],
  [american, '4155550123', '+14155550123'],
  [american, '1-415-555-0123', '+14155550123'],
  [american, '011 44 20 7183 8750', '+442071838750'],
  [american, '00442071838750', '+442071838750'],
  [american, '442071838750', '+442071838750'],
  [australian, '02 9123 4567', '+61291234567'],
  [australian, '0011 44 20 7183 8750', '+442071838750'],
  ['+390212345678', '0212345678', '+390212345678'],
  ['+493012345678', '030 12345678', '+493012345678']
])('for %s, a caller sent as %j is %s', (virtualNumber, sent, number) => {
  expect(callerOf(sent, virtualNumber).number).toBe(number)
})

test.each([
  [british, '100', '100'],
  ['+493012345678', '30123', '30123'],
  [american, '*67', '*67'],
  [british, '99999999999999999999', '99999999999999999999'],
  [british, 'alice1', 'alice1'],
  [british, 'alice', 'anonymous'],
  [british, '', 'anonymous'],
  [british, 'Restricted', 'anonymous'],
  [british, 'Anonymous', 'anonymous'],
  [british, 'UNAVAILABLE', 'anonymous'],
  [british, ' ', 'anonymous'],
  [british, 'tel:', 'anonymous'],
  [british, '+099', '099'],
  ['+999123', '02071838750', '02071838750']
])('for %s, a caller sent as %j is not a valid number, and stays %j', (virtualNumber, sent, number) => {
  expect(callerOf(sent, virtualNumber).number).toBe(number)
})

// Two readings are possible, and both were got wrong once.
test.each([
  ['+525512345678', '14155550123', '+14155550123'],
  ['+525512345678', '5512345678', '+525512345678'],
  ['+390212345678', '351912345678', '+351912345678'],
  ['+390212345678', '37031234567', '+37031234567'],
  ['+6561234567', '0093234567890', '+93234567890'],
  ['+6561234567', '001 44 20 7183 8750', '+442071838750'],
  ['+85221234567', '0014732691234', '+14732691234'],
  ['+61291234567', '0011 1 415 055 0123', '+14150550123'],
  ['+74951234567', '85591234567', '+85591234567'],
  ['+74951234567', '84951234567', '+74951234567'],
  ['+74951234567', '819012345678', '+819012345678'],
  ['+442071838000', '431234', '431234'],
  ['+493012345678', '493012', '493012'],
  ['+2290197123456', '+22981123456', '+22981123456']
])('for %s, the ambiguous %j is %s', (virtualNumber, sent, number) => {
  expect(callerOf(sent, virtualNumber).number).toBe(number)
})

// What is decided by prefix and length: the metadata know some of these numbers, and not others.
test.each([
  ['+493023125000', '4915228817386', '+4915228817386'],
  ['+493023125000', '493023125001', '+493023125001'],
  ['+493023125000', '442079460018', '+442079460018'],
  ['+493023125000', '33199001234', '+33199001234'],
  ['+493023125000', '390612345678', '+390612345678'],
  ['+493023125000', '03023125001', '+493023125001'],
  ['+431234567890', '14155550123', '+14155550123'],
  [british, '447700900123', '+447700900123'],
  [british, '07700900123', '+447700900123'],
  [british, '07700 900123', '+447700900123'],
  [british, '7700900123', '+447700900123'],
  [american, '4150550123', '+14150550123'],
  [american, '14150550123', '+14150550123'],
  [american, '+14150550123', '+14150550123']
])('for %s, %j is %s, whether assigned or not', (virtualNumber, sent, number) => {
  expect(callerOf(sent, virtualNumber).number).toBe(number)
})

test.each([
  ['+4402079460018', '+442079460018'],
  ['+44 (0)20 7946 0018', '+442079460018'],
  ['004402079460018', '+442079460018'],
  ['4402079460018', '+442079460018'],
  ['+49 (0)30 23125000', '+493023125000'],
  ['+33 (0)1 42 68 53 00', '+33142685300'],
  ['+36 06 1 234 5678', '+3612345678'],
  ['+7 8 495 123 45 67', '+74951234567'],
  ['+1 1 415 555 0123', '+14155550123'],
  ['+48 0 22 123 45 67', '+48221234567'],
  ['+390612345678', '+390612345678'],
  ['+3780549123456', '+3780549123456'],
  ['+2250712345678', '+2250712345678'],
  ['+24111123456', '+24111123456'],
  ['+242061234567', '+242061234567'],
  ['+2290197123456', '+2290197123456'],
  ['+22601234567', '+22601234567'],
  ['+22701234567', '+22701234567'],
  ['+992001234567', '+992001234567']
])('%s is %s: a trunk prefix is removed, a 0 that belongs to the number is not', (sent, number) => {
  expect(callerOf(sent, british).number).toBe(number)
})

test.each([
  ['+3545812000', '5812345', '+3545812345'],
  ['+3545812000', '1234567', '+3541234567'],
  ['+4232345000', '2345678', '+4232345678'],
  ['+3726012000', '6012345', '+3726012345'],
  ['+298201234', '202345', '+298202345'],
  ['+299321000', '321234', '+299321234'],
  ['+687451000', '451234', '+687451234'],
  ['+9603331000', '3331234', '+9603331234'],
  ['+6732221000', '2221234', '+6732221234'],
  ['+50027000', '27123', '+50027123'],
  ['+3545812000', '100', '100'],
  ['+3545812000', '5812', '5812'],
  ['+298201234', '2023', '2023'],
  ['+4712345678', '30123', '30123'],
  ['+390612345678', '3012', '3012'],
  [american, '5550123', '5550123'],
  ['+442071838000', '301234', '301234']
])(
  'for %s, %j is %s: numbers of a short plan are numbers, extensions stay extensions',
  (virtualNumber, sent, number) => {
    expect(callerOf(sent, virtualNumber).number).toBe(number)
  }
)

// Withheld, not available, out of area.
const withheld = [
  '+266696687',
  '266696687',
  '0000000000',
  '+10000000000',
  '00000000',
  'Out of area',
  'Private Number',
  'O',
  'P'
]
withheld.push(
  'INTERNATIONAL',
  'anonymous@anonymous.invalid',
  'sip:anonymous@anonymous.invalid',
  'Nummer unterdrückt',
  '非通知'
)
withheld.push(
  '+7378742833',
  '+2562533',
  '+8656696',
  '8656696',
  '+86282452253',
  '86282452253',
  '+7748283',
  '+anonymous',
  '-',
  '""'
)

test.each(withheld)('a caller sent as %j is anonymous, and is not matched by +*', (sent) => {
  expect(callerOf(sent, american).number).toBe('anonymous')
  expect([listed('anonymous', sent, american), listed('+*', sent, american)]).toEqual([true, false])
})

test.each([
  ['+3545812000', '8656696', '+3548656696'],
  ['+3545812000', '7748283', '+3547748283'],
  ['+351211234567', '266696687', '+351266696687'],
  [american, '7378742833', '+17378742833']
])('for %s, %j is %s although it spells a word, because the plan has that number', (virtualNumber, sent, number) => {
  expect(callerOf(sent, virtualNumber).number).toBe(number)
})

test.each(['+4580000000', '+4930000000', '+48600000000', '+448000000000', '+12000000000', '+46200000000'])(
  '%s ends with zeros and is a number',
  (sent) => {
    expect(callerOf(sent, american).number).toBe(sent)
  }
)

test.each(['+1000000', '+4400000000', '+80000000000', '+992000000000', '00800 0000 0000'])(
  '%s has only zeros after its country code and is anonymous, even if the plan allows it',
  (sent) => {
    expect(callerOf(sent, american).number).toBe('anonymous')
  }
)

test.each([
  ['+14155550123;ext=12', '+14155550123'],
  ['+14155550123;npdi;rn=+14155550000', '+14155550123'],
  ['sip:+14155550123@192.0.2.1;user=phone', '+14155550123'],
  ['+1\u2011415\u2011555\u20110123', '+14155550123'],
  ['＋１４１５５５５０１２３', '+14155550123'],
  ['+1.415.555.0123', '+14155550123'],
  ['+1/415/555/0123', '+14155550123']
])('%j is %s: parameters and separators are not part of a number', (sent, number) => {
  expect(callerOf(sent, american).number).toBe(number)
})

test.each<[string, BareNumbers, string, string]>([
  ['+493023125000', 'national', '4915228817386', '+494915228817386'],
  ['+493023125000', 'national', '3023125001', '+493023125001'],
  [british, 'auto', '2079460018', '+2079460018'],
  [british, 'national', '2079460018', '+442079460018'],
  [british, 'national', '442079460018', '+442079460018'],
  [british, 'national', '100', '100'],
  [american, 'international', '4930123456', '+4930123456'],
  [american, 'auto', '4930123456', '+4930123456'],
  [american, 'national', '4930123456', '+14930123456'],
  [american, 'international', '14155550123', '+14155550123'],
  [american, 'international', '100', '100'],
  [american, 'national', '442079460018', '+442079460018']
])('for %s, from a carrier whose bare numbers are %s, %j is %s', (virtualNumber, bare, sent, number) => {
  expect(callerOf(sent, virtualNumber, bare).number).toBe(number)
})

test('no text that a carrier may send as a number throws', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789+*#'.split('')) })
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), digits), (sent) => {
      const { number, spellings } = callerOf(sent, british)
      return number !== '' && number.length <= 64 && spellings().length > 0
    })
  )
})

function listed(pattern: string, sent: string, virtualNumber = british): boolean {
  const listed = rule('listed', [], { callers: { name: 'list', patterns: [pattern] } })
  return matchRules(numberOf(virtualNumber, [listed]), { number: sent, name: '' }, 0).rule !== null
}

const forms = ['020 7183 8750', '00442071838750', '+442071838750', '442071838750']

describe.each(['+4420718*', '+442071838750', '0207183*', '02071838750', '0044207*', '442071838750'])(
  'the list entry %s',
  (pattern) => {
    test.each(forms)('matches the caller %s', (sent) => {
      expect(listed(pattern, sent)).toBe(true)
    })

    test('matches no other caller', () => {
      expect(
        ['+442081838750', '020 8183 8750', '+12071838750', '', 'anonymous'].filter((sent) => listed(pattern, sent))
      ).toEqual([])
    })
  }
)

test('a national entry matches numbers of the called country, not of another', () => {
  expect(listed('0207183*', '+442071838750', american)).toBe(false)
  expect(listed('415*', '+14155550123', american)).toBe(true)
})

test.each([
  ['+447700900123', british, ['447700900123', '07700900123', '07700 900123', '+4407700900123']],
  ['4477009*', british, ['447700900123', '07700900123', '+447700900123']],
  ['077009*', british, ['447700900123', '07700900123', '+447700900123']],
  ['+14150550123', american, ['4150550123', '14150550123', '+14150550123', '01114150550123']],
  ['4150550123', american, ['4150550123', '+14150550123']],
  ['011442079460018', american, ['442079460018', '+442079460018']],
  ['+354581*', '+3545812000', ['5812345', '+3545812345', '003545812345']],
  ['+525512345678', british, ['+5215512345678', '+525512345678', '00525512345678']],
  ['+5215512345678', british, ['+5215512345678', '+525512345678']],
  ['+541123456789', british, ['+5491123456789', '+541123456789', '+541115 23456789']],
  ['+5491123456789', '+541143210000', ['1123456789', '01123456789', '+541123456789']]
])('the entry %s, for %s, matches %j', (pattern, virtualNumber, sent) => {
  expect(sent.filter((each) => !listed(pattern, each, virtualNumber))).toEqual([])
})

test('an internal extension is matched as it was sent', () => {
  expect(listed('100', '100')).toBe(true)
  expect(listed('30123', '30123', '+493012345678')).toBe(true)
})
