// The rules of a plan's calls, as a site migration.
import { numberScript } from '../sandbox/number-script'
import { otherNumber, people } from './profiles'
import type { PlannedCall } from './plan'

/** One number a call, and the number that a fallback leads to. Numbers that are not to be there are not. */
export function siteScript(calls: readonly PlannedCall[]): string {
  const script = [numberScript(otherNumber, [[[people.waits.number, 8]]])]
  for (const { number, profile } of calls) {
    if (profile.steps !== null) script.push(numberScript(number, profile.steps, profile.fallback))
  }
  // Whose a ringing is shows in the number that it presents.
  script.push("-- followme: changes virtual_numbers\nUPDATE virtual_numbers SET caller_id_policy = 'caller';")
  return script.join('\n')
}
