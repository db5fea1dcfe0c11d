// The contacts of phones: with how many devices one may register, and with which it is registered now.
import { phoneNameIn } from '../rules/number'
import { isObject, objectsIn, textIn } from './client/json'
import type { AriOperation, AriParameters } from './client/operations'
import { AriRequestError } from './client/transport'

interface Requester {
  request(operation: AriOperation, parameters: AriParameters): Promise<unknown>
}

/** How long it holds what Asterisk has said of a phone's configuration; then it is asked again, and no call waits for that. */
const maxAgeMs = 60_000

/** What may stand in a contact: nothing that `Dial()` or an argument list would read as more than an address. */
const contactAddress = /^PJSIP\/[A-Za-z0-9_.+-]+\/sips?:[A-Za-z0-9_.+:;=@%~!*?/[\]-]+$/

export class Contacts {
  /** By the phone's name, whether it may register with several devices. */
  private readonly several = new Map<string, { readonly answer: Promise<boolean>; readonly at: number }>()

  constructor(
    private readonly link: Requester,
    private readonly now: () => number = () => performance.now()
  ) {}

  forget(): void {
    this.several.clear()
  }

  /**
   * Whether `dial` is a phone of PJSIP that may register with several devices. Asterisk is asked once a minute at most; one that does not
   * answer in time costs nobody the call. Rejects only where there is no connection.
   */
  async canHaveSeveral(dial: string): Promise<boolean> {
    const name = phoneNameIn(dial)
    if (name === undefined) return false
    const known = this.several.get(name)
    if (known === undefined) return this.ask(name)
    if (this.now() - known.at >= maxAgeMs) void this.ask(name, known.answer).catch(() => undefined)
    return known.answer.catch(() => false)
  }

  /** The contacts that can be reached now, each as it is dialled. Rejects with {@link AriRequestError}. */
  async of(dial: string, channelId: string): Promise<readonly string[]> {
    const name = phoneNameIn(dial)
    if (name === undefined) return []
    const variable = `PJSIP_DIAL_CONTACTS(${name})`
    const answer = await this.link.request('channels.getChannelVar', { channelId, variable })
    const contacts = isObject(answer) ? textIn(answer, 'value').split('&') : []
    return [...new Set(contacts)].filter((contact) => contactAddress.test(contact))
  }

  /** `meanwhile`: what others are told until Asterisk has answered. */
  private async ask(name: string, meanwhile?: Promise<boolean>): Promise<boolean> {
    const answer = this.isSeveral(name)
    const at = this.now()
    this.several.set(name, { answer: meanwhile ?? answer, at })
    try {
      const is = await answer
      this.several.set(name, { answer, at })
      return is
    } catch (error) {
      if (meanwhile === undefined) this.several.delete(name)
      if (error instanceof AriRequestError && error.status !== 'disconnected') return false
      throw error
    }
  }

  /** Contacts that are written down count beside those that may register. */
  private async isSeveral(name: string): Promise<boolean> {
    const endpoint = await this.attributes('endpoint', name)
    const aors = (endpoint.get('aors')?.[0] ?? '').split(',').map((aor) => aor.trim())
    const most = await Promise.all(
      aors.filter(Boolean).map(async (aor) => {
        const attributes = await this.attributes('aor', aor)
        return (
          Number(attributes.get('max_contacts')?.[0] ?? 0) + (attributes.get('contact') ?? []).filter(Boolean).length
        )
      })
    )
    return most.reduce((sum, each) => sum + each, 0) > 1
  }

  /** By name, in order; none where there is no such object. */
  private async attributes(objectType: string, id: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = new Map<string, string[]>()
    try {
      const answer = await this.link.request('asterisk.getObject', { configClass: 'res_pjsip', objectType, id })
      for (const each of objectsIn(answer)) {
        const name = textIn(each, 'attribute')
        found.set(name, [...(found.get(name) ?? []), textIn(each, 'value')])
      }
    } catch (error) {
      if (!(error instanceof AriRequestError) || error.status !== 404) throw error
    }
    return found
  }
}
