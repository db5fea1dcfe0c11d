// How the link to Asterisk waits and tries again: the delays for every chance, and the link on a clock that is turned by hand.
import fc from 'fast-check'
import { maxRetryMs, maxTakenNameRetryMs, takenNameRetryMs, retryMs } from '../../src/ari/backoff'
import { defaultLimits } from '../../src/ari/client/connection'
import { noticedWithinMs } from '../../src/ari/client/heartbeat'
import { AriLink } from '../../src/ari/link'
import { AriRequestError } from '../../src/ari/client/transport'
import type { AriConnection, AriHandlers, AriTransport } from '../../src/ari/client/transport'
import { FakeClock, settled } from '../engine/fakes'
import { fakeLog } from '../fake-log'

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('retry delays', () => {
  test('a retry comes within 5 seconds, and never immediately', () => {
    fc.assert(
      fc.property(fc.nat(), chance, (failures, random) => {
        expect(retryMs(failures, random)).toBeGreaterThanOrEqual(100)
        expect(retryMs(failures, random)).toBeLessThanOrEqual(maxRetryMs)
        expect(retryMs(failures + 1, random)).toBeGreaterThanOrEqual(retryMs(failures, random))
      })
    )
  })

  test('when many instances lose Asterisk at the same moment, their retries are spread evenly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 20 }), fc.integer({ min: 20, max: 200 }), (failures, controllers) => {
        // Chance that is spread evenly: so must the attempts be.
        const delays = Array.from({ length: controllers }, (_, index) => retryMs(failures, index / controllers))
        const first = Math.min(...delays)
        const last = Math.max(...delays)
        const tenth = (last - first) / 10
        for (let from = first; from < last; from += tenth) {
          const here = delays.filter((delay) => delay >= from && delay < from + tenth)
          expect(here.length).toBeLessThanOrEqual(Math.ceil(controllers / 10) + 1)
        }
        expect(last - first).toBeGreaterThan(retryMs(failures, 0) * 0.9)
      })
    )
  })

  test('the delay grows up to 5 minutes while another program keeps taking the application name', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 1000].map((times) => takenNameRetryMs(times, 1) / 1000)
    expect(ceilings).toEqual([10, 20, 40, 80, 160, 300, 300, 300])
    fc.assert(
      fc.property(fc.integer({ min: 1 }), chance, (times, random) => {
        expect(takenNameRetryMs(times, random)).toBeGreaterThanOrEqual(5000)
        expect(takenNameRetryMs(times, random)).toBeLessThanOrEqual(maxTakenNameRetryMs)
      })
    )
  })

  test('a half-open connection is detected within seconds', () => {
    expect(noticedWithinMs(defaultLimits)).toBeLessThan(8000)
    expect(defaultLimits.requestMs).toBeLessThan(8000)
    expect(defaultLimits.connectMs).toBeLessThan(8000)
  })
})

/** A transport that connects at once, as often as it is asked. */
class FakeTransport implements AriTransport {
  connects = 0
  handlers: AriHandlers = { message: () => undefined, closed: () => undefined }
  answer: () => Promise<unknown> = () => Promise.resolve(undefined)

  connect(handlers: AriHandlers): Promise<AriConnection> {
    this.connects += 1
    this.handlers = handlers
    return Promise.resolve({
      transport: 'http',
      request: () => this.answer(),
      accepts: () => true,
      wakesIdleChannels: true,
      eventBarrier: () => Promise.resolve(),
      close: () => undefined
    })
  }
}

function given() {
  const clock = new FakeClock()
  const transport = new FakeTransport()
  const log = fakeLog()
  const link = new AriLink({ transport, app: 'followme', clock, log, random: () => 0.5 })
  const warnings = () => log.lines.flatMap(({ level, message }) => (level === 'warn' ? [message] : []))
  return { clock, transport, warnings, link }
}

/** How long it takes until it is tried again. */
async function waited({ clock, transport }: ReturnType<typeof given>): Promise<number> {
  const { connects } = transport
  const from = clock.now()
  while (transport.connects === connects && clock.now() - from < 1_000_000) clock.pass(100)
  await settled()
  return clock.now() - from
}

