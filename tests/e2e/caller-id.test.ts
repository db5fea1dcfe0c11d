// Who the people called see as the caller, by what a phone and the carrier receive: live, from a process that took the call over, and
// from the failsafe.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../sandbox/child'
import { useKeptPlan } from './kept-plan'
import { ready } from './served'
import { number, useWorld } from './world'

const mobile = '+447400123456'
const office = '+14155550199'
/** Both endpoints tell and take identities: what a carrier asserts about who answers would go on to the caller. */
const identities = 'trust_id_inbound = yes\ntrust_id_outbound = yes\nsend_pai = yes'
const world = useWorld({
  readable: true,
  withoutApp: true,
  globals: { FOLLOWME_CLAIM_SECONDS: '20' },
  configure: (etc) => {
    const file = join(etc, 'pjsip.conf')
    const edits = [
      ['identify_by = ip\n; EDIT if the carrier wants', `identify_by = ip\n${identities}\n; `],
      ['; EDIT if the carrier sends the caller in P-Asserted-Identity: trust_id_inbound = yes', identities]
    ] as const
    const text = edits.reduce(
      (before, [from, to]) => {
        if (!before.includes(from)) throw new Error(`pjsip.conf has no such line to edit: ${from}`)
        return before.replace(from, to)
      },
      readFileSync(file, 'utf8')
    )
    writeFileSync(file, text)
  }
})
const plan = useKeptPlan(world)
afterEach(async () => {
  await world.stopApp()
  await world.settle()
  world.sql('DELETE FROM calls; DELETE FROM failsafe; DELETE FROM virtual_numbers')
})

const asserted = 'P-Asserted-Identity: "Ann: A, (B)?" <sip:+14155550123@192.0.2.10>'
const shown = { headers: [asserted], expect: 486 }
const withheld = { headers: [asserted, 'Privacy: id'], expect: 486 }

/** What of an INVITE names a caller: the display name and user of From and P-Asserted-Identity, Privacy and Alert-Info. */
function identity(invite: string): Record<string, string> {
  const found = Array.from(invite.matchAll(/^(From|P-Asserted-Identity|Privacy|Alert-Info): *([^\r\n]*)/gim))
  return Object.fromEntries(
    found.map(([, header = '', value = '']) => [
      header,
      value
        .replace(/@[^>]*/, '')
        .replace(/;tag=.*$/, '')
        .replace(/^<sip:(.*)>$/, '$1')
    ])
  )
}

const name = '"Ann: A, (B)?"'
const anonymous = '"Anonymous" <sip:anonymous>'

/** Policy, caller, and what the phone and the carrier see. */
const cases: readonly (readonly [string, object, Record<string, string>, Record<string, string>])[] = [
  ['', shown, { From: `${name} <sip:+14155550123>` }, { From: number, 'P-Asserted-Identity': number }],
  ['', withheld, { From: anonymous }, { From: anonymous, 'P-Asserted-Identity': number, Privacy: 'id' }],
  [
    `caller_id = '${office}', name_prefix = 'Sales: ', alert_info = '<http://127.0.0.1/Bellcore-dr2>;x=1,2'`,
    shown,
    { From: '"Sales: Ann: A, (B)?" <sip:+14155550123>', 'Alert-Info': '<http://127.0.0.1/Bellcore-dr2>;x=1,2' },
    { From: office, 'P-Asserted-Identity': office }
  ],
  [
    "name_prefix = 'Sales (London): ${CALLERID(num)} '",
    { expect: 486 },
    { From: '"Sales (London): ${CALLERID(num)} +15005550006" <sip:+15005550006>' },
    { From: number, 'P-Asserted-Identity': number }
  ],
  [
    "caller_id_policy = 'caller'",
    shown,
    { From: `${name} <sip:+14155550123>` },
    { From: `${name} <sip:+14155550123>`, 'P-Asserted-Identity': `${name} <sip:+14155550123>` }
  ],
  [
    `caller_id_policy = 'number', caller_id = '${office}'`,
    shown,
    { From: `${name} <sip:${number}>` },
    { From: number, 'P-Asserted-Identity': number }
  ],
  [
    `caller_id_policy = 'fixed', caller_id = '${office}', name_prefix = 'Sales: '`,
    withheld,
    { From: anonymous },
    { From: anonymous, 'P-Asserted-Identity': office, Privacy: 'id' }
  ]
]

