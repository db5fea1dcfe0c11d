// One call of a phone by hand: a dialog of SIP, and what is said in it.
import { until } from './child'
import * as sip from './sip-message'
import type { Voice } from './voice'

export type CallState = 'calling' | 'ringing' | 'up' | 'over'

/** What a call needs of the phone that it is on. */
export interface Line {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly tone: number
  /** Where Asterisk listens. */
  readonly sipPort: number
  /** Something that no other message has. */
  fresh(): string
  send(message: string): void
  openVoice(): Promise<Voice>
}

export class HandsetCall {
  /** The final response to our INVITE; 0: none yet, or it is not ours. */
  code = 0
  state: CallState = 'calling'
  /** Who has ended it. */
  endedBy: 'us' | 'them' | null = null
  /** The methods of the requests that came within it, in order. */
  readonly requests: string[] = []
  /** What became of a transfer, as the NOTIFYs say: 100, 200 … */
  readonly notified: number[] = []
  /** The Reason of the BYE or CANCEL that ended it. */
  reason = ''
  private readonly answers = new Map<number, string>()
  private cseq = 0
  private versions = 0
  private voice: Voice | undefined
  private invite = ''

  private constructor(
    private readonly line: Line,
    /** Whether the call comes from here. */
    readonly isOurs: boolean,
    readonly callId: string,
    private readonly local: string,
    private remote: string,
    private target: string
  ) {}

  /** A call that comes in. It rings. */
  static incoming(line: Line, invite: string): HandsetCall {
    const [local, remote] = [`${sip.header(invite, 'To')};tag=${line.fresh()}`, sip.header(invite, 'From')]
    const dialog = new HandsetCall(
      line,
      false,
      sip.header(invite, 'Call-ID'),
      local,
      remote,
      sip.uriIn(sip.header(invite, 'Contact'))
    )
    dialog.invite = invite
    dialog.state = 'ringing'
    dialog.respond(invite, '180 Ringing')
    return dialog
  }

  /** A call to this user of Asterisk's. */
  static outgoing(line: Line, user: string, headers: readonly string[]): HandsetCall {
    const target = `sip:${user}@127.0.0.1:${line.sipPort}`
    const local = `"${line.name}" <sip:${line.name}@${line.host}>;tag=${line.fresh()}`
    const dialog = new HandsetCall(line, true, line.fresh(), local, `<${target}>`, target)
    void dialog.start(headers)
    return dialog
  }

  /** What is heard of whoever talks here. */
  get tone(): number {
    return this.line.tone
  }

  async answer(): Promise<void> {
    if (this.state !== 'ringing' || this.isOurs) return
    this.state = 'up'
    const invite = this.invite
    const sdp = await this.sdp()
    this.respond(invite, '200 OK', sdp)
    this.voice?.speakTo(sip.bodyOf(invite))
  }

  refuse(code: number): void {
    this.respond(this.invite, `${code} No`)
    this.end('us')
  }

  hangUp(): void {
    if (this.state === 'over') return
    const isEarly = this.isOurs && this.code === 0
    this.end('us')
    if (isEarly) this.request('CANCEL', [], '', 1, sip.branchOf(this.invite))
    else this.request('BYE')
  }

  /** Puts the other end on hold, or takes it back: gives what the re-INVITE was answered with. */
  async hold(on: boolean): Promise<number> {
    const sdp = await this.sdp(on ? 'sendonly' : 'sendrecv')
    return sip.codeOf(await this.ask('INVITE', ['Content-Type: application/sdp'], sdp))
  }

  /** Transfers the other end to this user, or to whoever talks in `other` (RFC 5589): gives what the REFER was answered with. */
  async refer(user: string, other?: HandsetCall): Promise<number> {
    const replaces = other === undefined ? '' : `?Replaces=${encodeURIComponent(other.replaces())}`
    const to = `sip:${user}@127.0.0.1:${this.line.sipPort}${replaces}`
    return sip.codeOf(await this.ask('REFER', [`Refer-To: <${to}>`, `Referred-By: ${this.local}`]))
  }

  /** The value of a Replaces header by which another takes this call's place, as Asterisk has its tags (RFC 3891, 3). */
  replaces(flags = ''): string {
    return `${this.callId};to-tag=${sip.tagIn(this.remote)};from-tag=${sip.tagIn(this.local)}${flags}`
  }

  /** Resolves once this tone has been heard, from now on. */
  async hears(tone: number): Promise<void> {
    await this.listens(`to hear ${tone}`, (voice) => voice.heard(tone))
  }

  /** Presses these keys. */
  press(keys: string): void {
    if (this.voice === undefined) throw new Error(`${this.line.name} has no audio to press ${keys} in`)
    this.voice.press(keys)
  }

  /** The keys that the other end has pressed. */
  get keysHeard(): string {
    return this.voice?.keys ?? ''
  }

