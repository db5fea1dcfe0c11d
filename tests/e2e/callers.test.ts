// Who calls and what was dialled, as carriers write them, on a real Asterisk that trusts its trunk.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { useWorld } from './world'

const edit = 'identify_by = ip\n; EDIT if the carrier sends the caller in P-Asserted-Identity: trust_id_inbound = yes'
const world = useWorld({
  configure: (etc) => {
    const file = join(etc, 'pjsip.conf')
    const text = readFileSync(file, 'utf8')
    if (!text.includes(edit)) throw new Error('pjsip.conf has no such line to edit')
    writeFileSync(file, text.replace(edit, 'identify_by = ip\ntrust_id_inbound = yes'))
  }
})

const asserted = 'P-Asserted-Identity: "Real" <sip:+14155550123@192.0.2.10>'

test.each([
  [[asserted, 'Privacy: id'], 'anonymous', ''],
  [[asserted, 'Privacy: id;critical'], 'anonymous', ''],
  [[asserted, 'Privacy: user;id'], 'anonymous', ''],
  [['Privacy: id'], 'anonymous', ''],
  [[asserted], '+14155550123', 'Real'],
  [[asserted, 'Privacy: none'], '+14155550123', 'Real']
])(
  'a caller with %j is %s in the record, and their number is visible nowhere',
  async (headers, callerNumber, callerName) => {
    world.rule([['PJSIP/alice']])
    await world.phone('alice', { kind: 'refuse', code: 486 })
    await world.call({ headers, expect: 486 })
    const call = (await world.settle()).at(-1)?.call
    expect(call).toMatchObject({ callerNumber, callerName, decision: 'rule' })
    expect(callerName !== '' || !world.logged.some((line) => line.includes('5550123'))).toBe(true)
  }
)

test.each(['4155550100', '14155550100', '0014155550100', '01114155550100', '+14155550100;npdi;rn=+14155550000'])(
  'a call to %s reaches the virtual number',
  async (dialled) => {
    world.rule([['PJSIP/alice']])
    const alice = await world.phone('alice', { kind: 'refuse', code: 486 })
    await world.call({ number: dialled, expect: 486 })
    expect(alice.calls()).toHaveLength(1)
    expect((await world.settle()).at(-1)?.call).toMatchObject({ number: '+14155550100', decision: 'rule' })
  }
)
