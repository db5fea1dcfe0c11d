// What both transports promise, on a real Asterisk: the same requests, the same answers, the same events. Over HTTP alone on
// one that is too old for the other: FOLLOWME_SANDBOX_SUITE=bullseye npx jest contract
import fc from 'fast-check'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { SelectedTransport } from '../../src/ari/client/select-transport'
import { wantedEvents } from '../../src/ari/events'
import { isObject, objectIn, objectsIn, textIn, textsIn } from '../../src/ari/client/json'
import type { Json } from '../../src/ari/client/json'
import { operations } from '../../src/ari/client/operations'
import type { AriConnection } from '../../src/ari/client/transport'
import { until } from '../sandbox/child'
import { app, asterisk, connect, isOld, kinds, leg, open, useAsterisk } from './contracted'

useAsterisk()

describe.each(kinds)('over %s', (kind) => {
  test('every operation of a call works from arrival to end, and events arrive in order', async () => {
    const connected = await connect(kind)
    const { connection, messages, told } = connected
    const allowed = wantedEvents.map((type) => ({ type }))
    // Asterisk 16.28 has it, too.
    await connection.request('applications.filter', { applicationName: app, filter: { allowed } })
    const aLeg = await leg(connected)
    const bLeg = await leg(connected, 'arrive')
    await connection.request('channels.dial', { channelId: bLeg, caller: aLeg, timeout: 20 })
    const isCall = (each: unknown): boolean => isObject(each) && textsIn(each, 'args')[0] === '+14155550100'
    await until('the call to arrive', () => messages.some(isCall))
    const caller = textIn(objectIn(messages.find(isCall) as Json, 'channel'), 'id')
    await connection.request('channels.ring', { channelId: caller })
    await told('ChannelStateChange', bLeg)
    await connection.request('channels.answer', { channelId: caller })
    await until('the answer', () =>
      messages.some((each) => isObject(each) && textIn(objectIn(each, 'channel'), 'id') === bLeg && isUp(each))
    )
    await connection.request('bridges.createWithId', { bridgeId: 'joined', type: 'mixing', name: app })
    await connection.request('bridges.addChannel', { bridgeId: 'joined', channel: `${aLeg},${bLeg}` })
    const bridges = objectsIn(await connection.request('bridges.list', {}))
    expect(bridges.map((each) => [each['id'], each['name'], textsIn(each, 'channels').toSorted()])).toEqual([
      ['joined', app, [aLeg, bLeg].sort()]
    ])
    const channels = objectsIn(await connection.request('channels.list', {}))
    expect(channels.map((each) => each['id'])).toEqual(expect.arrayContaining([aLeg, bLeg, caller]))
    await connection.request('bridges.destroy', { bridgeId: 'joined' })
    const target = { channelId: caller, context: 'contract', extension: 'left', priority: 1 }
    await connection.request('channels.continueInDialplan', target)
    await told('StasisEnd', caller)
    const why = connection.accepts('channels.hangup', 'reason_code') ? { reason_code: '17' } : { reason: 'busy' }
    await connection.request('channels.hangup', { channelId: bLeg, ...why })
    expect(await told('ChannelDestroyed', bLeg)).toMatchObject({ cause: 17 })
    await connection.request('channels.hangup', { channelId: aLeg, ...why })
    await told('ChannelDestroyed', aLeg)
    // Asterisk 16 keeps it until those in it have gone.
    await until('the bridge to go', async () => (await asterisk.bridges()).length === 0)
    await connection.eventBarrier()
    const types = messages.filter(
      (each) => isObject(each) && [objectIn(each, 'channel'), objectIn(each, 'peer')].some(({ id }) => id === bLeg)
    )
    const order = types.map((each) => textIn(each as Json, 'type'))
    expect(order[0]).toBe('StasisStart')
    expect(order.indexOf('StasisEnd')).toBeGreaterThan(order.lastIndexOf('ChannelStateChange'))
    expect(order.at(-1)).toBe('ChannelDestroyed')
    expect(messages.every((each) => wantedEvents.some((type) => isObject(each) && each['type'] === type))).toBe(true)
  })

  test('a variable, including that of a function, keeps any value that it is set to', async () => {
    const connected = await connect(kind)
    const { connection } = connected
    const channelId = await leg(connected)
    const read = async (variable: string): Promise<unknown> =>
      ((await connection.request('channels.getChannelVar', { channelId, variable })) as { value: unknown }).value
    await connection.request('channels.setChannelVar', { channelId, variable: 'ODD', value: 'first' })
    await until('the first', () =>
      read('ODD').then(
        () => true,
        () => false
      )
    )
    await connection.request('channels.setChannelVar', { channelId, variable: 'TIMEOUT(absolute)', value: '3600' })
    // Asterisk 16 answers before it has set a variable.
    await until('the timeout', async () => /^3(600|599)/.test(String(await read('TIMEOUT(absolute)'))))
    const odd = [
      '%',
      '%41',
      'a&b=c',
      '+1415',
      'a b',
      '#?/;,',
      'ünïcode 电话📞',
      '"\\\'',
      '${EXTEN}',
      '{channelId}',
      '$&',
      '\n'
    ]
    const values = fc.sample(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), { numRuns: 30, seed: 1 })
    for (const value of [...odd, ...values.filter((each) => !each.includes('\0'))]) {
      await connection.request('channels.setChannelVar', { channelId, variable: 'ODD', value })
      await until(`ODD to be ${value}`, async () => (await read('ODD')) === value)
    }
  })

  test('a channel or a bridge may have any id', async () => {
    const connected = await connect(kind)
    const { connection, told } = connected
    for (const channelId of ['a b', 'a%2Fb', 'a+b', 'ü', 'a&b=c?d#e']) {
      await connection.request('channels.create', { endpoint: 'Local/ring@contract', app, channelId })
      await told('StasisStart', channelId)
      await connection.request('channels.setChannelVar', { channelId, variable: 'ODD', value: 'x' })
      await connection.request('channels.hangup', { channelId })
      await told('ChannelDestroyed', channelId)
    }
  })

  test('missing, foreign, existing and invalid objects each have their own status', async () => {
    const connected = await connect(kind)
    const { connection, closed } = connected
    const ours = await leg(connected)
    await connection.request('bridges.createWithId', { bridgeId: 'there', type: 'mixing', name: app })
    const other = 'others-1'
    const place = `endpoint=Local/ring@contract&context=contract&extension=left&priority=1&channelId=${other}`
    await asterisk.ari(`channels?${place}`, 'POST')
    const status = (...asked: Parameters<AriConnection['request']>): Promise<unknown> =>
      connection.request(...asked).then(
        () => 204,
        (error: unknown) => (error as { status: unknown }).status
      )
    expect({
      gone: await status('channels.hangup', { channelId: 'gone' }),
      goneBridge: await status('bridges.destroy', { bridgeId: 'gone' }),
      notOurs: await status('channels.answer', { channelId: other }),
      joinsGone: await status('bridges.addChannel', { bridgeId: 'there', channel: 'gone' }),
      joinsNotOurs: await status('bridges.addChannel', { bridgeId: 'there', channel: other }),
      joinsNowhere: await status('bridges.addChannel', { bridgeId: 'gone', channel: ours }),
      noDriver: await status('channels.create', { endpoint: 'Nothing/x', app, channelId: 'c' }),
      noEndpoint: await status('channels.create', { endpoint: 'PJSIP/nobody', app, channelId: 'c' }),
      sameId: await status('channels.create', { endpoint: 'Local/ring@contract', app, channelId: ours }),
      emptyName: await status('channels.setChannelVar', { channelId: ours, variable: '', value: 'x' }),
      noFunction: await status('channels.getChannelVar', { channelId: ours, variable: 'NO_SUCH(x)' }),
      noFilter: await status('applications.filter', { applicationName: app, filter: { allowed: 7 } })
    }).toEqual({
      gone: 404,
      goneBridge: 404,
      notOurs: 409,
      joinsGone: 400,
      joinsNotOurs: 422,
      joinsNowhere: 404,
      sameId: 409,
      noDriver: 500,
      noEndpoint: 500,
      emptyName: 400,
      noFunction: 500,
      noFilter: 400
    })
    expect(closed).toEqual([])
  })

  test('two hundred simultaneous requests each get their own answer', async () => {
    const connected = await connect(kind)
    const { connection } = connected
    const channelId = await leg(connected)
    const value = (index: number): string => `${String(index)}-${'x'.repeat(index * 10)}`
    const variables = Array.from({ length: 200 }, (_, index) => ({ channelId, variable: `V${String(index)}` }))
    await Promise.all(
      variables.map((each, index) => connection.request('channels.setChannelVar', { ...each, value: value(index) }))
    )
    const last = variables.at(-1) ?? {}
    const isThere = () =>
      connection.request('channels.getChannelVar', last).then(
        () => true,
        () => false
      )
    await until('the last of them', isThere)
    const answers = await Promise.all(variables.map((each) => connection.request('channels.getChannelVar', each)))
    expect(answers).toEqual(variables.map((_, index) => ({ value: value(index) })))
  })
})

