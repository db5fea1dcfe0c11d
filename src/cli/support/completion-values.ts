// The values that shell completion offers for an argument or an option that also accepts others.
import type { Argument, Option } from 'commander'

const suggestions = new WeakMap<Argument | Option, readonly string[]>()

/** Has the completion scripts offer these; nothing is checked against them. */
export function suggestValues<Word extends Argument | Option>(word: Word, values: readonly string[]): Word {
  suggestions.set(word, values)
  return word
}

/** The choices of an argument or option, or what is suggested for it. */
export function valuesOf(word: Argument | Option): readonly string[] {
  return word.argChoices ?? suggestions.get(word) ?? []
}
