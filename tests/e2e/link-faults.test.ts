// What goes wrong with Asterisk while followme runs: each is said in one clear line with its cure, no caller is lost to it,
// and when it is over the next call works. Really caused, where that can be; by a proxy where not.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../sandbox/child'
import { startHttpProxy } from '../sandbox/http-proxy'
import type { HttpProxy } from '../sandbox/http-proxy'
import { linked } from './linked'
import { answers, useWorld } from './world'

const world = useWorld({ withoutApp: true, globals: { FOLLOWME_FAILSAFE: 'PJSIP/dave' } })
const { said, connected, nextCallWorks, readiness } = linked(world)
let proxy: HttpProxy
beforeAll(async () => {
  proxy = await startHttpProxy(world.asterisk.httpPort)
})
beforeEach(async () => {
  world.sql('DELETE FROM calls')
  world.rule([['PJSIP/alice']])
  await start()
})
afterEach(async () => {
  await proxy.heal()
  await world.stopApp()
})
afterAll(() => proxy.close())

async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
  await world.startApp({ FOLLOWME_ARI_URL: proxy.url, ...env })
  await connected()
}

/** For a fault that only requests over HTTP meet: WebSockets that are open go on. */
async function startOverHttp(): Promise<void> {
  await world.stopApp()
  world.logged.splice(0)
  await start({ FOLLOWME_ARI_TRANSPORT: 'http' })
}

function edit(file: string, from: string | RegExp, to: string): () => void {
  const path = join(world.asterisk.runDir, 'etc', file)
  const before = readFileSync(path, 'utf8')
  const after = before.replace(from, to)
  expect(after).not.toBe(before)
  writeFileSync(path, after)
  return () => writeFileSync(path, before)
}

/** A call that alice lets ring until she is told to answer it, by the end of `meanwhile`. */
async function ringsThrough(meanwhile: () => Promise<void>): Promise<void> {
  await world.phone('alice', { kind: 'answer', afterMs: 3000 })
  const call = world.dial({ hangsUp: 'once-joined' })
  await call.waitForCall('ringback', ({ codes }) => codes.includes(180))
  await meanwhile()
  expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
}

/** A call that followme cannot take reaches the failsafe's person. */
async function failsafeTakes(): Promise<void> {
  const dave = await world.phone('dave', { kind: 'answer', hangupAfterMs: 200 })
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  expect(dave.calls()).toHaveLength(1)
  await dave.stop()
}

test.each([
  {
    what: 'the password is changed (401)',
    cure: 'followme reads them from /etc/followme/followme.env and Asterisk from /etc/asterisk/ari_followme_password.conf',
    fault: async () => {
      const back = edit('secrets/ari.conf', /password = .*/, 'password = another')
      await world.asterisk.cli('module reload res_ari.so')
      return back
    }
  },
  {
    what: 'the user may only read (403)',
    cure: 'read_only = no',
    fault: async () => {
      const back = edit('ari.conf', 'read_only = no', 'read_only = yes')
      await world.asterisk.cli('module reload res_ari.so')
      return back
    }
  },
  {
    what: 'ARI is switched off (404)',
    overHttp: true,
    cure: 'is missing in ari.conf',
    fault: async () => {
      const back = edit('ari.conf', 'enabled = yes', 'enabled = no')
      await world.asterisk.cli('module reload res_ari.so')
      return back
    }
  },
  {
    what: 'a module is unloaded (404)',
    cure: 'a module is not loaded',
    fault: async () => {
      await world.asterisk.cli('module unload res_ari_channels.so')
      return () => undefined
    }
  }
])(
  '$what: callers get the failsafe, and everything works again afterwards',
  async ({ cure, fault, overHttp = false }) => {
    if (overHttp) await startOverHttp()
    const back = await fault()
    try {
      // The first of them tells us; those after it do not even come to us.
      await failsafeTakes()
      const saidSo = (): number =>
        world.logged.filter((line) => line.includes('no connection to Asterisk') && line.includes(cure)).length
      await until('the fault to be said', () => saidSo() > 0)
      await failsafeTakes()
      expect(saidSo()).toBe(1)
      expect(await readiness()).toMatchObject({ status: 503, text: expect.stringContaining('asterisk: ') as string })
    } finally {
      back()
      await world.asterisk.cli('module reload res_ari.so')
      await world.asterisk.cli('module load res_ari_channels.so')
    }
    await connected(2)
    await world.settle()
    await nextCallWorks()
  }
)

