// Whatever comes over the event socket, or as the answer to a look: nothing throws, no live call is touched by what is not
// about it, and nothing is left of it. More on demand: FOLLOWME_RUNS=10000 npx jest fuzz
import fc from 'fast-check'
import { readEvent } from '../../src/ari/events'
import type { AriEvent } from '../../src/ari/events'
import { parsedJson } from '../../src/ari/client/json'
import { AriLink } from '../../src/ari/link'
import { AriTelephony } from '../../src/ari/telephony'
import type { AriHandlers } from '../../src/ari/client/transport'
import { TelephonyError } from '../../src/ports'
import { settled } from '../engine/fakes'
import { setUp } from '../engine/set-up'
import { bentMessage, bentMessages, everyMessage, oddFields, typeOf } from './odd-messages'
import { fakeLog } from '../fake-log'

const runs = Number(process.env['FOLLOWME_RUNS'] ?? 250)
const seed = Number(process.env['FOLLOWME_SEED'] ?? 20261122)
jest.setTimeout(600_000)

/** The event is what its type says, and no more than a few hundred characters of what an outsider chose. */
function isSound(event: AriEvent): boolean {
  switch (event.type) {
    case 'incoming': {
      const { aLeg, number, caller } = event.call
      return aLeg !== '' && [number, caller.number, caller.name].every((each) => each.length <= 256)
    }
    case 'legGone':
    case 'legHangingUp':
      return event.leg !== '' && Number.isFinite(event.cause)
    case 'replaced':
    case 'connected':
    case 'disconnected':
      return true
    default:
      return typeof event.leg === 'string' && event.leg !== ''
  }
}

test('the test messages include every type that Asterisk describes', () => {
  expect(everyMessage.map(typeOf)).toEqual(
    expect.arrayContaining(['StasisStart', 'CallClaimed', 'RESTResponse', 'Dial'])
  )
  expect(new Set(everyMessage.map(typeOf)).size).toBe(45)
})

