// What followme is to reach, beside Dial() in the same run. PURE.
import type { Spread } from './figures'
import { isOurs } from './plan'
import type { Figure } from './summary'
import { wayOf } from './ways'
import type { WayId } from './ways'

interface Goal {
  readonly title: string
  readonly goal: string
  readonly of: (figures: Figures) => Spread | null
  readonly isMet: (median: number) => boolean
  readonly unit: string
}

interface Figures {
  readonly mine: (name: string) => Figure | undefined
  readonly others: (way: WayId, name: string) => Figure | undefined
}

const atMost = (most: number) => (value: number) => value <= most
const atLeast = (least: number) => (value: number) => value >= least

/** Of medians: the rounds of two ways other than Dial() are not paired. */
function divided(a: Spread | null | undefined, b: Spread | null | undefined): Spread | null {
  if (a == null || b == null || b.median === 0) return null
  return { median: a.median / b.median, min: a.min / b.max, max: a.max / b.min }
}

/** Where there are several profiles and rates: the first target busy, at 50 a second. */
const goals: readonly Goal[] = [
  {
    title: 'setup delay over Dial(), p50 at 50/s',
    goal: '+3 ms or less',
    unit: ' ms',
    isMet: atMost(3),
    of: ({ mine }) => mine('setup p50')?.over ?? null
  },
  {
    title: 'setup delay over Dial(), p99 at 50/s',
    goal: '+10 ms or less',
    unit: ' ms',
    isMet: atMost(10),
    of: ({ mine }) => mine('setup p99')?.over ?? null
  },
  {
    title: 'hop, busy to next INVITE, over Dial()',
    goal: '+2 ms or less',
    unit: ' ms',
    isMet: atMost(2),
    of: ({ mine }) => mine('hop p50')?.over ?? null
  },
  {
    title: 'capacity, against Dial()',
    goal: '0.9 or more',
    unit: '',
    isMet: atLeast(0.9),
    of: ({ mine }) => mine('capacity')?.ratio ?? null
  },
  {
    title: 'capacity, against FollowMe()',
    goal: '1.0 or more',
    unit: '',
    isMet: atLeast(1),
    of: ({ mine, others }) => divided(mine('capacity')?.value, others('app', 'capacity')?.value)
  },
  {
    title: 'CPU per call, Asterisk and followme, against Dial()',
    goal: '1.2 or less',
    unit: '',
    isMet: atMost(1.2),
    of: ({ mine }) => mine('CPU a call')?.ratio ?? null
  },
  {
    title: "followme's CPU per call",
    goal: '1.0 ms or less',
    unit: ' ms',
    isMet: atMost(1),
    of: ({ mine }) => mine('CPU a call, followme')?.value ?? null
  },
  {
    title: 'memory with 1,000 live calls',
    goal: '150 MB or less',
    unit: ' MB',
    isMet: atMost(150),
    of: ({ mine }) => mine('memory, 1000 calls held')?.value ?? null
  }
]

export interface Reached {
  readonly way: WayId
  readonly title: string
  readonly goal: string
  /** Null where this run has not measured it. */
  readonly reached: string | null
  readonly isMet: boolean
}

export function goalsOf(figures: readonly Figure[], ways: readonly WayId[]): Reached[] {
  return ways.filter(isOurs).flatMap((way) => {
    const others = (of: WayId, name: string) =>
      figures.find(
        (each) =>
          each.way === of && each.name === name && (each.rate === null || (each.rate === 50 && each.profile === 'busy'))
      )
    const mine = (name: string) => others(way, name)
    return goals.map(({ title, goal, of, isMet, unit }) => {
      const reached = of({ mine, others })
      const text = reached === null ? null : `${reached.median.toFixed(2)}${unit}`
      return { way, title, goal, reached: text, isMet: reached !== null && isMet(reached.median) }
    })
  })
}

/** Markdown: one row a goal, one column a way. */
export function goalsTable(reached: readonly Reached[]): string {
  const ids = [...new Set(reached.map(({ way }) => way))]
  const titles = [...new Set(reached.map(({ title }) => title))]
  const cell = (title: string, id: WayId) => {
    const one = reached.find((each) => each.title === title && each.way === id)
    return one?.reached == null ? 'not measured' : `${one.reached} ${one.isMet ? '✓' : '✗'}`
  }
  return [
    `| | goal | ${ids.map((id) => wayOf(id).short).join(' | ')} |`,
    `| --- | --- | ${ids.map(() => '---').join(' | ')} |`,
    ...titles.map((title) => {
      const goal = reached.find((each) => each.title === title)?.goal ?? ''
      return `| ${title} | ${goal} | ${ids.map((id) => cell(title, id)).join(' | ')} |`
    })
  ].join('\n')
}
