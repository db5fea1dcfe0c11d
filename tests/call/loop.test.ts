// Which of the calls that arrive has come back, and that no loop goes on, whatever the carriers keep of a call.
import fc from 'fast-check'
import { type Arrival, type CallOut, loopVerdict, mostReturns } from '../../src/call/loop'

const site = '+14155550100'
const branch = '+14155550101'
const ann = '+15005550006'
const mobile = '+447400123456'

const out = (id: string, changes: Partial<CallOut> & { readonly since?: number } = {}): CallOut => ({
  ...{
    id,
    number: site,
    caller: ann,
    arrivedAt: 0,
    cameFrom: null,
    mayHaveComeFrom: null,
    returns: 0,
    isLooping: false
  },
  legs: [{ id: `${id}.1.1`, numbers: [mobile], shows: changes.caller ?? ann, since: changes.since ?? 0 }],
  ...changes
})
const arrives = (changes: Partial<Arrival> = {}): Arrival => ({
  ...{ number: site, caller: ann, at: 1000, diverting: [] },
  ...changes
})
const several = (count: number, changes: Parameters<typeof out>[1] = {}): CallOut[] =>
  Array.from({ length: count }, (_, index) => out(`c${String(index + 1)}`, changes))

describe('a header', () => {
  test('names the call that the call has come back from, to a number that it has been through', () => {
    const verdict = loopVerdict(arrives({ leg: 'c1.1.1', caller: 'anonymous' }), [out('c0'), out('c1')])
    expect(verdict).toMatchObject({ by: 'sign', cameFrom: 'c1' })
    expect(verdict?.reason).toBe(`call c1 to ${site} has come back to it through a trunk`)
  })

  test('that names no call with a leg out says nothing', () => {
    expect(loopVerdict(arrives({ leg: 'c9.1.1' }), [out('c1')])?.reason).toBeUndefined()
  })

  test.each([
    ['the number that it rings', mobile, 'c2'],
    ['the number that was called, which a trunk adds', site, 'c2'],
    ['another number', '+447400999999', null]
  ])('Diversion with %s', (_, diverting, cameFrom) => {
    const calls = [out('c1', { caller: '+15005550007', number: branch }), out('c2', { arrivedAt: 1 })]
    expect(loopVerdict(arrives({ diverting: [diverting] }), calls)?.cameFrom).toBe(cameFrom)
  })

  test('Diversion with the number called is no sign if another caller is out', () => {
    const calls = [out('c1', { caller: '+15005550007' })]
    expect(loopVerdict(arrives({ number: branch, diverting: [site] }), calls)?.reason).toBeUndefined()
  })

  test('of two calls that ring the same mobile, the one with this caller has come back; otherwise the latest', () => {
    const calls = [out('c1'), out('c2', { caller: '+15005550007', arrivedAt: 5 })]
    const from = (caller: string) => loopVerdict(arrives({ caller, diverting: [mobile] }), calls)?.cameFrom
    expect([from(ann), from('+15005550007'), from(mobile)]).toEqual(['c1', 'c2', 'c2'])
  })

  test('somebody else who calls the mobile while it rings, and is diverted here, is in no loop; five of them are', () => {
    const diverted = (returns: number) =>
      loopVerdict(arrives({ caller: '+15005550008', diverting: ['+1', mobile] }), [out('c1', { returns })])
    expect(diverted(4)).toMatchObject({ cameFrom: null, mayHaveComeFrom: 'c1', by: 'sign' })
    expect(diverted(4)?.reason).toBeUndefined()
    expect(diverted(5)).toMatchObject({ cameFrom: 'c1', reason: '5 calls have come back through a trunk from call c1' })
  })

  test('a call may come back to another number, and from there to no number of the chain', () => {
    const calls = [out('c1'), out('c2', { number: branch, cameFrom: 'c1' })]
    const third = '+14155550102'
    expect(loopVerdict(arrives({ number: branch, leg: 'c1.1.1' }), [out('c1')])?.reason).toBeUndefined()
    expect(loopVerdict(arrives({ number: third, leg: 'c2.1.1' }), calls)).toMatchObject({
      cameFrom: 'c2',
      calls: [{ id: 'c2' }, { id: 'c1' }]
    })
    expect(loopVerdict(arrives({ number: third, leg: 'c2.1.1' }), calls)?.reason).toBeUndefined()
    for (const number of [site, branch]) {
      expect(loopVerdict(arrives({ number, leg: 'c2.1.1' }), calls)?.reason).toContain('has come back to it')
    }
  })

  test('a call may come back five times, wherever to', () => {
    const from = (returns: number) => loopVerdict(arrives({ number: branch, leg: 'c1.1.1' }), [out('c1', { returns })])
    expect(from(mostReturns - 1)?.reason).toBeUndefined()
    expect(from(mostReturns)?.reason).toBe('5 calls have come back through a trunk from call c1')
  })

  test('records that name each other are no endless chain', () => {
    const calls = [out('c1', { cameFrom: 'c2' }), out('c2', { cameFrom: 'c1' })]
    expect(loopVerdict(arrives({ number: branch, leg: 'c2.1.1' }), calls)?.calls).toHaveLength(2)
  })
})

