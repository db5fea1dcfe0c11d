// What a failed request of ARI means to a call.
import { TelephonyError, type TelephonyFailure } from '../ports'
import { AriRequestError } from './client/transport'

/** A failed request as a {@link TelephonyError}, any other error as it is. `meanings` names statuses that mean something here. */
export function toTelephonyError(error: unknown, meanings: Readonly<Record<number, TelephonyFailure>> = {}): unknown {
  if (!(error instanceof AriRequestError)) return error
  const { status, message } = error
  const meaning = typeof status === 'number' ? meanings[status] : undefined
  return new TelephonyError(meaning ?? failureOf(status), message)
}

function failureOf(status: AriRequestError['status']): TelephonyFailure {
  switch (status) {
    case 'cut':
    case 'timeout':
      return 'timeout'
    case 'disconnected':
      return 'disconnected'
    case 404:
      return 'gone'
    case 409:
    case 412:
      return 'conflict'
    case 400:
      return 'invalid'
    default:
      return 'failed'
  }
}
