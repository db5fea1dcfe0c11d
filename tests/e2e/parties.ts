// People with phones of their own, for the cases of a file: callers from outside, and those who are called.
import { handset, type HandsetOptions, type Handset } from '../sandbox/handset'
import type { HandsetCall } from '../sandbox/handset-call'
import { number, type World } from './world'

export interface Parties {
  /** Someone at a phone of the sandbox. Answers unless it only rings. */
  phone(name: string, options?: HandsetOptions): Promise<Handset>
  /** Someone outside; calls the virtual number. */
  caller(): Promise<{ readonly phone: Handset; readonly call: HandsetCall }>
}

/** The address that phones call from. From 127.0.0.1 comes what the carrier sends. */
const OFFICE = '127.0.0.2'

export function useParties(world: World): Parties {
  const phones: Handset[] = []
  const kept = (phone: Handset): Handset => {
    phones.push(phone)
    return phone
  }
  afterEach(() => {
    for (const phone of phones.splice(0)) phone.close()
  })
  return {
    phone: async (name, options) => {
      const port = world.asterisk.phones.get(name)
      if (port === undefined) throw new Error(`the sandbox has no phone ${name}`)
      return kept(await handset(world.asterisk, name, '127.0.0.1', port, { from: OFFICE, ...options }))
    },
    caller: async () => {
      const phone = kept(await handset(world.asterisk, '+15005550006', '127.0.0.1', 0))
      return { phone, call: phone.call(number) }
    }
  }
}

/** Resolves once each of the two has heard the other. */
export async function talk(one: HandsetCall, other: HandsetCall): Promise<void> {
  await Promise.all([one.hears(other.tone), other.hears(one.tone)])
}