describe('without any header', () => {
  test('five calls of one caller may have legs out, and no more', () => {
    expect(loopVerdict(arrives(), several(4))?.reason).toBeUndefined()
    expect(loopVerdict(arrives(), several(5))).toMatchObject({
      by: 'caller',
      reason: '5 calls of this caller have legs out through a trunk already'
    })
    expect(loopVerdict(arrives({ caller: '+15005550007' }), several(5))?.reason).toBeUndefined()
  })

  test.each([
    ['the number that a leg shows', { number: branch, caller: site, legs: [] }],
    ['the number that a leg rings', { number: branch, caller: mobile, legs: [] }]
  ])('the caller may be %s: that call counts with those of this caller, once', (_, { caller }) => {
    const legs = [{ id: 'x.1.1', numbers: [mobile], shows: site, since: 0 }]
    const sources = [out('x', { legs, caller: '+15005550001' }), out('y', { legs, caller: '+15005550002' })]
    const returned = several(4, { caller, arrivedAt: 1 })
    expect(loopVerdict(arrives({ caller }), [...sources, ...returned.slice(1)])?.reason).toBeUndefined()
    expect(loopVerdict(arrives({ caller }), [...sources, ...returned])?.reason).toContain('5 calls')
    expect(loopVerdict(arrives({ caller: '+15005550009' }), [...sources, ...returned])?.reason).toBeUndefined()
  })

  const chain = (...arrivals: readonly number[]): CallOut[] =>
    arrivals.map((at, index) => out(`c${String(index + 1)}`, { arrivedAt: at, since: at + 10 }))

  test.each([
    [[0, 5100, 10_200], 15_300, true],
    [[0, 5100, 10_200], 15_000, false],
    [[0, 5100], 15_300, false],
    [[0, 100, 200], 60_000, false],
    [[0, 5100, 10_200, 10_300], 15_320, true],
    [[0, 3000, 6000, 9000], 12_000, false]
  ])('calls at %j, each still ringing, and one at %i: a loop is %p', (arrivals, at, isLoop) => {
    expect(loopVerdict(arrives({ at }), chain(...arrivals))?.reason !== undefined).toBe(isLoop)
  })

  test('once a call was refused, so is every other of that caller, until those before are answered or over', () => {
    const calls = [out('c1', { isLooping: true })]
    expect(loopVerdict(arrives(), calls)).toMatchObject({ cameFrom: 'c1', reason: 'it belongs to the loop of call c1' })
    expect(loopVerdict(arrives({ caller: '+15005550007' }), calls)?.reason).toBeUndefined()
  })

  test('twenty calls without a number may ring for one number, whoever calls', () => {
    const caller = 'anonymous'
    expect(loopVerdict(arrives({ caller, at: 60_000 }), several(19, { caller }))?.reason).toBeUndefined()
    expect(loopVerdict(arrives({ caller }), several(20, { caller }))?.reason).toBe(
      '20 calls without a number have legs out through a trunk already'
    )
    expect(loopVerdict(arrives({ caller, number: branch }), several(20, { caller }))?.reason).toBeUndefined()
  })
})

