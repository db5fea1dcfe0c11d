// Numbers that somebody may have meant who mistyped a digit. PURE.
import { parseE164 } from '../../rules/number'

/** Every E.164 number that differs by one typing mistake: a wrong, extra or missing digit, or two adjacent digits swapped. */
export function oneTypoFrom(number: string): readonly string[] {
  const digits = number.slice(1).split('')
  const anyDigit = '0123456789'.split('')
  const written = (changed: readonly string[]) => `+${changed.join('')}`
  const found = new Set<string>()
  for (let at = 0; at <= digits.length; at++) {
    for (const digit of anyDigit) {
      found.add(written([...digits.slice(0, at), digit, ...digits.slice(at)]))
      found.add(written([...digits.slice(0, at), digit, ...digits.slice(at + 1)]))
    }
    const [here, next] = digits.slice(at, at + 2)
    found.add(written([...digits.slice(0, at), ...digits.slice(at + 1)]))
    if (here !== undefined && next !== undefined) {
      found.add(written([...digits.slice(0, at), next, here, ...digits.slice(at + 2)]))
    }
  }
  found.delete(number)
  return [...found].filter((each) => parseE164(each) !== undefined)
}
