// Makes ari-events.jsonl anew: one message of every type that Asterisk's description of ARI has. Most are recorded during a
// real call on a real Asterisk; those that such a call does not bring are made as the description says. To be run by hand:
// npx tsx tests/ari/record-events.ts
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { startApp } from '../../src/app'
import { readConfig } from '../../src/config/config'
import { createLog } from '../../src/log'
import { openDatabase } from '../../src/store/database/database'
import { migrate } from '../../src/store/migrations/migrate'
import { startAsterisk } from '../sandbox/asterisk'
import type { SandboxAsterisk } from '../sandbox/asterisk'
import { until } from '../sandbox/child'
import { uac, uas } from '../sandbox/sipp'

type Message = Readonly<Record<string, unknown>>

interface Model {
  readonly subTypes?: readonly string[]
  readonly properties: Readonly<Record<string, { readonly type: string }>>
}

interface Socket {
  on(event: string, listener: (data: unknown) => void): void
  emit: (event: string, ...values: unknown[]) => boolean
  terminate(): void
}

// followme's own, so that what Asterisk sends to followme alone is heard, too.
const WebSocket = createRequire(require.resolve('ari-client'))('ws') as {
  new (url: string): Socket
  readonly prototype: Socket
}
const number = '+14155550100'

/** Everything that Asterisk reports while a caller and a phone talk, hear a sound, are recorded and hang up. */
async function recorded(asterisk: SandboxAsterisk): Promise<Message[]> {
  const database = join(asterisk.runDir, 'followme.db')
  migrate({ database, shipped: join(__dirname, '../../migrations'), log: () => undefined })
  const tool = openDatabase(database)
  tool.sqlite.exec(`INSERT INTO virtual_numbers (number, label, time_zone) VALUES ('${number}', 'Test', 'UTC');
    INSERT INTO rules (number, name, position) VALUES ('${number}', 'always', 10);
    INSERT INTO targets (number, rule, step, dial) VALUES ('${number}', 'always', 1, 'PJSIP/alice')`)
  const config = readConfig({
    FOLLOWME_ARI_URL: asterisk.ariUrl,
    FOLLOWME_ARI_PASSWORD: asterisk.ariPassword,
    FOLLOWME_DATABASE: database,
    FOLLOWME_HTTP: '127.0.0.1:0'
  })
  const messages: Message[] = []
  const has = (type: string): boolean => messages.some((each) => each['type'] === type)
  const { emit } = WebSocket.prototype
  WebSocket.prototype.emit = function (event, ...values) {
    if (event === 'message') messages.push(JSON.parse(String(values[0])) as Message)
    return emit.call(this, event, ...values)
  }
  const app = await startApp({ config, log: createLog('warn') })
  await until('followme to connect', () => app.connected)
  // Not filtered, unlike followme's own.
  const events = `${asterisk.ariUrl.replace('http', 'ws')}/ari/events?app=recorder&subscribeAll=true`
  const socket = new WebSocket(`${events}&api_key=${asterisk.ariUser}:${asterisk.ariPassword}`)
  await new Promise((resolve) => socket.on('open', resolve))
  const phone = await uas(asterisk, asterisk.phones.get('alice') ?? 0, { kind: 'answer', afterMs: 200 })
  const caller = uac(asterisk, { number, from: '"Ann" <sip:+15005550006@127.0.0.1>' })
  const entered = (): number => messages.filter((each) => each['type'] === 'ChannelEnteredBridge').length
  await until('the two to talk', () => entered() === 2)
  const [bridge = ''] = await asterisk.bridges()
  await asterisk.ari(`bridges/${bridge}/play?media=sound:beep`, 'POST')
  await until('the sound to end', () => has('PlaybackFinished'))
  await asterisk.ari(`bridges/${bridge}/record?name=x&format=ulaw&maxDurationSeconds=1`, 'POST')
  await until('the recording to end', () => has('RecordingFinished'))
  await asterisk.ari('events/user/greeting?application=recorder', 'POST')
  caller.hangUp()
  await caller.finished
  await until('the end of it all', () => has('BridgeDestroyed') && has('StasisEnd') && app.liveCalls === 0)
  await phone.stop()
  await app.stop()
  tool.close()
  socket.terminate()
  return messages
}

/** A value as the description says; a property that may be missing is there. */
function sample(type: string, models: Readonly<Record<string, Model>>, depth = 0): unknown {
  const list = /^List\[(\w+)\]$/.exec(type)?.[1]
  if (list !== undefined) return [sample(list, models, depth + 1)]
  const model = models[type]
  if (model === undefined || depth > 4) return { int: 1, long: 1, double: 1, boolean: true, object: {} }[type] ?? 'text'
  const properties = Object.entries(model.properties)
  return Object.fromEntries(properties.map(([name, property]) => [name, sample(property.type, models, depth + 1)]))
}

/** All models, a message's own fields with those of what it extends. */
async function described(asterisk: SandboxAsterisk): Promise<Readonly<Record<string, Model>>> {
  const models: Record<string, Model> = {}
  for (const name of ['channels', 'bridges', 'endpoints', 'playbacks', 'recordings', 'deviceStates', 'events']) {
    Object.assign(models, ((await asterisk.ari(`api-docs/${name}.json`)) as { models: typeof models }).models)
  }
  return models
}

async function main(): Promise<void> {
  const asterisk = await startAsterisk()
  try {
    const models = await described(asterisk)
    const messages = await recorded(asterisk)
    const envelope = { application: 'followme', timestamp: '2026-11-22T12:00:00.000+0000' }
    const lines = (models['Event']?.subTypes ?? []).map((type) => {
      const real = messages.find((each) => each['type'] === type)
      const message = {
        type,
        ...(real ?? { ...envelope, ...(sample(type, models) as object) }),
        application: 'followme'
      }
      return JSON.stringify({ ...message, type, asterisk_id: '00:00:00:00:00:00' })
    })
    writeFileSync(join(__dirname, 'ari-events.jsonl'), `${lines.join('\n')}\n`)
    const seen = new Set(messages.map((each) => each['type']))
    process.stdout.write(`${String(lines.length)} types, ${String(seen.size)} recorded: ${[...seen].join(', ')}\n`)
  } finally {
    await asterisk.stop()
  }
}

void main()
