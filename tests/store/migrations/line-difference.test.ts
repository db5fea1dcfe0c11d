import fc from 'fast-check'
import { differenceText, differentLines } from '../../../src/store/migrations/line-difference'

test('the differing lines are given in order, with their numbers', () => {
  expect(differenceText('a\nb\nc\nd', 'a\nx\nc\nd\ne')).toBe('\n  - 2  b\n  + 2  x\n  + 5  e')
  expect(differenceText('a\nb', 'a \r\nb\r\n\r\n')).toBe('')
  expect(differenceText('', 'a')).toBe('\n  - 1  \n  + 1  a')
})

test('a long difference is shortened, and control characters are escaped', () => {
  expect(differenceText('', Array.from({ length: 20 }, (_, i) => i).join('\n'), 2)).toMatch(
    /^\n.*\n.*\n {2}and 19 lines more$/
  )
  expect(differenceText('a', '\u001b[2J')).toContain('+ 1  ·[2J')
})

test('a hundred thousand differing lines are compared quickly', () => {
  const lines = (text: string) => Array.from({ length: 100_000 }, (_, i) => `${text} ${i}`).join('\n')
  expect(differentLines(lines('a'), lines('b'))).toHaveLength(200_000)
})

test('applying the difference to one text gives the other', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 })
  fc.assert(
    fc.property(text, text, (before, after) => {
      const found = differentLines(before.join('\n'), after.join('\n'))
      const of = (sign: string) =>
        new Map(found.filter((each) => each.sign === sign).map((each) => [each.line, each.text]))
      const [removed, added] = [of('-'), of('+')]
      const kept = before.filter((_, i) => !removed.has(i + 1))
      expect(after.filter((_, i) => !added.has(i + 1))).toEqual(kept)
      for (const [line, each] of removed) expect(each).toBe(before[line - 1] ?? '')
      for (const [line, each] of added) expect(each).toBe(after[line - 1] ?? '')
    })
  )
})
