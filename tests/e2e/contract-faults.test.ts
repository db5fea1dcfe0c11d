// What both transports promise when something is wrong, on a real Asterisk: a deadline for each request, one word at the end of
// a connection, and the cure where it is refused.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject } from '../../src/ari/client/json'
import { startAriProxy } from '../sandbox/ari-proxy'
import { until } from '../sandbox/child'
import { startHttpProxy } from '../sandbox/http-proxy'
import { asterisk, connect, kinds, leg, open, useAsterisk } from './contracted'

useAsterisk()

describe.each(kinds)('over %s', (kind) => {
  test('a request has a deadline; its late answer is ignored, and other requests are not delayed', async () => {
    const proxy = await startHttpProxy(asterisk.httpPort)
    try {
      const connected = await connect(kind, { url: proxy.url }, { requestMs: 1000 })
      const { connection, closed } = connected
      const ids = [await leg(connected), await leg(connected)]
      void proxy.meddle(/variable=SLOW/, { delayMs: 1500 }, 20)
      // Over HTTP, twelve at once.
      const slow = Array.from({ length: kind === 'http' ? 10 : 20 }, () =>
        connection.request('channels.setChannelVar', { channelId: ids[0] ?? '', variable: 'SLOW', value: '1' })
      )
      const outcomes = Promise.allSettled(slow)
      const from = performance.now()
      await connection.request('channels.hangup', { channelId: ids[1] ?? '' })
      expect(performance.now() - from).toBeLessThan(500)
      for (const each of await outcomes) expect(each).toMatchObject({ reason: { status: 'timeout' } })
      expect(performance.now() - from).toBeLessThan(1400)
      // Again and again, until the late answers have come as well.
      for (const end = performance.now() + 1500; performance.now() < end;) {
        const variable = 'CHANNEL(name)'
        const answer = await connection.request('channels.getChannelVar', { channelId: ids[0] ?? '', variable })
        expect(answer).toMatchObject({ value: expect.stringContaining('Local/') as string })
      }
      expect(closed).toEqual([])
    } finally {
      open.splice(0).forEach((each) => each.close())
      await proxy.close()
    }
  })

  test('the event barrier waits for all earlier events; invalid JSON is undefined and does no harm', async () => {
    const proxy = await startAriProxy(asterisk.httpPort)
    try {
      const { connection, messages } = await connect(kind, { url: proxy.url })
      proxy.slow(200, { events: true })
      for (let index = 0; index < 100; index += 1) proxy.inject(`{"type":"Odd","index":${String(index)}}`)
      for (const text of ['{', '', '[7]', '{"type":"RESTResponse","request_id":"1","status_code":"x"}'])
        proxy.inject(text)
      await connection.eventBarrier()
      expect(messages.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, index) => ({ type: 'Odd', index })))
      expect(messages.slice(100, 103)).toEqual([undefined, undefined, [7]])
      proxy.heal()
      proxy.reset()
      await expect(connection.eventBarrier()).rejects.toMatchObject({ status: 'disconnected' })
    } finally {
      await proxy.close()
    }
  })

  test('if Asterisk dies, the end of the connection is reported once, and pending requests fail as disconnected', async () => {
    const connected = await connect(kind)
    const { connection, closed } = connected
    const channelId = await leg(connected)
    const pid = String(asterisk.pid())
    process.kill(asterisk.pid(), 'SIGSTOP')
    await until('Asterisk to stand still', () => /^State:\tT/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')))
    const asked = connection.request('channels.answer', { channelId })
    const caught = connection.eventBarrier()
    const outcomes = Promise.allSettled([asked, caught])
    await asterisk.restart()
    for (const each of await outcomes) expect(each).toMatchObject({ reason: { status: 'disconnected' } })
    expect(closed).toHaveLength(1)
    await expect(connection.request('channels.list', {})).rejects.toMatchObject({ status: 'disconnected' })
    await connect(kind)
  })

  test('a wrong password and a read-only user are refused, with the cure', async () => {
    await expect(connect(kind, { password: 'wrong' })).rejects.toThrow(/refuses user.*FOLLOWME_ARI_PASSWORD/)
    await expect(connect(kind, { user: 'reader', password: 'reader' })).rejects.toThrow(
      /does not let user.*read_only = no/
    )
  })

  test('changing the password ends the connection at the next request', async () => {
    const { connection, closed } = await connect(kind)
    const file = join(asterisk.runDir, 'etc/secrets/ari.conf')
    const before = readFileSync(file, 'utf8')
    writeFileSync(file, before.replace(/password = .*/, 'password = another'))
    try {
      await asterisk.cli('module reload res_ari.so')
      await expect(connection.request('channels.list', {})).rejects.toMatchObject({ status: 'disconnected' })
      expect(closed).toEqual([expect.stringContaining('refuses user')])
    } finally {
      writeFileSync(file, before)
      await asterisk.cli('module reload res_ari.so')
    }
  })

  test('another connection with the same application name gets the events, and the first is notified', async () => {
    const first = await connect(kind)
    const second = await connect(kind)
    await until('the first to be told', () =>
      first.messages.some((each) => isObject(each) && each['type'] === 'ApplicationReplaced')
    )
    await leg(second)
    // Neither takes the other's requests.
    expect(await first.connection.request('channels.list', {})).toHaveLength(2)
  })
})
