// A phone with several devices, on a real Asterisk: all of them ring, as one target, live and in the failsafe.
import { until } from '../sandbox/child'
import { useKeptPlan } from './kept-plan'
import { addPhones, registers } from './two-phones'
import { number, useWorld } from './world'

const world = useWorld({ readable: true, withoutApp: true, configure: addPhones })
const plan = useKeptPlan(world)
afterEach(async () => {
  await world.stopApp()
  await world.settle()
  world.sql('DELETE FROM calls')
})

const answers = { kind: 'answer', hangupAfterMs: 400 } as const
const rings = { kind: 'ring' } as const
const busy = { kind: 'refuse', code: 486 } as const

let isLive = true

async function begun(): Promise<void> {
  isLive = true
  world.logged.splice(0)
  await world.startApp()
  await until('the connection', () => world.logged.some((line) => line.includes('connected to Asterisk')))
}

/** Decides and carries out; or is gone, and has left Asterisk what to ring. */
const forms = {
  live: begun,
  failsafe: async () => {
    await begun()
    const kept = plan().prepare('SELECT count(*) FROM failsafe WHERE number = ?').pluck()
    const planned = plan().prepare('SELECT count(DISTINCT step) + 1 FROM targets WHERE number = ?').pluck()
    await until('the plan', () => kept.get(number) === planned.get(number))
    await world.stopApp()
    isLive = false
  }
}

/** The last call, from its records: followme takes in what the failsafe has noted. */
async function recorded() {
  const wasLive = isLive
  if (!wasLive) await begun()
  await until('the record', async () => (await world.records()).at(-1)?.call.endedAt != null)
  const last = (await world.settle()).at(-1)
  if (last === undefined) throw new Error('no call was recorded')
  if (!wasLive) await world.stopApp()
  isLive = wasLive
  return { ...last.call, attempts: last.attempts }
}

describe.each(Object.entries(forms))('%s', (form, begins) => {
  test('both devices ring, the first to answer gets the call, and the other shows no missed call', async () => {
    world.rule([['PJSIP/two']])
    const alice = await world.phone('alice', rings)
    const bob = await world.phone('bob', { ...answers, afterMs: 300 })
    await begins()
    const call = world.dial({ hangupAfterMs: 500 })
    expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
    expect([alice.calls().length, bob.calls().length]).toEqual([1, 1])
    expect(alice.calls()[0]).toMatchObject({ end: { method: 'CANCEL' } })
    if (form === 'live') expect(alice.calls()[0]?.end?.header('Reason')).toMatch(/completed elsewhere/)
    const { outcome, answeredBy, attempts } = await recorded()
    expect({ outcome, answeredBy }).toEqual({ outcome: 'answered', answeredBy: 'PJSIP/two' })
    expect(attempts).toMatchObject([{ dial: 'PJSIP/two', outcome: 'answered' }])
    expect(attempts[0]?.contact).toMatch(/^PJSIP\/two\/sip:bob@127\.0\.0\.1:\d+$/)
  })

  test('a busy device does not stop the others', async () => {
    world.rule([['PJSIP/two'], ['PJSIP/carol']])
    await world.phone('alice', busy)
    await world.phone('bob', { ...answers, afterMs: 800 })
    const carol = await world.phone('carol', answers)
    await begins()
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    expect(carol.calls()).toEqual([])
    expect((await recorded()).attempts).toMatchObject([{ outcome: 'answered' }])
  })

  test('if all devices are busy, the target is busy and the next step rings immediately', async () => {
    world.rule([['PJSIP/two@20'], ['PJSIP/carol']])
    await world.phone('alice', busy)
    await world.phone('bob', { ...busy, afterMs: 200 })
    await world.phone('carol', answers)
    await begins()
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    const { attempts } = await recorded()
    expect(attempts).toMatchObject([{ outcome: 'busy', contact: null }, { outcome: 'answered' }])
    expect((attempts[0]?.endedAt ?? 0) - (attempts[0]?.startedAt ?? 0)).toBeLessThan(10_000)
  })

  test('an unreachable device does not keep the others from ringing', async () => {
    world.rule([['PJSIP/half']])
    await world.phone('alice', { ...answers, afterMs: 300 })
    await begins()
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    expect((await recorded()).attempts).toMatchObject([{ outcome: 'answered' }])
  })

  test('all ten devices ring, and any of them can answer', async () => {
    world.rule([['PJSIP/ten']])
    const devices = Array.from({ length: 10 }, (_, index) => `device${String(index)}`)
    const phones = await world.carrier(
      Object.fromEntries(devices.map((each, index) => [each, index === 7 ? { ...answers, afterMs: 600 } : rings]))
    )
    await begins()
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    const rung = phones.calls().map(({ invite }) => /^INVITE sip:(\w+)@/.exec(invite.start)?.[1] ?? '')
    expect(rung.sort()).toEqual(devices)
    const { attempts } = await recorded()
    expect(attempts).toHaveLength(1)
    expect(attempts[0]?.contact).toContain('sip:device7@')
  })

  test('a phone without registered devices is immediately unavailable', async () => {
    world.rule([['PJSIP/mobile@20'], ['PJSIP/bob']])
    await world.phone('bob', answers)
    await begins()
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    const { attempts } = await recorded()
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['unavailable', 'answered'])
    expect((attempts[0]?.endedAt ?? 0) - (attempts[0]?.startedAt ?? 0)).toBeLessThan(5000)
  })

  test('a single registered device rings even if several may register', async () => {
    world.rule([['PJSIP/mobile']])
    await registers(world, 'mobile', 'carol')
    await world.phone('carol', answers)
    await begins()
    expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
    await registers(world, 'mobile', 'carol', 0)
    expect((await recorded()).attempts).toMatchObject([{ dial: 'PJSIP/mobile', outcome: 'answered' }])
  })
})

test.each(['mobile', 'single'])(
  'if PJSIP/%s registers while others ring, it rings for the remaining time',
  async (name) => {
    world.rule([[`PJSIP/${name}@20`, 'PJSIP/bob@20']])
    const bob = await world.phone('bob', rings)
    await world.startApp()
    const call = world.dial({ hangupAfterMs: 500 })
    await until('bob to ring', () => bob.calls().length === 1)
    await world.phone('carol', { ...answers, afterMs: 100 })
    await registers(world, name, 'carol')
    expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
    await registers(world, name, 'carol', 0)
    const { answeredBy, attempts } = await recorded()
    expect(answeredBy).toBe(`PJSIP/${name}`)
    expect(attempts.map(({ dial, outcome }) => [dial, outcome])).toEqual([
      ['PJSIP/bob', 'answered-elsewhere'],
      [`PJSIP/${name}`, 'answered']
    ])
  }
)

test('if the caller hangs up, no device keeps ringing', async () => {
  world.rule([['PJSIP/two']])
  const phones = [await world.phone('alice', rings), await world.phone('bob', rings)]
  await begun()
  const call = world.dial({ cancelAfterMs: 1200 })
  await call.finished
  const { outcome, attempts } = await recorded()
  expect(outcome).toBe('abandoned')
  expect(attempts).toMatchObject([{ outcome: 'cancelled' }])
  for (const phone of phones) expect(phone.calls()[0]).toMatchObject({ end: { method: 'CANCEL' } })
})
