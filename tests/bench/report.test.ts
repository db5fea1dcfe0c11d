// Figures, their comparison with Dial() and with an earlier run, and how they are told.
import { changes, isDisturbed, unlike } from './against'
import { full, quick } from './plan'
import { givenCell, givenResult } from './given-result'
import { goalsOf, goalsTable } from './goals'
import { changesTable, honesty, table } from './report'
import { summaryOf } from './summary'

const plan = { ...quick, ways: ['dial', 'http'] } as const

/** Three rounds: Dial() takes these times, followme three more milliseconds, or `more`. */
function rounds(dial: readonly number[], more = 3, machine = 1) {
  return dial.flatMap((p50, at) => [
    givenCell({ round: at + 1, p50: machine * p50 }),
    givenCell({ round: at + 1, way: 'http', p50: machine * (p50 + more), cpu: { asterisk: 5, followme: 1 } })
  ])
}

const figuresOf = (cells: ReturnType<typeof rounds>) => summaryOf(givenResult(cells, {}, { rounds: 3 }))

test('a figure is the median of the rounds; its ratio is to Dial() in the same round', () => {
  const figures = figuresOf(rounds([4, 5, 100]))
  const setUp = figures.find(({ way, name }) => way === 'http' && name === 'setup p50')
  expect(setUp?.value).toEqual({ median: 8, min: 7, max: 103 })
  expect(setUp?.over).toEqual({ median: 3, min: 3, max: 3 })
  expect(setUp?.ratio?.median).toBeCloseTo(8 / 5)
  const cpu = figures.find(({ way, name }) => way === 'http' && name === 'CPU a call')
  expect(cpu?.ratio).toEqual({ median: 1.2, min: 1.2, max: 1.2 })
})

test('a round with a failed call does not count, and a figure without a valid round fails', () => {
  const cells = rounds([4, 5, 6])
  const wrong = (cell: (typeof cells)[number]) => ({ ...cell, faults: ['1 of 100 calls failed'] })
  const one = cells.map((cell) => (cell.way === 'http' && cell.round === 3 ? wrong(cell) : cell))
  const all = cells.map((cell) => (cell.way === 'http' ? wrong(cell) : cell))
  const setUpOf = (given: typeof cells) =>
    figuresOf(given).find(({ way, name }) => way === 'http' && name === 'setup p50')?.value
  expect(setUpOf(one)).toEqual({ median: 7.5, min: 7, max: 8 })
  expect(setUpOf(all)).toBeNull()
  const told = (given: typeof cells) => table(givenResult(given, {}, { rounds: 3 }), figuresOf(given))
  expect(told(all)).toContain('| setup p50, 50/s, ms | 5.00 (4.00–6.00) | fails |')
  expect(told(one)).toContain('| setup p50, 50/s, ms | 5.00 (4.00–6.00) | 7.50 (7.00–8.00, 2 rounds) ×')
})

test('rates above one that failed are not tried', () => {
  const cells = [
    ...[20, 50].map((rate) => givenCell({ rate })),
    givenCell({ rate: 20, way: 'http', faults: ['9 of 100 calls failed'] })
  ]
  const result = givenResult(cells, {}, { rounds: 1, rates: [20, 50] })
  const told = table(result, summaryOf(result))
  expect(told).toContain('| setup p50, 20/s, ms | 4.00 | fails |')
  expect(told).toContain('| setup p50, 50/s, ms | 4.00 | not tried |')
})

test('a machine half as fast makes no difference; a slower followme is worse, a faster one better', () => {
  const before = figuresOf(rounds([4, 4.1, 4.2]))
  const verdicts = (now: ReturnType<typeof rounds>) =>
    changes(before, figuresOf(now), plan).flatMap(({ figure, verdict }) =>
      figure.name === 'setup p50' ? [verdict] : []
    )
  expect(verdicts(rounds([4, 4.1, 4.2], 3, 2))).toEqual(['same'])
  expect(verdicts(rounds([4, 4.1, 4.2], 6))).toEqual(['worse'])
  expect(verdicts(rounds([4, 4.1, 4.2], 1))).toEqual(['better'])
  // Within what the rounds differ by.
  expect(verdicts(rounds([2, 4.1, 8], 3.5))).toEqual(['same'])
})

