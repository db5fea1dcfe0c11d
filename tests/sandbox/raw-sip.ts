// SIP by hand, over UDP: messages that no decent phone sends, and SIPp neither. It acknowledges, and takes every hang-up.
import { createHash } from 'node:crypto'
import { createSocket } from 'node:dgram'
import type { SandboxAsterisk } from './asterisk'
import { until } from './child'

export interface RawRequest {
  readonly method?: string
  /** The request's address. */
  readonly to: string
  /** The From header's value, without tag. */
  readonly from?: string
  readonly headers?: readonly string[]
  readonly contentType?: string
  /** Default: an offer of audio for an INVITE, else nothing. */
  readonly body?: string
  /** The dialog it is to belong to: header lines From, To, Call-ID and Contact as they are. */
  readonly dialog?: readonly string[]
  readonly cseq?: number
  /** Answers a challenge (RFC 2617). */
  readonly login?: { readonly user: string; readonly password: string }
}

export interface RawSip {
  /** Sends a request and resolves with the final answer, whole; rejects where none comes. */
  ask(request: RawRequest): Promise<string>
  /** Sends a request, whatever becomes of it. */
  send(request: RawRequest): void
  close(): void
}

export const codeOf = (answer: string): number => Number(/^SIP\/2\.0 (\d{3})/.exec(answer)?.[1] ?? 0)

export const offer = [
  ...['v=0', 'o=x 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', 'm=audio 40000 RTP/AVP 0'],
  ...['a=rtpmap:0 PCMU/8000', '']
].join('\r\n')

/** The header lines of this name, as they came. */
function lines(message: string, ...names: readonly string[]): string[] {
  return message.split('\r\n').filter((line) => names.some((name) => line.startsWith(`${name}: `)))
}

/** Speaks from `host`, an address of the loopback. Asterisk knows 127.0.0.1 as the carrier, and no other. */
export async function rawSip(asterisk: SandboxAsterisk, host = '127.0.0.1'): Promise<RawSip> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, host, resolve))
  const { port } = socket.address()
  const answers = new Map<string, string>()
  const sent = new Map<string, string>()
  let count = 0
  const sendText = (text: string): void => socket.send(Buffer.from(text, 'latin1'), asterisk.sipPort, '127.0.0.1')

  socket.on('message', (data) => {
    const message = data.toString('latin1')
    const branch = /branch=(\w+)/.exec(message)?.[1] ?? ''
    if (codeOf(message) === 0) {
      if (message.startsWith('ACK')) return
      const back = lines(message, 'Via', 'From', 'To', 'Call-ID', 'CSeq')
      sendText(['SIP/2.0 200 OK', ...back, 'Content-Length: 0', '', ''].join('\r\n'))
    } else if (codeOf(message) >= 200) {
      const request = sent.get(branch)
      if (request !== undefined && /^CSeq: \d+ INVITE/m.test(message)) {
        const [uri = ''] = /(?<=^INVITE )\S+/.exec(request) ?? []
        const cseq = /(?<=^CSeq: )\d+/m.exec(message)?.[0] ?? '1'
        // Of a refusal it is part of the transaction, of an answer one of its own (RFC 3261, 13.2.2.4 and 17.1.1.3).
        const via = `Via: SIP/2.0/UDP ${host}:${port};branch=${branch}${codeOf(message) < 300 ? 'ack' : ''}`
        const same = lines(message, 'From', 'To', 'Call-ID')
        sendText([`ACK ${uri} SIP/2.0`, via, ...same, `CSeq: ${cseq} ACK`, 'Content-Length: 0', '', ''].join('\r\n'))
      }
      answers.set(branch, message)
    }
  })

  const send = (request: RawRequest): string => {
    const { method = 'INVITE', to, from = '<sip:+15005550006@127.0.0.1>', headers = [], cseq = 1 } = request
    count += 1
    const branch = `z9hG4bKraw${port}x${count}`
    const dialog = request.dialog ?? [`From: ${from};tag=raw${count}`, `To: <${to}>`, `Call-ID: raw-${port}-${count}`]
    const body = request.body ?? (method === 'INVITE' ? offer : '')
    const text = [
      `${method} ${to} SIP/2.0`,
      `Via: SIP/2.0/UDP ${host}:${port};rport;branch=${branch}`,
      ...dialog,
      `CSeq: ${cseq} ${method}`,
      ...(request.dialog === undefined ? [`Contact: <sip:raw@${host}:${port}>`] : []),
      'Max-Forwards: 70',
      ...headers,
      ...(body === '' ? [] : [`Content-Type: ${request.contentType ?? 'application/sdp'}`]),
      `Content-Length: ${Buffer.byteLength(body, 'latin1')}`,
      '',
      body
    ].join('\r\n')
    sent.set(branch, text)
    sendText(text)
    return branch
  }
  const ask = async (request: RawRequest): Promise<string> => {
    const branch = send(request)
    const { method = 'INVITE', to } = request
    await until(`an answer to ${method} ${to.slice(0, 60)}`, () => answers.has(branch))
    const answer = answers.get(branch) ?? ''
    const { login, ...rest } = request
    if (login === undefined || codeOf(answer) !== 401) return answer
    return ask({ ...rest, cseq: 2, headers: [...(rest.headers ?? []), authorized(answer, method, to, login)] })
  }
  return { ask, send: (request) => void send(request), close: () => void socket.close() }
}

function authorized(challenge: string, method: string, uri: string, login: { user: string; password: string }): string {
  const given = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? ''
  const md5 = (...parts: readonly string[]): string => createHash('md5').update(parts.join(':')).digest('hex')
  const [realm, nonce, opaque] = [given('realm'), given('nonce'), given('opaque')]
  const who = md5(login.user, realm, login.password)
  const response = md5(who, nonce, '00000001', 'c', 'auth', md5(method, uri))
  return (
    `Authorization: Digest username="${login.user}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=MD5, ` +
    `response="${response}", opaque="${opaque}", qop=auth, nc=00000001, cnonce="c"`
  )
}
