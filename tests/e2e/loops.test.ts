// Calls that leave through the trunk and come back, on a real Asterisk: a mobile or the carrier forwards them here.
import { until } from '../sandbox/child'
import { startForwardingCarrier, type Forwarding, type ForwardingCarrier } from '../sandbox/forwarding-carrier'
import { number, useWorld } from './world'

const world = useWorld()
const other = '+14155550101'
const mobile = '+447400123456'
const colleague = '+447400123457'
let carrier: ForwardingCarrier
beforeEach(async () => {
  carrier = await startForwardingCarrier(world.asterisk)
  world.sql('DELETE FROM calls; DELETE FROM virtual_numbers')
})
afterEach(() => carrier.close())

/** Places a call to {@link number}, and gives the records once all is over, oldest first. */
async function callWith(forwardings: Readonly<Record<string, Forwarding>>, expect = 486, headers: string[] = []) {
  carrier.forwardings = forwardings
  await world.call({ expect, headers })
  return (await world.settle()).map(({ call, attempts }) => ({ ...call, attempts }))
}

function givenOther(dial: string): void {
  world.sql(`INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES ('${other}', 'UTC', 'busy');
    INSERT OR IGNORE INTO dial_policy (prefix, verdict) VALUES ('+1', 'allow');
    INSERT INTO rules (number, name, position) VALUES ('${other}', 'all', 1);
    INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES ('${other}', 'all', 1, '${dial}', 20)`)
}

test('a call that comes back with our header is refused at once, as busy, and the record names the call that it came from', async () => {
  world.rule([[mobile]])
  const [first, back, ...more] = await callWith({ [mobile]: { to: number, keeps: true } })
  expect(more).toEqual([])
  expect(back).toMatchObject({
    decision: 'loop',
    rule: null,
    outcome: 'refused',
    cause: 17,
    cameFrom: first?.id,
    reason: `call ${String(first?.id)} to ${number} has come back to it through a trunk`,
    attempts: []
  })
  expect(first?.attempts).toMatchObject([{ outcome: 'busy', cause: 17 }])
  expect(world.logged.filter((line) => line.includes('call refused, a loop'))).toHaveLength(1)
})

test('so is one whose carrier strips the header and adds Diversion', async () => {
  world.rule([[mobile]])
  const [first, back, ...more] = await callWith({ [mobile]: { to: number, diverts: true } })
  expect(more).toEqual([])
  expect(back).toMatchObject({ decision: 'loop', cameFrom: first?.id })
})

test.each([
  ['the number of the site', {}, []],
  ['the caller', {}, ["UPDATE virtual_numbers SET caller_id_policy = 'caller'"]],
  ['the mobile', { as: mobile }, []]
])(
  'without any header, two steps that lead back are ended after five calls, if the caller is %s',
  async (_, more, sql) => {
    world.rule([[mobile], [colleague]])
    for (const each of sql) world.sql(each)
    const records = await callWith({
      [mobile]: { to: number, ...more },
      [colleague]: { to: number, ...more, ...('as' in more && { as: colleague }) }
    })
    const refused = records.filter(({ decision }) => decision === 'loop')
    expect(refused.every(({ cameFrom }) => records.some(({ id }) => id === cameFrom))).toBe(true)
    expect(records.length - refused.length).toBeLessThanOrEqual(10)
    expect(records.length).toBeLessThanOrEqual(25)
    expect(refused.length).toBeGreaterThan(0)
  }
)

test('two numbers that forward to each other through the carrier each ring once', async () => {
  world.rule([[other]])
  givenOther(number)
  const [first, second, third, ...more] = await callWith({
    [other]: { to: other, keeps: true },
    [number]: { to: number, keeps: true }
  })
  expect(more).toEqual([])
  expect([first, second, third]).toMatchObject([
    { number, decision: 'rule', cameFrom: null },
    { number: other, decision: 'rule', cameFrom: first?.id },
    { number, decision: 'loop', cameFrom: second?.id }
  ])
})

test('a mobile that forwards when nobody answers comes back twice, and no more', async () => {
  world.rule([[`${mobile}@30`]])
  const records = await callWith({ [mobile]: { to: number, after: 5200 } })
  expect(records.map(({ decision }) => decision)).toEqual(['rule', 'rule', 'rule', 'loop'])
  expect(records[3]?.cameFrom).toBe(records[2]?.id)
})

test('callers without a number: a loop without any header is ended after twenty calls', async () => {
  world.rule([[mobile]])
  const records = await callWith({ [mobile]: { to: number } }, 486, ['Privacy: id'])
  const decisions = records.map(({ decision }) => decision)
  expect(decisions.filter((each) => each === 'rule')).toHaveLength(20)
  expect(decisions.at(-1)).toBe('loop')
  expect(decisions).toHaveLength(21)
})

test('five colleagues behind one number who call at once all ring', async () => {
  world.rule([[mobile]])
  const callers = world.dial({ count: 5, ratePerSecond: 100, cancelAfterMs: 3000 })
  await until('all of them to ring', () => carrier.invites.length === 5)
  await callers.finished
  const records = await world.settle()
  expect(records.map(({ call }) => call.decision)).toEqual(Array(5).fill('rule'))
})

test('a mobile that is forwarded to another number of the site reaches the phone there', async () => {
  world.rule([[mobile]])
  givenOther('PJSIP/alice')
  const alice = await world.phone('alice', { kind: 'answer' })
  carrier.forwardings = { [mobile]: { to: other, keeps: true, diverts: true } }
  await world.call({ hangupAfterMs: 300 })
  const [first, second, ...more] = await world.settle()
  expect(more).toEqual([])
  expect(alice.calls()).toHaveLength(1)
  expect(first?.call).toMatchObject({ outcome: 'answered', decision: 'rule' })
  expect(second?.call).toMatchObject({ outcome: 'answered', decision: 'rule', cameFrom: first?.call.id })
})

test.each([
  ['X-Followme: ${SHELL(id)},),("', 'Diversion: <sip:${EXTEN}@x>)):0:1},",;reason=$(1+1)'],
  [`X-Followme: ${'9'.repeat(500)}`, `Diversion: <sip:${'8'.repeat(3000)}@x>`],
  ['History-Info: <sip:,,,|&=?>;index=1,,,<>', 'Diversion: ""'],
  ['X-Followme:', 'Diversion:']
])('odd headers of a caller leave the call as it is: %#', async (...headers) => {
  world.rule([[mobile]])
  const [first, ...more] = await callWith({ [mobile]: { to: '+14155559999' } }, 486, headers)
  expect(more).toMatchObject([{ decision: 'unknown-number' }])
  expect(first).toMatchObject({ number, decision: 'rule', callerNumber: '+15005550006', attempts: [{}] })
})