test('no run is worse by a percentile that only a few calls exceed', () => {
  const verdicts = (calls: number) => {
    const seconds = calls / 50
    const of = (more: number) => summaryOf(givenResult(rounds([4, 4.1, 4.2], more), {}, { rounds: 3, seconds }))
    const verdict = (name: string) => changes(of(3), of(9), plan).find(({ figure }) => figure.name === name)?.verdict
    return ['setup p50', 'setup p95', 'setup p99'].map(verdict)
  }
  expect(verdicts(100)).toEqual(['worse', null, null])
  expect(verdicts(200)).toEqual(['worse', 'worse', null])
  expect(verdicts(1000)).toEqual(['worse', 'worse', 'worse'])
})

test('a figure that can no longer be measured is worse, and so is a lower capacity', () => {
  const capacity = (http: number) => ({
    capacities: [
      { round: 1, way: 'dial', rate: 150, limit: '' },
      { round: 1, way: 'http', rate: http, limit: '' }
    ] as const
  })
  const of = (http: number) => summaryOf(givenResult(rounds([4]), capacity(http), { rounds: 1 }))
  const asked = { ...plan, capacity: true }
  const verdict = changes(of(120), of(90), asked).find(({ figure }) => figure.name === 'capacity')
  expect(verdict).toMatchObject({ verdict: 'worse', was: { median: 0.8 }, is: { median: 0.6 } })
  const failing = rounds([4]).map((cell) => ({ ...cell, faults: ['SIPp ended'] }))
  const gone = changes(of(120), summaryOf(givenResult(failing, capacity(120), { rounds: 1 })), asked)
  expect(gone.find(({ figure }) => figure.name === 'setup p50')?.verdict).toBe('worse')
  expect(changesTable(gone)).toContain('| fails |  | ✗ worse |')
})

test('a followme that does not start is worse; figures not requested are not compared', () => {
  const before = summaryOf(givenResult(rounds([4]), {}, { rounds: 1 }))
  const alone = summaryOf(givenResult([givenCell({})], {}, { rounds: 1 }))
  const verdicts = (asked: Parameters<typeof changes>[2]) => changes(before, alone, asked).map(({ verdict }) => verdict)
  expect(new Set(verdicts(plan))).toEqual(new Set(['worse']))
  expect(verdicts({ ...plan, ways: ['dial'] })).toEqual([])
  expect(verdicts({ ...plan, rates: [20] })).toEqual([])
})

test('runs with different options are not compared', () => {
  expect(unlike(full, { ...full, rates: [50], held: 0 })).toBeNull()
  expect(unlike(quick, full)).toMatch(/warmUp 250, now 750/)
})

test('each goal is shown with the figure reached, or as not measured', () => {
  const reached = goalsOf(figuresOf(rounds([4, 5, 6])), ['dial', 'http'])
  expect(reached[0]).toMatchObject({ reached: '3.00 ms', isMet: true })
  expect(goalsTable(reached)).toContain('| capacity, against Dial() | 0.9 or more | not measured |')
  expect(goalsTable(goalsOf(figuresOf(rounds([4], 20)), ['dial', 'http']))).toContain('20.00 ms ✗')
})

test('faults and omissions are reported with the figures', () => {
  const cells = [givenCell({ foreignShare: 0.25 }), givenCell({ way: 'http', faults: ['the failsafe was needed'] })]
  const told = honesty(givenResult(cells, { leftOut: { websocket: 'Asterisk 16 has none' } }))
  expect(told).toContain('at most 25 % in a measurement')
  const capacities = [{ round: 2, way: 'dial', rate: 380, limit: 'at 400: SIPp took 0.90 of a processor' }] as const
  expect(honesty(givenResult(cells, { capacities }))).toContain("Dial() in round 2, 380, may be SIPp's: at 400: SIPp")
  expect(told).toContain('round 1, followme http, busy, 50/s: the failsafe was needed')
  expect(told).toContain('Left out: followme over WebSockets: Asterisk 16 has none.')
})

test('a run is disturbed if other programs took part in most of its measurements', () => {
  const shares = (...all: number[]) => all.map((foreignShare) => givenCell({ foreignShare }))
  expect(isDisturbed(shares(0.02, 0.3, 0.05))).toBe(false)
  expect(isDisturbed(shares(0.02, 0.3, 0.5))).toBe(true)
})
