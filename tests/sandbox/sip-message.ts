// SIP messages as text: what is read from one, and how one is put together.
import type { Socket } from 'node:dgram'

/** The code of a response; 0 for a request. */
export const codeOf = (message: string): number => Number(/^SIP\/2\.0 (\d{3})/.exec(message)?.[1] ?? 0)

export const methodOf = (message: string): string => header(message, 'CSeq').split(' ')[1] ?? ''

/** The value of the first header of this name, empty where there is none. */
export function header(message: string, name: string): string {
  return new RegExp(`^${name}: *(.*?)\\r?$`, 'im').exec(message)?.[1] ?? ''
}

/** The header lines of these names, as they came. */
export function headerLines(message: string, ...names: readonly string[]): string[] {
  return message.split('\r\n').filter((line) => names.some((name) => line.startsWith(`${name}: `)))
}

export const bodyOf = (message: string): string => message.slice(message.indexOf('\r\n\r\n') + 4)

/** The address in a header such as `"Name" <sip:…>;tag=…`. */
export const uriIn = (value: string): string => /<([^>]+)>/.exec(value)?.[1] ?? value
export const tagIn = (value: string): string => /;tag=([^;>\s]+)/.exec(value)?.[1] ?? ''
export const branchOf = (message: string): string => /branch=([^;\s]+)/.exec(header(message, 'Via'))?.[1] ?? ''

export function assemble(lines: readonly string[], body = ''): string {
  return [...lines, `Content-Length: ${Buffer.byteLength(body, 'latin1')}`, '', body].join('\r\n')
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

/** The payload type of pressed keys (RFC 4733). */
export const KEYS = 101

/** Audio in u-law. `version` counts up with each offer or answer of a call. */
export function audio(host: string, port: number, version = 1, direction: Direction = 'sendrecv'): string {
  return [
    ...[
      'v=0',
      `o=x 1 ${version} IN IP4 ${host}`,
      's=-',
      `c=IN IP4 ${host}`,
      't=0 0',
      `m=audio ${port} RTP/AVP 0 ${KEYS}`
    ],
    ...['a=rtpmap:0 PCMU/8000', `a=rtpmap:${KEYS} telephone-event/8000`, `a=fmtp:${KEYS} 0-16`, `a=${direction}`, '']
  ].join('\r\n')
}

/** Resolves once the socket is bound; port 0: any that is free. */
export function bound(socket: Socket, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(port, host, () => resolve())
  })
}
