// The options of the commands that decide a call: who calls, and when.
import { bareNumbersOf } from '../../config/config'
import { readCaller } from '../../rules/caller'
import { type Caller, unlistedCaller } from '../../rules/number'
import { readInstant } from './instants'

/** The help text that these commands share. */
export const fromHelp =
  "the caller's number, international or as dialled in the virtual number's country, or anonymous (default: a caller on no list)"

/** Who calls a number. Without `--from`: a caller whose number is on no list. */
export function callerFrom(from: string | undefined, number: string): Caller {
  return from === undefined ? unlistedCaller : readCaller({ number: from, name: '' }, number, bareNumbersOf())
}

/** The instant of an `--at` in a zone; now if it is not given. Throws `usage` if it is invalid. */
export function instantOf(at: string | undefined, timeZone: string): number {
  const now = Date.now()
  return at === undefined ? now : readInstant('--at', at, timeZone, now).at
}
