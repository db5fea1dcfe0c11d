// The rules of a plan's calls, as a site migration.
import { otherNumber, people } from './profiles'
import type { PlannedCall } from './plan'

/** One number a call, and the number that a fallback leads to. Numbers that are not to be there are not. */
export function siteScript(calls: readonly PlannedCall[]): string {
  const script = [...numberScript(otherNumber, [[[people.waits.number, 8]]], 'busy')]
  for (const { number, profile } of calls) {
    if (profile.steps !== null) script.push(...numberScript(number, profile.steps, profile.fallback))
  }
  return script.join('\n')
}

function numberScript(
  number: string,
  steps: readonly (readonly (readonly [dial: string, ringSeconds: number])[])[],
  fallback: string
): string[] {
  const targets = steps.flatMap((step, index) =>
    step.map(([dial, seconds]) => `('${number}', 'always', ${String(index + 1)}, '${dial}', ${String(seconds)})`)
  )
  return [
    `INSERT INTO virtual_numbers (number, label, time_zone, fallback) VALUES ('${number}', 'Chaos', 'UTC', '${fallback}');`,
    `INSERT INTO rules (number, name, position) VALUES ('${number}', 'always', 10);`,
    `INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES ${targets.join(', ')};`
  ]
}
