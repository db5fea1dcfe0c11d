// followme dies while it rings a later step, and nobody takes the call over: the failsafe goes on with that step.
import { until } from '../sandbox/child'
import { useKeptPlan } from './kept-plan'
import { ready } from './served'
import { useTrunks, numbersCalled, two } from './trunk-world'
import { number } from './world'

const mobile = '+447400123456'
const world = useTrunks()
const plan = useKeptPlan(world)

/** followme is killed when the phone of the second step has rung for the first time; how often each phone was then called. */
async function killedAtTheSecondStep(rings: 'bob' | 'carrier'): Promise<readonly number[]> {
  const alice = await world.phone('alice', { kind: 'refuse', code: 480, afterMs: 200 })
  const second =
    rings === 'bob' ? await world.phone('bob', { kind: 'ring' }) : await world.carrier({ default: { kind: 'ring' } })
  const carol = await world.phone('carol', { kind: 'answer', hangupAfterMs: 200 })
  const served = await ready(world)
  await until(
    'the failsafe to have the plan',
    () => plan().prepare("SELECT 1 FROM failsafe WHERE number = ? AND dial = 'PJSIP/carol'").get(number) !== undefined
  )
  const call = world.dial()
  await until('the second step to ring', () => second.calls().length > 0)
  served.child.kill('SIGKILL')
  await served.exited
  await call.finished
  return [alice, second, carol].map((phone) => numbersCalled(phone).length)
}

test('the step that was ringing rings once more, then those after it; those before it do not', async () => {
  world.rule([['PJSIP/alice'], ['PJSIP/bob@2'], ['PJSIP/carol']])
  expect(await killedAtTheSecondStep('bob')).toEqual([1, 2, 1])
})

test('so with a number that goes out through a trunk', async () => {
  world.trunks(two)
  world.rule([['PJSIP/alice'], [`${mobile}@2`], ['PJSIP/carol']])
  expect(await killedAtTheSecondStep('carrier')).toEqual([1, 2, 1])
})

test('a caller with a rule of their own, which the failsafe does not have, begins with its first step', async () => {
  world.rule([['PJSIP/alice'], ['PJSIP/carol']])
  world.sql(`INSERT INTO caller_lists VALUES ('vip'); INSERT INTO caller_list_entries VALUES ('vip', '+15005550006');
    INSERT INTO rules (number, name, position, callers) VALUES ('${number}', 'vip', 1, 'vip');
    INSERT INTO targets (number, rule, step, dial, ring_seconds)
      VALUES ('${number}', 'vip', 1, 'PJSIP/alice', 20), ('${number}', 'vip', 2, 'PJSIP/bob', 2)`)
  expect(await killedAtTheSecondStep('bob')).toEqual([2, 1, 1])
  world.sql('DELETE FROM rules; DELETE FROM caller_lists')
})
