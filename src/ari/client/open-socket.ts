// Opens a WebSocket of ARI, which is one application's.
import WebSocket from 'ws'
import { type AriAddress, authorizationOf } from './address'
import { connectionRefusal } from './probe'
import { withTimeout } from './with-timeout'

/**
 * `take` is called in the very moment of the opening: the first message may be right behind. Rejects with an AppError
 * `unavailable` that names `what` could not be opened.
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
      reject(new Error(connectionRefusal(address, statusCode, '') ?? `it was answered ${String(statusCode)}`))
    })
    socket.on('error', reject)
  })
  try {
    return await withTimeout(timeoutMs, `opening ${what}`, taken)
  } catch (error) {
    // To be ended before it was open is an error to it.
    socket.removeAllListeners()
    socket.on('error', () => undefined)
    socket.terminate()
    throw error
  }
}
