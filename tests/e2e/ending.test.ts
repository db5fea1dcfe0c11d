// How calls end on a real Asterisk: whoever hangs up, at any instant, nothing is left behind.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../sandbox/child'
import { talk, useParties } from './parties'
import { useWorld } from './world'
import type { World } from './world'

const isOld = async (world: World) => (await world.asterisk.cli('core show version')).includes(' 16.')

async function last(world: World) {
  const stored = (await world.settle()).at(-1)
  if (stored === undefined) throw new Error('no call was recorded')
  return stored
}

/** Where an office's Asterisk could do otherwise: these run on both. */
function ends(world: World, { hasMusic }: { readonly hasMusic: boolean }): void {
  const parties = useParties(world)

  test('if the target hangs up, the caller is hung up with the same cause', async () => {
    world.rule([['PJSIP/alice']])
    await world.phone('alice', { kind: 'answer', hangupAfterMs: 1000 })
    const { calls } = await world.call()
    expect(calls[0]).toMatchObject({ finalCode: 200, cause: 16, end: { method: 'BYE', direction: 'received' } })
    const { call } = await last(world)
    expect(call).toMatchObject({ outcome: 'answered', endedBy: 'target', cause: 16 })
    expect(call.talkMs).toBeGreaterThan(0)
    expect((call.ringMs ?? 0) + (call.talkMs ?? 0)).toBe((call.endedAt ?? 0) - call.startedAt)
  })

  test('if the caller hangs up, the target is hung up with the same cause', async () => {
    world.rule([['PJSIP/alice']])
    const alice = await world.phone('alice', { kind: 'answer' })
    await world.call({ hangsUp: 'once-joined' })
    const { call, attempts } = await last(world)
    expect(call).toMatchObject({ outcome: 'answered', endedBy: 'caller', cause: 16 })
    expect(attempts[0]).toMatchObject({ outcome: 'answered', cause: 16 })
    expect(alice.calls()[0]).toMatchObject({ cause: 16, end: { method: 'BYE', direction: 'received' } })
  })

  test('if the target puts the caller on hold and resumes, the call continues and ends as usual', async () => {
    world.rule([['PJSIP/alice']])
    const alice = await parties.phone('alice')
    const { call: caller } = await parties.caller()
    const called = await alice.nth(0, 'up')
    await talk(caller, called)
    expect(await called.hold(true)).toBe(200)
    if (hasMusic) await caller.hearsMusic([called.tone, caller.tone])
    expect(await called.hold(false)).toBe(200)
    await talk(caller, called)
    called.hangUp()
    await until('the caller to be hung up', () => caller.state === 'over')
    expect(caller).toMatchObject({ code: 200, endedBy: 'them' })
    expect((await last(world)).call).toMatchObject({ outcome: 'answered', endedBy: 'target', cause: 16 })
  })

  test('if the caller cancels while a phone rings, the phone stops ringing', async () => {
    world.rule([['PJSIP/alice'], ['PJSIP/bob']])
    const alice = await world.phone('alice', { kind: 'ring' })
    const bob = await world.phone('bob', { kind: 'answer' })
    const caller = world.dial({ cancelAfterMs: 60_000 })
    await caller.waitForCall('ringback', ({ codes }) => codes.includes(180))
    caller.hangUp()
    expect((await caller.finished).calls[0]).toMatchObject({ finalCode: 487 })
    const { call, attempts } = await last(world)
    expect(call).toMatchObject({ outcome: 'abandoned', endedBy: 'caller', cause: 16, answeredBy: null, talkMs: null })
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['cancelled'])
    expect(alice.calls()[0]).toMatchObject({ end: { method: 'CANCEL' } })
    expect(bob.calls()).toEqual([])
  })

  test('if the caller cancels at the moment of an answer, both ends are released', async () => {
    world.rule([['PJSIP/alice'], ['PJSIP/bob']])
    for (const cancelAfterMs of [280, 285, 290, 295, 300, 303, 306, 309, 312, 315, 320, 330]) {
      const alice = await world.phone('alice', { kind: 'answer', afterMs: 300 })
      const bob = await world.phone('bob', { kind: 'answer' })
      const { exitCode, calls } = await world.call({ cancelAfterMs })
      expect({ exitCode, cancelAfterMs }).toEqual({ exitCode: 0, cancelAfterMs })
      const { call } = await last(world)
      expect(['abandoned', 'answered']).toContain(call.outcome)
      expect(call.endedBy).toBe('caller')
      expect([200, 487]).toContain(calls[0]?.finalCode)
      for (const { end } of alice.calls()) expect(end).not.toBeNull()
      expect(bob.calls()).toEqual([])
    }
  })

  test('a phone that is shown identities gets no re-INVITE when it is bridged, if Asterisk can suppress it', async () => {
    // 16 has no inhibitConnectedLineUpdates.
    const invites = (await isOld(world)) ? 2 : 1
    world.rule([['PJSIP/carol']])
    const carol = await world.phone('carol', { kind: 'answer' })
    await world.call({ hangsUp: 'once-joined' })
    await last(world)
    expect(carol.calls()[0]?.messages.filter(({ method, code }) => method === 'INVITE' && code === null)).toHaveLength(
      invites
    )
  })

  test('if somebody destroys the bridge of a conversation, it is created again and the parties hear each other', async () => {
    world.rule([['PJSIP/alice']])
    await world.phone('alice', { kind: 'answer' })
    const caller = world.dial({ hangupAfterMs: 60_000 })
    await until('the two to talk', async () => (await world.asterisk.bridges()).length === 1)
    await until('the call to be joined', () => world.bridged.length > 0)
    const [bridge = ''] = await world.asterisk.bridges()
    await world.asterisk.ari(`bridges/${bridge}`, 'DELETE')
    // The next look is in a minute; the next process looks at once.
    await world.stopApp()
    await world.startApp()
    await until('the bridge to be there again', async () => (await world.asterisk.bridges()).includes(bridge))
    expect(world.logged.some((line) => line.includes('joining the two again'))).toBe(true)
    caller.hangUp()
    await caller.finished
    expect((await last(world)).call).toMatchObject({ outcome: 'answered', endedBy: 'caller' })
  })
}

