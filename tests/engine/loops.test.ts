// Calls that leave through a trunk and come back, among the calls in progress.
import type { IncomingCall, ReturnSigns } from '../../src/ports'
import { rulesOf, settled } from './fakes'
import { caller, number, setUp } from './set-up'

const mobile = '+442071838750'

async function given(steps: readonly (readonly string[])[] = [[mobile]]) {
  const all = setUp(rulesOf(number, steps))
  const { handle, calls } = all
  await handle({ type: 'connected' })
  const come = async (aLeg: string, returned?: ReturnSigns): Promise<void> => {
    const call: IncomingCall = { aLeg, number, caller, ...(returned !== undefined && { returned }) }
    await handle({ type: 'incoming', call })
  }
  const decisionOf = (id: string) => calls.calls.get(id)?.call.decision
  return { ...all, come, decisionOf }
}

test('a call with the header of a leg that is out is refused as busy, and nobody is rung for it', async () => {
  const { come, handle, telephony, calls, logged, switchboard } = await given()
  await come('17.1')
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  await come('17.2', { leg: 'c1.1.1', diverting: [] })
  expect(telephony.asked.filter((each) => each.includes('17.2'))).toEqual(['hangUp 17.2 17'])
  expect(calls.calls.get('c2')?.call).toMatchObject({ decision: 'loop', rule: null, cameFrom: 'c1' })
  expect(logged.filter((text) => text.includes('a loop'))).toHaveLength(1)
  switchboard.stop()
})

test('a header counts only while its call has a leg out: not before it is dialled, nor when it is answered or over', async () => {
  const { come, handle, decisionOf, switchboard } = await given()
  const returned = { leg: 'c1.1.1', diverting: [] }
  await come('17.1')
  await come('17.2', returned)
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  await handle({ type: 'legAnswered', leg: 'c1.1.1' })
  await come('17.3', returned)
  await handle({ type: 'legGone', leg: '17.1', cause: 16 })
  await come('17.4', returned)
  await come('17.5', { leg: 'nobody.1.1', diverting: [] })
  expect(['c2', 'c3', 'c4', 'c5'].map(decisionOf)).toEqual(Array(4).fill('rule'))
  switchboard.stop()
})

test('a diverting number is read in the country of the number called', async () => {
  const { come, handle, decisionOf, switchboard } = await given([['+14155550123']])
  await come('17.1')
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  await come('17.2', { diverting: ['4155550123'] })
  expect(decisionOf('c2')).toBe('loop')
  switchboard.stop()
})

test('of calls that arrive at the same time, the sixth of one caller is refused if the others are out; one warning is logged', async () => {
  const { come, handle, decisionOf, logged, switchboard } = await given()
  for (const aLeg of ['1', '2', '3', '4', '5']) await come(aLeg)
  for (const id of ['c1', 'c2', 'c3', 'c4', 'c5']) await handle({ type: 'legSeen', leg: `${id}.1.1` })
  void come('6')
  void come('7')
  await settled()
  expect(['c5', 'c6', 'c7'].map(decisionOf)).toEqual(['rule', 'loop', 'loop'])
  expect(logged.filter((text) => text.includes('a loop'))).toHaveLength(1)
  switchboard.stop()
})

test('a call that rings phones alone goes round no further, and is never refused', async () => {
  const { come, handle, decisionOf, switchboard } = await given([['PJSIP/alice']])
  for (let index = 1; index <= 8; index++) {
    await come(String(index))
    await handle({ type: 'legSeen', leg: `c${String(index)}.1.1` })
  }
  expect(decisionOf('c8')).toBe('rule')
  switchboard.stop()
})

test('if nobody answers for the call itself any more, the next one rings', async () => {
  const { come, handle, decisionOf, switchboard } = await given()
  for (const aLeg of ['1', '2', '3', '4', '5']) await come(aLeg)
  for (const id of ['c1', 'c2', 'c3', 'c4', 'c5']) await handle({ type: 'legSeen', leg: `${id}.1.1` })
  await come('6')
  for (const id of ['c1', 'c2', 'c3', 'c4', 'c5']) await handle({ type: 'legAnswered', leg: `${id}.1.1` })
  await come('7')
  expect(['c6', 'c7'].map(decisionOf)).toEqual(['loop', 'rule'])
  switchboard.stop()
})
