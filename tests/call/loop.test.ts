// Which of the calls that arrive has come back, by each sign.
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

  const legs = (...rung: readonly (readonly [numbers: string, shows: string])[]): Pick<CallOut, 'legs'> => ({
    legs: rung.map(([number, shows], index) => ({ id: `x.1.${String(index)}`, numbers: [number], shows, since: 0 }))
  })

  test('the caller may be the one of the call that rings there, or the one that one of its legs shows', () => {
    const call = out('c1', legs(['+447400000001', '+1'], [mobile, site]))
    const from = (caller: string) => loopVerdict(arrives({ caller, diverting: ['+2', mobile] }), [call])?.cameFrom
    expect([from(ann), from(site), from('+2')]).toEqual(['c1', 'c1', null])
  })

  test('a call from one that is looping is refused, whichever number it comes to', () => {
    const calls = [out('c1', { isLooping: true }), out('c2', { number: branch, cameFrom: 'c1' })]
    expect(loopVerdict(arrives({ number: '+14155550102', leg: 'c2.1.1' }), calls)).toMatchObject({
      cameFrom: 'c2',
      reason: 'it belongs to the loop of call c1'
    })
  })

  test('only calls that led to it are in its chain', () => {
    const calls = [out('c0'), out('c1', { number: branch }), out('c2', { number: '+14155550102', cameFrom: 'c1' })]
    const verdict = loopVerdict(arrives({ leg: 'c2.1.1' }), calls)
    expect(verdict?.reason).toBeUndefined()
    expect(verdict?.calls.map(({ id }) => id)).toEqual(['c2', 'c1'])
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
  test('too many calls of the caller are a loop, even if somebody else rings the number that diverted it', () => {
    const calls = [...several(5), out('x', { caller: '+15005550007', legs: [] })]
    expect(loopVerdict(arrives({ diverting: ['+1'] }), calls)?.by).toBe('caller')
    const other = out('y', { caller: '+15005550008', legs: [{ id: 'y.1.1', numbers: ['+1'], shows: '+2', since: 0 }] })
    expect(loopVerdict(arrives({ diverting: ['+1'] }), [...several(5), other])).toMatchObject({
      by: 'caller',
      reason: expect.stringContaining('5 calls of this caller') as string
    })
  })

  test('one of several legs that shows the caller is enough', () => {
    const two = ['+1', site].map((shows, index) => ({ id: `x.1.${String(index)}`, numbers: [], shows, since: 0 }))
    const calls = [out('x', { legs: two }), ...several(4, { caller: site, arrivedAt: 1 })]
    expect(loopVerdict(arrives({ caller: site }), calls)?.reason).toContain('5 calls')
  })

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
    [[0, 3000, 6000, 9000], 12_000, false],
    [[0, 5010, 10_020], 15_030, true],
    [[0, 5010, 10_020], 15_029, false]
  ])('calls at %j, each still ringing, and one at %i: a loop is %p', (arrivals, at, isLoop) => {
    expect(loopVerdict(arrives({ at }), chain(...arrivals))?.reason !== undefined).toBe(isLoop)
  })

  test('one leg that has been ringing long enough makes a call a step of a slow loop', () => {
    const both = (at: number) => ({ id: 'x', numbers: [mobile], shows: ann, since: at })
    const calls = [0, 6000, 12_000].map((at) =>
      out(`c${String(at)}`, { arrivedAt: at, legs: [both(at), both(at + 5000)] })
    )
    expect(loopVerdict(arrives({ at: 18_000 }), calls)?.reason).toBe(
      '3 calls of this caller have arrived one after another, each while the one before was ringing through a trunk'
    )
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
    expect(loopVerdict(arrives({ caller }), several(20))?.reason).toBeUndefined()
    const elsewhere = out('x', { caller, number: branch })
    expect(loopVerdict(arrives({ caller }), [...several(19, { caller }), elsewhere])?.reason).toBeUndefined()
  })
})
