// The snippet for an Asterisk one already has: included as its README says, it works and leaves the dialplan there alone.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { startAsterisk } from './asterisk'
import { uac } from './sipp'

const OWN_DIALPLAN = `
[general]
static = yes

[globals]
OWN = here

[from-trunk]
exten => _+1415XXXXXXX,1,Goto(followme,\${EXTEN},1)
exten => _+44X.,1,Answer()
 same => n,Wait(1)
 same => n,Hangup(31)
`

/** Plain: `extensions.conf` and `ari.conf` of one's own, one line added to each. FreePBX: to their `_custom` files. */
function install(etc: string, dialplanFile: string, ariFile: string): void {
  const password = readFileSync(join(etc, 'secrets/ari-password'), 'utf8')
  writeFileSync(join(etc, 'ari_followme_password.conf'), `password = ${password}\n`)
  copyFileSync(join(etc, 'existing/ari_followme.conf'), join(etc, 'ari_followme.conf'))
  const append = (file: string, text: string): void => {
    const before = existsSync(join(etc, file)) ? readFileSync(join(etc, file), 'utf8') : ''
    writeFileSync(join(etc, file), before + text)
  }
  writeFileSync(join(etc, 'extensions.conf'), OWN_DIALPLAN)
  writeFileSync(join(etc, 'ari.conf'), '[general]\nenabled = yes\n\n[someone]\ntype = user\npassword = theirs\n\n')
  if (dialplanFile !== 'extensions.conf') append('extensions.conf', `\n#include ${dialplanFile}\n`)
  if (ariFile !== 'ari.conf') append('ari.conf', `\n#include ${ariFile}\n`)
  append(dialplanFile, '\n#include extensions_followme.conf\n')
  append(ariFile, '\n#include ari_followme.conf\n')
}

test.each([
  ['a plain Asterisk', 'extensions.conf', 'ari.conf'],
  ['the custom files of FreePBX', 'extensions_custom.conf', 'ari_additional_custom.conf']
])(
  'included in %s',
  async (_, dialplanFile, ariFile) => {
    const asterisk = await startAsterisk({ configure: (etc) => install(etc, dialplanFile, ariFile) })
    try {
      expect(asterisk.complaints()).toEqual([])
      expect(await asterisk.cli('ari show users')).toMatch(/followme[^]*someone|someone[^]*followme/)
      const ours = await uac(asterisk, { number: '+14155550100' }).finished
      expect(ours.calls[0]).toMatchObject({ finalCode: 200, cause: 41 })
      const theirs = await uac(asterisk, { number: '+442071838750' }).finished
      expect(theirs.calls[0]).toMatchObject({ finalCode: 200, cause: 31 })
      expect(await asterisk.cli('dialplan show globals')).toContain('OWN=here')
    } finally {
      await asterisk.stop()
    }
  },
  120_000
)
