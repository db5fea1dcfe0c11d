// The contacts of phones: whether a phone can have several devices, and which are registered now.
import { phoneNameIn } from '../rules/number'
import { isObject, objectsIn, textIn } from './client/json'
import type { AriOperation, AriParameters } from './client/operations'
import { AriRequestError } from './client/transport'

interface Requester {
  request(operation: AriOperation, parameters: AriParameters): Promise<unknown>
}

/** How long Asterisk's answer about a phone's configuration is used. Then Asterisk is asked again, while calls use the old answer. */
const maxAgeMs = 60_000

/** The contacts that are dialled. No character may end the address for `Dial()` or in an argument list. */
const contactAddress = /^PJSIP\/[A-Za-z0-9_.+-]+\/sips?:[A-Za-z0-9_.+:;=@%~!*?/[\]-]+$/

export class Contacts {
  /** Whether a phone can have several devices, by its name. */
  private readonly several = new Map<string, { readonly answer: Promise<boolean>; readonly at: number }>()

  constructor(
    private readonly link: Requester,
    private readonly now: () => number = () => performance.now()
  ) {}

  forget(): void {
    this.several.clear()
  }

  /**
   * Whether `dial` is a PJSIP phone that can have several devices. Asterisk is asked at most once a minute. If it does not answer
   * in time, the answer is false, so that the call continues. Rejects only if there is no connection.
   */
  async canHaveSeveral(dial: string): Promise<boolean> {
    const name = phoneNameIn(dial)
    if (name === undefined) return false
    const known = this.several.get(name)
    if (known === undefined) return this.ask(name)
    if (this.now() - known.at >= maxAgeMs) void this.ask(name, known.answer).catch(() => undefined)
    return known.answer.catch(() => false)
  }

  /** The contacts that are reachable now, as they are dialled. Rejects with {@link AriRequestError}. */
  async of(dial: string, channelId: string): Promise<readonly string[]> {
    const name = phoneNameIn(dial)
    if (name === undefined) return []
    const variable = `PJSIP_DIAL_CONTACTS(${name})`
    const answer = await this.link.request('channels.getChannelVar', { channelId, variable })
    const contacts = isObject(answer) ? textIn(answer, 'value').split('&') : []
    return [...new Set(contacts)].filter((contact) => contactAddress.test(contact))
  }

  /** `meanwhile`: the answer for other calls until Asterisk has answered. */
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

  /** Static contacts count in addition to those that may register. */
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

  /** The values by attribute name, in order; empty if there is no such object. */
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
