// A switchboard with everything around it made up: what it asks of Asterisk can be read, and answered.
import type { CallListener } from '../../src/call/types'
import type { RuleStore, TelephonyEvent } from '../../src/ports'
import { Switchboard } from '../../src/engine/switchboard'
import { TargetMonitor } from '../../src/engine/target-monitor'
import { TrunkMonitor } from '../../src/engine/trunk-monitor'
import { FakeCalls, FakeClock, FakeTelephony, gateOf, rulesOf, settled } from './fakes'
import { noTargetLimits } from '../../src/rules/target-limits'
import { fakeLog } from '../fake-log'

export const number = '+14155550100'
export const caller = { number: '+15005550006', name: '' }

/** Another one over the clock, the Asterisk and the records of the first is the process after it. */
export function setUp(
  rules: RuleStore = rulesOf(number, [['PJSIP/alice'], ['PJSIP/bob']]),
  {
    clock = new FakeClock(),
    telephony = new FakeTelephony(),
    calls = new FakeCalls(),
    gate = gateOf(),
    minted = 0,
    listeners = [] as readonly CallListener[],
    mint = () => `c${String(++minted)}`,
    server = 'sales-1',
    limits = noTargetLimits
  } = {}
) {
  const log = fakeLog()
  const switchboard = new Switchboard({
    telephony,
    gate,
    trunks: new TrunkMonitor(clock, log),
    targets: new TargetMonitor({
      limits: () => limits,
      records: { talkedSince: () => [] },
      clock,
      log
    }),
    rules,
    calls,
    clock,
    log,
    callLog: () => log,
    newCallId: mint,
    maxCallSeconds: 3600,
    bareNumbers: 'auto',
    server,
    journal: calls,
    listeners
  })
  const handle = async (event: TelephonyEvent): Promise<void> => {
    switchboard.handle(event)
    await settled()
  }
  const arrive = (aLeg = '17.1', dialled = number): Promise<void> =>
    handle({ type: 'incoming', call: { aLeg, number: dialled, caller } })
  return { clock, telephony, calls, logged: log.texts, switchboard, handle, arrive }
}
