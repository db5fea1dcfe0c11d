// Phones with several devices, for the sandbox: each device is one of its SIPp phones, or one of the carrier's users.
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rawSip } from '../sandbox/raw-sip'
import type { World } from './world'

/** The addresses of the sandbox's own phones, and of the carrier's, by the sandbox's pjsip.conf. */
function addressesIn(etc: string): { of: (name: string) => string; carrier: string } {
  const text = readFileSync(join(etc, 'pjsip.conf'), 'utf8')
  const found = (pattern: RegExp): string => pattern.exec(text)?.[1] ?? ''
  return {
    of: (name) => found(new RegExp(`^contact = sip:${name}@(\\S+)$`, 'm')),
    carrier: found(/^contact = sip:([0-9.:]+)$/m)
  }
}

function phone(name: string, ...lines: readonly string[]): string {
  const aor = ['qualify_frequency = 0', 'max_contacts = 0', ...lines].join('\n')
  return `\n[${name}](phone)\naors = ${name}\nrewrite_contact = no\n\n[${name}](phone-aor)\n${aor}\n`
}

/**
 * `PJSIP/two` rings alice's and bob's phones; `PJSIP/half` rings alice's, after a device that is dead; `PJSIP/ten` rings ten users
 * of the carrier's, `device0` to `device9`; `PJSIP/mobile` has the devices that register, three at most; `PJSIP/single` one at most.
 */
export function addPhones(etc: string): void {
  const { of, carrier } = addressesIn(etc)
  const alice = `contact = sip:alice@${of('alice')}`
  appendFileSync(
    join(etc, 'pjsip.conf'),
    [
      phone('two', alice, `contact = sip:bob@${of('bob')}`),
      phone('half', 'contact = sip:dead@127.0.0.1:9', alice),
      phone('ten', ...Array.from({ length: 10 }, (_, index) => `contact = sip:device${String(index)}@${carrier}`)),
      phone('mobile', 'max_contacts = 3', 'remove_existing = no'),
      phone('single', 'max_contacts = 1')
    ].join('')
  )
}

/** A device registers for a phone: one of the sandbox's own, by its name. `expires` 0 takes it back. */
export async function registers({ asterisk }: World, name: string, device: string, expires = 60): Promise<void> {
  const sip = await rawSip(asterisk, '127.0.0.2')
  const contact = `Contact: <sip:${device}@127.0.0.1:${String(asterisk.phones.get(device))}>`
  const address = `<sip:${name}@127.0.0.1>`
  const dialog = [`From: ${address};tag=r`, `To: ${address}`, `Call-ID: ${name}-${device}-${String(expires)}`, contact]
  const answer = await sip.ask({
    method: 'REGISTER',
    to: 'sip:127.0.0.1',
    dialog: [...dialog, `Expires: ${String(expires)}`]
  })
  sip.close()
  if (!answer.startsWith('SIP/2.0 200')) throw new Error(answer)
}