test.each([
  'core reload',
  'module reload res_ari.so',
  'module reload http',
  'module reload res_http_websocket.so',
  'module reload res_stasis.so',
  'module reload res_pjsip.so',
  'dialplan reload'
])('%s: a conversation continues, and a ringing phone can be answered', async (command) => {
  world.rule([['PJSIP/bob']])
  await world.phone('bob', { kind: 'answer' })
  const talking = world.dial()
  await until('the two to talk', () => world.bridged.length > 0)
  world.rule([['PJSIP/alice']])
  await ringsThrough(async () => {
    await world.asterisk.cli(command)
  })
  expect(talking.calls()[0]?.end).toBeNull()
  talking.hangUp()
  await talking.finished
  const stored = await world.settle()
  expect(stored.map(({ call }) => [call.outcome, call.endedBy, call.answeredBy])).toEqual([
    ['answered', 'caller', 'PJSIP/bob'],
    ['answered', 'caller', 'PJSIP/alice']
  ])
  await nextCallWorks()
})

test('if connections are refused while a phone rings, the target that answers is bridged once they are accepted again', async () => {
  await startOverHttp()
  await ringsThrough(async () => {
    proxy.refuse()
    await until('the fault to be said', () => said('nothing listens') > 0)
    await proxy.heal()
    await connected(2)
  })
  expect((await world.settle()).at(-1)?.call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/alice' })
  expect(said('connection refused')).toBeGreaterThan(0)
})

test('if every answer is 500, the log says where to look, and the caller gets the failsafe', async () => {
  void proxy.meddle(/^(POST|DELETE) /, { answer: 500 }, 1000)
  await failsafeTakes()
  expect(said("Asterisk's own log says why")).toBe(1)
  await proxy.heal()
  await world.settle()
  await nextCallWorks()
})

test('if every request is answered 503 once, it is retried, and the call works as usual', async () => {
  for (const request of [/create/, /dial/, /TIMEOUT/, /ring/, /answer/, /addChannel/])
    void proxy.meddle(request, { answer: 503 })
  await nextCallWorks()
  expect(said('no connection')).toBe(0)
})

test('if each answer of Asterisk takes a second, the call works as usual', async () => {
  void proxy.meddle(/./, { delayMs: 1000 }, 1000)
  await nextCallWorks()
})

test('if Asterisk is slower than the deadline, it is logged, the caller reaches a target, and nothing is left behind', async () => {
  void proxy.meddle(/./, { delayMs: 6000 }, 1000)
  const alice = await world.phone('alice', { kind: 'answer', hangupAfterMs: 200 })
  const dave = await world.phone('dave', { kind: 'answer', hangupAfterMs: 200 })
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200 })
  expect(alice.calls().length + dave.calls().length).toBeGreaterThan(0)
  expect(said('core show taskprocessors')).toBe(1)
  await world.settle()
  await Promise.all([alice.stop(), dave.stop()])
  await proxy.heal()
  await nextCallWorks()
})

test.each([
  ['a short body', { short: true }],
  ['a body cut in half', { cut: 'half' }],
  ['a head only', { cut: 'head' }],
  ['status 500', { answer: 500 }]
] as const)('if the snapshot after a gap is answered with %s, no live leg counts as lost', async (_, meddling) => {
  await ringsThrough(async () => {
    void proxy.meddle(/GET \/ari\/channels$/, meddling, 2)
    proxy.reset()
    await connected(2)
  })
  expect((await world.settle()).at(-1)?.call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/alice' })
  expect(said('"call ended"')).toBe(1)
})

test('if connections are reset during the requests of ten calls, every caller reaches a target', async () => {
  world.rule([['PJSIP/alice', 'PJSIP/bob'], ['PJSIP/carol']])
  await world.phone('alice', { ...answers, afterMs: 500 })
  await world.phone('bob', { kind: 'refuse', code: 486 })
  await world.phone('carol', answers)
  await world.phone('dave', answers)
  for (const request of [/create/, /dial/, /addChannel/]) {
    for (const cut of ['before', 'after'] as const) void proxy.meddle(request, { cut }).then(() => proxy.reset())
  }
  const result = await world.call({ count: 10, ratePerSecond: 20, hangupAfterMs: 2000 })
  expect(result).toMatchObject({ successful: 10, failed: 0 })
  const stored = await world.settle()
  expect(stored.every(({ call }) => call.endedAt !== null)).toBe(true)
})
