// Timers of a call, while the connection is lost and after it is back.
import { Timers } from '../../src/engine/timers'
import { FakeClock, settled } from './fakes'

function givenTimers() {
  const clock = new FakeClock()
  const fired: string[] = []
  const timers = new Timers(
    clock,
    () => Promise.resolve(),
    ({ kind }) => fired.push(kind)
  )
  return { clock, fired, timers }
}

test('a timer that expires while the connection is lost fires once the missed events are known', async () => {
  const { clock, fired, timers } = givenTimers()
  timers.start({ kind: 'ringback' }, 1000)
  timers.suspend()
  clock.pass(1000)
  await settled()
  expect(fired).toEqual([])
  timers.resume()
  await settled()
  expect(fired).toEqual(['ringback'])
})

test('a timer cancelled while waiting for the event barrier does not fire', async () => {
  const { clock, fired, timers } = givenTimers()
  timers.start({ kind: 'lease' }, 1000)
  clock.pass(1000)
  timers.cancel({ kind: 'lease' })
  await settled()
  expect(fired).toEqual([])
})
