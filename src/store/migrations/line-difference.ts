// The difference of two texts, line by line, for people. PURE.

/** A line that only one of the texts has; `line` is its number, from 1. */
export interface DifferentLine {
  readonly sign: '-' | '+'
  readonly line: number
  readonly text: string
}

/** Above this many pairs of lines, everything between the first and the last difference counts as different. */
const maxPairs = 1_000_000

/** The lines that only one of two texts has, in order; trailing blanks are ignored. */
export function differentLines(before: string, after: string): DifferentLine[] {
  const a = linesOf(before)
  const b = linesOf(after)
  let from = 0
  while (from < a.length && from < b.length && a[from] === b[from]) from++
  let same = 0
  while (same < Math.min(a.length, b.length) - from && a.at(-1 - same) === b.at(-1 - same)) same++
  const removed = a.slice(from, a.length - same)
  const added = b.slice(from, b.length - same)
  return differences(removed, added).map((each) => ({ ...each, line: each.line + from }))
}

/** The first differences as lines for a terminal, `- 12  text`, and the number of further ones. */
export function differenceText(before: string, after: string, most = 12): string {
  const all = differentLines(before, after)
  const shown = all.slice(0, most).map(({ sign, line, text }) => `\n  ${sign} ${line}  ${shortened(text)}`)
  const more = all.length > most ? `\n  and ${all.length - most} lines more` : ''
  return `${shown.join('')}${more}`
}

function linesOf(text: string): string[] {
  return text
    .trimEnd()
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd())
}

function shortened(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '·')
  return plain.length > 120 ? `${plain.slice(0, 119)}…` : plain
}

// The longest common subsequence, computed from a table of lengths.
function differences(a: readonly string[], b: readonly string[]): DifferentLine[] {
  const removedAt = (i: number): DifferentLine => ({ sign: '-', line: i + 1, text: a[i] ?? '' })
  const addedAt = (j: number): DifferentLine => ({ sign: '+', line: j + 1, text: b[j] ?? '' })
  if (a.length * b.length > maxPairs) return [...a.map((_, i) => removedAt(i)), ...b.map((_, j) => addedAt(j))]
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const found: DifferentLine[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++
      j++
    } else if (j === b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) found.push(removedAt(i++))
    else found.push(addedAt(j++))
  }
  return found
}
