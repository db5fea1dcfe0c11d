// Where legs ring. Asterisk puts every dialled leg that is in no bridge into one hidden holding bridge, and walks through all
// who are in it whenever one comes or goes (res/stasis/control.c, main/bridge.c): the more that ring, the more each of them
// costs. So no more than a few are left to it; others are dialled in holding bridges of ours, a few in each. To Asterisk
// these are the same: nobody in one hears anything, and a leg whose bridge goes is taken back into the hidden one.
import type { TelephonyEvent } from '../core/ports'
import type { AriOperation, AriParameters } from './transport'

/** In each, and in the hidden one. Measured with 600 that rang: 8 cost Asterisk a third of what all in one do, 64 a half. */
const most = 8

interface Requester {
  request(operation: AriOperation, parameters: AriParameters): Promise<unknown>
}

export class HoldingBridges {
  /** Which bridge each leg is in that rings; 0 is the hidden one. */
  private readonly bridgeOf = new Map<string, number>()
  /** How many are in each. */
  private held: number[] = []
  /** Those of ours that Asterisk has, or is asked for. */
  private readonly made = new Map<number, Promise<unknown>>()

  constructor(
    private readonly link: Requester,
    private readonly app: string
  ) {}

  /** Finds a place for a leg that is about to be dialled. Where none can be made, Asterisk's own will do: never rejects. */
  async hold(leg: string): Promise<void> {
    if (this.bridgeOf.has(leg)) return
    const free = this.held.findIndex((legs) => legs < most)
    const index = free < 0 ? this.held.length : free
    this.held[index] = (this.held[index] ?? 0) + 1
    this.bridgeOf.set(leg, index)
    if (index === 0) return
    try {
      await (this.made.get(index) ?? this.make(index))
      await this.link.request('bridges.addChannel', { bridgeId: this.id(index), channel: leg })
    } catch {
      this.made.delete(index)
    }
  }

  /** It rings no more, or never did. */
  release(leg: string): void {
    const index = this.bridgeOf.get(leg)
    if (index === undefined) return
    this.bridgeOf.delete(leg)
    this.held[index] = (this.held[index] ?? 1) - 1
    // One that has emptied stays while it may be wanted again soon: until those before it have room for as many.
    while (this.held.at(-1) === 0 && this.bridgeOf.size <= most * (this.held.length - 2)) {
      this.held.pop()
      this.destroy(this.held.length)
    }
  }

  heard(event: TelephonyEvent): void {
    switch (event.type) {
      case 'legAnswered':
      case 'legLeft':
      case 'legGone':
        return this.release(event.leg)
      case 'disconnected':
        this.bridgeOf.clear()
        this.made.clear()
        this.held = []
        return
      default:
    }
  }

  /** Removes those that an earlier process has left; `bridges` are all that Asterisk has, with who is in them. */
  clear(bridges: ReadonlyMap<string, { readonly members: readonly string[] }>): void {
    for (const [id, { members }] of bridges) {
      const index = id.startsWith(this.id('')) ? Number(id.slice(this.id('').length)) : NaN
      if (members.length === 0 && Number.isInteger(index) && !this.made.has(index)) this.destroy(index)
    }
  }

  private make(index: number): Promise<unknown> {
    const bridge = { bridgeId: this.id(index), type: 'holding', name: this.id(index) }
    // Where an earlier process has made it, it does.
    const making = this.link.request('bridges.createWithId', bridge).catch(() => undefined)
    this.made.set(index, making)
    return making
  }

  private destroy(index: number): void {
    this.made.delete(index)
    // Gone already, or found the next time.
    if (index > 0) this.link.request('bridges.destroy', { bridgeId: this.id(index) }).catch(() => undefined)
  }

  private id(index: number | ''): string {
    return `${this.app}.ringing.${String(index)}`
  }
}
