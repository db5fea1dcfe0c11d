// A TCP proxy before Asterisk's HTTP server, which does to it what networks do: swallow, cut, delay, and say odd things.
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export interface AriProxy {
  readonly url: string
  /** Sends the client a text message on its event socket, as if Asterisk had. */
  inject(text: string): void
  /** From now on nothing passes, in either direction, and nobody is told: a half-open connection. */
  swallow(): void
  /** From now on what Asterisk says comes so much later: its answers, and with `events` what the event socket brings. */
  slow(ms: number, what?: { readonly events: boolean }): void
  /** Everything passes again, on connections made from now on, and without delay. */
  heal(): void
  /** From now on a request for an event socket is cut off, until healed. */
  refuseEventSockets(): void
  /** How many event sockets have been asked for. */
  readonly eventSockets: number
  /** Resets every connection there is. */
  reset(): void
  close(): Promise<void>
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  isEventSocket: boolean
}

/** Listens on a free port and passes everything on to `port`, until told otherwise. */
export async function startAriProxy(port: number): Promise<AriProxy> {
  const pairs = new Set<Pair>()
  let swallowing = false
  let refusing = false
  let delay = { ms: 0, events: false }
  let eventSockets = 0
  const listener = createServer((client) => {
    const pair: Pair = { client, server: connect(port, '127.0.0.1'), isEventSocket: false }
    pairs.add(pair)
    const end = (): void => {
      pairs.delete(pair)
      client.destroy()
      pair.server.destroy()
    }
    // Once swallowed, a connection stays so: what was lost cannot be made up for later.
    let lost = false
    // A queue keeps the order, whatever the delay is changed to.
    const late: Buffer[] = []
    const answer = (chunk: Buffer): void => {
      const ms = pair.isEventSocket && !delay.events ? 0 : delay.ms
      if (ms === 0 && late.length === 0) return void client.write(chunk)
      late.push(chunk)
      setTimeout(() => client.write(late.shift() ?? ''), ms)
    }
    const pass = (to: Socket) => (chunk: Buffer) => {
      lost ||= swallowing
      // Sockets that carry requests are of applications of their own.
      if (to === pair.server && chunk.includes('Upgrade: websocket') && !chunk.includes('-requests-')) {
        pair.isEventSocket = true
        eventSockets += 1
        if (refusing) {
          end()
          return
        }
      }
      if (lost) return
      if (to === client) answer(chunk)
      else to.write(chunk)
    }
    client.on('data', pass(pair.server)).on('error', end).on('close', end)
    pair.server.on('data', pass(client)).on('error', end).on('close', end)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${String((listener.address() as AddressInfo).port)}`,
    inject: (text) => {
      for (const { client, isEventSocket } of pairs) if (isEventSocket) client.write(textFrame(text))
    },
    swallow: () => {
      swallowing = true
    },
    heal: () => {
      swallowing = false
      refusing = false
      delay = { ms: 0, events: false }
    },
    slow: (ms, { events } = { events: false }) => {
      delay = { ms, events }
    },
    refuseEventSockets: () => {
      refusing = true
    },
    get eventSockets() {
      return eventSockets
    },
    reset: () => {
      for (const { client } of [...pairs]) client.resetAndDestroy()
    },
    close: () =>
      new Promise((resolve) => {
        for (const { client } of [...pairs]) client.destroy()
        listener.close(() => resolve())
      })
  }
}

/** One unfragmented text frame of a WebSocket server (RFC 6455, 5.2). */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const { length } = payload
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  header.writeUInt16BE(0x8100 | (length < 126 ? length : length < 65_536 ? 126 : 127))
  if (header.length === 4) header.writeUInt16BE(length, 2)
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([header, payload])
}
