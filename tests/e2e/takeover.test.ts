// followme is killed with a call in hand, at every point of it, and the next process goes on where it was.
import { until } from '../sandbox/child'
import { useKilled, type Killed } from './killed'
import { said } from './served'

/** Where an office's Asterisk could do otherwise: these run on both. */
function takesOver({ world, served, rings, killedFor, record }: Killed): void {
  test('a ringing phone keeps ringing without being dialled again, and is bridged with the caller when it answers', async () => {
    world.rule([['PJSIP/alice'], ['PJSIP/bob']])
    const alice = await world.phone('alice', { kind: 'answer', afterMs: 4000 })
    const bob = await world.phone('bob', { kind: 'answer' })
    const call = world.dial({ hangupAfterMs: 500 })
    await rings()
    await killedFor(0)
    expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200, end: { method: 'BYE', direction: 'sent' } })
    const { call: kept, attempts } = await record()
    expect(kept).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/alice', endedBy: 'caller' })
    expect(kept.ringMs).toBeGreaterThanOrEqual(3500)
    expect(attempts).toHaveLength(1)
    expect(alice.calls()).toHaveLength(1)
    expect(bob.calls()).toEqual([])
    expect(said(served(), 'call taken over')).toBe(true)
  })

  test('a number that the policy refused when the call began is not dialled by the next process', async () => {
    world.rule([['PJSIP/alice'], ['+37120123456'], ['PJSIP/bob']])
    await world.phone('alice', { kind: 'refuse', code: 486, afterMs: 4000 })
    const carrier = await world.carrier({ '+37120123456': { kind: 'answer' } })
    await world.phone('bob', { kind: 'answer' })
    const call = world.dial({ hangupAfterMs: 300 })
    await rings()
    world.sql("INSERT INTO dial_policy (prefix, verdict) VALUES ('+371', 'allow')")
    await killedFor(0)
    await call.finished
    world.sql("DELETE FROM dial_policy WHERE prefix = '+371'")
    expect((await record()).attempts.map(({ outcome }) => outcome)).toEqual(['busy', 'refused', 'answered'])
    expect(carrier.calls()).toEqual([])
  })

  test('a target that answers while followme is not running is bridged with the caller, and the others stop ringing', async () => {
    world.rule([['PJSIP/alice', 'PJSIP/bob']])
    await world.phone('alice', { kind: 'answer', afterMs: 700 })
    const bob = await world.phone('bob', { kind: 'ring' })
    const call = world.dial({ hangupAfterMs: 300 })
    await rings()
    await killedFor(1000)
    expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
    const { call: kept, attempts } = await record()
    expect(kept).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/alice', endedBy: 'caller' })
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['answered', 'answered-elsewhere'])
    expect(bob.calls()[0]).toMatchObject({ end: { method: 'CANCEL' } })
  })

  test('a conversation continues, and when one party hangs up the other is released and the record is complete', async () => {
    world.rule([['PJSIP/alice']])
    const alice = await world.phone('alice', { kind: 'answer', hangupAfterMs: 4000 })
    const call = world.dial()
    await until('the record', async () => (await world.records()).at(-1)?.call.answeredBy === 'PJSIP/alice')
    await killedFor(0)
    expect(alice.calls()[0]?.end).toBeNull()
    expect((await call.finished).calls[0]).toMatchObject({
      finalCode: 200,
      end: { method: 'BYE', direction: 'received' }
    })
    const { call: kept } = await record()
    expect(kept).toMatchObject({ outcome: 'answered', endedBy: 'target', cause: 16 })
    expect(kept.talkMs).toBeGreaterThanOrEqual(3500)
    expect(kept.recovered).toBe(false)
  })

  test('if one party hangs up while followme is not running, the next process releases the other', async () => {
    world.rule([['PJSIP/alice']])
    await world.phone('alice', { kind: 'answer', hangupAfterMs: 700 })
    const call = world.dial()
    await until('the record', async () => (await world.records()).at(-1)?.call.answeredBy === 'PJSIP/alice')
    await killedFor(1000)
    expect((await call.finished).calls[0]).toMatchObject({ end: { method: 'BYE', direction: 'received' } })
    expect((await record()).call).toMatchObject({ outcome: 'answered', endedBy: 'target' })
  })
}

