// What a call shows of itself to those that judge whether another one has come back.
import { callOut } from '../../src/call/loop'
import { start, step } from '../../src/call/step'
import type { Call, CallEvent } from '../../src/call/types'
import type { PlannedTarget } from '../../src/rules/hunt-plan'
import { incoming } from './given-caller'

const site = '+14155550100'
const branch = '+14155550101'
const mobile = '+447400123456'

describe('a call as far as loops are concerned', () => {
  const options = { at: 1000, maxCallSeconds: 3600 }
  const notes = { mayHaveComeFrom: 'c0', returns: 2, loopBy: undefined }
  const shown = { number: site }
  const begun = (...targets: readonly Omit<PlannedTarget, 'ringSeconds'>[]) => {
    const plan = { steps: [{ targets: targets.map((each) => ({ ringSeconds: 20, ...each })) }], fallback: 'busy' }
    return start('c1', incoming, { decision: 'rule', rule: 'day', plan, cameFrom: 'c9' }, options)[0]
  }
  const after = (call: Call, ...events: readonly CallEvent[]) =>
    callOut(
      events.reduce((current, event) => step(current, event)[0], call),
      notes
    )
  const seen = (leg: string): CallEvent => ({ at: 1500, type: 'legSeen', leg })

  test('is out once a leg through a trunk is dialled, and no longer when somebody has answered', () => {
    const call = begun({ dial: mobile, shown }, { dial: 'PJSIP/alice' })
    expect(after(call)).toBeUndefined()
    expect(after(call, seen('c1.1.2'))).toBeUndefined()
    expect(after(call, seen('c1.1.1'))).toEqual({
      ...{ id: 'c1', number: incoming.number, caller: incoming.caller.number, arrivedAt: 1000, isLooping: false },
      ...{ cameFrom: 'c9', mayHaveComeFrom: 'c0', returns: 2 },
      legs: [{ id: 'c1.1.1', numbers: [mobile], shows: site, since: 1500 }]
    })
    expect(after(call, seen('c1.1.1'), { at: 1600, type: 'legAnswered', leg: 'c1.1.2' })).toBeUndefined()
    expect(after(call, seen('c1.1.1'), { at: 1600, type: 'legGone', leg: 'c1.1.1', cause: 17 })).toBeUndefined()
  })

  test('each leg counts from its own dialling', () => {
    const call = begun({ dial: mobile }, { dial: '+447400000001' })
    const out = after(call, seen('c1.1.1'), { ...seen('c1.1.2'), at: 1800 })
    expect(out?.legs.map(({ since }) => since)).toEqual([1500, 1800])
  })

  test('shows the number of the trunk, of the target or of the caller', () => {
    const trunk = { name: 'main', dial: `PJSIP/${mobile}@main`, shown: { number: branch } }
    const showsOf = (target: Omit<PlannedTarget, 'ringSeconds'>): string | undefined =>
      after(begun(target), seen('c1.1.1'))?.legs[0]?.shows
    expect(showsOf({ dial: mobile, shown, trunks: [trunk] })).toBe(branch)
    expect(showsOf({ dial: mobile, shown })).toBe(site)
    expect(showsOf({ dial: `PJSIP/${mobile}@trunk` })).toBe(incoming.caller.number)
    const anonymous = {
      ...begun({ dial: mobile, shown }),
      incoming: { ...incoming, caller: { number: 'anonymous', name: '' } }
    }
    expect(after(anonymous, seen('c1.1.1'))?.legs[0]?.shows).toBe('anonymous')
  })

  test('is looping if a call was refused because of its caller alone', () => {
    const call = step(begun({ dial: mobile }), seen('c1.1.1'))[0]
    const isLooping = (loopBy: 'sign' | 'caller') => callOut(call, { ...notes, loopBy })?.isLooping
    expect([isLooping('sign'), isLooping('caller')]).toEqual([false, true])
  })
})
