// The hunt on a real Asterisk: people ring in turn, or together, until one answers.
import { answers, useWorld } from './world'
import type { World } from './world'

/** One settled call: its record, its attempts' outcomes in order. */
async function only(world: World) {
  const stored = await world.settle()
  const last = stored.at(-1)
  if (last === undefined) throw new Error('no call was recorded')
  return { ...last.call, attempts: last.attempts, outcomes: last.attempts.map(({ outcome }) => outcome) }
}

/** Where an office's Asterisk could do otherwise: these run on both. */
function hunts(world: World): void {
  test('the first target answers, and the caller is connected with their own number and name', async () => {
    world.rule([['PJSIP/alice'], ['PJSIP/bob']])
    const alice = await world.phone('alice', { ...answers, afterMs: 100 })
    const { calls } = await world.call({ from: '"Ann Example" <sip:+442071838750@127.0.0.1>' })
    expect(calls[0]).toMatchObject({ finalCode: 200, cause: 16, end: { direction: 'received', method: 'BYE' } })
    expect(calls[0]?.codes).toContain(180)
    expect(alice.calls()[0]?.invite.header('From')).toMatch(/"Ann Example" <sip:\+442071838750@/)
    expect(await only(world)).toMatchObject({
      number: '+14155550100',
      callerNumber: '+442071838750',
      callerName: 'Ann Example',
      decision: 'rule',
      rule: 'always',
      outcome: 'answered',
      endedBy: 'target',
      cause: 16,
      answeredBy: 'PJSIP/alice',
      outcomes: ['answered']
    })
  })

  test.each([
    [486, 'busy', 17],
    [603, 'declined', 21],
    [404, 'wrong-number', 1],
    [480, 'unavailable', 19],
    [503, 'congestion', 34]
  ])('a target that answers %i is %s, and the next one rings immediately', async (code, outcome, cause) => {
    world.rule([['PJSIP/alice'], ['PJSIP/bob']])
    await world.phone('alice', { kind: 'refuse', code })
    await world.phone('bob', answers)
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    const call = await only(world)
    // Asterisk tells SIP's own code from 20.17 and 22.7 on. Without it a decline looks like a carrier's refusal.
    const tells = !/ (16|17|18|19)\./.test(await world.asterisk.cli('core show version'))
    const known = tells || code !== 603 ? outcome : 'failed'
    expect(call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/bob', outcomes: [known, 'answered'] })
    expect(call.attempts[0]).toMatchObject({ cause, sipCode: tells ? code : null, ringingAt: null })
  })

  test('a target that does not answer in time is cancelled, and the next one rings', async () => {
    world.rule([['PJSIP/alice@2'], ['PJSIP/bob']])
    const alice = await world.phone('alice', { kind: 'ring' })
    await world.phone('bob', answers)
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    const call = await only(world)
    expect(call.outcomes).toEqual(['no-answer', 'answered'])
    expect(call.attempts[0]).toMatchObject({ cause: 19, sipCode: null })
    expect(call.attempts[0]?.endedAt).toBeGreaterThanOrEqual((call.attempts[0]?.startedAt ?? 0) + 2000)
    expect(alice.calls()[0]).toMatchObject({ end: { method: 'CANCEL', direction: 'received' }, finalCode: 487 })
  })

  test('a target that redirects (302) is not followed, and the next one rings', async () => {
    world.rule([['PJSIP/alice'], ['PJSIP/bob']])
    await world.phone('alice', { kind: 'redirect', contact: 'sip:+19005550100@127.0.0.1' })
    await world.phone('bob', answers)
    const carrier = await world.carrier({ default: answers })
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    expect(await only(world)).toMatchObject({ answeredBy: 'PJSIP/bob' })
    expect(carrier.calls()).toEqual([])
  })

  test('targets of one step ring together: one answers, the other is cancelled with cause 26', async () => {
    world.rule([['PJSIP/alice', 'PJSIP/bob']])
    const alice = await world.phone('alice', { kind: 'ring' })
    await world.phone('bob', { ...answers, afterMs: 300 })
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    expect(await only(world)).toMatchObject({ answeredBy: 'PJSIP/bob', outcomes: ['answered-elsewhere', 'answered'] })
    expect(alice.calls()[0]).toMatchObject({ end: { method: 'CANCEL' }, cause: 26 })
  })

  test('a busy target does not stop the others of its step', async () => {
    world.rule([['PJSIP/alice', 'PJSIP/bob'], ['PJSIP/carol']])
    await world.phone('alice', { kind: 'refuse', code: 486 })
    await world.phone('bob', { ...answers, afterMs: 400 })
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    expect(await only(world)).toMatchObject({ answeredBy: 'PJSIP/bob', outcomes: ['busy', 'answered'] })
  })

  test('if two targets answer at the same time, one wins and the caller is never dropped', async () => {
    world.rule([['PJSIP/alice', 'PJSIP/bob']])
    for (let round = 0; round < 5; round += 1) {
      const phones = [
        await world.phone('alice', { kind: 'answer', afterMs: 200 }),
        await world.phone('bob', { kind: 'answer', afterMs: 200 })
      ]
      const { calls } = await world.call({ hangsUp: 'once-joined' })
      expect(calls[0]).toMatchObject({ finalCode: 200, end: { direction: 'sent', method: 'BYE' } })
      const call = await only(world)
      expect(call).toMatchObject({ outcome: 'answered', endedBy: 'caller' })
      expect([...call.outcomes].sort()).toEqual(['answered', 'answered-elsewhere'])
      // Whoever lost was released, with cause 26; where a 200 OK crossed the CANCEL, SIP's own clearing names no cause.
      const loser = phones[call.answeredBy === 'PJSIP/alice' ? 1 : 0]
      expect(loser?.calls()[0]).toMatchObject({ end: { direction: 'received' } })
      expect([26, null]).toContain(loser?.calls()[0]?.cause)
    }
  })

  test('a phone that answers while being cancelled (200 OK crossing CANCEL) does no harm', async () => {
    world.rule([['PJSIP/alice@1'], ['PJSIP/bob']])
    const alice = await world.phone('alice', { kind: 'answer-on-cancel' })
    await world.phone('bob', { ...answers, afterMs: 300 })
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200, cause: 16 })
    expect(await only(world)).toMatchObject({ answeredBy: 'PJSIP/bob', outcomes: ['no-answer', 'answered'] })
    expect(alice.calls()[0]).toMatchObject({ finalCode: 200, end: { method: 'BYE', direction: 'received' } })
  })
}

