// Where legs ring. Asterisk puts every dialled leg without a bridge into one hidden holding bridge, and walks through all its members
// whenever one joins or leaves (res/stasis/control.c, main/bridge.c): the more legs ring, the more each of them costs. So the first
// few use that bridge, and each further leg is dialled in a holding bridge of its own, which is just as silent and is used again. A
// bridge is never destroyed with a leg in it: that would lose the leg's dial timeout.
import { randomBytes } from 'node:crypto'
import type { TelephonyEvent } from '../ports'
import type { AriOperation, AriParameters } from './client/operations'
import { AriRequestError } from './client/transport'

/** How many legs use Asterisk's own bridge. With so few, another request costs more than it saves. */
const most = 8

/** In Asterisk's own. */
const hidden = ''

interface Requester {
  readonly wakesIdleChannels: boolean
  request(operation: AriOperation, parameters: AriParameters): Promise<unknown>
}

export class HoldingBridges {
  /** The bridge of each leg that rings. */
  private readonly bridgeOf = new Map<string, string>()
  /** How many of these are in Asterisk's own. */
  private inHidden = 0
  /** Those of ours that are empty; the one that was used last is used first. */
  private free: string[] = []
  /** Those that have been empty since the last snapshot. */
  private readonly idle = new Set<string>()
  private made = 0

  /** `token`: makes the ids unique to this process, so that no process destroys another's bridges. */
  constructor(
    private readonly link: Requester,
    private readonly app: string,
    private readonly token = randomBytes(4).toString('hex')
  ) {}

  /**
   * Puts a leg that is about to be dialled into a bridge, and falls back to Asterisk's own. Rejects with
   * {@link AriRequestError} if it is unknown whether the leg is in the bridge: it may still arrive there, and would then be
   * torn from its caller, so it must not be dialled.
   */
  async place(leg: string): Promise<void> {
    if (!this.link.wakesIdleChannels || this.bridgeOf.has(leg)) return
    if (this.inHidden < most) {
      this.leave(leg)
      return
    }
    const used = this.free.pop()
    const bridge = used ?? this.newId()
    this.idle.delete(bridge)
    this.bridgeOf.set(leg, bridge)
    try {
      const isThere = used !== undefined || (await this.make(bridge))
      if (isThere) await this.link.request('bridges.addChannel', { bridgeId: bridge, channel: leg })
      else this.discard(leg, bridge)
    } catch (error) {
      this.discard(leg, bridge)
      if (!isRefusal(error)) throw error
    }
  }

  /** It has been joined to its caller, or it is gone. */
  release(leg: string): void {
    const bridge = this.bridgeOf.get(leg)
    this.bridgeOf.delete(leg)
    if (bridge === hidden) this.inHidden -= 1
    else if (bridge !== undefined) this.free.push(bridge)
  }

  onEvent(event: TelephonyEvent): void {
    if (event.type === 'legGone' || event.type === 'legLeft') this.release(event.leg)
    if (event.type === 'disconnected') this.forget()
  }

  /**
   * Destroys bridges that have been empty since the last snapshot, and those that an earlier process has left. `bridges` are
   * all that Asterisk has, with their members.
   */
  clear(bridges: ReadonlyMap<string, { readonly members: readonly string[] }>): void {
    const ours = new Set([...this.bridgeOf.values(), ...this.free])
    const left = [...bridges].filter(
      ([id, { members }]) => id.startsWith(`${this.app}.ringing.`) && members.length === 0 && !ours.has(id)
    )
    void this.destroy([...this.idle, ...left.map(([id]) => id)])
    for (const bridge of this.free) this.idle.add(bridge)
  }

  /** Destroys what is empty, since there will be no more legs. */
  async close(): Promise<void> {
    await this.destroy(this.free)
  }

  private leave(leg: string): void {
    this.bridgeOf.set(leg, hidden)
    this.inHidden += 1
  }

  /** False where it may not be there. */
  private async make(bridgeId: string): Promise<boolean> {
    const bridge = { bridgeId, type: 'holding', name: 'followme ringing' }
    return this.link.request('bridges.createWithId', bridge).then(
      () => true,
      () => false
    )
  }

  /** The bridge is of no use; the next snapshot shows what has become of it. The leg, if it still exists, has another place. */
  private discard(leg: string, bridge: string): void {
    this.free = this.free.filter((each) => each !== bridge)
    if (this.bridgeOf.get(leg) === bridge) this.leave(leg)
  }

  /** Never rejects: a bridge that could not be destroyed is in the next snapshot. */
  private async destroy(bridges: readonly string[]): Promise<void> {
    const those = new Set(bridges)
    this.free = this.free.filter((each) => !those.has(each))
    for (const each of those) this.idle.delete(each)
    await Promise.allSettled([...those].map((bridgeId) => this.link.request('bridges.destroy', { bridgeId })))
  }

  /** Events may have been missed: what we have made is in Asterisk's list, with who is in it. */
  private forget(): void {
    this.bridgeOf.clear()
    this.inHidden = 0
    this.free = []
    this.idle.clear()
  }

  private newId(): string {
    this.made += 1
    return `${this.app}.ringing.${this.token}.${String(this.made)}`
  }
}

/** Asterisk has answered, and has not done it. */
function isRefusal(error: unknown): boolean {
  return error instanceof AriRequestError && typeof error.status === 'number'
}
