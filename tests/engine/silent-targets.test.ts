// A target where nothing rings is passed over for a while, where another one follows.
import { TargetLimits } from '../../src/rules/target-limits'
import { settled } from './fakes'
import { alice, created, firstOf, looked } from './limited-target'

describe('a target where nothing rings', () => {
  /** So many calls for which Alice's phone shows nothing during its whole ring time. */
  const silent = async (calls: number, steps?: readonly (readonly string[])[]) => {
    const all = await looked(new TargetLimits([]), steps)
    for (let call = 1; call <= calls; call++) {
      await all.arrive(`17.${call}`)
      await all.handle({ type: 'legSeen', leg: `c${call}.1.1` })
      await all.clock.passSlowly(10_000)
      await all.handle({ type: 'legHangingUp', leg: `17.${call}`, cause: 16 })
      await all.handle({ type: 'legGone', leg: `17.${call}`, cause: 16 })
      for (const leg of [`c${call}.1.1`, `c${call}.2.1`]) await all.handle({ type: 'legGone', leg, cause: 16 })
    }
    return all
  }
  test('is passed over after three calls for two minutes, and then one call tries it', async () => {
    const all = await silent(3)
    const until = all.clock.now() + 120_000
    await all.arrive('17.4')
    expect(created(all).at(-1)).toBe('c4.2.1 PJSIP/bob')
    expect(firstOf(all, 'c4')).toMatchObject({
      outcome: 'limited',
      reason: `PJSIP/alice is passed over until ${new Date(until).toISOString()}: nothing rang there during its latest calls`
    })
    expect(all.logged.filter((line) => line.includes('nothing rings at PJSIP/alice'))).toHaveLength(1)
    await all.clock.passSlowly(120_000)
    await all.arrive('17.5')
    await all.arrive('17.6')
    expect(created(all).slice(-2)).toEqual(['c5.1.1 PJSIP/alice', 'c6.2.1 PJSIP/bob'])
    await all.handle({ type: 'legSeen', leg: 'c5.1.1' })
    await all.handle({ type: 'legRinging', leg: 'c5.1.1' })
    await all.arrive('17.7')
    expect(created(all).at(-1)).toBe('c7.1.1 PJSIP/alice')
    all.switchboard.stop()
  })
  test('is tried on all its devices after the rest, and rests again if nothing rings there either', async () => {
    const all = await silent(3)
    await all.clock.passSlowly(120_000)
    all.telephony.contacts.set(alice, ['PJSIP/alice/sip:1', 'PJSIP/alice/sip:2'])
    await all.arrive('17.4')
    await settled()
    const legs = ['c4.1.1', 'c4.1.c2.1']
    expect(created(all).slice(-2).sort()).toEqual(['c4.1.1 PJSIP/alice/sip:1', 'c4.1.c2.1 PJSIP/alice/sip:2'])
    for (const leg of legs) await all.handle({ type: 'legSeen', leg })
    await all.clock.passSlowly(10_000)
    await all.arrive('17.5')
    expect(firstOf(all, 'c5')?.reason).toContain('PJSIP/alice is passed over until')
    // The caller of the next try hangs up: that says nothing, and the call after it may try.
    await all.clock.passSlowly(120_000)
    await all.arrive('17.6')
    await settled()
    await all.handle({ type: 'legHangingUp', leg: '17.6', cause: 16 })
    await all.arrive('17.7')
    await settled()
    expect(created(all).at(-1)).toContain('c7.1.')
    all.switchboard.stop()
  })
  test.each<[string, number, readonly (readonly string[])[] | undefined]>([
    ['twice only', 2, undefined],
    ['in the last step', 3, [[alice]]],
    ['beside another target', 3, [[alice, 'PJSIP/carol'], ['PJSIP/bob']]]
  ])('is called again if that was %s', async (_what, calls, steps) => {
    const all = await silent(calls, steps)
    await all.arrive('17.9')
    expect(created(all).some((each) => each === `c${calls + 1}.1.1 PJSIP/alice`)).toBe(true)
    all.switchboard.stop()
  })
})
