// A carrier whose customers forward their calls: what it is sent for their numbers it sends back to Asterisk, as a call of its own.
import { createSocket } from 'node:dgram'
import type { SandboxAsterisk } from './asterisk'

/** What happens to the calls of one number: it rings, and perhaps is forwarded. */
export interface Forwarding {
  /** Where to. Absent: it rings until the call is cancelled. */
  readonly to?: string
  /** How long it rings first; `told`: until the case calls `forward`. Default: not at all. */
  readonly after?: number | 'told'
  /** Passes the header X-Followme on. Default: no. */
  readonly keeps?: boolean
  /** Adds a Diversion header (RFC 5806). Default: no. */
  readonly diverts?: boolean
  /** Calls with this number instead of the caller's. */
  readonly as?: string
}

export interface ForwardingCarrier {
  /** Every INVITE that Asterisk has sent, as it came. */
  readonly invites: readonly string[]
  /** By number. */
  forwardings: Readonly<Record<string, Forwarding>>
  /** Forwards the calls that wait to be told. */
  forward(): void
  close(): void
}

interface Relay {
  readonly invite: string
  readonly number: string
  readonly id: number
  /** The INVITE of the call back, once it is sent. */
  back?: string
  /** What Asterisk has answered to it: the header To. */
  to?: string
  isOver: boolean
}

const header = (message: string, name: string): string =>
  new RegExp(`^${name}: (.*)\\r$`, 'im').exec(message)?.[1] ?? ''
const bodyOf = (message: string): string => message.slice(message.indexOf('\r\n\r\n') + 4)

