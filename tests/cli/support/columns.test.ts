// Columns of a terminal, as it counts them.
import { columnsOf, padded } from '../../../src/cli/support/columns'

test.each([
  ['', 0],
  ['Ann', 3],
  ['Zoë', 3],
  ['Zoe\u0308', 3],
  ['山田太郎', 8],
  ['ﾔﾏﾀﾞ', 4],
  ['ヤマダ', 6],
  ['김철수', 6],
  ['王小明 (2F)', 11],
  ['ＡＢＣ', 6],
  ['Ann ☎', 5],
  ['Ann 📞', 6],
  ['𠮷野家', 6],
  ['Юлия', 4],
  ['علي', 3],
  ['a\u200bb', 2]
])('%j is %i columns wide', (text, columns) => {
  expect(columnsOf(text)).toBe(columns)
  expect(columnsOf(padded(text, 20))).toBe(20)
  expect(padded(text, columns)).toBe(text)
})
