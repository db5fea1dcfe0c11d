// The two ends of a leg that a transfer makes.
import { areMadeTogether, firstEndIds, otherEndOf, secondEndIds, withoutEnd } from '../../src/call/other-end'

test.each([
  ['55@office-0000001f;1', '55@office-0000001f;2', '55@office'],
  ['_attended@transfer-00000000;2', '_attended@transfer-00000000;1', '_attended@transfer'],
  ['+1-415@a-b-ffffffff;1', '+1-415@a-b-ffffffff;2', '+1-415@a-b'],
  ['PJSIP/bob', undefined, 'PJSIP/bob'],
  // As it was written once, without the end.
  ['_attended@transfer', undefined, '_attended@transfer'],
  ['55@office;1', undefined, '55@office;1'],
  ['55@office-0000001f;3', undefined, '55@office-0000001f;3'],
  ['', undefined, '']
])('the other end of %s is %s, described as %s', (who, other, words) => {
  expect(otherEndOf(who)).toBe(other)
  expect(withoutEnd(who)).toBe(words)
})

test.each([
  ['1795904720.4', '1795904720.5', true],
  ['1795904720.5', '1795904720.4', true],
  ['1795904720.4', '1795904721.5', true],
  ['pbx-1-1795904720.4', 'pbx-1-1795904720.5', true],
  // After Asterisk's restart, or on another Asterisk.
  ['1795904720.4', '1795904722.5', false],
  ['pbx-1-1795904720.4', 'pbx-2-1795904720.5', false],
  ['pbx-1-1795904720.4', '1795904720.5', false],
  ['1795904720.4', 'odd', false],
  ['odd', 'odd', false]
])('legs %s and %s were created together: %s', (leg, other, expected) => {
  expect(areMadeTogether(leg, other)).toBe(expected)
})

test('Asterisk creates the second end right after the first, within a second', () => {
  expect(secondEndIds('pbx-1-1795904720.9')).toEqual(['pbx-1-1795904720.10', 'pbx-1-1795904721.10'])
  expect(firstEndIds('1795904720.10')).toEqual(['1795904720.9', '1795904719.9'])
  expect([secondEndIds('20261128-222520-k0u4sk.1.1'), firstEndIds('')]).toEqual([[], []])
})
