// The checks of the machine: its clock, and the running followme.
import type { Config } from '../config/config'
import { isError, reasonOf } from '../errors'
import type { Store } from '../store/store'
import { type Check, fault, many, ok, warning } from './check'

/** A correct clock never shows an earlier time, and rules would be wrong then. */
const notBefore = Date.UTC(2026, 0, 1)
const toleratedMs = 5000
/** An event counts as old after one second, and Asterisk reports its time in whole seconds. */
const noticedMs = 1600

/** Compares our clock with Asterisk's and with the latest instant in the database. */
export function clockCheck(aheadMs: number | null, store: Store | undefined): Check {
  const now = Date.now()
  const text = new Date(now).toISOString()
  const cure =
    'set the clock, and keep it right with chrony or systemd-timesyncd, on both machines if Asterisk runs on another'
  if (now < notBefore) return fault('clock', `it shows ${text}, which is in the past`, cure)
  if (aheadMs !== null && Math.abs(aheadMs) > noticedMs) {
    const seconds = Math.round(Math.abs(aheadMs) / 1000)
    const difference = `Asterisk's is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} ours, ${text}`
    if (Math.abs(aheadMs) > toleratedMs) return fault('clock', difference, cure)
    return warning('clock', `${difference}: followme checks each call with Asterisk again before it takes it`, cure)
  }
  const latest = latestKnown(store)
  if (latest > now + toleratedMs) {
    return fault('clock', `it shows ${text}, but the database has a record of ${new Date(latest).toISOString()}`, cure)
  }
  return ok('clock', `${text}${aheadMs === null ? '' : ", as Asterisk's"}`)
}

function latestKnown(store: Store | undefined): number {
  try {
    return store?.latestInstant() ?? -Infinity
  } catch {
    // The check of the migrations reports this.
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
      'start followme (systemctl start followme), then read its log (journalctl -u followme); if it is running, FOLLOWME_HTTP must be the same here and for the service'
    )
  }
  if (state.ready !== true) {
    const reasons = Array.isArray(state.reasons) ? state.reasons.join('; ') : 'another program answers at this address'
    return fault('followme', `it is not ready: ${reasons}`, 'fix that; followme then continues by itself')
  }
  const { fault: unwritten, lost } = (state.records ?? {}) as { readonly fault?: string | null; readonly lost?: number }
  if (typeof unwritten === 'string') {
    return fault(
      'followme',
      `it cannot write records: ${unwritten}`,
      'fix that before you stop followme: the records exist only in memory'
    )
  }
  if (lost !== undefined && lost > 0) {
    return warning('followme', `${many(lost, 'record')} lost since followme was started`, 'read its log for the reason')
  }
  return ok('followme', `it is running with ${many(Number(state.calls), 'call')}`)
}
