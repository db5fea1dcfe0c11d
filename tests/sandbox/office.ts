// An office's Asterisk, as people have it, in place of asterisk-conf/ alone: all modules, transfers, pickup, feature codes,
// music on hold, identities shown, and two devices a phone. What it adds is in office/.
import { appendFileSync, cpSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const ADDED = join(__dirname, 'office')

/** What changes in pjsip.conf: the templates of office/pjsip_office.conf come after the shipped ones, and win. */
export const officePjsip: readonly (readonly [from: string, to: string])[] = [
  ['[endpoint-base](!)\n', '#include "pjsip_office.conf"\n\n[endpoint-base](!)\n'],
  ['[trunk](endpoint-base)\n', '[trunk](endpoint-base,office-endpoint)\n'],
  ['[trunk-in](endpoint-base)\n', '[trunk-in](endpoint-base,office-endpoint)\n'],
  ['[phone](!,endpoint-base)\n', '[phone](!,endpoint-base,office-phone)\n'],
  ['max_contacts = 1\nremove_existing = yes\n', ''],
  ['[phone-aor](!)\n', '[phone-aor](!,office-aor)\n']
]

/** Makes the written configuration an office's; pjsip.conf is left to {@link officePjsip}. */
export function writeOffice(runDir: string, soundsDir: string): void {
  const etc = join(runDir, 'etc')
  cpSync(ADDED, etc, { recursive: true })
  appendFileSync(join(etc, 'extensions.conf'), '\n#include "extensions_office.conf"\n')
  symlinkSync(join(soundsDir, 'digits'), join(runDir, 'data/moh'))
}
