// A phone for what SIPp cannot do: several calls at a time, hold, transfers (REFER), taking a call's place (Replaces), and audio that
// tells who is heard.
import { createSocket, type Socket } from 'node:dgram'
import { until } from './child'
import { type CallState, HandsetCall, type Line } from './handset-call'
import * as sip from './sip-message'
import { openVoice } from './voice'

export interface HandsetOptions {
  /** Lets calls ring. Default: answers at once. */
  readonly rings?: boolean
  /** The address that it calls from. Default: that it listens on. */
  readonly from?: string
}

export interface Handset {
  readonly name: string
  /** What is heard of it. */
  readonly tone: number
  readonly calls: readonly HandsetCall[]
  call(user: string, headers?: readonly string[]): HandsetCall
  /** The call number so and so, from 0, once it is there, and in this state. */
  nth(index: number, state?: CallState): Promise<HandsetCall>
  close(): void
}

let count = 0
/** Tones of the phones; not silence (0x7f, 0xff), and each of the next hundred another. */
const nextTone = (): number => 0x10 + (count++ % 100)

/** A phone at this address of the loopback. Asterisk knows who it is by its name, or by the address it calls from. */
export async function handset(
  { sipPort }: { readonly sipPort: number },
  name: string,
  host: string,
  port: number,
  { rings = false, from = host }: HandsetOptions = {}
): Promise<Handset> {
  const tone = nextTone()
  const calls: HandsetCall[] = []
  const id = `${name}${process.pid}x${tone}`
  let messages = 0

  async function open(address: string, at: number): Promise<Socket> {
    const socket = createSocket('udp4')
    await sip.bound(socket, at, address)
    socket.on('message', (data) => take(data.toString('latin1'), lineOf(socket)))
    return socket
  }
  function lineOf(socket: Socket): Line {
    const { address, port: own } = socket.address()
    return {
      ...{ name, host: address, port: own, tone, sipPort },
      fresh: () => `${id}x${(messages += 1)}`,
      send: (message) => socket.send(Buffer.from(message, 'latin1'), sipPort, '127.0.0.1', () => undefined),
      openVoice: () => openVoice(address, tone)
    }
  }
  function take(message: string, line: Line): void {
    const call = calls.find(({ callId }) => callId === sip.header(message, 'Call-ID'))
    if (call !== undefined) return call.take(message)
    if (!message.startsWith('INVITE')) return
    const incoming = HandsetCall.incoming(line, message)
    calls.push(incoming)
    if (!rings) void incoming.answer()
  }

  const listening = await open(host, port)
  const calling = from === host ? listening : await open(from, 0)
  return {
    name,
    tone,
    calls,
    call: (user, headers = []) => {
      const call = HandsetCall.outgoing(lineOf(calling), user, headers)
      calls.push(call)
      return call
    },
    nth: async (index, state) => {
      await until(`call ${index} of ${name} to be ${state ?? 'there'}`, () => {
        const call = calls[index]
        return call !== undefined && (state === undefined || call.state === state)
      })
      const call = calls[index]
      if (call === undefined) throw new Error(`${name} has no call ${index}`)
      return call
    },
    close: () => {
      for (const call of calls) call.end('us')
      for (const socket of new Set([listening, calling])) socket.close()
    }
  }
}
