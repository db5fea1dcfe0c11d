// Looks into a Node.js process from outside, through its inspector (the Chrome DevTools Protocol): the program under test
// needs nothing in it for that.

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

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer
      if (answer.id !== undefined) this.waiting.get(answer.id)?.(answer)
    })
    socket.addEventListener('close', () => {
      for (const answer of this.waiting.values()) answer({ error: { message: 'the process has gone' } })
    })
  }

  /** `url` is what the process says its debugger listens on. */
  static async open(url: string): Promise<Inspector> {
    const socket = new WebSocket(url)
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve)
      socket.addEventListener('error', () => reject(new Error(`no inspector at ${url}`)))
    })
    return new Inspector(socket)
  }

  close(): void {
    this.socket.close()
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

  private async evaluate(expression: string): Promise<unknown> {
    return (await this.send('Runtime.evaluate', { expression, returnByValue: true })).result?.value
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
      this.waiting.set(id, ({ result, error }) => {
        this.waiting.delete(id)
        if (result !== undefined) resolve(result)
        else reject(new Error(`${method}: ${error?.message ?? 'no result'}`))
      })
      this.socket.send(JSON.stringify({ id, method, params }))
    })
  }
}