describe("Asterisk with followme's own configuration", () => {
  const world = useWorld()
  hunts(world)

  test.each([
    ['an endpoint that does not exist', 'PJSIP/nobody', 'unavailable'],
    ['an address where nothing listens', 'PJSIP/dave@2', 'unreachable']
  ])('%s is skipped', async (_, dial, outcome) => {
    world.rule([[dial], ['PJSIP/bob']])
    await world.phone('bob', answers)
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    expect(await only(world)).toMatchObject({ answeredBy: 'PJSIP/bob', outcomes: [outcome, 'answered'] })
  })

  test('a target that never responds to the INVITE is dropped when its ring time expires', async () => {
    // Not alice: Asterisk goes on asking for half a minute, and would ask her of the cases that follow.
    world.rule([['PJSIP/dave@1'], ['PJSIP/bob']])
    await world.phone('dave', { kind: 'silent' })
    await world.phone('bob', answers)
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    expect((await only(world)).outcomes).toEqual(['unreachable', 'answered'])
  })

  test('a number as a target is called through the trunk', async () => {
    world.rule([['+442071838750'], ['+12125550123']])
    const carrier = await world.carrier({ '+442071838750': { kind: 'refuse', code: 486 }, '+12125550123': answers })
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    expect(await only(world)).toMatchObject({ answeredBy: '+12125550123', outcomes: ['busy', 'answered'] })
    expect(carrier.calls().map(({ invite }) => invite.start)).toEqual([
      expect.stringContaining('sip:+442071838750@'),
      expect.stringContaining('sip:+12125550123@')
    ])
  })

  test('a number that the policy refuses is not dialled in any spelling, and the record says why', async () => {
    world.rule([['+23276123456', 'PJSIP/dialled'], ['+449098790000'], ['PJSIP/alice']])
    world.sql("UPDATE targets SET dial = 'PJSIP/0023276123456@trunk' WHERE dial = 'PJSIP/dialled'")
    const carrier = await world.carrier({})
    await world.phone('alice', answers)
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    const { outcomes, plan } = await only(world)
    expect(outcomes).toEqual(['refused', 'refused', 'refused', 'answered'])
    expect(JSON.stringify(plan)).toMatch(/Sierra Leone.*calls \+23276123456, which.*premium-rate/)
    expect(carrier.calls()).toEqual([])
  })

  test('a step can continue with the rules of another virtual number', async () => {
    world.rule([['PJSIP/alice'], ['number:+14155550199'], ['PJSIP/carol']])
    world.sql(`
      INSERT INTO virtual_numbers (number, label, time_zone) VALUES ('+14155550199', 'Other', 'UTC');
      INSERT INTO rules (number, name, position) VALUES ('+14155550199', 'always', 10);
      INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES ('+14155550199', 'always', 1, 'PJSIP/bob', 5)`)
    await world.phone('alice', { kind: 'refuse', code: 486 })
    await world.phone('bob', { kind: 'refuse', code: 486 })
    await world.phone('carol', answers)
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    const call = await only(world)
    expect(call.attempts.map(({ dial, outcome }) => [dial, outcome])).toEqual([
      ['PJSIP/alice', 'busy'],
      ['PJSIP/bob', 'busy'],
      ['PJSIP/carol', 'answered']
    ])
  })
})

describe("an office's Asterisk", () => {
  const world = useWorld({ office: true })
  hunts(world)

  test('both devices of a phone ring as one target', async () => {
    world.rule([['PJSIP/dave@2'], ['PJSIP/bob']])
    const dave = await world.phone('dave', { kind: 'ring' })
    await world.phone('bob', answers)
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    expect(await only(world)).toMatchObject({ answeredBy: 'PJSIP/bob', outcomes: ['no-answer', 'answered'] })
    expect(dave.calls()).toHaveLength(2)
  })
})