test('two programs with the same application name back off from each other, and the log names the delay', async () => {
  const world = given()
  const { clock, transport, warnings, link } = world
  link.start(() => undefined)
  await settled()
  const waits: number[] = []
  for (let times = 0; times < 7; times += 1) {
    clock.pass(7000)
    transport.handlers.message({ type: 'ApplicationReplaced' })
    expect(link.connected).toBe(false)
    expect(link.trouble).toContain('another program has connected as application "followme"')
    waits.push(await waited(world))
    expect(link.connected).toBe(true)
  }
  expect(waits.map((ms) => ms / 1000)).toEqual([7.5, 15, 30, 60, 120, 225, 225])
  expect(warnings()[0]).toMatch(/FOLLOWME_ARI_APP.*retries in 8 s/)
  expect(warnings()).toHaveLength(7)
  // One that we have kept for long is ours again: the next time is the first.
  clock.pass(2 * maxTakenNameRetryMs + 1)
  transport.handlers.message({ type: 'ApplicationReplaced' })
  expect(await waited(world)).toBe(7500)
})

test('a connection lost soon after connecting is retried with growing delays, one that lasted with the shortest delay', async () => {
  const world = given()
  const { clock, transport, link } = world
  link.start(() => undefined)
  await settled()
  const waits: number[] = []
  for (let times = 0; times < 7; times += 1) {
    transport.handlers.closed('it is of no use')
    waits.push(await waited(world))
  }
  expect(waits).toEqual([200, 300, 600, 1200, 2400, 3800, 3800])
  clock.pass(maxRetryMs)
  transport.handlers.closed('the event socket failed')
  expect(await waited(world)).toBe(200)
})

test('requests that Asterisk fails are logged once a minute with the place to look; expected failures are not logged', async () => {
  const { clock, transport, warnings, link } = given()
  link.start(() => undefined)
  await settled()
  const fail = async (operation: 'channels.create' | 'channels.ring', status: number | 'timeout'): Promise<void> => {
    transport.answer = () => Promise.reject(new AriRequestError(status, 'no'))
    await expect(link.request(operation, {})).rejects.toMatchObject({ status })
  }
  await fail('channels.create', 500)
  await fail('channels.ring', 404)
  expect(warnings()).toEqual([])
  for (let times = 0; times < 50; times += 1) await fail('channels.ring', 500)
  for (let times = 0; times < 50; times += 1) await fail('channels.ring', 'timeout')
  expect(warnings()).toEqual([
    expect.stringContaining("Asterisk's own log says why"),
    expect.stringContaining('core show taskprocessors')
  ])
  clock.pass(60_000)
  await fail('channels.ring', 500)
  expect(warnings()).toHaveLength(3)
})

test.each([
  ['gone a second later: nothing is logged', 404, 0],
  ['still there: it is logged', undefined, 1],
  ['in an unknown state: it is logged', 500, 1]
])('500 for answering a leg that is %s', async (_, look, said) => {
  const { clock, transport, warnings, link } = given()
  link.start(() => undefined)
  await settled()
  const answer = async (): Promise<void> => {
    transport.answer = () => Promise.reject(new AriRequestError(500, 'Failed to answer channel'))
    await expect(link.request('channels.answer', { channelId: 'a' })).rejects.toMatchObject({ status: 500 })
  }
  for (let times = 0; times < 50; times += 1) await answer()
  expect(warnings()).toEqual([])
  transport.answer = () =>
    look === undefined ? Promise.resolve({ value: 'Up' }) : Promise.reject(new AriRequestError(look, 'no'))
  clock.pass(1000)
  await settled()
  expect(warnings()).toHaveLength(said)
  // Of others it is said then, too.
  await answer()
  transport.answer = () => Promise.resolve({ value: 'Up' })
  clock.pass(1000)
  await settled()
  expect(warnings()).toHaveLength(1)
})
