import { neighbourOf, seenFrom } from '../../../src/rules/numbering/neighbour-plans'

const codes = ['33', '262', '590', '594', '596']

test.each([
  ['0142685300', '+33142685300'],
  ['0612345678', '+33612345678'],
  ['0799999999', '+33799999999'],
  ['0262123456', '+262262123456'],
  ['0269612345', '+262269612345'],
  ['0639123456', '+262639123456'],
  ['0692123456', '+262692123456'],
  ['0590271234', '+590590271234'],
  ['0690123456', '+590690123456'],
  ['0694123456', '+594694123456'],
  ['0697123456', '+596697123456']
])('in France and each of its departments %s is %s, and vice versa', (written, number) => {
  expect(codes.map((code) => neighbourOf(written, code))).toEqual(codes.map(() => number))
  expect(codes.map((code) => seenFrom(number, code))).toEqual(codes.map(() => [written]))
  expect([neighbourOf(written, '49'), seenFrom(number, '49')]).toEqual([undefined, []])
})

test('Ireland dials Northern Ireland as 048; no other country does', () => {
  expect(neighbourOf('04890123456', '353')).toBe('+442890123456')
  expect(seenFrom('+442890123456', '353')).toEqual(['04890123456'])
  expect(['44', '33'].flatMap((code) => seenFrom('+442890123456', code))).toEqual([])
})

test.each([
  ['33', '014268530'],
  ['33', '01426853000'],
  ['33', '10142685300'],
  ['33', '0892123456'],
  ['33', '142685300'],
  ['353', '0489012345'],
  ['353', '048901234567'],
  ['353', '10489012345'],
  ['353', '104890123456'],
  ['353', '0142685300']
])('for a number of +%s, %s is not a number of another country code', (code, digits) => {
  expect(neighbourOf(digits, code)).toBeUndefined()
})

test.each([
  ['33', '+3314268530'],
  ['33', '+33892123456'],
  ['33', '+442890123456'],
  ['33', '+33262123456'],
  ['353', '+44289012345'],
  ['353', '+4428901234567'],
  ['353', '+442071838750']
])('in +%s, %s has no national form', (code, number) => {
  expect(seenFrom(number, code)).toEqual([])
})
