// Two who talked, and whom a look finds apart: somebody has destroyed their bridge, or taken one out of it.
import type { SnapshotLeg } from '../../src/ports'
import { settled } from './fakes'
import { setUp } from './set-up'

describe('a bridge destroyed or left during a conversation', () => {
  const up = { state: 'up', controlled: true } as const
  const two: readonly (readonly [string, SnapshotLeg])[] = [
    ['17.1', { ...up, ours: false }],
    ['c1.1.1', { ...up, ours: true, ringsFor: '17.1' }]
  ]
  const bridgeOf = (...members: string[]) => new Map([['c1.bridge', { ours: true, members }]])
  const together = { legs: new Map(two), bridges: bridgeOf('17.1', 'c1.1.1') }

  async function talking() {
    const set = setUp()
    await set.handle({ type: 'connected' })
    await set.arrive()
    await set.handle({ type: 'legSeen', leg: 'c1.1.1' })
    set.telephony.present = together
    await set.handle({ type: 'legAnswered', leg: 'c1.1.1' })
    set.telephony.asked.length = 0
    return set
  }

  test.each([
    ['destroyed', { ...together, bridges: new Map() }],
    ['left by one', { ...together, bridges: bridgeOf('17.1') }],
    ['left by both', { ...together, bridges: bridgeOf() }]
  ])(
    '%s: the next snapshot bridges the parties again, and the one after it leaves them alone',
    async (_how, present) => {
      const { telephony, clock, switchboard } = await talking()
      telephony.present = present
      clock.pass(60_000)
      await settled()
      expect(telephony.asked).toEqual(['bridge c1.bridge 17.1 c1.1.1'])
      telephony.present = together
      clock.pass(1000)
      await settled()
      expect(telephony.asked).toEqual(['bridge c1.bridge 17.1 c1.1.1'])
      switchboard.stop()
    }
  )

  test.each([
    ['a foreign channel is in the bridge', { ...together, bridges: bridgeOf('17.1', '99.9') }],
    [
      'the target has left Stasis',
      { legs: new Map([...two, ['c1.1.1', { ...up, ours: false, controlled: false }]]), bridges: new Map() }
    ]
  ])('if %s, nobody is bridged', async (_why, present) => {
    const { telephony, clock, switchboard } = await talking()
    telephony.present = present
    clock.pass(60_000)
    await settled()
    expect(telephony.asked.filter((each) => each.startsWith('bridge'))).toEqual([])
    switchboard.stop()
  })

  test('a process that takes over the conversation bridges the parties again', async () => {
    const first = await talking()
    first.switchboard.stop()
    first.telephony.present = { ...together, bridges: new Map() }
    const next = setUp(undefined, first)
    await next.handle({ type: 'connected' })
    expect(next.telephony.asked).toContain('bridge c1.bridge 17.1 c1.1.1')
    next.switchboard.stop()
  })

  test('a conversation that began while the snapshot was being taken does not count as parted', async () => {
    const set = setUp()
    await set.handle({ type: 'connected' })
    await set.arrive()
    await set.handle({ type: 'legSeen', leg: 'c1.1.1' })
    let list = (): void => undefined
    set.telephony.snapshot = () => new Promise((resolve) => (list = () => resolve({ ...together, bridges: new Map() })))
    await set.handle({ type: 'connected' })
    await set.handle({ type: 'legAnswered', leg: 'c1.1.1' })
    list()
    await settled()
    expect(set.telephony.asked.filter((each) => each.startsWith('bridge'))).toEqual(['bridge c1.bridge 17.1 c1.1.1'])
    set.switchboard.stop()
  })
})