test.each(everyMessage.map((message) => [typeOf(message), message]))(
  '%s, malformed in any way, is read as an event or ignored',
  (_, message) => {
    fc.assert(
      fc.property(bentMessage(message), (text) => {
        const event = readEvent(parsedJson(text))
        return event === undefined || isSound(event)
      }),
      { numRuns: runs, seed }
    )
    for (const text of oddFields(message)) {
      const event = readEvent(parsedJson(text))
      if (event !== undefined && !isSound(event)) throw new Error(text.slice(0, 1000))
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  }
)

/** Everything from the socket's text to the engine is real; Asterisk is not. */
async function givenTwoCalls() {
  const world = setUp()
  const { handle, arrive, switchboard, clock, telephony } = world
  let handlers: AriHandlers | undefined
  const connection = {
    transport: 'websocket' as const,
    request: () => Promise.resolve(undefined),
    accepts: () => true,
    wakesIdleChannels: true,
    eventBarrier: () => Promise.resolve(),
    close: () => undefined
  }
  const transport = {
    connect: (its: AriHandlers) => {
      handlers = its
      return Promise.resolve(connection)
    }
  }
  const link = new AriLink({ transport, app: 'followme', clock, log: fakeLog(), random: () => 0 })
  link.start((event) => switchboard.handle(event))
  await settled()
  await arrive('live.1')
  await handle({ type: 'legSeen', leg: 'c1.1.1' })
  await handle({ type: 'legAnswered', leg: 'c1.1.1' })
  await arrive('live.2')
  await handle({ type: 'legSeen', leg: 'c2.1.1' })
  await handle({ type: 'legRinging', leg: 'c2.1.1' })
  telephony.present = {
    legs: new Map([
      ['live.1', { state: 'up', ours: false, controlled: true }],
      ['c1.1.1', { state: 'up', ours: true, controlled: true }],
      ['live.2', { state: 'down', ours: false, controlled: true }],
      ['c2.1.1', { state: 'ringing', ours: true, controlled: true }]
    ]),
    bridges: new Map([['c1.bridge', { ours: true, members: ['live.1', 'c1.1.1'] }]])
  }
  const say = (text: string): void => {
    if (handlers === undefined) throw new Error('the link has not connected')
    handlers.message(parsedJson(text))
  }
  return { ...world, link, say }
}

test('10,000 malformed messages of every type: two live calls continue unharmed, and nothing else is left', async () => {
  const { say, link, telephony, switchboard, handle, calls, clock } = await givenTwoCalls()
  const asked = (): string[] => telephony.asked.filter((each) => / (live|c[12])\./.test(each))
  const before = asked()
  for (const text of bentMessages(10_000, seed)) {
    // It is believed, and the connection is made anew: tests/e2e/link.test.ts.
    if (readEvent(parsedJson(text))?.type !== 'replaced') say(text)
    await settled()
  }
  expect(asked()).toEqual(before)
  // Callers who were never there are given up as soon as Asterisk does not know them.
  await handle({ type: 'connected' })
  for (const each of telephony.asked.splice(0)) {
    const [, leg = ''] = /^hangUp (\S+)/.exec(each) ?? []
    await handle({ type: 'legGone', leg, cause: 16 })
  }
  expect(switchboard.liveCalls).toBe(2)
  await handle({ type: 'legAnswered', leg: 'c2.1.1' })
  for (const call of ['1', '2']) {
    await handle({ type: 'legGone', leg: `live.${call}`, cause: 16 })
    await handle({ type: 'legGone', leg: `c${call}.1.1`, cause: 16 })
    expect(calls.calls.get(`c${call}`)?.call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/alice' })
  }
  expect(switchboard.liveCalls).toBe(0)
  link.stop()
  switchboard.stop()
  expect(clock.pending).toBe(0)
})

test('a second StasisStart for a caller, even as a leg, changes nothing about the call', async () => {
  const { say, telephony, switchboard } = await givenTwoCalls()
  const before = [...telephony.asked]
  for (const id of ['live.1', 'live.2']) {
    for (const args of [['+14155550100'], ['+14155550111'], ['leg']]) {
      say(JSON.stringify({ type: 'StasisStart', args, channel: { id } }))
    }
  }
  await settled()
  expect(telephony.asked).toEqual(before)
  expect(switchboard.liveCalls).toBe(2)
})

const channel = {
  id: '1795370766.0',
  state: 'Up',
  caller: { name: 'Ann', number: '+15005550006' },
  dialplan: { app_name: 'Stasis', app_data: 'followme,+14155550100' }
}
const bridge = { id: 'c1.bridge', name: 'followme', channels: ['1795370766.0', 'c1.1.1'] }

/** Looks, where Asterisk answers this. */
function look(channels: unknown, bridges: unknown = []) {
  const request = (operation: string) => Promise.resolve(operation === 'channels.list' ? channels : bridges)
  return new AriTelephony(
    { request, accepts: () => true, wakesIdleChannels: true, eventBarrier: () => Promise.resolve() },
    'followme',
    'PJSIP/{number}@trunk'
  ).snapshot()
}

test.each<[string, unknown, unknown?]>([
  ['nothing', undefined],
  ['an object instead of a list', {}],
  ['a page of HTML', '<html>'],
  ['a number', 7],
  ['a null in a list', [channel, null]],
  ['a list within a list', [channel, [channel]]],
  ['a channel without an id', [channel, { ...channel, id: undefined }]],
  ['an id that is a number', [channel, { ...channel, id: 7 }]],
  ['a bridge whose members are not a list', [channel], [{ ...bridge, channels: 'c1.1.1' }]],
  ['a bridge whose members are not ids', [channel], [{ ...bridge, channels: [{ toString: 1 }] }]]
])('a snapshot with %s is rejected, and no leg is treated as lost', async (_, channels, bridges = []) => {
  await expect(look(channels, bridges)).rejects.toThrow(TelephonyError)
  const { telephony, handle, switchboard } = await givenTwoCalls()
  telephony.snapshot = () => look(channels, bridges)
  const before = [...telephony.asked]
  await handle({ type: 'connected' })
  expect(telephony.asked).toEqual(before)
  expect(switchboard.liveCalls).toBe(2)
})

test('a malformed list gives a snapshot with all its channels, or none', async () => {
  const lists = fc.tuple(bentMessage(JSON.stringify([channel, channel])), bentMessage(JSON.stringify([bridge])))
  await fc.assert(
    fc.asyncProperty(lists, async (texts) => {
      const [channels, bridges] = texts.map(parsedJson)
      try {
        const { legs } = await look(channels, bridges)
        const ids = (channels as { id: string }[]).map(({ id }) => id)
        expect([...legs.keys()].sort()).toEqual([...new Set(ids)].sort())
      } catch (error) {
        expect(error).toBeInstanceOf(TelephonyError)
      }
    }),
    { numRuns: runs, seed }
  )
})

test('a snapshot of 100,000 foreign channels is read quickly', async () => {
  const many = Array.from({ length: 100_000 }, (_, index) => ({ ...channel, id: String(index), dialplan: {} }))
  expect((await look(many)).legs.size).toBe(100_000)
})
