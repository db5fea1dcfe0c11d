// The values that shell completion offers for an argument or an option that also accepts others.
import type { Argument, Option } from 'commander'

const suggestions = new WeakMap<Argument | Option, readonly string[]>()

/** Makes the completion scripts offer these values; other values are accepted too. */
export function suggestValues<Word extends Argument | Option>(word: Word, values: readonly string[]): Word {
  suggestions.set(word, values)
  return word
}

/** The choices of an argument or option, or its suggested values. */
export function valuesOf(word: Argument | Option): readonly string[] {
  return word.argChoices ?? suggestions.get(word) ?? []
}
