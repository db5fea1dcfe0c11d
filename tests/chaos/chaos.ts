// `npm run test:chaos`: calls flow through a real Asterisk while followme is killed, stopped, cut off and starved; at the
// end the books must balance. Exit status 0 if they do, 1 if not, 2 for wrong usage, 3 where it could not run.
import { parseArgs } from 'node:util'
import { judge } from './books'
import { faultKinds } from './fault-kinds'
import { planOf } from './plan'
import { callText, failuresText, planText, tableText } from './report'
import { runPlan } from './run'

const usage = 'usage: npm run test:chaos [-- --seed S] [--calls N] [--faults F] [--plan] [--notes]'

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      calls: { type: 'string', default: '250' },
      faults: { type: 'string' },
      /** Prints the plan, and runs nothing. */
      plan: { type: 'boolean', default: false },
      /** Prints the timelines of calls that a fault has cost something, too. */
      notes: { type: 'boolean', default: false }
    }
  })
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
  const calls = Number(values.calls)
  const faults =
    values.faults === undefined ? Math.max(faultKinds.length, Math.round(calls * 0.061)) : Number(values.faults)
  if (![seed, calls, faults].every(Number.isInteger) || calls < 1 || calls > 10_000 || faults < 0) {
    console.error(usage)
    return 2
  }
  const plan = planOf(seed, calls, faults)
  if (values.plan) {
    console.log(planText(plan))
    return 0
  }
  console.log(
    `seed ${String(seed)}: the same again with --seed ${String(seed)} --calls ${String(calls)} --faults ${String(faults)}`
  )
  const collected = await runPlan(plan, (line) => console.log(`· ${line}`))
  const verdicts = new Map(collected.accounts.map((account) => [account, judge(account, collected.faults)]))
  const wrong = [...verdicts].filter(([, { violations }]) => violations.length > 0)
  const noted = values.notes
    ? [...verdicts].filter(([, { notes, violations }]) => notes.length + violations.length > 0)
    : wrong
  for (const [account, verdict] of noted) console.log(`\n${callText(account, verdict, collected)}`)
  console.log(`\n${tableText(collected, verdicts)}\n`)
  const failed = wrong.length + collected.violations.length
  if (failed > 0) console.log(`failed:\n${failuresText(collected, verdicts)}\n`)
  console.log(`${String(collected.accounts.length - wrong.length)} passed, ${String(failed)} failed`)
  return failed === 0 ? 0 : 1
}

main().then(
  (status) => {
    process.exitCode = status
  },
  (error: unknown) => {
    if (error instanceof TypeError && 'code' in error) console.error(`${error.message}\n${usage}`)
    else console.error(error)
    process.exitCode = error instanceof TypeError ? 2 : 3
  }
)
