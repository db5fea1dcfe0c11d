// What /readyz reports: whether followme takes calls, and if not, why.
import type { AriLink } from './ari/link'
import type { FailsafePlanSync } from './engine/jobs/failsafe-plan-sync'
import type { RecordQueue } from './engine/record-queue'
import type { Switchboard } from './engine/switchboard'
import type { TrunkMonitor } from './engine/trunk-monitor'
import { reasonOf } from './errors'
import type { SiteMigrationMonitor } from './site-migration-monitor'
import type { LiveDatabase } from './store/database/live-database'
import { zoneReadiness } from './zone-updates'

interface Parts {
  readonly link: AriLink
  readonly switchboard: Switchboard
  readonly failsafe: FailsafePlanSync
  readonly database: LiveDatabase
  readonly calls: RecordQueue
  readonly site: SiteMigrationMonitor
  readonly trunks: TrunkMonitor
}

export function readiness({ link, switchboard, failsafe: { ageMs }, database, calls, site, trunks }: Parts) {
  const reasons: string[] = []
  if (!link.connected) reasons.push(`asterisk: ${link.trouble === '' ? 'connecting' : link.trouble}`)
  if (switchboard.isDraining) reasons.push('shutting down: no new calls are taken')
  if (database.fault !== null) reasons.push(`database: ${database.fault}`)
  try {
    database.requireReadable()
  } catch (error) {
    reasons.push(`database: ${reasonOf(error)}`)
  }
  const failsafeAgeSeconds = ageMs === null ? null : Math.floor(ageMs / 1000)
  return {
    ready: reasons.length === 0,
    reasons,
    transport: link.transport,
    calls: switchboard.liveCalls,
    failsafeAgeSeconds,
    zones: zoneReadiness(),
    records: calls.state,
    siteMigrations: site.readiness(),
    trunks: trunks.state
  }
}
