// An international number as its plan has it now. How texts are read is tried in tests/rules/caller*.test.ts.
import { currentForm } from '../../../src/rules/numbering/read-number'

test.each([
  ['+442071838750', '+442071838750'],
  ['+4402071838750', '+442071838750'],
  ['+5215512345678', '+525512345678'],
  ['+123456', '+123456'],
  ['+12345', undefined],
  ['+012345678', undefined],
  ['+999123456', undefined],
  ['442071838750', undefined],
  ['x+442071838750', undefined],
  ['+442071838750x', undefined]
])('%s is now %s', (number, now) => expect(currentForm(number)).toBe(now))