describe("Asterisk with followme's own configuration", () => {
  const world = useWorld({
    configure: (etc) =>
      appendFileSync(
        join(etc, 'pjsip.conf'),
        '\n[carol](+)\nsend_pai = yes\nsend_rpid = yes\ntrust_id_outbound = yes\ntrust_id_inbound = yes\n'
      )
  })
  ends(world, { hasMusic: false })

  test('the caller may cancel just before, while and just after the next target begins to ring', async () => {
    world.rule([['PJSIP/alice@1'], ['PJSIP/bob'], ['PJSIP/carol']])
    for (const cancelAfterMs of [985, 990, 995, 1000, 1005, 1010, 1015, 1020]) {
      await world.phone('alice', { kind: 'ring' })
      await world.phone('bob', { kind: 'ring' })
      const { calls } = await world.call({ cancelAfterMs })
      expect(calls[0]).toMatchObject({ finalCode: 487 })
      const { call, attempts } = await last(world)
      expect(call).toMatchObject({ outcome: 'abandoned', endedBy: 'caller' })
      expect(attempts.every(({ outcome }) => outcome === 'no-answer' || outcome === 'cancelled')).toBe(true)
    }
  })

  test('the caller may cancel before the first target is dialled', async () => {
    world.rule([['PJSIP/alice']])
    const before = (await world.records()).length
    for (let round = 0; round < 10; round += 1) {
      await world.phone('alice', { kind: 'ring' })
      expect((await world.call({ cancelAfterMs: round })).calls[0]).toMatchObject({ finalCode: 487 })
      await world.settle()
    }
    // A call that is cancelled before its dialplan has begun never reaches followme, and is no call to it.
    await until('one of them to be recorded', async () => (await world.records()).length > before)
    for (const { call } of (await world.settle()).slice(before)) {
      expect(call).toMatchObject({ outcome: 'abandoned', endedBy: 'caller' })
    }
  })

  test("an answered call that reaches the maximum duration is ended by the dead-man's switch, without ringing again", async () => {
    await world.stopApp()
    await world.startApp({ FOLLOWME_MAX_CALL_SECONDS: '60' })
    await until('followme to connect', () => world.app().connected)
    world.rule([['PJSIP/alice']])
    await world.phone('alice', { kind: 'answer' })
    const call = world.dial({ timeoutMs: 90_000 })
    await until('the two to talk', () => world.bridged.length > 0)
    // Sixty seconds are not waited for: the same switch, moved to now as an operator could.
    const [channel] = (await world.asterisk.channels()).filter((name) => name.includes('trunk-in'))
    const channels = (await world.asterisk.ari('channels')) as { id: string; name: string }[]
    const id = channels.find(({ name }) => name === channel)?.id ?? ''
    await world.asterisk.ari(`channels/${id}/variable?variable=TIMEOUT(absolute)&value=1`, 'POST')
    expect((await call.finished).calls[0]).toMatchObject({ end: { method: 'BYE', direction: 'received' } })
    expect((await last(world)).call).toMatchObject({ outcome: 'answered' })
  })

  test('a CANCEL with "answered elsewhere" is passed on to the phones, if Asterisk does so in time', async () => {
    // 16 first says that the caller hangs up, without a cause: the phones are not left ringing until it has one.
    const cause = (await isOld(world)) ? 16 : 26
    world.rule([['PJSIP/alice', 'PJSIP/bob']])
    const phones = [await world.phone('alice', { kind: 'ring' }), await world.phone('bob', { kind: 'ring' })]
    const caller = world.dial({
      cancelAfterMs: 60_000,
      cancelHeaders: ['Reason: Q.850;cause=26;text="Answered elsewhere"']
    })
    for (const phone of phones) await phone.waitForCall('the phone to ring', ({ codes }) => codes.includes(180))
    await caller.waitForCall('ringback', ({ codes }) => codes.includes(180))
    caller.hangUp()
    await caller.finished
    expect((await last(world)).call).toMatchObject({ outcome: 'abandoned', cause })
    for (const phone of phones) {
      const [call] = phone.calls()
      expect(call?.end).toMatchObject({ method: 'CANCEL' })
      expect(call?.end?.raw).toMatch(cause === 26 ? /cause=26|cause=200/ : /cause=16/)
    }
  })
})

describe("an office's Asterisk", () => ends(useWorld({ office: true }), { hasMusic: true }))
