// How wide text is on a terminal: Chinese, Japanese and Korean characters and emoji take two columns, combining accents none.
const wide =
  /^(?![\uff61-\uffdc])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]$/u
const none = /^[\p{Mn}\p{Me}\p{Cf}]$/u

/** How many columns a text of printable characters takes. */
export function columnsOf(text: string): number {
  return Array.from(text).reduce((sum, sign) => sum + (none.test(sign) ? 0 : wide.test(sign) ? 2 : 1), 0)
}

/** The text padded with blanks to this many columns. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)))
}
