// The checks of Asterisk: version, modules, application, dialplan.
import type { AsteriskFacts, Inspection } from '../ari/inspection'
import { confinesFunctions } from '../ari/client/version'
import type { Config } from '../config/config'
import { dialRefusal } from '../rules/gate'
import { type Check, fault, ok, warning } from './check'

/** The dialplan's global variables that doctor reads. */
export const globalsWanted = ['FOLLOWME_FAILSAFE']

/** The modules that calls need, that the failsafe needs to read the database, and that single fallbacks need. */
const neededForCalls = [
  'app_stasis',
  'res_stasis',
  'res_stasis_answer',
  'res_ari',
  'res_ari_applications',
  'res_ari_bridges',
  'res_ari_channels',
  'res_ari_events',
  'bridge_simple'
]
const neededByTheDialplan = [
  'app_dial',
  'app_exec',
  'app_playback',
  'app_stack',
  'app_verbose',
  'func_base64',
  'func_callerid',
  'func_channel',
  'func_dialplan',
  'func_global',
  'func_hangupcause',
  'func_logic',
  'func_strings',
  'func_timeout'
]
const neededByTheFailsafe = ['func_groupcount', 'func_realtime', 'res_config_sqlite3']
const forVoicemail = ['app_voicemail', 'app_voicemail_imap', 'app_voicemail_odbc']

/** What Asterisk reports about itself. */
export function factChecks(facts: AsteriskFacts, config: Config): Check[] {
  return [
    versionCheck(facts.version, config.ari.url),
    passwordCheck(facts.version),
    moduleCheck(facts, config),
    voicemailCheck(facts),
    applicationCheck(facts, config.ari.app),
    staticCheck(facts)
  ]
}

function versionCheck(version: string, url: string): Check {
  const major = Number(/^(?:certified[/-])?(\d+)\./.exec(version)?.[1])
  const message = `Asterisk ${version} answers at ${url}`
  if (major >= 16 && major <= 23) return ok('asterisk', message)
  return warning('asterisk', message, 'use a version that followme supports: Asterisk 16 to 23')
}

/** What the ARI password allows; see docs/security.md. */
function passwordCheck(version: string): Check {
  const confines = confinesFunctions(version)
  if (confines === true) {
    return ok('ARI password', `with live_dangerously = no, it runs no programs on Asterisk ${version}`)
  }
  const danger = 'anyone who has the ARI password can run programs on its machine, even with live_dangerously = no'
  return warning(
    'ARI password',
    confines === false
      ? `on Asterisk ${version}, ${danger}`
      : `"${version}" does not show whether this Asterisk is fixed; on an older one, ${danger}`,
    'install Asterisk 20.20.1, 21.12.3, 22.10.1, 23.4.1 or a later release of these; until then keep ARI on 127.0.0.1 and guard its password like a login (docs/security.md)'
  )
}

function moduleCheck({ loadedModules }: AsteriskFacts, { trunk }: Config): Check {
  const needed = [...neededForCalls, ...neededByTheDialplan, ...neededByTheFailsafe]
  const usesPjsip = trunk.startsWith('PJSIP/') || loadedModules.has('chan_pjsip')
  // The second one reads the caller's privacy request.
  if (usesPjsip) needed.push('chan_pjsip', 'res_pjsip_header_funcs')
  const missing = needed.filter((name) => !loadedModules.has(name))
  if (missing.length === 0) return ok('modules', `all ${needed.length} required modules are loaded`)
  return fault(
    'modules',
    `not loaded: ${missing.join(', ')}`,
    `${missing.map((name) => `asterisk -rx 'module load ${name}.so'`).join('; ')}; and add a line for each to modules.conf, unless it loads all modules`
  )
}