/** A site all of whose numbers lead out and back again, and carriers that keep what they keep. */
interface Site {
  /** By number: its steps, each the number where the mobile of that step is forwarded, and what is left of the call. */
  readonly numbers: readonly (readonly Step[])[]
  readonly caller: string
}
interface Step {
  readonly to: number
  readonly kept: readonly [sign: 'header' | 'diversion' | 'none', caller: 'kept' | 'site' | 'mobile' | 'other']
  readonly afterMs: number
}

/** Without a sign, a call with a number that nobody has seen is not recognized. */
const kinds = (['header', 'diversion', 'none'] as const).flatMap((sign) =>
  (['kept', 'site', 'mobile', 'other'] as const)
    .filter((caller) => sign !== 'none' || caller !== 'other')
    .map((caller) => [sign, caller] as const)
)

const anySite: fc.Arbitrary<Site> = fc.integer({ min: 1, max: 4 }).chain((count) =>
  fc.record({
    numbers: fc.array(
      fc.array(
        fc.record({
          to: fc.nat(count - 1),
          kept: fc.constantFrom(...kinds),
          afterMs: fc.constantFrom(0, 6000)
        }),
        { minLength: 1, maxLength: 3 }
      ),
      { minLength: count, maxLength: count }
    ),
    caller: fc.constant(ann)
  })
)

type Mutable = { -readonly [Key in keyof CallOut]: CallOut[Key] }

/** How many calls there are of one, until everything has ended. */
function callsOf({ numbers, caller }: Site) {
  const live: Mutable[] = []
  const count = { admitted: 0, refused: 0, atOnce: 0 }
  let now = 0
  const call = (to: number, from: string, signs: Pick<Arrival, 'leg' | 'diverting'>): void => {
    if (count.admitted + count.refused > 5000) return
    const number = `+1415555010${String(to)}`
    const verdict = loopVerdict({ number, caller: from, at: now, ...signs }, live)
    const blamed = live.filter((each) => verdict?.calls.includes(each) === true)
    if (verdict?.reason !== undefined) {
      if (verdict.by === 'caller') for (const each of blamed) each.isLooping = true
      count.refused += 1
      return
    }
    for (const each of blamed) each.returns += 1
    const id = `c${String(count.admitted++)}`
    const arrivedAt = now
    const { cameFrom = null, mayHaveComeFrom = null } = verdict ?? {}
    const own: Mutable = { ...out(id, { number, caller: from, cameFrom, mayHaveComeFrom }), arrivedAt }
    live.push(own)
    count.atOnce = Math.max(count.atOnce, live.length)
    for (const [index, step] of (numbers[to] ?? []).entries()) {
      const rung = `+4474001234${String(to)}${String(index)}`
      const shows = { kept: from, site: number, mobile: rung, other: `+1500555${String(count.admitted)}` }[step.kept[1]]
      // What a leg shows is not known where the network changes it.
      const known = from === 'anonymous' ? from : step.kept[1] === 'site' ? number : from
      own.legs = [{ id: `${id}.${String(index)}.1`, numbers: [rung], shows: known, since: now }]
      now += step.afterMs
      call(step.to, from === 'anonymous' ? from : shows, {
        leg: step.kept[0] === 'header' ? `${id}.1.1` : undefined,
        diverting: step.kept[0] === 'diversion' ? [rung] : []
      })
    }
    live.splice(live.indexOf(own), 1)
  }
  call(0, caller, { diverting: [] })
  return count
}

test('whatever carriers keep and mobiles do, a call becomes no more than some dozens', () => {
  fc.assert(
    fc.property(anySite, (site) => {
      const { admitted, refused } = callsOf(site)
      expect(admitted).toBeLessThanOrEqual(150)
      expect(refused).toBeGreaterThan(0)
    }),
    { numRuns: 2000 }
  )
})

test('without a number, and with four numbers that lead to each other, their number is limited, too', () => {
  fc.assert(
    fc.property(anySite, (site) => {
      const { atOnce, refused } = callsOf({ ...site, caller: 'anonymous' })
      // Twenty for each number, and after each of them three that have a sign, to the other numbers.
      expect(atOnce).toBeLessThanOrEqual(4 * 20 * 4)
      expect(refused).toBeGreaterThan(0)
    }),
    { numRuns: 2000 }
  )
})
