// Harmless first requests with a timeout: is there an Asterisk, does it offer ARI, are our credentials valid, may we control
// calls? The libraries that open sockets report errors poorly, so they are used only if all four answers are yes.
import { AppError, isError, reasonOf } from '../../errors'
import type { AriAddress } from './address'
import { askOnce } from './ask-once'

/** Resolves with Asterisk's version; rejects with an AppError `unavailable` that says what is wrong and the cure. */
export async function probe(address: AriAddress, timeoutMs: number): Promise<string> {
  const { status, body } = await ask(address, 'GET', 'asterisk/info?only=system', timeoutMs)
  if (status !== 200) throw unavailable(connectionRefusal(address, status, body) ?? strange(address, status))
  // Deletes something that does not exist: Asterisk answers 404, unless the user may not do this or a module is missing.
  for (const resource of ['channels', 'bridges']) {
    const answer = await ask(address, 'DELETE', `${resource}/followme-probe`, timeoutMs)
    const refused = connectionRefusal(address, answer.status, answer.body)
    if (refused !== undefined) throw unavailable(refused)
    if (answer.status >= 500) throw unavailable(strange(address, answer.status))
  }
  return versionOf(body)
}

/**
 * Why no request on this connection can succeed, in words and with the cure. Undefined if the answer is about this one request
 * only.
 */
export function connectionRefusal({ url, user }: AriAddress, status: number, body: string): string | undefined {
  switch (status) {
    case 401:
      return `Asterisk at ${url} refuses user "${user}" (401): FOLLOWME_ARI_USER and FOLLOWME_ARI_PASSWORD must be a user of ari.conf and its password. Set up as docs/install.md says, followme reads them from /etc/followme/followme.env and Asterisk from /etc/asterisk/ari_followme_password.conf; "Change the ARI password" in docs/install.md sets both`
    case 403:
      return `Asterisk at ${url} does not let user "${user}" control calls (403): set "read_only = no" for this user in ari.conf`
    case 404:
      return isAboutOne(body)
        ? undefined
        : `Asterisk at ${url} has no ARI, or not all of it (404): it is still loading, or "enabled = yes" is missing in ari.conf, or a module is not loaded ("module show like res_ari")`
    case 503:
      return `Asterisk at ${url} is not ready (503): it is still starting, or out of resources`
    default:
      return undefined
  }
}

/**
 * An ARI 404 names the missing object: a channel, a bridge. If the operation itself is missing, it says so, or the server is
 * not ARI.
 */
function isAboutOne(body: string): boolean {
  return /"message"\s*:/.test(body) && !body.includes('Resource not found') && !body.includes('Invalid method')
}

function strange({ url }: AriAddress, status: number): string {
  return `Asterisk at ${url} answered ${String(status)} to the first request: see Asterisk's log for the reason`
}

function unavailable(message: string): AppError {
  return new AppError('unavailable', message)
}

async function ask(
  address: AriAddress,
  method: string,
  path: string,
  timeoutMs: number
): Promise<{ status: number; body: string }> {
  try {
    const { status, text } = await askOnce(address, method, path, timeoutMs)
    return { status, body: text }
  } catch (error) {
    throw new AppError('unavailable', unreachable(address.url, timeoutMs, error), { cause: error })
  }
}

function unreachable(url: string, timeoutMs: number, error: unknown): string {
  if (isError(error) && error.name === 'TimeoutError') {
    return `Asterisk at ${url} accepted the connection but did not answer within ${String(timeoutMs / 1000)} s: it is overloaded or has hung`
  }
  const code = causeCode(error)
  if (code === 'ECONNREFUSED') {
    return `nothing listens at ${url}: is Asterisk running, with "enabled = yes" in http.conf?`
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the host of ${url} cannot be found: check FOLLOWME_ARI_URL`
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET') {
    return `Asterisk at ${url} closed the connection without an answer: is sessionlimit in http.conf large enough?`
  }
  return `Asterisk at ${url} cannot be reached (${code ?? reasonOf(error)})`
}

/** fetch wraps the system's error; if several addresses were tried, the first error is used. */
function causeCode(error: unknown): string | undefined {
  const cause: unknown = isError(error) ? error.cause : undefined
  const first: unknown = isError(cause) && 'errors' in cause && Array.isArray(cause.errors) ? cause.errors[0] : cause
  return isError(first) && 'code' in first ? String(first.code) : undefined
}

function versionOf(body: string): string {
  const match = /"version"\s*:\s*"([^"]+)"/.exec(body)
  if (match?.[1] === undefined) throw unavailable('the server there is not Asterisk: check FOLLOWME_ARI_URL')
  return match[1]
}
