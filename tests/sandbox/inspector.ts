// Looks into a Node.js process from outside, through its inspector (the Chrome DevTools Protocol): the program under test
// needs nothing in it for that. A WebSocket of a few lines (RFC 6455), since Node 20 has no client without a flag.
import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import type { Socket } from 'node:net'

interface Answer {
  readonly id?: number
  readonly result?: { readonly result?: { readonly value?: unknown; readonly objectId?: string } }
  readonly error?: { readonly message: string }
}

/** What a program at rest holds; none of it may become more by calls that are over. */
export type Held = Readonly<Record<string, number>>

export class Inspector {
  private readonly waiting = new Map<number, (answer: Answer) => void>()
  private last = 0
  private read: Buffer = Buffer.alloc(0)

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.take(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      for (const answer of this.waiting.values()) answer({ error: { message: 'the process has gone' } })
    })
  }

  /** `url` is what the process says its debugger listens on. A process that stands still has so long to answer. */
  static open(url: string, limitMs = 30_000): Promise<Inspector> {
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
      asked.on('upgrade', (_response, socket: Socket) => {
        socket.setTimeout(0)
        resolve(new Inspector(socket))
      })
      asked.end()
    })
  }

  close(): void {
    this.socket.destroy()
  }

  /** The expression's value, as JSON has it. Rejects where the process ends before it has answered. */
  async evaluate(expression: string): Promise<unknown> {
    return (await this.send('Runtime.evaluate', { expression, returnByValue: true })).result?.value
  }

  /** What is in use after a garbage collection. */
  async heapBytes(): Promise<number> {
    await this.send('HeapProfiler.collectGarbage', {})
    return (await this.evaluate('process.memoryUsage().heapUsed')) as number
  }

  /**
   * What keeps the event loop going, by kind (timers, sockets …); every EventEmitter that there is, whoever holds it, and
   * what listens to all of them together.
   */
  async held(): Promise<Held> {
    const held: Record<string, number> = {}
    const resources = (await this.evaluate('process.getActiveResourcesInfo()')) as string[]
    for (const kind of resources) held[kind] = (held[kind] ?? 0) + 1
    return { ...held, ...(await this.emitters()) }
  }

  private async emitters(): Promise<Held> {
    const expression = `process.getBuiltinModule('node:events').prototype`
    const group = { objectGroup: 'emitters' }
    const prototype = (await this.send('Runtime.evaluate', { expression, ...group })).result?.objectId
    const all = await this.send('Runtime.queryObjects', { prototypeObjectId: prototype, ...group })
    const objectId = (all as { objects?: { objectId?: string } }).objects?.objectId
    const functionDeclaration = `function () {
      const counts = this.map((each) => {
        try { return each.eventNames().reduce((sum, name) => sum + each.listenerCount(name), 0) } catch { return 0 }
      })
      return { emitters: counts.length, listeners: counts.reduce((sum, count) => sum + count, 0) }
    }`
    const { result } = await this.send('Runtime.callFunctionOn', { objectId, functionDeclaration, returnByValue: true })
    await this.send('Runtime.releaseObjectGroup', group)
    return result?.value as Held
  }

  private send(method: string, params: object): Promise<NonNullable<Answer['result']>> {
    const id = ++this.last
    return new Promise((resolve, reject) => {
      const take = ({ result, error }: Answer): void => {
        this.waiting.delete(id)
        if (result !== undefined) resolve(result)
        else reject(new Error(`${method}: ${error?.message ?? 'no result'}`))
      }
      if (this.socket.destroyed) return take({ error: { message: 'the process has gone' } })
      this.waiting.set(id, take)
      this.socket.write(textFrame(JSON.stringify({ id, method, params })))
    })
  }

  /** The inspector sends whole messages, each in one frame. */
  private take(chunk: Buffer): void {
    this.read = Buffer.concat([this.read, chunk])
    for (let frame = firstFrame(this.read); frame !== null; frame = firstFrame(this.read)) {
      this.read = this.read.subarray(frame.end)
      if (frame.opcode !== textOpcode) continue
      const answer = JSON.parse(frame.payload.toString()) as Answer
      if (answer.id !== undefined) this.waiting.get(answer.id)?.(answer)
    }
  }
}

/** Where the latest process of a log says that its debugger listens; null where none does yet. */
export function debuggerIn(log: string): string | null {
  return [...log.matchAll(/^Debugger listening on (ws:\S+)$/gm)].at(-1)?.[1] ?? null
}

/** For one question only. */
export async function evaluateIn(url: string, expression: string): Promise<unknown> {
  const inspector = await Inspector.open(url)
  return inspector.evaluate(expression).finally(() => inspector.close())
}

const textOpcode = 1

/** Null where it has not come to its end yet. A server masks none. */
function firstFrame(read: Buffer): { readonly opcode: number; readonly payload: Buffer; readonly end: number } | null {
  const short = (read[1] ?? 0) & 0x7f
  const from = short === 127 ? 10 : short === 126 ? 4 : 2
  if (read.length < from) return null
  const length = short === 127 ? Number(read.readBigUInt64BE(2)) : short === 126 ? read.readUInt16BE(2) : short
  const end = from + length
  return read.length < end ? null : { opcode: (read[0] ?? 0) & 0x0f, payload: read.subarray(from, end), end }
}

/** One text frame of a client, masked as it must be. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const mask = randomBytes(4)
  const header = payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length]) : Buffer.from([0x81, 0xfe, 0, 0])
  if (payload.length >= 126) header.writeUInt16BE(payload.length, 2)
  return Buffer.concat([header, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))])
}