/** Listens where the calls through the sandbox's trunk go. */
export async function startForwardingCarrier(asterisk: SandboxAsterisk): Promise<ForwardingCarrier> {
  const socket = createSocket('udp4')
  const port = asterisk.carrierPort
  const invites: string[] = []
  const relays: Relay[] = []
  const waiting = new Set<() => void>()
  let isOpen = true
  await new Promise<void>((resolve) => socket.bind(port, '127.0.0.1', resolve))

  const send = (lines: readonly string[], body = ''): void => {
    const type = body === '' ? [] : ['Content-Type: application/sdp']
    const text = [...lines, ...type, `Content-Length: ${String(body.length)}`, '', body].join('\r\n')
    socket.send(text, asterisk.ports.sip, '127.0.0.1')
  }

  function respond(request: string, status: string, id: number, body = ''): void {
    const same = request.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq|Record-Route): /i.test(line))
    const tag = header(request, 'To').includes('tag=') ? '' : `;tag=c${String(id)}`
    const to = `To: ${header(request, 'To')}${tag}`
    send([`SIP/2.0 ${status}`, ...same, to, `Contact: <sip:carrier@127.0.0.1:${String(port)}>`], body)
  }

  /** A request of the call back; `branch` is new for each but CANCEL and the ACK of a refusal. */
  function request(relay: Relay, method: string, more: readonly string[] = [], branch = 'i', body = ''): string {
    const { back = '', to = header(back, 'To') } = relay
    const [, uri = ''] = /^INVITE (\S+)/.exec(back) ?? []
    const sequence = method === 'BYE' ? 2 : 1
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${String(port)};branch=z9hG4bK${header(back, 'Call-ID')}${branch}`,
      `From: ${header(back, 'From')}`,
      `To: ${method === 'INVITE' || method === 'CANCEL' ? header(back, 'To') : to}`,
      `Call-ID: ${header(back, 'Call-ID')}`,
      `CSeq: ${String(sequence)} ${method}`,
      `Contact: <sip:carrier@127.0.0.1:${String(port)}>`,
      'Max-Forwards: 70',
      ...more
    ]
    send(lines, body)
    return lines.join('\r\n')
  }

  function callBack(relay: Relay, { to = '', keeps, diverts, as }: Forwarding): void {
    if (relay.isOver) return
    const { invite, number, id } = relay
    const [, user = ''] = /<sips?:([^@>]*)@?/.exec(header(invite, 'From')) ?? []
    const kept = invite.split('\r\n').filter((line) => /^(Privacy|P-Asserted-Identity): /i.test(line))
    const own = invite.split('\r\n').filter((line) => /^X-Followme: /i.test(line))
    const diversion = `Diversion: <sip:${number}@127.0.0.1>;reason=no-answer`
    relay.back = [
      `INVITE sip:${to}@127.0.0.1:${String(asterisk.ports.sip)} SIP/2.0`,
      `From: <sip:${as ?? user}@127.0.0.1>;tag=b${String(id)}`,
      `To: <sip:${to}@127.0.0.1>`,
      `Call-ID: back-${String(id)}-${header(invite, 'Call-ID')}`,
      ''
    ].join('\r\n')
    const more = [...kept, ...(keeps === true ? own : []), ...(diverts === true ? [diversion] : [])]
    request(relay, 'INVITE', more, 'i', bodyOf(invite))
  }

  function arrived(invite: string): void {
    const callId = header(invite, 'Call-ID')
    if (relays.some((relay) => header(relay.invite, 'Call-ID') === callId)) return
    const [, number = ''] = /^INVITE sip:([^@]*)@/.exec(invite) ?? []
    const relay: Relay = { invite, number, id: relays.length, isOver: false }
    relays.push(relay)
    invites.push(invite)
    respond(invite, '180 Ringing', relay.id)
    const forwarding = carrier.forwardings[number] ?? {}
    if (forwarding.to === undefined) return
    const now = (): void => callBack(relay, forwarding)
    if (forwarding.after === 'told') waiting.add(now)
    else if (forwarding.after === undefined) now()
    else setTimeout(now, forwarding.after)
  }

  function asked(message: string): void {
    const relay = relays.find(({ invite }) => header(invite, 'Call-ID') === header(message, 'Call-ID'))
    const other = relays.find(({ back = '' }) => header(back, 'Call-ID') === header(message, 'Call-ID'))
    const [method] = message.split(' ', 1)
    if (method === 'ACK') return
    respond(message, '200 OK', (relay ?? other)?.id ?? 0)
    if (method === 'CANCEL' && relay !== undefined && !relay.isOver) {
      relay.isOver = true
      respond(relay.invite, '487 Request Terminated', relay.id)
      if (relay.back !== undefined) request(relay, 'CANCEL')
    }
    if (method === 'BYE' && relay?.back !== undefined) request(relay, 'BYE', [], 'b')
    if (method === 'BYE' && other !== undefined) hangUp(other)
  }

  /** Ends the call that Asterisk has made. */
  function hangUp({ invite, id }: Relay): void {
    const [, contact = ''] = /<([^>]*)>/.exec(header(invite, 'Contact')) ?? []
    send([
      `BYE ${contact} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${String(port)};branch=z9hG4bK${header(invite, 'Call-ID')}`,
      `From: ${header(invite, 'To')};tag=c${String(id)}`,
      `To: ${header(invite, 'From')}`,
      `Call-ID: ${header(invite, 'Call-ID')}`,
      'CSeq: 1 BYE',
      'Max-Forwards: 70'
    ])
  }

  function answered(message: string): void {
    const relay = relays.find(({ back = '' }) => header(back, 'Call-ID') === header(message, 'Call-ID'))
    const code = Number(message.slice(8, 11))
    if (relay === undefined || code < 200 || !header(message, 'CSeq').endsWith('INVITE')) return
    relay.to = header(message, 'To')
    request(relay, 'ACK', [], code < 300 ? 'a' : 'i')
    if (relay.isOver) return
    relay.isOver = true
    respond(relay.invite, message.slice(8, message.indexOf('\r\n')), relay.id, code < 300 ? bodyOf(message) : '')
  }

  socket.on('message', (data) => {
    const message = data.toString('latin1')
    if (message.startsWith('SIP/2.0 ')) answered(message)
    else if (message.startsWith('INVITE ')) arrived(message)
    else asked(message)
  })

  const carrier: ForwardingCarrier = {
    invites,
    forwardings: {},
    forward: () => {
      for (const now of waiting) now()
      waiting.clear()
    },
    close: () => {
      if (isOpen) socket.close()
      isOpen = false
    }
  }
  return carrier
}
