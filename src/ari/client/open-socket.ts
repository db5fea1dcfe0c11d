// Opens a WebSocket of ARI for one application.
import WebSocket from 'ws'
import { type AriAddress, authorizationOf } from './address'
import { connectionRefusal } from './probe'
import { withTimeout } from './with-timeout'

/**
 * Calls `take` in the same tick in which the socket opens, because the first message may follow immediately. Rejects with an
 * AppError `unavailable` that names `what` could not be opened.
 */
export async function openSocket<T>(
  address: AriAddress,
  what: string,
  timeoutMs: number,
  take: (socket: WebSocket) => T
): Promise<T> {
  const url = new URL('/ari/events', address.url.replace(/^http/, 'ws'))
  url.searchParams.set('app', address.app)
  const socket = new WebSocket(url, {
    headers: { authorization: authorizationOf(address) },
    handshakeTimeout: timeoutMs,
    perMessageDeflate: false
  })
  const taken = new Promise<T>((resolve, reject) => {
    socket.on('open', () => {
      socket.removeAllListeners()
      resolve(take(socket))
    })
    socket.on('unexpected-response', (_request, { statusCode = 0 }) => {
      reject(new Error(connectionRefusal(address, statusCode, '') ?? `Asterisk answered ${String(statusCode)}`))
    })
    socket.on('error', reject)
  })
  try {
    return await withTimeout(timeoutMs, `opening ${what}`, taken)
  } catch (error) {
    // Ending a socket before it is open makes it emit an error.
    socket.removeAllListeners()
    socket.on('error', () => undefined)
    socket.terminate()
    throw error
  }
}
