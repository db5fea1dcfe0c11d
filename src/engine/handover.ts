// Hands calls over to the failsafe: calls that cannot be claimed, and calls that still ring when followme shuts down.
import { Cause } from '../call/cause'
import { currentLeg } from '../call/places'
import { reasonOf } from '../errors'
import { type IncomingCall, type Log, type Telephony, TelephonyError } from '../ports'
import type { CallRunner } from './call-runner'
import { failsafeTarget } from './fallback-targets'
import { asDialled } from './resolve-incoming'

export class Handover {
  private count = 0

  constructor(
    private readonly telephony: Telephony,
    private readonly log: Log
  ) {}

  /** How many calls were handed over. */
  get declined(): number {
    return this.count
  }

  /** Sends a caller to the failsafe: a static destination is better than silence. Never rejects. */
  async decline({ aLeg, number: dialled }: IncomingCall, why: string): Promise<void> {
    const number = asDialled(dialled)
    this.count += 1
    this.log.warn('call left to the failsafe', { number, why })
    try {
      await this.telephony.leaveToDialplan(aLeg, failsafeTarget(number))
    } catch (error) {
      if (error instanceof TelephonyError && error.failure === 'gone') return
      // Nobody renews the claim timeout: when it runs out, the failsafe takes the call anyway.
      this.log.warn('a call could not be left to the failsafe', { number, reason: reasonOf(error) })
    }
  }

  /** Stops the phones of a call, and sends its caller to the failsafe. */
  async letGo(runner: CallRunner): Promise<void> {
    runner.stop()
    await Promise.all(runner.legs.map((leg) => this.clearAway(currentLeg(leg))))
    await this.decline({ ...runner.incoming, aLeg: runner.callerLeg }, 'shutting down')
  }

  /** Hangs up a leg of ours that nobody waits for any more. Never rejects. */
  async clearAway(leg: string): Promise<void> {
    try {
      await this.telephony.hangUp(leg, Cause.normalClearing)
    } catch (error) {
      this.log.debug('a leg could not be hung up', { leg, reason: reasonOf(error) })
    }
  }
}