function given(policy: string, steps: readonly (readonly string[])[]): void {
  world.rule(steps)
  world.sql(
    `INSERT OR IGNORE INTO virtual_numbers (number, label, time_zone, enabled) VALUES ('${office}', 'Office', 'UTC', 0)`
  )
  if (policy !== '') world.sql(`UPDATE virtual_numbers SET ${policy} WHERE number = '${number}'`)
}

/** A phone and the carrier that refuse, and what each of them has seen. */
async function refusing(): Promise<() => readonly [unknown, unknown]> {
  const alice = await world.phone('alice', { kind: 'refuse', code: 486 })
  const carrier = await world.carrier({ [mobile]: { kind: 'refuse', code: 486 } })
  const seen = (handle: typeof alice): unknown => handle.calls().map(({ invite }) => identity(invite.raw))
  return () => [seen(alice), seen(carrier)]
}

async function connected(): Promise<void> {
  const before = world.logged.length
  await world.startApp()
  await until('followme to be connected', () =>
    world.logged.slice(before).some((line) => line.includes('connected to Asterisk'))
  )
}

/** followme has stored the plan for Asterisk, and is gone. */
async function failsafeHasThePlan(): Promise<void> {
  await world.startApp()
  await until(
    'the failsafe to have the plan',
    () => plan().prepare('SELECT 1 FROM failsafe WHERE number = ? AND step = 2').get(number) !== undefined
  )
  await world.stopApp()
}

describe.each(cases)('%s: a caller with %j', (policy, caller, phone, carrier) => {
  test('live', async () => {
    given(policy, [['PJSIP/alice', mobile]])
    const seen = await refusing()
    await connected()
    await world.call(caller)
    expect(seen()).toEqual([[phone], [carrier]])
  })

  test('from a process that has taken the call over, in the next step', async () => {
    given(policy, [['PJSIP/bob@3'], ['PJSIP/alice', mobile]])
    const seen = await refusing()
    const bob = await world.phone('bob', { kind: 'ring' })
    const served = await ready(world)
    const call = world.dial(caller)
    await until('bob to ring', () => bob.calls().length > 0)
    await until('the record to say so', async () => (await world.records())[0]?.attempts[0]?.ringingAt != null)
    served.child.kill('SIGKILL')
    await served.exited
    await world.startApp()
    await call.finished
    expect(seen()).toEqual([[phone], [carrier]])
  })

  test('in the failsafe', async () => {
    given(policy, [['PJSIP/alice', mobile]])
    const seen = await refusing()
    await failsafeHasThePlan()
    await world.call(caller)
    expect(seen()).toEqual([[phone], [carrier]])
  })
})

// A private mobile's number, as its network asserts it when the person answers.
test.each([
  ['live', connected],
  ['in the failsafe', failsafeHasThePlan]
])('the caller never learns the number of the person who answered, %s', async (_, prepare) => {
  given('', [[mobile], ['PJSIP/alice']])
  const headers = ['P-Asserted-Identity: "Private" <sip:+447400999999@192.0.2.10>']
  const carrier = await world.carrier({ [mobile]: { kind: 'answer', hangupAfterMs: 1000, headers } })
  await prepare()
  const caller = world.dial()
  await caller.finished
  expect(carrier.calls()[0]?.finalCode).toBe(200)
  const received = caller.messages().map(({ raw }) => raw)
  expect(received.join('')).toContain('SIP/2.0 200 OK')
  expect(received.filter((each) => /7400|Private/.test(each))).toEqual([])
})