describe("Asterisk with followme's own configuration", () => {
  const taken = useKilled()
  const { world, killed, rings, killedFor, record } = taken
  takesOver(taken)

  test('a phone that was dialled, did not ring, and is gone at the takeover is not dialled again', async () => {
    world.rule([['PJSIP/carol'], ['PJSIP/bob']])
    // Not alice: what Asterisk goes on sending to a phone that says nothing would come to the next case.
    const carol = await world.phone('carol', { kind: 'silent' })
    await world.phone('bob', { kind: 'answer', hangupAfterMs: 200 })
    const call = world.dial()
    await until('carol to be dialled', async () => (await world.records())[0]?.attempts[0]?.dialledAt != null)
    await carol.waitForCall('the INVITE', () => true)
    await killed()
    const leg = (await world.records())[0]?.attempts[0]?.leg
    await world.asterisk.ari(`channels/${String(leg)}`, 'DELETE')
    await killedFor(0)
    expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
    const { call: kept, attempts } = await record()
    expect(kept).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/bob' })
    expect(attempts).toMatchObject([{ outcome: 'lost', ringingAt: null }, { outcome: 'answered' }])
    expect(carol.calls()).toHaveLength(1)
  })

  test('a ringing phone rings for its remaining time, then the next one rings', async () => {
    world.rule([['PJSIP/alice@5'], ['PJSIP/bob']])
    const alice = await world.phone('alice', { kind: 'ring' })
    await world.phone('bob', { kind: 'answer', hangupAfterMs: 200 })
    const call = world.dial()
    await rings()
    await killedFor(0)
    expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
    const { call: kept, attempts } = await record()
    expect(kept).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/bob', endedBy: 'target' })
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['no-answer', 'answered'])
    const [first] = attempts
    expect((first?.endedAt ?? 0) - (first?.startedAt ?? 0)).toBeLessThan(7000)
    expect(alice.calls()).toHaveLength(1)
  })

  test('if a phone refuses while followme is not running, the next one rings', async () => {
    world.rule([['PJSIP/alice'], ['PJSIP/bob']])
    await world.phone('alice', { kind: 'refuse', code: 486, afterMs: 700 })
    await world.phone('bob', { kind: 'answer', hangupAfterMs: 200 })
    const call = world.dial()
    await rings()
    await killedFor(1000)
    expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
    const { call: kept, attempts } = await record()
    expect(kept).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/bob' })
    expect(attempts[0]).toMatchObject({ outcome: 'lost' })
  })

  test('if the caller gives up while followme is not running, the phone stops ringing and the record is closed as recovered', async () => {
    world.rule([['PJSIP/alice']])
    const alice = await world.phone('alice', { kind: 'ring' })
    const call = world.dial({ cancelAfterMs: 1000 })
    await rings()
    await killed()
    expect((await call.finished).calls[0]).toMatchObject({ finalCode: 487 })
    await killedFor(0)
    await alice.waitForCall('the cancellation', ({ end }) => end?.method === 'CANCEL')
    expect(await record()).toMatchObject({ call: { outcome: 'lost', recovered: true } })
  })

  test('whenever followme is killed, the caller reaches a target, even if nothing was recorded yet', async () => {
    world.rule([['PJSIP/alice'], ['PJSIP/bob']])
    for (const afterMs of [0, 5, 10, 15, 20, 25, 30, 40, 60, 100]) {
      const alice = await world.phone('alice', { kind: 'answer', afterMs: 50 })
      const bob = await world.phone('bob', { kind: 'answer' })
      const dave = await world.phone('dave', { kind: 'answer' })
      const call = world.dial({ hangupAfterMs: 300 })
      await call.waitForCall('the call to begin', ({ codes }) => codes.includes(100))
      await new Promise((resolve) => setTimeout(resolve, afterMs))
      await killedFor(0)
      const { calls } = await call.finished
      const answers = [alice, bob, dave].flatMap((phone) => phone.calls().filter(({ finalCode }) => finalCode === 200))
      // The legs of a call of which there is no record yet tell whose they are.
      expect({ afterMs, code: calls[0]?.finalCode, answers: answers.length }).toEqual({
        afterMs,
        code: 200,
        answers: 1
      })
      await world.settle()
    }
    await until('every record to be closed', async () =>
      (await world.records()).every(({ call }) => call.endedAt !== null)
    )
  })
})

describe("an office's Asterisk", () => takesOver(useKilled({ office: true })))
