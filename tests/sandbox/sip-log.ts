// What a SIPp sent and received, read from its message log.
export interface SipMessage {
  /** Milliseconds since 1970. */
  readonly at: number
  /** By SIPp: sent or received. */
  readonly direction: 'sent' | 'received'
  /** INVITE, CANCEL, …; for a response, that of the request it answers. */
  readonly method: string
  /** The status code, for a response. */
  readonly code: number | null
  readonly callId: string
  /** The first line, such as "SIP/2.0 486 Busy Here". */
  readonly start: string
  /** A header's value, by its full name; null where there is none. */
  header(name: string): string | null
  readonly raw: string
}

/** One call as SIPp saw it. */
export interface SipCall {
  readonly callId: string
  readonly invite: SipMessage
  /** Codes of the responses to the INVITE, in order, without repetitions. */
  readonly codes: readonly number[]
  /** The final one, or null while there is none. */
  readonly finalCode: number | null
  /** What ended it: the message that did, and its direction; null while it is up. */
  readonly end: SipMessage | null
  /** The Q.850 cause of that message's Reason header, or null. */
  readonly cause: number | null
  readonly messages: readonly SipMessage[]
}

const SEPARATOR = /^-{40,} (\d{4}-\d\d-\d\d)[ T\t](\d\d:\d\d:\d\d\.\d{3})\d*[^\n]*\n/m
const KIND = /^\w+ message (sent|received)[^\n]*:\s*\n\s*\n/

function parseMessage(at: number, direction: 'sent' | 'received', raw: string): SipMessage | null {
  const lines = raw.split(/\r?\n/)
  const start = lines[0] ?? ''
  const header = (name: string): string | null => {
    const prefix = `${name.toLowerCase()}:`
    const line = lines.find((each) => each.toLowerCase().startsWith(prefix))
    return line === undefined ? null : line.slice(prefix.length).trim()
  }
  const code = /^SIP\/2\.0 (\d{3})/.exec(start)?.[1]
  const method = header('CSeq')?.split(' ')[1]
  if (method === undefined) return null
  return {
    at,
    direction,
    method,
    code: code === undefined ? null : Number(code),
    callId: header('Call-ID') ?? '',
    start,
    header,
    raw
  }
}

/** All complete messages of a log, oldest first. */
export function parseMessages(log: string): SipMessage[] {
  // split() with two groups gives: before, date, time, text, date, time, text, …
  const pieces = log.split(new RegExp(SEPARATOR, 'gm'))
  const messages: SipMessage[] = []
  for (let index = 1; index + 2 < pieces.length + 1; index += 3) {
    const [date = '', time = '', text = ''] = pieces.slice(index, index + 3)
    const kind = KIND.exec(text)
    if (kind === null) continue
    const direction = kind[1] === 'sent' ? 'sent' : 'received'
    const message = parseMessage(Date.parse(`${date}T${time}`), direction, text.slice(kind[0].length))
    if (message !== null) messages.push(message)
  }
  return messages
}

function toCall(messages: readonly SipMessage[]): SipCall | null {
  const invite = messages.find((message) => message.method === 'INVITE' && message.code === null)
  if (invite === undefined) return null
  const answers = messages.flatMap((message) => (message.method === 'INVITE' && message.code !== null ? [message] : []))
  const codes = [...new Set(answers.map((message) => message.code ?? 0))]
  const final = answers.find((message) => (message.code ?? 0) >= 200)
  const requests = messages.filter((message) => message.code === null)
  const end =
    requests.find(({ method }) => method === 'BYE') ??
    requests.find(({ method }) => method === 'CANCEL') ??
    ((final?.code ?? 0) >= 300 ? final : undefined) ??
    null
  // There may be two such headers: one in SIP's terms, one in Q.850's.
  const cause = /^Reason:\s*Q\.850\s*;\s*cause=(\d+)/im.exec(end?.raw ?? '')?.[1]
  return {
    callId: invite.callId,
    invite,
    codes,
    finalCode: final?.code ?? null,
    end,
    cause: cause === undefined ? null : Number(cause),
    messages
  }
}

/** The messages by call, in the order the calls began. */
export function toCalls(messages: readonly SipMessage[]): SipCall[] {
  const byCall = new Map<string, SipMessage[]>()
  for (const message of messages) byCall.set(message.callId, [...(byCall.get(message.callId) ?? []), message])
  return [...byCall.values()].map(toCall).filter((call) => call !== null)
}