  /** Resolves once something else has been heard, from now on: music. */
  async hearsMusic(tones: readonly number[]): Promise<void> {
    await this.listens('to hear music', (voice) => voice.heardOthers(tones))
  }

  private async listens(what: string, count: (voice: Voice) => number): Promise<void> {
    const heard = (): number => (this.voice === undefined ? 0 : count(this.voice))
    const before = heard()
    await until(`${this.line.name} ${what}`, () => heard() > before + 5)
  }

  /** A message that came for this call. */
  take(message: string): void {
    if (sip.codeOf(message) > 0) this.response(message)
    else this.requested(message, sip.methodOf(message))
  }

  end(by: 'us' | 'them'): void {
    if (this.state === 'over') return
    this.endedBy = by
    this.state = 'over'
    this.voice?.close()
    this.voice = undefined
  }

  private async start(headers: readonly string[]): Promise<void> {
    const sdp = await this.sdp()
    this.invite = this.request('INVITE', [...headers, 'Supported: replaces', 'Content-Type: application/sdp'], sdp)
  }

  private async sdp(direction: sip.Direction = 'sendrecv'): Promise<string> {
    this.voice ??= await this.line.openVoice()
    return sip.audio(this.line.host, this.voice.port, (this.versions += 1), direction)
  }

  private async ask(method: string, headers: readonly string[], body = ''): Promise<string> {
    const cseq = Number(sip.header(this.request(method, headers, body), 'CSeq').split(' ')[0])
    await until(`an answer to ${method}`, () => this.answers.has(cseq))
    return this.answers.get(cseq) ?? ''
  }

  /** Sends it, and gives it as it was sent. */
  private request(
    method: string,
    more: readonly string[] = [],
    body = '',
    cseq = (this.cseq += 1),
    branch = ''
  ): string {
    const { name, host, port } = this.line
    const via = branch === '' ? `z9hG4bK${this.line.fresh()}` : branch
    const message = sip.assemble(
      [
        `${method} ${this.target} SIP/2.0`,
        `Via: SIP/2.0/UDP ${host}:${port};rport;branch=${via}`,
        `From: ${this.local}`,
        `To: ${this.remote}`,
        `Call-ID: ${this.callId}`,
        `CSeq: ${cseq} ${method}`,
        `Contact: <sip:${name}@${host}:${port}>`,
        'Max-Forwards: 70',
        ...more
      ],
      body
    )
    this.line.send(message)
    return message
  }

  private respond(request: string, status: string, body = ''): void {
    const same = sip.headerLines(request, 'Via', 'From', 'Call-ID', 'CSeq')
    const contact = `Contact: <sip:${this.line.name}@${this.line.host}:${this.line.port}>`
    const type = body === '' ? [] : ['Content-Type: application/sdp']
    this.line.send(sip.assemble([`SIP/2.0 ${status}`, ...same, `To: ${this.local}`, contact, ...type], body))
  }

  private requested(message: string, method: string): void {
    if (method === 'ACK') return
    this.requests.push(method)
    if (method === 'BYE' || method === 'CANCEL') {
      this.respond(message, '200 OK')
      if (method === 'CANCEL') this.respond(this.invite, '487 Request Terminated')
      this.reason = sip.headerLines(message, 'Reason').join(' ')
      return this.end('them')
    }
    const fragment = method === 'NOTIFY' ? sip.codeOf(sip.bodyOf(message)) : 0
    if (fragment > 0) this.notified.push(fragment)
    if (!message.includes('\r\nContent-Type: application/sdp')) return this.respond(message, '200 OK')
    void this.sdp().then((sdp) => {
      this.respond(message, '200 OK', sdp)
      this.voice?.speakTo(sip.bodyOf(message))
    })
  }

  private response(message: string): void {
    const code = sip.codeOf(message)
    const [cseq = '', method] = sip.header(message, 'CSeq').split(' ')
    if (code < 200) {
      // The early dialog that a transfer to one who still rings names (RFC 3891, 7.1).
      if (method === 'INVITE' && sip.tagIn(sip.header(message, 'To')) !== '') this.remote = sip.header(message, 'To')
      if (code >= 180 && this.state === 'calling') this.state = 'ringing'
      return
    }
    this.answers.set(Number(cseq), message)
    if (method !== 'INVITE') return
    const isFirst = this.code === 0
    if (isFirst) this.remote = sip.header(message, 'To')
    if (code < 300) {
      this.target = sip.uriIn(sip.header(message, 'Contact'))
      this.request('ACK', [], '', Number(cseq))
      this.voice?.speakTo(sip.bodyOf(message))
    } else this.request('ACK', [], '', Number(cseq), sip.branchOf(message))
    if (!isFirst) return
    this.code = code
    if (code >= 300) return this.end('them')
    // Hung up before the answer came.
    if (this.state === 'over') this.request('BYE')
    else this.state = 'up'
  }
}
