// `npm run bench`: the same call through Asterisk's own dialplan and through followme, on one Asterisk, in one run and one
// table. Exit status 0; 1 where a call went wrong or, with --against, a figure got worse; 2 wrong usage; 3 it could not run.
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { changes, isDisturbed, unlike } from './against'
import { lacking } from './dialplan'
import { goalsOf, goalsTable } from './goals'
import { freeMachine } from './machine'
import { faultOf, full, isOurs, minutesOf, quick } from './plan'
import type { Plan } from './plan'
import { profileOf } from './profiles'
import type { ProfileId } from './profiles'
import { changesTable, honesty, table } from './report'
import { runPlan } from './run'
import type { Result } from './run'
import { summaryOf } from './summary'
import { reference, wayOf } from './ways'
import type { WayId } from './ways'
import { refusal } from './world'

const usage = `usage: npm run bench [-- OPTIONS]
  --quick             one profile, one rate, fewer ways: about two minutes
  --against FILE      compares with the JSON of an earlier run; exit status 1 where a figure of followme got worse
  --json FILE         writes all measurements and figures
  --out FILE          writes the tables, in Markdown
  --anyway            on a busy machine, too
  --ways dial,app,realtime,agi,by-hand,http,websocket   --profiles busy,answers,timeouts,trunks   --rates 20,50,100
  --rounds 3   --seconds 4   --warm-up 750   --idle-seconds 2   --held 1000 (0: no memory)   --without-capacity`

const say = (line: string) => console.error(`· ${line}`)

class Wrong extends Error {}

function options(args: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ help: flag, quick: flag, anyway: flag, 'without-capacity': flag, against: text, json: text, out: text },
        ...{
          ways: text,
          profiles: text,
          rates: text,
          rounds: text,
          seconds: text,
          'warm-up': text,
          'idle-seconds': text,
          held: text
        }
      }
    }).values
  } catch (error) {
    throw new Wrong(error instanceof Error ? error.message : String(error))
  }
}

function planOf(given: ReturnType<typeof options>): Plan {
  const base = given.quick ? quick : full
  const number = (value: string | undefined, or: number) => (value === undefined ? or : Number(value))
  const list = <T>(value: string | undefined, or: readonly T[], of: (word: string) => T) =>
    value === undefined ? or : value.split(',').map(of)
  let plan: Plan
  try {
    plan = {
      ways: list(given.ways, base.ways, (word) => wayOf(word as WayId).id),
      profiles: list(given.profiles, base.profiles, (word) => profileOf(word as ProfileId).id),
      rates: list(given.rates, base.rates, Number),
      rounds: number(given.rounds, base.rounds),
      seconds: number(given.seconds, base.seconds),
      warmUp: number(given['warm-up'], base.warmUp),
      idleSeconds: number(given['idle-seconds'], base.idleSeconds),
      held: number(given.held, base.held),
      capacity: base.capacity && !given['without-capacity']
    }
  } catch (error) {
    throw new Wrong(error instanceof Error ? error.message : String(error))
  }
  const fault = faultOf(plan)
  if (fault !== null) throw new Wrong(fault)
  return plan
}

interface Kept extends Result {
  readonly figures: ReturnType<typeof summaryOf>
}

function earlier(file: string): Kept {
  let kept: Partial<Kept>
  try {
    kept = JSON.parse(readFileSync(file, 'utf8')) as Partial<Kept>
  } catch (error) {
    throw new Wrong(`--against ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (kept.version === 1 && Array.isArray(kept.figures)) return kept as Kept
  throw new Wrong(`--against ${file}: that is no result of this bench: give a file that --json has written`)
}

async function main(args: readonly string[]): Promise<number> {
  const given = options(args)
  if (given.help) {
    console.log(usage)
    return 0
  }
  const wanted = planOf(given)
  const before = given.against === undefined ? null : earlier(given.against)
  const difference = before === null ? null : unlike(before.plan, wanted)
  if (difference !== null) throw new Wrong(`--against ${given.against ?? ''}: ${difference}`)
  const leftOut: Partial<Record<WayId, string>> = {}
  for (const way of wanted.ways) {
    const why = lacking(way) ?? refusal(wayOf(way))
    if (why === null) continue
    leftOut[way] = why
    say(`left out: ${wayOf(way).title}: ${why}`)
  }
  const plan = { ...wanted, ways: wanted.ways.filter((way) => leftOut[way] === undefined) }
  const busy = await freeMachine(given.quick ? 60_000 : 300_000, given.anyway, say)
  say(`about ${minutesOf(plan).toFixed(0)} minutes`)
  const run = await runPlan({ plan, busyBefore: busy, again: !given.anyway, say })
  const result: Result = { ...run, leftOut: { ...leftOut, ...run.leftOut } }
  const figures = summaryOf(result)
  const changed = before === null ? [] : changes(before.figures, figures, wanted)
  const parts = [
    table(result, figures),
    honesty(result),
    ...(plan.ways.some(isOurs) ? [goalsTable(goalsOf(figures, plan.ways))] : []),
    ...(before === null ? [] : [changesTable(changed)])
  ]
  const markdown = `${parts.join('\n\n')}\n`
  console.log(`\n${markdown}`)
  if (given.json !== undefined) writeFileSync(given.json, `${JSON.stringify({ ...result, figures }, null, 1)}\n`)
  if (given.out !== undefined) writeFileSync(given.out, markdown)
  if (before !== null && changed.length === 0) throw new Wrong('--against: that run has no figure that this one has')
  const judged = [...result.cells, ...result.memories].filter(({ way }) => way === reference || isOurs(way))
  const wrong = judged.filter(({ faults }) => faults.length > 0).length
  const worse = changed.filter(({ verdict }) => verdict === 'worse').length
  if (before !== null)
    console.log(worse === 0 ? 'nothing got worse' : `${String(worse)} of ${String(changed.length)} got worse`)
  if (wrong > 0) console.log(`${String(wrong)} measurements of Dial() or followme do not count: see above`)
  if (worse > 0 && wrong === 0 && isDisturbed(result.cells)) {
    throw new Error('other programs had a part in most measurements: what got worse may be theirs; measure again')
  }
  return wrong + worse > 0 ? 1 : 0
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status
  },
  (error: unknown) => {
    console.error(
      error instanceof Wrong ? `${error.message}\n${usage}` : error instanceof Error ? error.message : error
    )
    process.exitCode = error instanceof Wrong ? 2 : 3
  }
)
