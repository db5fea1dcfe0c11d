// What commands become, and in which order.
import { Effects } from '../../src/engine/effects'
import { Timers } from '../../src/engine/timers'
import { TrunkMonitor } from '../../src/engine/trunk-monitor'
import { play } from '../call/play'
import { FakeClock, FakeTelephony, gateOf, settled } from './fakes'
import { fakeLog } from '../fake-log'

test('a caller is not handed to the dialplan while a lease is being set, because the lease would cut them off there', async () => {
  const telephony = new FakeTelephony()
  let leaseIsSet = (): void => undefined
  telephony.setLease = () => new Promise((resolve) => (leaseIsSet = resolve))
  const timers = new Timers(new FakeClock(), telephony.eventBarrier, () => undefined)
  const effects = new Effects(
    telephony,
    timers,
    fakeLog(),
    () => undefined,
    () => false,
    (then) => then,
    gateOf(),
    new TrunkMonitor(new FakeClock(), fakeLog()),
    { refusalOf: () => undefined }
  )
  const { call } = play([['A']])
  effects.run(call, { type: 'setLease', seconds: 20, talking: false, talked: false })
  effects.run(call, { type: 'leaveToDialplan', fallback: { kind: 'voicemail', mailbox: '100' } })
  await settled()
  expect(telephony.asked).toEqual([])
  leaseIsSet()
  await settled()
  expect(telephony.asked).toEqual([expect.stringMatching(/^leaveToDialplan /)])
})
