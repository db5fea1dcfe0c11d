// A telephone system without Asterisk, which answers at once and costs next to nothing: what is measured is followme's own.
// The first target of a call is busy; the second rings and answers.
import type { AsteriskSnapshot, Telephony, TelephonyEvent } from '../../src/ports'

const busy = 17
const normalClearing = 16

export class LivePort implements Telephony {
  /** Callers who have somebody to talk to hang up at once; others stay until they are made to. */
  hangsUp = true
  /** Callers who talk to somebody. */
  readonly talking = new Set<string>()
  /** Callers who were sent back to the dialplan. */
  left = 0
  /** Legs that have not ended, the callers' among them. */
  private readonly legs = new Set<string>()
  private readonly engaged = new Set<string>()

  constructor(
    private readonly busyTarget: string,
    private readonly tell: (event: TelephonyEvent) => void
  ) {}

  get up(): number {
    return this.legs.size
  }

  arrive(aLeg: string, number: string, caller: string): void {
    this.legs.add(aLeg)
    this.tell({ type: 'incoming', call: { aLeg, number, caller: { number: caller, name: '' } }, at: Date.now() })
  }

  /** One side hangs up, or is hung up on. */
  async end(leg: string, cause = normalClearing): Promise<void> {
    this.talking.delete(leg)
    if (this.legs.delete(leg)) this.soon({ type: 'legGone', leg, cause })
  }

  createLeg = async (leg: string, dial: string): Promise<void> => {
    this.legs.add(leg)
    if (dial === this.busyTarget) this.engaged.add(leg)
    this.soon({ type: 'legSeen', leg })
  }

  mayHaveSeveralContacts = (): Promise<boolean> => Promise.resolve(false)
  contactsOf = (): Promise<readonly string[]> => Promise.resolve([])

  dialLeg = async (leg: string): Promise<void> => {
    if (this.engaged.delete(leg)) return this.end(leg, busy)
    this.soon({ type: 'legRinging', leg })
    this.soon({ type: 'legAnswered', leg })
  }

  bridge = async (_bridge: string, aLeg: string): Promise<void> => {
    this.talking.add(aLeg)
    if (this.hangsUp) setImmediate(() => void this.end(aLeg))
  }

  leaveToDialplan = async (): Promise<void> => {
    this.left += 1
  }

  hangUp = (leg: string, cause: number): Promise<void> => this.end(leg, cause)
  snapshot = (): Promise<AsteriskSnapshot> => Promise.resolve({ legs: new Map(), bridges: new Map() })
  ringCaller = nothing
  answerCaller = nothing
  destroyBridge = nothing
  setLease = nothing
  eventBarrier = nothing

  /** After the answer, in a turn of its own, as from a socket. */
  private soon(event: TelephonyEvent): void {
    setImmediate(this.tell, event)
  }
}

async function nothing(): Promise<void> {
  // There is nobody to hear it.
}
