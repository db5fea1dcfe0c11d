// The end of a process: what rings goes on for a while, and who still waits then is left to the failsafe.
import { number, setUp } from './set-up'

test('while draining, a ringing call continues and a new call is handed to the failsafe', async () => {
  const { telephony, arrive, handle, switchboard, clock } = setUp()
  await arrive()
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  const drained = switchboard.drain(60_000)
  await arrive('17.2')
  expect(telephony.asked).toContain(`leaveToDialplan 17.2 followme-failsafe,${number}`)
  await handle({ type: 'legAnswered', leg: 'c1.1.1' })
  expect(await drained).toBe(0)
  switchboard.stop()
  expect(clock.pending).toBe(0)
})

test('a call that rings longer than the drain time does not delay the shutdown', async () => {
  const { arrive, switchboard, clock, telephony } = setUp()
  await arrive()
  const drained = switchboard.drain(3000)
  clock.pass(3000)
  expect(await drained).toBe(1)
  expect(telephony.asked).toContain('hangUp c1.1.1 16')
  expect(telephony.asked.at(-1)).toBe(`leaveToDialplan 17.1 followme-failsafe,${number}`)
  switchboard.stop()
  expect(clock.pending).toBe(0)
})

test('at the end of the drain time only callers who still wait are handed to the failsafe', async () => {
  const { telephony, arrive, handle, clock, switchboard } = setUp()
  for (const leg of ['1', '2', '3']) {
    await arrive(`17.${leg}`)
    await handle({ type: 'legSeen', leg: `c${leg}.1.1` })
  }
  // The first conversation is over, but the caller's hang-up is not confirmed; the second is about to begin.
  await handle({ type: 'legAnswered', leg: 'c1.1.1' })
  telephony.answerCaller = () => new Promise<void>(() => undefined)
  await handle({ type: 'legAnswered', leg: 'c2.1.1' })
  await handle({ type: 'legGone', leg: 'c1.1.1', cause: 16 })
  const drained = switchboard.drain(3000)
  clock.pass(3000)
  expect(await drained).toBe(1)
  expect(telephony.asked.filter((each) => each.startsWith('leaveToDialplan'))).toEqual([
    `leaveToDialplan 17.3 followme-failsafe,${number}`
  ])
  expect(telephony.asked).not.toContain('hangUp c2.1.1 16')
  switchboard.stop()
})
