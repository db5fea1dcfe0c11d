import fc from 'fast-check'
import { callerOf } from '../../src/core/caller'
import { matchRules, type Rule } from '../../src/core/rule'

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
])('to %s, a caller sent as %j is %s', (virtualNumber, sent, number) => {
  expect(callerOf(sent, virtualNumber).number).toBe(number)
})

test.each([
  [british, '100', '100'],
  ['+493012345678', '30123', '30123'],
  [american, '*67', '*67'],
  [british, '99999999999999999999', '99999999999999999999'],
  [british, 'alice', 'alice'],
  [british, '', 'anonymous'],
  [british, 'Restricted', 'anonymous'],
  [british, 'Anonymous', 'anonymous'],
  [british, 'UNAVAILABLE', 'anonymous'],
  [british, ' ', 'anonymous'],
  [british, 'tel:', 'anonymous'],
  [british, '+099', '099'],
  ['+999123', '02071838750', '02071838750']
])('to %s, a caller sent as %j is no number of the world, and stays %j', (virtualNumber, sent, number) => {
  expect(callerOf(sent, virtualNumber).number).toBe(number)
})

test('nothing that a carrier may send as a number throws', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789+*#'.split('')) })
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), digits), (sent) => {
      const { number, spellings } = callerOf(sent, british)
      return number !== '' && number.length <= 64 && spellings().length > 0
    })
  )
})

function listed(pattern: string, sent: string, virtualNumber = british): boolean {
  const rule: Rule = {
    name: 'listed',
    position: 1,
    enabled: true,
    schedule: null,
    callers: { name: 'list', patterns: [pattern] },
    validFrom: null,
    validUntil: null,
    fallback: null,
    targets: []
  }
  const rules = [rule]
  const number = {
    number: virtualNumber,
    label: '',
    enabled: true,
    timeZone: 'UTC',
    fallback: 'busy',
    rules,
    override: null
  }
  return matchRules(number, { number: sent, name: '' }, 0).rule !== null
}

const forms = ['020 7183 8750', '00442071838750', '+442071838750', '442071838750']

describe.each(['+4420718*', '+442071838750', '0207183*', '02071838750', '0044207*', '442071838750'])(
  'the entry %s of a list',
  (pattern) => {
    test.each(forms)('means the caller %s', (sent) => {
      expect(listed(pattern, sent)).toBe(true)
    })

    test('means no other', () => {
      expect(
        ['+442081838750', '020 8183 8750', '+12071838750', '', 'anonymous'].filter((sent) => listed(pattern, sent))
      ).toEqual([])
    })
  }
)

test('a national entry means a number of the country that was dialled, not of another', () => {
  expect(listed('0207183*', '+442071838750', american)).toBe(false)
  expect(listed('415*', '+14155550123', american)).toBe(true)
})

test('an extension of the house is matched as it was sent', () => {
  expect(listed('100', '100')).toBe(true)
  expect(listed('30123', '30123', '+493012345678')).toBe(true)
})
