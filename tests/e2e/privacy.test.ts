// A caller who asks for privacy (RFC 3323, RFC 3325) is anonymous also where followme is dead, or was when they came, although
// the carrier has told Asterisk the number.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../sandbox/child'
import { ready } from './served'
import { number, useWorld } from './world'

const world = useWorld({
  readable: true,
  withoutApp: true,
  globals: { FOLLOWME_CLAIM_SECONDS: '20' },
  configure: (etc) => {
    const file = join(etc, 'pjsip.conf')
    const text = readFileSync(file, 'utf8')
    const edit = '; EDIT if the carrier sends the caller in P-Asserted-Identity: trust_id_inbound = yes'
    if (!text.includes(edit)) throw new Error('pjsip.conf has no such line to edit')
    writeFileSync(file, text.replace(edit, 'trust_id_inbound = yes'))
  }
})
afterEach(async () => {
  await world.stopApp()
  world.sql('DELETE FROM calls; DELETE FROM failsafe; DELETE FROM virtual_numbers; DELETE FROM caller_lists')
})

const asserted = 'P-Asserted-Identity: "Real" <sip:+14155550123@192.0.2.10>'
const hidden = { headers: [asserted, 'Privacy: id'], expect: [200, 486] }

/** Alice rings for everybody, bob for the anonymous alone. */
function rules(): void {
  world.rule([['PJSIP/alice']])
  world.sql(`INSERT INTO caller_lists VALUES ('hidden'); INSERT INTO caller_list_entries VALUES ('hidden', 'anonymous');
    INSERT INTO rules (number, name, position, callers) VALUES ('${number}', 'hidden', 5, 'hidden');
    INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES ('${number}', 'hidden', 1, 'PJSIP/bob', 20)`)
}

async function isHiddenFrom(invites: readonly (string | undefined)[], lines: readonly unknown[]): Promise<void> {
  await until('the record to be closed', async () => {
    const [record] = await world.records()
    return record?.call.endedAt != null
  })
  const records = await world.settle()
  expect(records).toHaveLength(1)
  expect(records[0]?.call).toMatchObject({ callerNumber: 'anonymous', callerName: '' })
  const told = JSON.stringify([records, invites, lines, world.logged])
  expect(told).toContain('anonymous')
  expect(told).not.toMatch(/5550123|Real/)
}

test('a withheld number stays hidden in the failsafe, from the target and in the record', async () => {
  rules()
  await world.startApp()
  await until('the failsafe to be kept', async () =>
    (await world.asterisk.cli(`realtime load followme_failsafe entry ${number}/2`)).includes('busy')
  )
  await world.stopApp()
  const alice = await world.phone('alice', { kind: 'refuse', code: 486 })
  await world.call(hidden)
  // Everybody without a list: the failsafe knows no callers.
  const invites = alice.calls().map(({ invite }) => invite.raw)
  expect(invites).toHaveLength(1)
  await world.startApp()
  await isHiddenFrom(invites, [])
})

test('a withheld number stays hidden after a takeover while a phone rings', async () => {
  rules()
  const bob = await world.phone('bob', { kind: 'answer', afterMs: 3000, hangupAfterMs: 1000 })
  const served = await ready(world)
  const call = world.dial(hidden)
  await until('bob to ring', async () => (await world.records())[0]?.attempts[0]?.ringingAt != null)
  served.child.kill('SIGKILL')
  await served.exited
  await world.startApp()
  await call.finished
  const invites = bob.calls().map(({ invite }) => invite.raw)
  await isHiddenFrom(invites, served.lines)
  expect((await world.records())[0]?.call).toMatchObject({ rule: 'hidden', answeredBy: 'PJSIP/bob' })
})

test("a withheld number stays hidden if followme was killed before it read the call's arrival", async () => {
  rules()
  const bob = await world.phone('bob', { kind: 'refuse', code: 486 })
  const served = await ready(world)
  served.child.kill('SIGSTOP')
  const call = world.dial(hidden)
  await until('the caller to wait', async () =>
    (await world.asterisk.cli('core show channels concise')).includes('!Stasis!')
  )
  served.child.kill('SIGKILL')
  await served.exited
  await world.startApp()
  await call.finished
  const invites = bob.calls().map(({ invite }) => invite.raw)
  expect(invites).toHaveLength(1)
  await isHiddenFrom(invites, served.lines)
  expect((await world.records())[0]?.call).toMatchObject({ rule: 'hidden', failsafeAt: null })
})
