// SIGHUP of `followme serve`: reads the settings again, and logs which took effect and which need a restart.
import type winston from 'winston'
import type { App } from '../../app'
import { readConfig } from '../../config/config'
import { reasonOf } from '../../errors'
import { isGivenByProcess, rereadEnvironment, settingsFile } from '../../config/environment'
import { type Env, settingText } from '../../config/setting'

/** The settings that a running followme can change. */
const changeable = ['FOLLOWME_LOG_LEVEL', 'FOLLOWME_ARI_USER', 'FOLLOWME_ARI_PASSWORD']

/** Each setting by its name; for NAME_FILE, the contents of the file. */
type Settings = ReadonlyMap<string, string>

function settingsIn(env: Env): Settings {
  const names = Object.keys(env).flatMap((name) => (name.startsWith('FOLLOWME_') ? [name.replace(/_FILE$/, '')] : []))
  return new Map(names.map((name) => [name, settingText(env, name, '')]))
}

/**
 * Create it at the start, before any setting can change, and call it for each SIGHUP. An invalid setting leaves all settings
 * unchanged.
 */
export function reloader(app: App, log: winston.Logger, start: Env = process.env): () => void {
  let inUse = settingsIn(start)
  return () => {
    try {
      const env = rereadEnvironment()
      const config = readConfig(env)
      const next = settingsIn(env)
      const changed = [...new Set([...inUse.keys(), ...next.keys()])]
        .filter((name) => (inUse.get(name) ?? '') !== (next.get(name) ?? ''))
        .sort()
      app.reload(config)
      // Settings that need a restart are logged at every SIGHUP until then.
      inUse = new Map([...inUse, ...changeable.map((name) => [name, next.get(name) ?? ''] as const)])
      log.info('SIGHUP: settings reloaded', {
        file: settingsFile(),
        changed: changed.filter((name) => changeable.includes(name)).join(', ') || 'none'
      })
      const later = changed.filter((name) => !changeable.includes(name)).join(', ')
      if (later !== '') log.warn(`SIGHUP: ${later} changed: restart followme to use the new value`)
      if (isGivenByProcess('FOLLOWME_ARI_PASSWORD')) {
        log.warn('SIGHUP: FOLLOWME_ARI_PASSWORD comes from the environment: restart to change it')
      }
    } catch (error) {
      log.warn('SIGHUP: no setting was changed', { reason: reasonOf(error) })
    }
  }
}
