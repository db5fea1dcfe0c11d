// Which holding bridge a leg rings in, with an Asterisk that answers at once or refuses; a real one: e2e/ringing.test.ts
import fc from 'fast-check'
import { HoldingBridges } from '../../src/ari/holding-bridges'
import { AriRequestError } from '../../src/ari/client/transport'
import type { AriOperation, AriParameters } from '../../src/ari/client/operations'

/** Asterisk's part: the bridges that there are, and who is in each. */
function givenAsterisk(wakesIdleChannels = true) {
  const bridges = new Map<string, Set<string>>()
  const asked: string[] = []
  const failing = new Map<AriOperation, AriRequestError['status']>()
  const request = (operation: AriOperation, parameters: AriParameters): Promise<unknown> => {
    const { bridgeId: id = '', channel = '', type } = parameters as Readonly<Record<string, string>>
    asked.push([operation, id, ...(channel === '' ? [] : [channel])].join(' '))
    const refuse = (status: AriRequestError['status']) => Promise.reject(new AriRequestError(status, operation))
    const failure = failing.get(operation)
    // It is done all the same; only its answer is lost.
    const answer = () => (failure === undefined ? Promise.resolve() : refuse(failure))
    switch (operation) {
      case 'bridges.createWithId':
        expect(type).toBe('holding')
        if (bridges.has(id)) return refuse(409)
        bridges.set(id, new Set())
        return answer()
      case 'bridges.addChannel':
        if (!bridges.has(id)) return refuse(404)
        bridges.get(id)?.add(channel)
        return answer()
      case 'bridges.destroy':
        expect([...(bridges.get(id) ?? [])]).toEqual([])
        return bridges.delete(id) ? Promise.resolve() : refuse(404)
      default:
        throw new Error(`${operation} is none of its business`)
    }
  }
  const holding = new HoldingBridges({ wakesIdleChannels, request }, 'site', 'a1')
  const hold = async (from: number, to: number): Promise<void> => {
    await Promise.all(Array.from({ length: to - from + 1 }, (_, index) => holding.place(`leg${String(from + index)}`)))
  }
  /** A leg goes, in Asterisk first. */
  const end = (leg: string, type: 'legGone' | 'legLeft' = 'legGone'): void => {
    for (const legs of bridges.values()) legs.delete(leg)
    holding.onEvent({ type, leg, cause: 16 })
  }
  const look = (): void => {
    holding.clear(new Map([...bridges].map(([id, legs]) => [id, { members: [...legs] }])))
  }
  const inBridges = () => Object.fromEntries([...bridges].map(([id, legs]) => [id, [...legs].join(' ')]))
  const fail = (operation: AriOperation, status: AriRequestError['status']): void => void failing.set(operation, status)
  return { holding, hold, end, look, fail, bridges, inBridges, asked }
}

const first = 'site.ringing.a1.1'
const second = 'site.ringing.a1.2'

test('eight ringing legs need no bridge; each further leg gets a holding bridge of its own', async () => {
  const { hold, inBridges, asked } = givenAsterisk()
  await hold(1, 8)
  expect(asked).toEqual([])
  await hold(9, 10)
  expect(inBridges()).toEqual({ [first]: 'leg9', [second]: 'leg10' })
})

test('if Asterisk does not wake idle channels, no leg gets a holding bridge', async () => {
  const { hold, asked } = givenAsterisk(false)
  await hold(1, 20)
  expect(asked).toEqual([])
})

test.each(['legLeft', 'legGone'] as const)('after %s the next leg reuses the freed place or bridge', async (type) => {
  const { hold, end, asked } = givenAsterisk()
  await hold(1, 9)
  asked.splice(0)
  end('leg3', type)
  await hold(10, 10)
  expect(asked).toEqual([])
  end('leg9', type)
  end('leg9', type)
  await hold(11, 11)
  expect(asked).toEqual([`bridges.addChannel ${first} leg11`])
})

test('an answered leg keeps its holding bridge until it is bridged with the caller', async () => {
  const { holding, hold, bridges, inBridges } = givenAsterisk()
  await hold(1, 9)
  holding.onEvent({ type: 'legAnswered', leg: 'leg9' })
  await hold(10, 10)
  expect(inBridges()).toEqual({ [first]: 'leg9', [second]: 'leg10' })
  bridges.get(first)?.delete('leg9')
  holding.release('leg9')
  await hold(11, 11)
  expect(inBridges()).toEqual({ [first]: 'leg11', [second]: 'leg10' })
})

test('a leg that is dialled again keeps its holding bridge', async () => {
  const { hold, asked } = givenAsterisk()
  await hold(1, 9)
  asked.splice(0)
  await hold(1, 9)
  expect(asked).toEqual([])
})