test('Asterisk describes the operations as in our table; Asterisk 16 lacks a few parameters', async () => {
  const lacking: Record<string, string[]> = {}
  for (const [name, { method, path, parameters }] of Object.entries(operations)) {
    const [resource = '', nickname] = name.split('.')
    const { apis } = (await asterisk.ari(`api-docs/${resource}.json`)) as Description
    const places = apis.flatMap((each) => each.operations.map((operation) => ({ path: each.path, ...operation })))
    const described = places.find((each) => each.nickname === nickname)
    expect(described).toMatchObject({ path: `/${path}`, httpMethod: method })
    const names = new Set(described?.parameters?.map((each) => each.name))
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
    const missing = [...inPath, ...parameters].filter((each) => !names.has(each))
    if (missing.length > 0) lacking[name] = missing
  }
  const unknownTo16 = {
    'bridges.addChannel': ['inhibitConnectedLineUpdates'],
    'channels.hangup': ['reason_code']
  }
  expect(lacking).toEqual(isOld ? unknownTo16 : {})
})

interface Description {
  readonly apis: readonly {
    readonly path: string
    readonly operations: readonly {
      readonly httpMethod: string
      readonly nickname: string
      readonly parameters?: readonly { readonly name: string }[]
    }[]
  }[]
}

test('a closed connection leaves no application behind', async () => {
  for (const kind of kinds) (await connect(kind)).connection.close()
  await until('them to go', async () => ((await asterisk.ari('applications')) as unknown[]).length === 0)
})

