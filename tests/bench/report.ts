// A run in Markdown. PURE.
import type { Change } from './against'
import type { Spread } from './figures'
import { profileOf } from './profiles'
import type { Result } from './run'
import { titleOf } from './summary'
import type { Figure } from './summary'
import { wayOf } from './ways'
import type { WayId } from './ways'

const digits = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2)

const range = ({ min, max }: Spread, of = ''): string => {
  const parts = [min === max ? '' : `${digits(min)}–${digits(max)}`, of].filter((part) => part !== '')
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

const times = (ratio: Spread | null): string => (ratio === null ? '' : ` ×${ratio.median.toFixed(2)}`)

/** `all`: of how many rounds it would be, had every call in them gone right. */
function cell(figure: Figure | undefined, all: number): string {
  if (figure === undefined) return ''
  if (figure.value === null) return figure.isTried ? 'fails' : 'not tried'
  const { profile, rounds } = figure
  const fewer = profile === null || rounds === all ? '' : `${String(rounds)} round${rounds === 1 ? '' : 's'}`
  return `${digits(figure.value.median)}${range(figure.value, fewer)}${figure.way === 'dial' ? '' : times(figure.ratio)}`
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** One table: a row a figure, a column a way. */
export function table({ plan }: Pick<Result, 'plan'>, figures: readonly Figure[]): string {
  const columns = plan.ways.map((id) => wayOf(id).short)
  const groups = [...new Set(figures.map(({ profile }) => profile))]
  const rows = groups.flatMap((profile) => {
    const mine = figures.filter((each) => each.profile === profile)
    const titles = [...new Set(mine.map((each) => `${titleOf(each)}, ${each.unit}`))]
    return [
      row([`**${profile === null ? 'in all' : profileOf(profile).title}**`, ...columns.map(() => '')]),
      ...titles.map((title) =>
        row([
          title,
          ...plan.ways.map((id) =>
            cell(
              mine.find((each) => each.way === id && `${titleOf(each)}, ${each.unit}` === title),
              plan.rounds
            )
          )
        ])
      )
    ]
  })
  return [row(['', ...columns]), row(['---', ...columns.map(() => '---:')]), ...rows].join('\n')
}

/** What was measured on, and whether it is to be believed. */
export function honesty({ machine, plan, cells, capacities, memories, leftOut }: Result): string {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`
  const most = (values: readonly number[]) => Math.max(0, ...values.filter(Number.isFinite))
  const faults = [
    ...cells.map(({ round, way, profile, rate, faults: all }) => ({
      where: `round ${String(round)}, ${wayOf(way).short}, ${profile}, ${String(rate)}/s`,
      all
    })),
    ...memories.map(({ way, faults: all }) => ({ where: `${wayOf(way).short}, calls held`, all }))
  ].filter(({ all }) => all.length > 0)
  const calls = cells.reduce((sum, each) => sum + each.calls, 0)
  return [
    `- Asterisk ${machine.asterisk}, Node.js ${machine.node}, ${String(machine.processors)} processors (${machine.model}); ` +
      `rounds: ${String(plan.rounds)}. Each figure is their median, with the lowest and the highest in brackets, and how many they were where not all count; behind ×, the ratio to Dial().`,
    `- Other programs took ${percent(machine.busyBefore)} of the processors before the run, at most ${percent(most(cells.map((each) => each.foreignShare)))} in a measurement ` +
      `(half of the measurements: no more than ${percent(medianOf(cells.map((each) => each.foreignShare)))}).`,
    `- Both SIPps together took at most ${percent(most(cells.map((each) => each.sippShare)))} of one processor; ` +
      `${String(cells.reduce((sum, each) => sum + each.retransmissions, 0))} retransmissions; ` +
      `the phones themselves took ${medianOf(cells.filter((each) => each.profile === 'busy').map((each) => each.phonesMs)).toFixed(1)} ms of a call, which is not counted.`,
    faults.length === 0
      ? `- All ${calls.toLocaleString('en')} calls measured went as they must, at the callers, at the phones and in followme's records.`
      : `- Not all went as it must:`,
    ...faults.map(({ where, all }) => `  - ${where}: ${all.join('; ').replaceAll(/\s+/g, ' ')}`),
    ...capacities
      .filter(({ limit }) => limit.includes('SIPp'))
      .map(
        ({ round, way, rate, limit }) =>
          `- The capacity of ${wayOf(way).short} in round ${String(round)}, ${String(rate)}, may be SIPp's: ${limit}.`
      ),
    ...Object.entries(leftOut).map(([way, why]) => `- Left out: ${wayOf(way as WayId).title}: ${why}.`)
  ].join('\n')
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

const mark = { worse: '✗ worse', better: '✓ better', same: '' } as const
const tooFew = 'not judged: too few calls'

/** What has changed since an earlier run. */
export function changesTable(changes: readonly Change[]): string {
  const told = (spread: Spread | null) => (spread === null ? 'fails' : `${digits(spread.median)}${range(spread)}`)
  return [
    row(['followme, as a ratio to Dial()', 'before', 'now', 'change', '']),
    row(['---', '---:', '---:', '---:', '---']),
    ...changes.map(({ figure, was, is, verdict }) => {
      const where = figure.profile === null ? '' : `, ${figure.profile}`
      const change = was === null || is === null ? '' : `×${(is.median / was.median).toFixed(2)}`
      return row([
        `${wayOf(figure.way).short}: ${titleOf(figure)}${where}`,
        told(was),
        told(is),
        change,
        verdict === null ? tooFew : mark[verdict]
      ])
    })
  ].join('\n')
}
