// What a carrier sends in place of a number, and around one.
import { spellsNoNumber, textOfCaller } from '../../src/rules/withheld'

test.each([
  ['"Ann" <sip:+442071838750@carrier.example>', '+442071838750'],
  ['Ann <020 7183 8750>', '02071838750'],
  ['"0207"', '0207'],
  ['tel:+44-20-7183-8750', '+442071838750'],
  ['SIPS:0207@carrier.example', '0207'],
  ['hotel:123', 'hotel:123'],
  ['0207@carrier.example', '0207'],
  ['0207;ext=1', '0207'],
  ['++0207;ext=1', '+0207'],
  ['alice020;ext=1', 'alice020;ext=1'],
  ['+++442071838750', '+442071838750'],
  ['0207++5', '0207++5'],
  ['９１１\u00b7２', '9112'],
  ['1'.repeat(70), '1'.repeat(64)],
  ['+', 'anonymous'],
  ['Nummer unterdrückt', 'anonymous'],
  ['<unknown>', 'anonymous']
])('%j is read as %s', (sent, text) => {
  expect(textOfCaller(sent)).toBe(text)
})

test.each([
  ['tel:71838750;phone-context=+4420', '+442071838750'],
  ['TEL:7183875;PHONE-CONTEXT=+4420', '+44207183875'],
  ['<tel:71838750;phone-context=+4420>', '+442071838750'],
  ['tel:100;phone-context=+4420', '100'],
  ['tel:x71838750;phone-context=+4420', 'x71838750'],
  ['tel:71838750x;phone-context=+4420', '71838750x'],
  ['tel:+442071838750;phone-context=+1', '+442071838750'],
  ['tel:71838750;phone-context=office.example', '71838750']
])('a local number is completed by its phone-context, and an extension is not: %s is %s', (sent, text) => {
  expect(textOfCaller(sent)).toBe(text)
})

test('keypad spellings of words, whole or cut after ten digits, and zeros are not numbers', () => {
  const none = ['266696687', '86282452253', '8628245225', '0', '0000000']
  expect(none.filter((digits) => !spellsNoNumber(digits))).toEqual([])
  expect(['', '26669668', '2666966870', '862824522', '00001', '1000'].filter(spellsNoNumber)).toEqual([])
})
