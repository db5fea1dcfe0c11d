// A switchboard whose number rings Alice and then Bob, with limits of targets.
import { TargetLimits } from '../../src/rules/target-limits'
import { rulesOf } from './fakes'
import { number, setUp } from './set-up'

export const alice = 'PJSIP/alice'
export const limitsOf = (maxCalls: number, wrapUpSeconds = 0) =>
  new TargetLimits([{ dial: alice, maxCalls, wrapUpSeconds }])

/** Alice, then Bob; Asterisk has been looked at. */
export async function looked(limits = limitsOf(1), steps: readonly (readonly string[])[] = [[alice], ['PJSIP/bob']]) {
  const all = setUp(rulesOf(number, steps), { limits })
  await all.handle({ type: 'connected' })
  return all
}

export type Looked = Awaited<ReturnType<typeof looked>>

/** What was created, such as `c1.1.1 PJSIP/alice`. */
export const created = ({ telephony }: Looked) =>
  telephony.asked.filter((each) => each.startsWith('createLeg ')).map(rung)
const rung = (asked: string) => asked.replace('createLeg ', '')

export const firstOf = ({ calls }: Looked, call: string) => calls.calls.get(call)?.attempts[0]
