import { AppError } from '../../src/errors'
import { faultsOf, findingOf, findingText, warning } from '../../src/rules/finding'

test.each([
  ['date "soon" is not in the calendar: write YYYY-MM-DD', 'date "soon" is not in the calendar', 'write YYYY-MM-DD'],
  ['target "a: b" cannot be dialled: write a number', 'target "a: b" cannot be dialled', 'write a number'],
  ['not a date', 'not a date', 'correct it']
])('a parser error %j is split into the fault and the cure', (text, message, cure) => {
  const parse = () => {
    throw new AppError('invalid', text)
  }
  expect(findingOf(parse)).toEqual({ level: 'error', message, cure })
  expect(findingText({ level: 'error', message, cure })).toBe(`${message}: ${cure}`)
})

test('a parser that accepts a value gives no finding, and an internal error is not a finding', () => {
  expect(findingOf(() => 20)).toBeUndefined()
  const broken = () => {
    throw new RangeError('a bug')
  }
  expect(() => findingOf(broken)).toThrow(RangeError)
})

test('each finding of a row becomes a fault', () => {
  const finding = warning('it rings nobody', 'give it targets')
  expect(faultsOf('rules', '+14155550100, day', [undefined, finding])).toEqual([
    { table: 'rules', key: '+14155550100, day', ...finding }
  ])
})
