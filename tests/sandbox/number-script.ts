// A virtual number as a site migration has it: one rule, which always holds.

/** Its steps one after another, the targets of each together: a dial string and how long it rings. */
export type Steps = readonly (readonly (readonly [dial: string, ringSeconds: number])[])[]

export function numberScript(number: string, steps: Steps, fallback = 'busy'): string {
  const targets = steps.flatMap((step, index) =>
    step.map(([dial, seconds]) => `('${number}', 'always', ${String(index + 1)}, '${dial}', ${String(seconds)})`)
  )
  return [
    "INSERT OR IGNORE INTO dial_policy (prefix, verdict) VALUES ('+44', 'allow');",
    `INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES ('${number}', 'UTC', '${fallback}');`,
    `INSERT INTO rules (number, name, position) VALUES ('${number}', 'always', 10);`,
    `INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES ${targets.join(', ')};`
  ].join('\n')
}
