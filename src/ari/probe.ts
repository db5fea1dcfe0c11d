// A first, harmless request with a timeout: is there an Asterisk, does it speak ARI, does it know us? ari-client, which
// has no timeout and few words for what is wrong, is let loose only when all three are so.
import { AppError, isError, reasonOf } from '../core/errors'

export interface AriAddress {
  readonly url: string
  readonly user: string
  readonly password: string
  readonly app: string
}

/** Resolves with Asterisk's version; rejects with an AppError `unavailable` that says what is wrong and the cure. */
export async function probe(address: AriAddress, timeoutMs: number): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${address.user}:${address.password}`).toString('base64')}`
  let status: number
  let body: string
  try {
    const response = await fetch(`${address.url}/ari/asterisk/info?only=system`, {
      // One request, one connection: it would be kept open for nothing.
      headers: { authorization, connection: 'close' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs)
    })
    status = response.status
    body = await response.text()
  } catch (error) {
    throw new AppError('unavailable', unreachable(address.url, timeoutMs, error), { cause: error })
  }
  if (status !== 200) throw new AppError('unavailable', refused(address, status))
  return versionOf(body)
}

function unreachable(url: string, timeoutMs: number, error: unknown): string {
  if (isError(error) && error.name === 'TimeoutError') {
    return `Asterisk at ${url} took the connection but gave no answer within ${String(timeoutMs / 1000)} s`
  }
  const code = causeCode(error)
  if (code === 'ECONNREFUSED') {
    return `nothing listens at ${url}: is Asterisk running, with "enabled = yes" in http.conf?`
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the host of ${url} cannot be found: check FOLLOWME_ARI_URL`
  return `Asterisk at ${url} cannot be reached (${code ?? reasonOf(error)})`
}

/** fetch wraps the system's error; where several addresses were tried, the first one's tells. */
function causeCode(error: unknown): string | undefined {
  const cause: unknown = isError(error) ? error.cause : undefined
  const first: unknown = isError(cause) && 'errors' in cause && Array.isArray(cause.errors) ? cause.errors[0] : cause
  return isError(first) && 'code' in first ? String(first.code) : undefined
}

function refused({ url, user }: AriAddress, status: number): string {
  switch (status) {
    case 401:
      return `Asterisk at ${url} refuses user "${user}" (401): FOLLOWME_ARI_USER and FOLLOWME_ARI_PASSWORD must be a user of ari.conf and its password`
    case 403:
      return `Asterisk at ${url} forbids user "${user}" to control calls (403): it needs "read_only = no" in ari.conf`
    case 404:
      return `Asterisk at ${url} has no ARI (404): it is still loading, or "enabled = yes" is missing in ari.conf, or res_ari is not loaded`
    case 503:
      return `Asterisk at ${url} is not ready (503): it is still starting, or short of something`
    default:
      return `Asterisk at ${url} answered ${String(status)} to a first request`
  }
}

function versionOf(body: string): string {
  const match = /"version"\s*:\s*"([^"]+)"/.exec(body)
  if (match?.[1] === undefined)
    throw new AppError('unavailable', 'what answers there is not Asterisk: check FOLLOWME_ARI_URL')
  return match[1]
}
