// Which holding bridge a leg rings in, with an Asterisk that answers at once or refuses; a real one: e2e/ringing.test.ts
import fc from 'fast-check'
import { HoldingBridges } from '../../src/ari/holding-bridges'
import { AriRequestError } from '../../src/ari/transport'
import type { AriOperation, AriParameters } from '../../src/ari/transport'

/** Asterisk's part: the bridges that there are, and who has been put into each. */
function givenAsterisk() {
  const bridges = new Map<string, Set<string>>()
  const asked: string[] = []
  const request = (operation: AriOperation, parameters: AriParameters): Promise<unknown> => {
    const { bridgeId: id = '', channel = '', type } = parameters as Readonly<Record<string, string>>
    asked.push([operation, id, ...(channel === '' ? [] : [channel])].join(' '))
    const refuse = (status: number) => Promise.reject(new AriRequestError(status, operation))
    switch (operation) {
      case 'bridges.createWithId':
        expect(type).toBe('holding')
        if (bridges.has(id)) return refuse(409)
        bridges.set(id, new Set())
        return Promise.resolve()
      case 'bridges.addChannel':
        if (!bridges.has(id)) return refuse(404)
        bridges.get(id)?.add(channel)
        return Promise.resolve()
      case 'bridges.destroy':
        return bridges.delete(id) ? Promise.resolve() : refuse(404)
      default:
        throw new Error(`${operation} is none of its business`)
    }
  }
  const holding = new HoldingBridges({ request }, 'site')
  const hold = async (from: number, to: number): Promise<void> => {
    await Promise.all(Array.from({ length: to - from + 1 }, (_, index) => holding.hold(`leg${String(from + index)}`)))
  }
  const inBridges = () => Object.fromEntries([...bridges].map(([id, legs]) => [id, [...legs].join(' ')]))
  return { holding, hold, bridges, inBridges, asked }
}

test('eight are left to Asterisk; the next eight share a bridge, which is asked for once, before they come', async () => {
  const { hold, inBridges, asked } = givenAsterisk()
  await hold(1, 8)
  expect(asked).toEqual([])
  await hold(9, 17)
  expect(inBridges()).toEqual({
    'site.ringing.1': 'leg9 leg10 leg11 leg12 leg13 leg14 leg15 leg16',
    'site.ringing.2': 'leg17'
  })
  expect(asked.filter((each) => each.startsWith('bridges.createWithId'))).toHaveLength(2)
})

test.each(['legAnswered', 'legLeft', 'legGone'] as const)('after %s another has its place', async (type) => {
  const { holding, hold, asked } = givenAsterisk()
  await hold(1, 9)
  holding.heard({ type, leg: 'leg3', cause: 16 })
  asked.splice(0)
  await hold(10, 10)
  expect(asked).toEqual([])
  holding.heard({ type, leg: 'leg9', cause: 16 })
  holding.heard({ type, leg: 'leg9', cause: 16 })
  await hold(11, 11)
  expect(asked.at(-1)).toBe('bridges.addChannel site.ringing.1 leg11')
})

test('a leg that is dialled again keeps its place; one that was not dialled after all gives it back', async () => {
  const { holding, hold, asked } = givenAsterisk()
  await hold(1, 9)
  asked.splice(0)
  await hold(9, 9)
  expect(asked).toEqual([])
  holding.release('leg1')
  await hold(10, 10)
  expect(asked).toEqual([])
})

test('a bridge goes when it is empty and those before it have room for as many; with the last leg, all have gone', async () => {
  const { holding, hold, inBridges } = givenAsterisk()
  await hold(1, 17)
  holding.release('leg17')
  expect(Object.keys(inBridges())).toEqual(['site.ringing.1', 'site.ringing.2'])
  for (let leg = 1; leg <= 8; leg += 1) holding.release(`leg${String(leg)}`)
  expect(Object.keys(inBridges())).toEqual(['site.ringing.1'])
  for (let leg = 9; leg <= 16; leg += 1) holding.release(`leg${String(leg)}`)
  expect(inBridges()).toEqual({})
})

test('where a bridge has gone (Asterisk was restarted) the leg rings all the same, and the next one makes it anew', async () => {
  const { hold, bridges, inBridges } = givenAsterisk()
  await hold(1, 9)
  bridges.clear()
  await hold(10, 10)
  expect(inBridges()).toEqual({})
  await hold(11, 11)
  expect(inBridges()).toEqual({ 'site.ringing.1': 'leg11' })
})

test('one that an earlier process has made is used', async () => {
  const { hold, bridges, inBridges } = givenAsterisk()
  bridges.set('site.ringing.1', new Set(['theirs']))
  await hold(1, 9)
  expect(inBridges()).toEqual({ 'site.ringing.1': 'theirs leg9' })
})

test('without a connection nobody is known to ring', async () => {
  const { holding, hold, asked } = givenAsterisk()
  await hold(1, 17)
  holding.heard({ type: 'disconnected' })
  asked.splice(0)
  await hold(21, 28)
  expect(asked).toEqual([])
  await hold(29, 29)
  expect(asked).toEqual(['bridges.createWithId site.ringing.1', 'bridges.addChannel site.ringing.1 leg29'])
})

test('what an earlier process has left is cleared away where nobody is in it, and nothing else is', async () => {
  const { holding, hold, asked } = givenAsterisk()
  await hold(1, 9)
  asked.splice(0)
  const members = (...ids: string[]) => ({ members: ids })
  holding.clear(
    new Map([
      ['site.ringing.0', members()],
      ['site.ringing.1', members()],
      ['site.ringing.2', members('somebody')],
      ['site.ringing.3', members()],
      ['site.ringing.x', members()],
      ['site.ringing.', members()],
      ['other.ringing.4', members()],
      ['c1.bridge', members()]
    ])
  )
  expect(asked).toEqual(['bridges.destroy site.ringing.3'])
})

test('whatever comes and goes, no more than eight are in one, and in the end nothing is left', async () => {
  const step = fc.record({ leg: fc.nat(60), type: fc.constantFrom('hold', 'release') })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 300 }), async (steps) => {
      const { holding, bridges } = givenAsterisk()
      const ringing = new Set<string>()
      for (const { leg, type } of steps) {
        const id = `leg${String(leg)}`
        if (type === 'hold') {
          await holding.hold(id)
          ringing.add(id)
        } else {
          holding.release(id)
          ringing.delete(id)
          for (const legs of bridges.values()) legs.delete(id)
        }
        for (const legs of bridges.values()) expect(legs.size).toBeLessThanOrEqual(8)
        const ours = [...bridges.values()].reduce((sum, legs) => sum + legs.size, 0)
        expect(ringing.size - ours).toBeLessThanOrEqual(8)
      }
      for (const id of ringing) holding.release(id)
      expect([...bridges.keys()]).toEqual([])
    })
  )
})
