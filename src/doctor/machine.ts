// The checks of the machine: its clock, and the followme that runs.
import type { Config } from '../config/config'
import { isError, reasonOf } from '../errors'
import type { Store } from '../store/store'
import { type Check, fault, many, ok, warning } from './check'

/** No clock that is right shows less; nor would any of the rules make sense then. */
const notBefore = Date.UTC(2026, 0, 1)
const toleratedMs = 5000
/** An event is old after a second, and Asterisk reports its time in whole seconds. */
const noticedMs = 1600

/** Our clock against Asterisk's, and against the latest instant in the database. */
export function clockCheck(aheadMs: number | null, store: Store | undefined): Check {
  const now = Date.now()
  const text = new Date(now).toISOString()
  const cure = 'set the clock, and let chrony or systemd-timesyncd keep it, on both machines where they are two'
  if (now < notBefore) return fault('clock', `it shows ${text}, which is in the past`, cure)
  if (aheadMs !== null && Math.abs(aheadMs) > noticedMs) {
    const seconds = Math.round(Math.abs(aheadMs) / 1000)
    const difference = `Asterisk's is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} ours, ${text}`
    if (Math.abs(aheadMs) > toleratedMs) return fault('clock', difference, cure)
    return warning('clock', `${difference}: each call is asked for once more before it is taken`, cure)
  }
  const latest = latestKnown(store)
  if (latest > now + toleratedMs) {
    return fault(
      'clock',
      `it shows ${text}, and the database holds what happened at ${new Date(latest).toISOString()}`,
      cure
    )
  }
  return ok('clock', `${text}${aheadMs === null ? '' : ", as Asterisk's"}`)
}

function latestKnown(store: Store | undefined): number {
  try {
    return store?.latestInstant() ?? -Infinity
  } catch {
    // Told by the check of the migrations.
    return -Infinity
  }
}

/** Whether followme runs, and what its /readyz reports. */
export async function serveCheck({ host, port }: Config['http']): Promise<Check> {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host
  const url = `http://${name}:${port}/readyz`
  let state: {
    readonly ready?: unknown
    readonly reasons?: unknown
    readonly calls?: unknown
    readonly records?: unknown
  }
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000), headers: { connection: 'close' } })
    state = (await response.json()) as typeof state
  } catch (error) {
    const reason = isError(error) && isError(error.cause) ? error.cause.message : reasonOf(error)
    return fault(
      'followme',
      `it does not answer at ${url} (${reason}): calls go to the failsafe`,
      'systemctl start followme, then look at its log (journalctl -u followme); where it runs, FOLLOWME_HTTP must be the same here and there'
    )
  }
  if (state.ready !== true) {
    const reasons = Array.isArray(state.reasons) ? state.reasons.join('; ') : 'what answers is not followme'
    return fault('followme', `it is not ready: ${reasons}`, 'fix the reason it gives; it then continues by itself')
  }
  const { fault: unwritten, lost } = (state.records ?? {}) as { readonly fault?: string | null; readonly lost?: number }
  if (typeof unwritten === 'string') {
    return fault(
      'followme',
      `it cannot write records: ${unwritten}`,
      'they are kept in memory meanwhile: do not stop it'
    )
  }
  if (lost !== undefined && lost > 0) {
    return warning('followme', `${many(lost, 'record')} lost since it was started`, 'its log says why')
  }
  return ok('followme', `it runs, and has ${many(Number(state.calls), 'call')}`)
}
