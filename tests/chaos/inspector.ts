// Has a Node.js process evaluate an expression, through the inspector that SIGUSR1 wakes in any of them: no hook of the
// program's own. A WebSocket of a few lines, since Node 20 has no client (RFC 6455; Chrome DevTools Protocol).
import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import type { Socket } from 'node:net'

/** Resolves with the expression's value. `url` is what the process says that its debugger listens on. */
export async function evaluate(url: string, expression: string, limitMs = 30_000): Promise<unknown> {
  const socket = await opened(url, limitMs)
  try {
    const question = { id: 1, method: 'Runtime.evaluate', params: { expression, returnByValue: true } }
    const answered = firstAnswer(socket)
    socket.write(textFrame(JSON.stringify(question)))
    const { result } = JSON.parse(await answered) as { result?: { result?: { value?: unknown } } }
    return result?.result?.value
  } finally {
    socket.destroy()
  }
}

function opened(url: string, limitMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64')
    }
    const asked = request(url.replace(/^ws:/, 'http:'), { headers })
    asked.setTimeout(limitMs, () => asked.destroy(new Error(`the inspector at ${url} does not answer`)))
    asked.on('error', reject)
    asked.on('response', ({ statusCode }) => reject(new Error(`the inspector answers ${String(statusCode)}`)))
    asked.on('upgrade', (_response, socket) => resolve(socket))
    asked.end()
  })
}

/** The payload of the first whole text frame. */
function firstAnswer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let read = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      read = Buffer.concat([read, chunk])
      const short = (read[1] ?? 0) & 0x7f
      const from = short === 126 ? 4 : 2
      if (short === 127 || read.length < from) return
      const length = short === 126 ? read.readUInt16BE(2) : short
      if (read.length >= from + length) resolve(read.subarray(from, from + length).toString())
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the inspector has closed the connection')))
  })
}

/** One text frame of a client, masked as it must be. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const mask = randomBytes(4)
  const header = payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length]) : Buffer.from([0x81, 0xfe, 0, 0])
  if (payload.length >= 126) header.writeUInt16BE(payload.length, 2)
  return Buffer.concat([header, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))])
}
