// Which responses make the failsafe try another trunk: the same as followme itself.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { attemptOutcome, isTrunkFailure } from '../../src/call/cause'

test('the dialplan of the failsafe tells the same responses apart', () => {
  const file = readFileSync(join(__dirname, '../../asterisk-conf/extensions_followme.conf'), 'utf8')
  const [, fails = '', not = ''] =
    /REGEX\("(\^SIP \(4[^"]*)" \${SAID}\)} = 1 & \${REGEX\("([^"]*)" \${SAID}\)}/.exec(file) ?? []
  for (let code = 300; code < 700; code++) {
    const said = `SIP ${code} Whatever`
    const isAboutTrunk = new RegExp(fails).test(said) && !new RegExp(not).test(said)
    expect([code, isAboutTrunk]).toEqual([code, isTrunkFailure(attemptOutcome(0, code), code)])
  }
})