test('an Asterisk too old for WebSocket requests is reported, or used over HTTP automatically', async () => {
  const address = { url: asterisk.ariUrl, user: asterisk.ariUser, password: asterisk.ariPassword, app }
  const handlers = { message: () => undefined, closed: () => undefined }
  const connection = await new SelectedTransport(address, 'auto').connect(handlers)
  open.push(connection)
  expect(connection.transport).toBe(isOld ? 'http' : 'websocket')
  if (!isOld) return
  await expect(new SelectedTransport(address, 'websocket').connect(handlers)).rejects.toThrow(
    /Asterisk 16\.\S+ at .*needs Asterisk 20\.14/
  )
})

test.each(kinds)("over %s: ari-client's libraries are loaded only if requests use HTTP", (kind) => {
  const script = `const [url, user, password] = process.argv.slice(1)
    const { SelectedTransport } = require('./dist/ari/client/select-transport')
    const quiet = { message: () => undefined, closed: () => undefined }
    new SelectedTransport({ url, user, password, app: 'libraries' }, '${kind}').connect(quiet).then((connection) => {
      connection.close()
      const names = Object.keys(require.cache).map((file) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file)?.[1])
      console.log(JSON.stringify([...new Set(names)].sort()))
    })`
  const { ariUrl, ariUser, ariPassword } = asterisk
  const printed = execFileSync(process.execPath, ['-e', script, ariUrl, ariUser, ariPassword], {
    cwd: join(__dirname, '../..'),
    encoding: 'utf8'
  })
  const loaded = (JSON.parse(printed) as (string | null)[]).filter((name) => name !== null)
  const legacy = ['ari-client', 'swagger-client', 'shred', 'cookiejar', 'request', 'tough-cookie', 'form-data', 'uuid']
  expect(legacy.filter((name) => loaded.includes(name))).toEqual(kind === 'http' ? legacy : [])
  expect(loaded).toContain('ws')
})

function isUp(message: Json): boolean {
  return textIn(objectIn(message, 'channel'), 'state') === 'Up'
}
