// What carriers put in place of a number that they do not show. PURE.

/** A caller who shows no number: in caller lists, and as the reading of one ({@link textOfCaller}). */
export const anonymous = 'anonymous'

/**
 * What a carrier sent as a number, without what people write between digits; never throws. A text without a digit is
 * {@link anonymous}: it is a word for a number that is withheld or not known (RFC 3323, 4.1), in whatever language. Control
 * characters vanish, and nothing is longer than 64 characters.
 */
export function textOfCaller(text: string): string {
  // Full-width digits and signs are digits and signs.
  const plain = text.normalize('NFKC').replace(/[\p{C}\p{Z}\p{Pd}\s().[\]/\u2212\u00b7]/gu, '')
  // Parameters are no part of a number: those of a tel: URI (RFC 3966), or of the user part of a sip: one (RFC 4694).
  const address = /<([^>]*)/.exec(plain)?.[1] ?? plain
  const kept = address
    .replace(/["'<>]/g, '')
    .replace(/^(?:tel|sips?):([^;@]*).*$/i, '$1')
    .replace(/@.*$/, '')
    .replace(/^(\+*[0-9]+);.*$/, '$1')
    .replace(/^\++/, '+')
    .slice(0, 64)
  const [, context = ''] = /;phonecontext=(\+[0-9]+)/i.exec(address) ?? []
  // A local number is what follows its context (RFC 3966, 5.1.5); an extension of the house stays one.
  if (/^[0-9]{7,}$/.test(kept)) return context + kept
  return /[0-9]/.test(kept) ? kept : anonymous
}

/** Words that carriers send spelled on the keypad, where a number has to be digits. */
const words = [
  'anonymous',
  'unavailable',
  'unknown',
  'restricted',
  'private',
  'privatenumber',
  'blocked',
  'withheld',
  'outofarea',
  'nocallerid',
  'noname',
  'hidden',
  'international',
  'unidentified'
]

const keys: Readonly<Record<string, string>> = Object.fromEntries(
  ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'].flatMap((letters, index) =>
    Array.from(letters).map((letter) => [letter, String(index + 2)])
  )
)

/** `266696687`: the keys of ANONYMOUS. Asterisk and others cut long ones after ten or fifteen digits. */
const spelled: ReadonlySet<string> = new Set(
  words
    .map((word) => Array.from(word, (letter) => keys[letter] ?? '').join(''))
    .flatMap((digits) => [digits, digits.slice(0, 10), digits.slice(0, 15)])
)

/** Whether the digits are such a word, or nothing but zeros. Where a plan has that number, it is the number. */
export function spellsNoNumber(digits: string): boolean {
  return spelled.has(digits) || /^0+$/.test(digits)
}
