// The number dialled: what is read live, and what the failsafe looks up, are the same. Every night, in every country.
import { type PhoneNumber, PhoneNumberFormat, PhoneNumberType, PhoneNumberUtil } from 'google-libphonenumber'
import { formsOf, isDialledAs, mayBeDialledAs, readFrom, unknownNumberReason } from '../../src/rules/dialled-forms'
import { countriesOf } from './numbering/countries'

const google = PhoneNumberUtil.getInstance()
const regions = countriesOf(google.getSupportedRegions().sort(), 40)
const kinds = [PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE]
const old = ['+5215512345678', '+2250712345678', '+37061234567', '+573001234567']

const examples = regions.flatMap((region) =>
  kinds.flatMap((kind) => (google.getExampleNumberForType(region, kind) as PhoneNumber | null) ?? [])
)
const numbers = [...new Set([...examples.map((each) => google.format(each, PhoneNumberFormat.E164)), ...old])]

/** Whatever may stand before a number, before its country code and after it. */
const abroad = ['', '00', '011', '0011', '010', '001', '810', '009', '000', '119']
const trunks = ['', '0', '06', '8', '1', '01', '044', '045']

function texts(number: string): string[] {
  const digits = number.slice(1)
  const code = String(google.parse(number).getCountryCode())
  const rest = digits.slice(code.length)
  const national = trunks.map((trunk) => trunk + rest)
  return [
    ...abroad.flatMap((prefix) => [digits, ...national.map((each) => code + each)].map((each) => prefix + each)),
    ...national
  ]
}

test('the stored forms of a number are exactly the texts that are read as that number, in every country', () => {
  const wrong = numbers.flatMap((number) => {
    const forms = new Set(formsOf(number))
    const looked = [...forms].map((form) => form.slice(1))
    return [...new Set([...texts(number), ...looked])].flatMap((text) => {
      const isTaken = `+${text}` !== number && isDialledAs(text, number) && mayBeDialledAs(text).includes(number)
      return isTaken === forms.has(`+${text}`) ? [] : [`${text} for ${number}: ${isTaken ? 'taken live' : 'a form'}`]
    })
  })
  expect(wrong).toEqual([])
}, 300_000)

test.each([
  ['+14155550100', ['+4155550100', '+0014155550100', '+01114155550100']],
  ['+442071838750', ['+02071838750', '+4402071838750', '+00442071838750', '+011442071838750']],
  ['+3545812345', ['+5812345', '+003545812345']],
  ['+8835100012345', ['+008835100012345', '+0118835100012345']]
])('%s is dialled as %j', (number, forms) => {
  expect(formsOf(number)).toEqual(expect.arrayContaining(forms))
})

test.each([
  ['+442071838750', '2071838750'],
  ['+442071838750', '02071838750'],
  ['+442071838750', '011442071838750'],
  ['+14155550100', '4155550100'],
  ['+14155550100', '114155550100'],
  ['+14155550100', '014155550100'],
  ['+74951234567', '84951234567'],
  ['+3612345678', '0612345678'],
  ['+5215512345678', '5512345678'],
  ['+5215512345678', '525512345678'],
  ['+525512345678', '5215512345678']
])('%s is reached by dialling %s, and has that form for the lookup', (virtualNumber, text) => {
  expect(isDialledAs(text, virtualNumber)).toBe(true)
  expect(mayBeDialledAs(text)).toContain(virtualNumber)
  expect(formsOf(virtualNumber)).toContain(`+${text}`)
})

test.each([
  ['02071838750', '+442071838750', ['+442071838750']],
  ['4155550100', '+14155550100', ['+4155550100', '+14155550100']],
  ['011442071838750', '+14155550100', ['+442071838750']],
  ['5215512345678', '+442071838750', ['+525512345678']],
  ['12', '+442071838750', []],
  ['x', '+442071838750', []]
])('%s, dialled at %s, may mean %j', (text, from, numbers) => {
  expect([...new Set(readFrom(text, from))]).toEqual(numbers)
})

test('a virtual number with an unassigned country code has no other form, and is found without its plus', () => {
  expect(formsOf('+9991234567890')).toEqual([])
  expect(mayBeDialledAs('9991234567890')).toContain('+9991234567890')
})

test('text that is too short or too long for a number is no form', () => {
  const counts = ['', 'x', '123', '1234', '1'.repeat(20), '1'.repeat(21)].map((text) => mayBeDialledAs(text).length > 0)
  expect(counts).toEqual([false, false, false, true, false, false])
})

test('the reason for a refused call lists the virtual numbers that may be meant, if there are several', () => {
  const cure = 'have [from-trunk] in extensions.conf send it with its country code'
  expect(unknownNumberReason('4155550100', ['+14155550100', '+524155550100'])).toBe(
    `4155550100 may be +14155550100 or +524155550100: ${cure}`
  )
  for (const near of [[], ['+14155550100']]) {
    expect(unknownNumberReason('4155550100', near)).toMatch(
      /^no virtual number is 4155550100, .*: add it to virtual_numbers, or correct/
    )
  }
})
