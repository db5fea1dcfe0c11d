// The password of ARI, while everything goes wrong with the connection and followme logs all it can: it is in no
// line, no argument, no answer of its own. (Asterisk's side: docs/security.md.)
import { appendFileSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { startAriProxy } from '../sandbox/ari-proxy'
import type { AriProxy } from '../sandbox/ari-proxy'
import { gone, until } from '../sandbox/child'
import { said, serve } from './served'
import type { Served } from './served'
import { useWorld } from './world'

// One that would show if it were encoded on the way, too.
const password = 'S3cret/he+rring?&=%41'
const encoded = [encodeURIComponent(password), Buffer.from(`odd:${password}`).toString('base64'), 'S3cret']

const world = useWorld({
  withoutApp: true,
  configure: (etc) =>
    appendFileSync(join(etc, 'ari.conf'), `\n[odd]\ntype = user\nread_only = no\npassword = ${password}\n`)
})
let proxy: AriProxy
let served: Served | undefined
beforeAll(async () => {
  world.rule([['PJSIP/alice']])
  proxy = await startAriProxy(world.asterisk.httpPort)
})
afterEach(async () => {
  served?.child.kill('SIGKILL')
  if (served !== undefined) await gone(served.child)
})
afterAll(() => proxy.close())

function start(url: string, more: Readonly<Record<string, string>> = {}): Served {
  const env = {
    FOLLOWME_ARI_URL: url,
    FOLLOWME_ARI_USER: 'odd',
    FOLLOWME_ARI_PASSWORD: password,
    FOLLOWME_LOG_LEVEL: 'debug',
    ...more
  }
  served = serve(world, env)
  return served
}

/** All that it has said and shows, its own memory and environment aside. */
async function shown({ child, lines }: Served): Promise<string> {
  const port = lines.flatMap((line) => ('health' in line ? [String(line.health)] : []))[0]
  const pages = await Promise.all(
    ['readyz', 'healthz', 'metrics', ''].map(async (page) => {
      return port === undefined ? '' : (await fetch(`http://127.0.0.1:${port}/${page}`)).text()
    })
  )
  const cmdline = readFileSync(`/proc/${String(child.pid)}/cmdline`, 'utf8')
  return [cmdline, ...pages, ...world.logged].join('\n')
}

async function expectSilence(program: Served): Promise<void> {
  const text = await shown(program)
  expect(text).toContain('serve')
  expect(text).toContain('followme is running')
  for (const each of [password, ...encoded]) expect(text).not.toContain(each)
}

/** Something that answers every request with this status, a page that tells what was asked, and nothing else. */
async function echo(status: number): Promise<Server> {
  const server = createServer((request, response) => {
    response.writeHead(status).end(JSON.stringify({ message: `no: ${request.method ?? ''}` }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

test('no password is shown when connected, with calls, disconnected, half open and connected again', async () => {
  const program = start(proxy.url)
  await until('followme to connect', () => said(program, 'connected to Asterisk'))
  await world.phone('alice', { kind: 'answer', hangupAfterMs: 100 })
  expect((await world.call({ from: '"a\u001b\u009b" <sip:%0d%0a@127.0.0.1>' })).calls[0]).toMatchObject({
    finalCode: 200
  })
  proxy.inject('{"type":"ApplicationMoveFailed","application":"followme"}')
  proxy.reset()
  await until('the cut to be noticed', () => said(program, 'no connection to Asterisk'))
  proxy.refuseEventSockets()
  proxy.reset()
  await until('the refusal to be noticed', () => said(program, 'opening the event socket failed'))
  proxy.heal()
  await until(
    'followme to connect again',
    () => program.lines.filter(({ message }) => message === 'connected to Asterisk').length >= 2
  )
  await expectSilence(program)
  await world.settle()
})

test('a wrong password is not shown', async () => {
  const program = start(world.asterisk.ariUrl, { FOLLOWME_ARI_PASSWORD: `${password}S3cret` })
  await until('the refusal to be noticed', () => said(program, 'refuses user'))
  await expectSilence(program)
})

test('no password is shown when nothing listens', async () => {
  const program = start('http://127.0.0.1:1')
  await until('it to be noticed', () => said(program, 'no connection to Asterisk'))
  await expectSilence(program)
})

test.each([200, 302, 401, 403, 404, 500, 503])(
  'no password is shown to a server that answers %i to everything',
  async (status) => {
    const server = await echo(status)
    try {
      const program = start(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`)
      await until('it to be noticed', () => said(program, 'no connection to Asterisk'))
      await expectSilence(program)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }
)

test('the ARI password cannot be used to run a program on the machine or to read a file', async () => {
  await world.phone('alice', { kind: 'answer' })
  const caller = world.dial()
  await until('the caller to wait', async () => (await world.asterisk.channels()).length > 0)
  const [channel] = (await world.asterisk.ari('channels')) as { id: string }[]
  const functions = ['SHELL(id)', 'FILE(/etc/passwd)', 'DB(a/b)', 'EVAL(${SHELL(id)})', 'CURL(http://127.0.0.1:1)']
  // As many of them as this Asterisk has.
  for (const module of ['func_shell', 'func_env', 'func_db', 'func_curl']) {
    await world.asterisk.ari(`asterisk/modules/${module}.so`, 'POST').catch(() => null)
  }
  for (const each of functions) {
    const path = `channels/${channel?.id ?? ''}/variable?variable=${encodeURIComponent(each)}`
    const read = await world.asterisk.ari(path).catch((error: unknown) => String(error))
    expect(JSON.stringify(read)).not.toMatch(/uid=|root:/)
    await expect(world.asterisk.ari(`${path}&value=x`, 'POST').then(() => each)).rejects.toThrow()
  }
  await caller.stop(0)
})

test('Asterisk as shipped logs no line with the password', () => {
  const log = readFileSync(world.asterisk.logFile, 'utf8')
  expect(log).not.toBe('')
  for (const each of [password, ...encoded]) expect(log).not.toContain(each)
})
