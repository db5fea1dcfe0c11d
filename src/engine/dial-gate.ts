// The gate before each leg: whether its number may be dialled by the site's policy as it is now, whatever it was when the call's
// plan was made.
import { reasonOf } from '../errors'
import type { Log } from '../ports'
import type { DialPolicy } from '../rules/dial-policy'
import { dialRefusal, numbersIn } from '../rules/gate'

export interface DialGateOptions {
  /** The policy as it is now. Throws where it cannot be read. */
  readonly policy: () => DialPolicy
  readonly log: Log
}

export class DialGate {
  private latest: DialPolicy | undefined
  private fault = ''

  constructor(private readonly options: DialGateOptions) {}

  /**
   * Why this leg must not be made, with the cure, or undefined where it may be. `from` is the virtual number whose rules name the
   * target. A target without a number costs nothing.
   */
  refusalOf(_leg: string, dial: string, from: string): string | undefined {
    if (numbersIn(dial).length === 0) return undefined
    const policy = this.policyNow()
    if (policy === undefined) return `whether ${dial} may be dialled is not known: dial_policy cannot be read`
    return dialRefusal(dial, from, policy)?.reason
  }

  /** Where it cannot be read, as it was last: the plan was made by that. Undefined: it never could be. */
  private policyNow(): DialPolicy | undefined {
    const { policy, log } = this.options
    try {
      this.latest = policy()
      this.fault = ''
    } catch (error) {
      const reason = reasonOf(error)
      if (this.fault !== reason) log.warn('dial_policy cannot be read; what it last said holds', { reason })
      this.fault = reason
    }
    return this.latest
  }
}
