// followme is killed while several devices of a phone ring, and the next process goes on with all of them.
import { until } from '../sandbox/child'
import { useKilled } from './killed'
import { addPhones } from './two-phones'

const { world, rings, killedFor, record } = useKilled({ configure: addPhones })

test('both devices keep ringing without being dialled again, and the one that answers gets the call', async () => {
  world.rule([['PJSIP/two@20'], ['PJSIP/carol']])
  const alice = await world.phone('alice', { kind: 'ring' })
  const bob = await world.phone('bob', { kind: 'answer', afterMs: 5000 })
  const call = world.dial({ hangupAfterMs: 500 })
  await until('both to ring', () => alice.calls().length === 1 && bob.calls().length === 1)
  await rings()
  await killedFor(500)
  expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
  const { call: kept, attempts } = await record()
  expect(kept).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/two', endedBy: 'caller' })
  expect(attempts).toMatchObject([{ dial: 'PJSIP/two', outcome: 'answered' }])
  expect([alice.calls().length, bob.calls().length]).toEqual([1, 1])
  expect(alice.calls()[0]).toMatchObject({ end: { method: 'CANCEL' } })
})

test('if one device has gone in the meantime, the other keeps ringing, and then the next step rings', async () => {
  world.rule([['PJSIP/two@20'], ['PJSIP/carol']])
  const alice = await world.phone('alice', { kind: 'refuse', code: 486, afterMs: 3000 })
  const bob = await world.phone('bob', { kind: 'refuse', code: 486, afterMs: 7000 })
  const carol = await world.phone('carol', { kind: 'answer' })
  const call = world.dial({ hangupAfterMs: 300 })
  await until('both to ring', () => alice.calls().length === 1 && bob.calls().length === 1)
  await rings()
  await killedFor(2500)
  await until('carol to ring', () => carol.calls().length === 1)
  expect(bob.calls()[0]?.finalCode).toBe(486)
  expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
  expect((await record()).attempts.map(({ outcome }) => outcome)).toEqual(['busy', 'answered'])
})

test('a device that answered stays connected, and the record is complete', async () => {
  world.rule([['PJSIP/two@20']])
  await world.phone('alice', { kind: 'ring' })
  await world.phone('bob', { kind: 'answer', hangupAfterMs: 4000 })
  const call = world.dial()
  await until('the record', async () => (await world.records()).at(-1)?.call.answeredBy === 'PJSIP/two')
  await killedFor(0)
  expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200, end: { direction: 'received' } })
  const { call: kept, attempts } = await record()
  expect(kept).toMatchObject({ outcome: 'answered', endedBy: 'target' })
  expect(attempts[0]?.contact).toContain('sip:bob@')
})
