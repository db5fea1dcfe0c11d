// The search for the highest rate that is carried.
import { highest, whyNotCarried } from './capacity'
import { givenCell } from './given-result'

/** Searches, and says what it asked. */
async function search(limit: number, from = 100) {
  const asked: number[] = []
  const found = await highest({ from, least: 5, most: 400 }, async (rate) => {
    asked.push(rate)
    return rate <= limit
  })
  return { found, asked }
}

test.each([7, 40, 99, 100, 101, 163, 250, 399])(
  'a limit of %d calls a second is found to within 5 %% or 2 calls',
  async (limit) => {
    const { found, asked } = await search(limit)
    expect(found).toBeLessThanOrEqual(limit)
    expect(limit - found).toBeLessThanOrEqual(Math.max(2, 0.05 * limit))
    expect(new Set(asked).size).toBe(asked.length)
  }
)

test('a system that carries no rate has capacity 0; one that carries every rate has the highest rate tried', async () => {
  expect((await search(0)).found).toBe(0)
  expect((await search(1000)).found).toBe(400)
})

test('a search that starts at the previous result takes few tries', async () => {
  expect((await search(163, 160)).asked.length).toBeLessThanOrEqual(6)
})

test('a rate is carried if every call succeeds with a p99 below 250 ms; a disturbed measurement is repeated', async () => {
  const of = async (...cells: ReturnType<typeof givenCell>[]) => {
    let at = 0
    const why = await whyNotCarried(async () => cells[at++] ?? givenCell({}))
    return { why, tries: at }
  }
  expect(await of(givenCell({ p50: 80 }))).toEqual({ why: null, tries: 1 })
  expect(await of(givenCell({ p50: 100 }))).toEqual({ why: 'the p99 was 300 ms', tries: 1 })
  const faults = ['1 of 100 calls failed']
  expect(await of(givenCell({ faults }))).toEqual({ why: '1 of 100 calls failed', tries: 1 })
  expect(await of(givenCell({ p50: 100, foreignShare: 0.5 }), givenCell({}))).toEqual({ why: null, tries: 2 })
})