test('a bridge that stays empty between two snapshots is destroyed; one used in between is kept', async () => {
  const { hold, end, look, inBridges } = givenAsterisk()
  await hold(1, 10)
  end('leg9')
  end('leg10')
  look()
  expect(Object.keys(inBridges())).toEqual([first, second])
  await hold(11, 11)
  end('leg11')
  look()
  expect(Object.keys(inBridges())).toEqual([second])
  look()
  expect(inBridges()).toEqual({})
  await hold(12, 12)
  expect(inBridges()).toEqual({ 'site.ringing.a1.3': 'leg12' })
})

test('if somebody destroys a holding bridge, the next leg rings without one and its id is not reused', async () => {
  const { hold, end, bridges, inBridges, asked } = givenAsterisk()
  await hold(1, 9)
  end('leg9')
  bridges.clear()
  await hold(10, 10)
  expect(inBridges()).toEqual({})
  asked.splice(0)
  // It rings in Asterisk's own, where there were eight.
  end('leg1')
  end('leg2')
  await hold(11, 11)
  expect(asked).toEqual([])
  await hold(12, 12)
  expect(inBridges()).toEqual({ [second]: 'leg12' })
})

test.each(['timeout', 'cut', 'disconnected'] as const)(
  '%s while a leg is added to a bridge: the leg is not dialled, because it may be added later',
  async (status) => {
    const { hold, end, look, fail, inBridges } = givenAsterisk()
    await hold(1, 8)
    fail('bridges.addChannel', status)
    await expect(hold(9, 9)).rejects.toMatchObject({ status })
    // It was carried out after all: who is in there stays.
    look()
    expect(inBridges()).toEqual({ [first]: 'leg9' })
    end('leg9')
    look()
    expect(inBridges()).toEqual({})
  }
)

test('if the creation of a bridge is unconfirmed, the leg rings without one', async () => {
  const { hold, look, fail, asked, inBridges } = givenAsterisk()
  await hold(1, 8)
  fail('bridges.createWithId', 'timeout')
  await hold(9, 9)
  expect(asked).toEqual([`bridges.createWithId ${first}`])
  look()
  expect(inBridges()).toEqual({})
})

test('a lost connection resets the count of ringing legs, and old bridges are destroyed once they are empty', async () => {
  const { holding, hold, end, look, inBridges, asked } = givenAsterisk()
  await hold(1, 9)
  holding.onEvent({ type: 'disconnected' })
  asked.splice(0)
  await hold(21, 28)
  expect(asked).toEqual([])
  await hold(29, 29)
  look()
  expect(inBridges()).toEqual({ [first]: 'leg9', [second]: 'leg29' })
  end('leg9')
  look()
  expect(inBridges()).toEqual({ [second]: 'leg29' })
})

test('empty holding bridges of an earlier process are destroyed; occupied and foreign bridges are not', async () => {
  const { hold, bridges, look, inBridges } = givenAsterisk()
  await hold(1, 9)
  const others = ['other.ringing.a1.4', 'c1.bridge', 'site.ringing']
  for (const id of ['site.ringing.b2.1', 'site.ringing.b2.2', ...others]) bridges.set(id, new Set())
  bridges.get('site.ringing.b2.2')?.add('somebody')
  look()
  expect(Object.keys(inBridges())).toEqual([first, 'site.ringing.b2.2', ...others])
})

test('empty holding bridges are destroyed at shutdown', async () => {
  const { holding, hold, end, inBridges } = givenAsterisk()
  await hold(1, 10)
  end('leg10')
  await holding.close()
  expect(inBridges()).toEqual({ [first]: 'leg9' })
})

test('in any order of events, no two legs share a bridge, no leg loses its bridge, and no bridge is left over', async () => {
  const step = fc.oneof(
    { weight: 20, arbitrary: fc.record({ type: fc.constantFrom('hold', 'end'), leg: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.constant({ type: 'look', leg: 0 }) },
    { weight: 1, arbitrary: fc.constant({ type: 'disconnected', leg: 0 }) }
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 300 }), async (steps) => {
      const { holding, end, look, bridges } = givenAsterisk()
      const ringing = new Set<string>()
      for (const { leg, type } of steps) {
        const id = `leg${String(leg)}`
        if (type === 'look') look()
        else if (type === 'disconnected') holding.onEvent({ type })
        else if (type === 'end') {
          end(id)
          ringing.delete(id)
        } else if (!ringing.has(id)) {
          await holding.place(id)
          ringing.add(id)
        }
        for (const legs of bridges.values()) expect(legs.size).toBeLessThanOrEqual(1)
      }
      for (const id of ringing) end(id)
      look()
      look()
      expect([...bridges.keys()]).toEqual([])
    })
  )
})
