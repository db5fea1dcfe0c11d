// What `followme doctor` says of Asterisk's configuration files: what stands where Asterisk does not read it, or stands there twice.
import { basename, join } from 'node:path'
import { type Configuration, readConfiguration, repeatedSections, valueIn } from '../system/asterisk-configuration'
import { type Check, fault, ok, warning } from './check'

const families = ['failsafe', 'virtual_numbers', 'dialled', 'schema_migrations', 'failsafe_calls'].map(
  (each) => `followme_${each}`
)

/** What the failsafe depends on; a fault here is the cause where Asterisk cannot read the database. */
export const failsafeSettings = 'failsafe settings'

/** Where the files cannot be read, as in a container of its own, that is all that is said. */
export function configurationChecks(directory: string): Check[] {
  const read = (file: string): Configuration | undefined => readConfiguration(directory, file)
  const extensions = read('extensions.conf')
  if (extensions === undefined) {
    return [
      ok('configuration', `the files of ${directory} cannot be read here: not looked at (--asterisk-conf DIRECTORY)`)
    ]
  }
  const faults = [
    ...failsafeChecks(read('extconfig.conf'), read('res_config_sqlite3.conf'), directory),
    ...generalCheck(read('http.conf'), join(directory, 'http.conf')),
    ...includeChecks(extensions, 'extensions_followme.conf', join(directory, 'extensions.conf')),
    ...includeChecks(read('ari.conf'), 'ari_followme.conf', join(directory, 'ari.conf')),
    ...userOptionChecks(read('pjsip.conf'), join(directory, 'pjsip.conf'))
  ]
  return faults.length > 0 ? faults : [ok('configuration', `the files of ${directory} are in order`)]
}

function failsafeChecks(
  extconfig: Configuration | undefined,
  sqlite: Configuration | undefined,
  directory: string
): Check[] {
  if (extconfig === undefined || sqlite === undefined) return []
  const path = join(directory, 'extconfig.conf')
  const unread = families.filter((each) => valueIn(extconfig, 'settings', each) === undefined)
  const written = new Set(extconfig.sections.flatMap(({ lines }) => lines.map(({ key }) => key)))
  const hidden = unread.filter((each) => written.has(each))
  const checks: Check[] = []
  if (hidden.length > 0) {
    checks.push(
      fault(
        failsafeSettings,
        `${hidden.join(', ')} in ${path} stand outside of the first section [settings], and Asterisk reads no other`,
        `move these lines under the first [settings], and remove the second; then ${reloadExtconfig}`
      )
    )
  } else if (unread.length > 0) {
    checks.push(
      fault(
        failsafeSettings,
        `${unread.join(', ')} are not in ${path}: Asterisk does not know where to read the failsafe`,
        `add the lines of asterisk-conf/extconfig.conf under [settings]; then ${reloadExtconfig}`
      )
    )
  }
  const old = ['followme_numbers', 'followme_migrations'].filter((each) =>
    /^sqlite3\s*,\s*followme\b/.test(valueIn(extconfig, 'settings', each) ?? '')
  )
  if (old.length > 0) {
    checks.push(
      warning(
        'names',
        `${old.join(', ')} in ${path} are of an earlier version; followme_numbers is Asterisk's own FollowMe()'s, too`,
        `replace the lines of followme by those of asterisk-conf/extconfig.conf; then ${reloadExtconfig}`
      )
    )
  }
  return [...checks, ...sectionChecks(extconfig, sqlite, join(directory, 'res_config_sqlite3.conf'))]
}

const reloadExtconfig = "asterisk -rx 'module reload extconfig'"

/** The sections of res_config_sqlite3.conf that the lines of extconfig.conf name. */
function sectionChecks(extconfig: Configuration, sqlite: Configuration, path: string): Check[] {
  const values = families.map((each) => valueIn(extconfig, 'settings', each) ?? '')
  const sections = [...new Set(values.flatMap((value) => value.split(',')[1]?.trim() ?? []))]
  const missing = sections.filter((each) => !sqlite.sections.some(({ name }) => name === each))
  const twice = repeatedSections(sqlite).filter((each) => sections.includes(each))
  const batched = sections.filter(
    (each) => !missing.includes(each) && !/^0+\D*$/.test(valueIn(sqlite, each, 'batch') ?? '100')
  )
  const checks: Check[] = []
  const list = (names: readonly string[]): string => names.map((name) => `[${name}]`).join(', ')
  const cure = "as asterisk-conf/res_config_sqlite3.conf has it; then asterisk -rx 'core restart when convenient'"
  if (missing.length > 0) {
    checks.push(fault(failsafeSettings, `there is no section ${list(missing)} in ${path}`, `add it, ${cure}`))
  }
  if (twice.length > 0) {
    checks.push(fault(failsafeSettings, `section ${list(twice)} is written twice in ${path}`, `write it once, ${cure}`))
  }
  if (batched.length > 0) {
    checks.push(
      fault(
        failsafeSettings,
        `batch = 0 is missing from section ${list(batched)} of ${path}: Asterisk sees no change after its first reading`,
        `write batch = 0 there, ${cure}`
      )
    )
  }
  return checks
}

function generalCheck(configuration: Configuration | undefined, path: string): Check[] {
  if (configuration === undefined || !repeatedSections(configuration).includes('general')) return []
  return [
    fault(
      'http.conf',
      `${path} has two sections [general], and Asterisk reads the first alone`,
      "move the lines of the second into the first; then asterisk -rx 'module reload http'"
    )
  ]
}

function includeChecks(configuration: Configuration | undefined, file: string, path: string): Check[] {
  const times = configuration?.includes.filter((each) => basename(each) === file).length ?? 0
  if (times < 2) return []
  return [
    warning(
      'includes',
      `${path} includes ${file} ${String(times)} times`,
      `leave one of the lines #include ${file}, and remove the others`
    )
  ]
}

/** Without it a number that arrives as `+14155550100;phone-context=…` is dialled with what follows the semicolon. */
function userOptionChecks(configuration: Configuration | undefined, path: string): Check[] {
  if (configuration === undefined) return []
  const isSet = configuration.sections.some(({ lines }) =>
    lines.some(({ key, value }) => key === 'ignore_uri_user_options' && /^(yes|true|on|1|y|t)$/i.test(value))
  )
  if (isSet) return []
  return [
    warning(
      'pjsip.conf',
      `ignore_uri_user_options is not set in ${path}: parameters that a carrier puts into a number (;rn=, ;npdi) become part of it`,
      "write ignore_uri_user_options = yes into the section with type = global; then asterisk -rx 'module reload res_pjsip.so'"
    )
  ]
}
