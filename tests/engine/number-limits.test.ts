// max_calls of a number: of the calls that arrive, as many are hunted as may be in progress.
import fc from 'fast-check'
import { rulesOf, settled } from './fakes'
import { number, setUp } from './set-up'

const limited = (maxCalls: number) =>
  rulesOf(number, [['PJSIP/alice']], { maxCalls, fallbackFull: 'announce:busy', others: ['+14155550101'] })

/** Asterisk has been looked at: nobody was there before. */
async function looked(maxCalls: number) {
  const all = setUp(limited(maxCalls))
  await all.handle({ type: 'connected' })
  return all
}

const rung = (asked: readonly string[]) => asked.filter((each) => each.startsWith('createLeg ')).length

test('a call beyond max_calls gets fallback_full immediately, and its record says why', async () => {
  const { telephony, arrive, calls, switchboard } = await looked(2)
  for (const aLeg of ['17.1', '17.2', '17.3']) await arrive(aLeg)
  expect(rung(telephony.asked)).toBe(2)
  expect(telephony.asked.at(-1)).toBe('leaveToDialplan 17.3 followme-fallback,announce')
  expect(calls.calls.get('c3')?.call).toMatchObject({
    decision: 'fallback',
    rule: null,
    reason: `2 calls of ${number} were in progress, and its max_calls is 2`,
    plan: { steps: [], fallback: 'announce:busy' }
  })
  switchboard.stop()
})

test('of several calls that arrive at the same time, only max_calls ring', async () => {
  const { telephony, handle, switchboard } = await looked(2)
  const caller = { number: '', name: '' }
  for (const aLeg of ['1', '2', '3', '4', '5']) {
    void handle({ type: 'incoming', call: { aLeg, number: number.slice(1), caller } })
  }
  await settled()
  expect(rung(telephony.asked)).toBe(2)
  switchboard.stop()
})

test('a caller who hangs up frees a place, and a rejected caller takes none', async () => {
  const { telephony, arrive, handle, switchboard } = await looked(1)
  await arrive('17.1')
  await arrive('17.2')
  await handle({ type: 'legHangingUp', leg: '17.1', cause: 16 })
  await arrive('17.3')
  expect(rung(telephony.asked)).toBe(2)
  switchboard.stop()
})

test('after a restart, calls wait for the first snapshot of Asterisk, and calls found there count', async () => {
  const first = await looked(1)
  await first.arrive('17.1')
  await settled()
  first.switchboard.stop()
  const { clock, telephony, calls } = first
  const second = setUp(limited(1), { clock, telephony, calls, minted: 10 })
  const before = rung(telephony.asked)
  await second.arrive('17.2')
  expect(rung(telephony.asked)).toBe(before)
  const waits = { state: 'down', ours: false, controlled: true } as const
  telephony.present = {
    legs: new Map([
      ['17.1', waits],
      ['17.2', waits]
    ]),
    bridges: new Map()
  }
  await second.handle({ type: 'connected' })
  await settled()
  expect(calls.calls.get('c11')?.call.reason).toContain('1 call of')
  second.switchboard.stop()
})

test('if Asterisk does not answer, a call waits no longer than a second', async () => {
  const { clock, telephony, arrive, switchboard } = setUp(limited(1))
  await arrive()
  expect(rung(telephony.asked)).toBe(0)
  clock.pass(1000)
  await settled()
  expect(rung(telephony.asked)).toBe(1)
  switchboard.stop()
})

test('a call to a number without a limit does not wait', async () => {
  const { telephony, arrive, switchboard } = setUp()
  await arrive()
  expect(rung(telephony.asked)).toBe(1)
  switchboard.stop()
})

test('in any order of arrivals and hang-ups, no more than max_calls ring, and no caller is rejected while there is room', async () => {
  const moves = fc.array(fc.oneof(fc.constant('comes' as const), fc.nat(9)), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), moves, async (most, all) => {
      const { arrive, handle, calls, switchboard } = await looked(most)
      const here: string[] = []
      let last = 0
      for (const move of all) {
        if (move === 'comes') {
          last += 1
          await arrive(`17.${last}`)
          const isTurnedAway = calls.calls.get(`c${last}`)?.call.reason !== null
          expect(isTurnedAway).toBe(here.length >= most)
          if (!isTurnedAway) here.push(`17.${last}`)
        } else if (here.length > 0) {
          const [gone = ''] = here.splice(move % here.length, 1)
          await handle({ type: 'legHangingUp', leg: gone, cause: 16 })
        }
      }
      switchboard.stop()
    }),
    { numRuns: 50 }
  )
})

test('a caller who got another number as fallback_full takes no place', async () => {
  const other = '+14155550101'
  const own = await rulesOf(number, [['PJSIP/alice']], { maxCalls: 1, fallbackFull: `number:${other}` }).rulesFor(
    number
  )
  const book = new Map([...own, ...(await rulesOf(other, [['PJSIP/bob']]).rulesFor(other))])
  const { arrive, handle, telephony, switchboard } = setUp({ ...limited(1), rulesFor: () => Promise.resolve(book) })
  await handle({ type: 'connected' })
  await arrive('17.1')
  await arrive('17.2')
  await handle({ type: 'legHangingUp', leg: '17.1', cause: 16 })
  await arrive('17.3')
  expect(telephony.asked.filter((each) => each.startsWith('createLeg '))).toEqual([
    'createLeg c1.1.1 PJSIP/alice',
    'createLeg c2.1.1 PJSIP/bob',
    'createLeg c3.1.1 PJSIP/alice'
  ])
  switchboard.stop()
})
