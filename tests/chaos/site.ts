// The rules of a plan's calls, as a site migration.
import { numberScript } from '../sandbox/number-script'
import { isWithheld, itself, otherNumber, people, phones, trunks } from './profiles'
import type { PlannedCall } from './plan'

/** One number a call, and the number that a fallback leads to. Numbers that are not to be there are not. */
export function siteScript(calls: readonly PlannedCall[]): string {
  const script = [numberScript(otherNumber, [[[people.waits.number, 8]]])]
  for (const { number, profile } of calls) {
    if (profile.steps === null) continue
    const steps = profile.steps.map((step) =>
      step.map(([dial, seconds]) => [dial === itself ? `PJSIP/${number}@loop` : dial, seconds] as const)
    )
    script.push(numberScript(number, steps, profile.fallback))
  }
  // Whose a ringing is shows in the number that it presents, or, where that is withheld, in the number that was called.
  script.push("-- followme: changes virtual_numbers\nUPDATE virtual_numbers SET caller_id_policy = 'caller';")
  for (const { number, profile } of calls) {
    if (!isWithheld(profile) || profile.steps?.flat().every(([dial]) => phones[dial] === undefined) !== false) continue
    script.push(
      `UPDATE virtual_numbers SET alert_info = '<http://127.0.0.1/>;number=${number}' WHERE number = '${number}';`
    )
  }
  for (const [index, [name, { dial, takes }]] of Object.entries(trunks).entries()) {
    const diversion = takes.length === 0 ? 'NULL' : "'unconditional'"
    script.push(
      `INSERT INTO trunks (name, position, dial, diversion) VALUES ('${name}', ${String(index)}, '${dial}', ${diversion});`,
      ...takes.map((prefix) => `INSERT INTO trunk_prefixes (trunk, prefix) VALUES ('${name}', '${prefix}');`)
    )
  }
  return script.join('\n')
}