function voicemailCheck({ loadedModules, failedModules }: AsteriskFacts): Check {
  const loaded = forVoicemail.filter((name) => loadedModules.has(name))
  const failed = forVoicemail.filter((name) => failedModules.has(name))
  // Each module registers VoiceMail(). If the name is taken, a failing module unregisters it, which removes the other's.
  if (loaded.length > 0 && failed.length > 0) {
    return fault(
      'voicemail',
      `${failed.join(', ')} failed to load beside ${loaded.join(', ')}, which removed VoiceMail(): the fallback voicemail: plays an apology`,
      `write ${failed.map((name) => `noload => ${name}.so`).join(', ')} under [modules] in modules.conf; then asterisk -rx 'core restart when convenient'`
    )
  }
  if (loaded.length > 0) return ok('voicemail', 'its module is loaded')
  return warning(
    'voicemail',
    'no voicemail module is loaded: the fallback voicemail: plays an apology',
    "asterisk -rx 'module load app_voicemail.so', unless you do not use it"
  )
}

function applicationCheck({ isRegistered }: AsteriskFacts, app: string): Check {
  if (isRegistered && app !== 'followme') {
    return warning(
      'application',
      `followme is connected as "${app}", which is not the name in the extensions_followme.conf that followme ships`,
      `its line Stasis(followme,…) must be Stasis(${app},…), or calls go to the failsafe; otherwise unset FOLLOWME_ARI_APP`
    )
  }
  if (isRegistered) return ok('application', `followme is connected as "${app}"`)
  return fault(
    'application',
    `followme is not connected as "${app}": calls go to the failsafe`,
    'start followme (systemctl start followme), then read its log'
  )
}

function staticCheck({ globals }: AsteriskFacts): Check {
  const value = globals.get('FOLLOWME_FAILSAFE') ?? ''
  for (const device of value.split('&')) {
    const refusal = dialRefusal(device.trim())
    if (refusal === undefined) continue
    return fault(
      'static failsafe',
      `FOLLOWME_FAILSAFE is never dialled: ${refusal.reason}`,
      'correct FOLLOWME_FAILSAFE in extensions.conf (FreePBX: globals_custom.conf), then dialplan reload'
    )
  }
  if (value !== '') return ok('static failsafe', `${value} rings if Asterisk cannot read the database`)
  return warning(
    'static failsafe',
    'FOLLOWME_FAILSAFE is not set: if Asterisk cannot read the database, callers get an apology',
    'write FOLLOWME_FAILSAFE = PJSIP/101&PJSIP/102 under [globals] in extensions.conf (FreePBX: globals_custom.conf), then dialplan reload'
  )
}

/** All of them, so that a copy of the file from an earlier version is noticed. */
const contexts = [
  ['followme', '+1', '1'],
  ['followme-failsafe', '+1', '1'],
  ['followme-gate', 's', '1'],
  ['followme-limits', 'enter', '1'],
  ['followme-answered', 's', '1'],
  ['followme-places', 'take', '1'],
  ['followme-loops', 's', '1'],
  ['followme-reached', 's', '1'],
  ['followme-trunks', 'failed', '1'],
  ['followme-contacts', 's', '1'],
  ['followme-shown', 'leg', '1'],
  ['followme-leg', 's', '1'],
  ['followme-record', 'kept', '1'],
  ['followme-fallback', 'sorry', '1']
] as const

const reload = "include this version's extensions_followme.conf in extensions.conf, then asterisk -rx 'dialplan reload'"

/** The dialplan that Asterisk has loaded. */
export async function dialplanChecks({ read }: Pick<Inspection, 'read'>): Promise<Check[]> {
  const exists = async (...place: readonly string[]): Promise<boolean> => {
    return (await read(`DIALPLAN_EXISTS(${place.join(',')})`)) === '1'
  }
  const missing: string[] = []
  for (const [context, extension, priority] of contexts) {
    if (!(await exists(context, extension, priority))) missing.push(context)
  }
  if (missing.length > 0) return [fault('dialplan', `there is no context ${missing.join(', ')}`, reload)]
  // The label marks the line that arms the switch; the call goes to T when it expires.
  const isArmed = (await exists('followme', '+1', 'switch')) && (await exists('followme', 'T', '1'))
  return [
    ok('dialplan', `the contexts ${contexts.map(([context]) => context).join(', ')} are loaded`),
    isArmed
      ? ok('switch', "the dead-man's switch is armed when a call arrives")
      : fault(
          'switch',
          "the context followme arms no dead-man's switch: if followme hangs, callers wait forever",
          reload
        )
  ]
}
