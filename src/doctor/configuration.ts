// The checks of Asterisk's configuration files: lines where Asterisk does not read them, and lines written twice.
import { basename, join } from 'node:path'
import { type Configuration, readConfiguration, repeatedSections, valueIn } from '../system/asterisk-configuration'
import { type Check, fault, ok, warning } from './check'

const families = ['failsafe', 'virtual_numbers', 'dialled', 'schema_migrations', 'failsafe_calls'].map(
  (each) => `followme_${each}`
)

/** The name of the check of the failsafe's settings. If Asterisk cannot read the database, a fault here explains why. */
export const failsafeSettings = 'failsafe settings'

/** If the files cannot be read, for example from another container, that is the only result. */
export function configurationChecks(directory: string): Check[] {
  const read = (file: string): Configuration | undefined => readConfiguration(directory, file)
  const extensions = read('extensions.conf')
  if (extensions === undefined) {
    return [
      ok(
        'configuration',
        `the files of ${directory} cannot be read from here, so they were not checked (--asterisk-conf DIRECTORY)`
      )
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
        `${hidden.join(', ')} in ${path} are outside the first section [settings], the only one that Asterisk reads`,
        `move these lines under the first [settings], and remove the second; then ${reloadExtconfig}`
      )
    )
  } else if (unread.length > 0) {
    checks.push(
      fault(
        failsafeSettings,
        `${unread.join(', ')} are missing from ${path}: Asterisk does not know where to read the failsafe`,
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
        `${old.join(', ')} in ${path} are from an earlier version of followme; Asterisk's own FollowMe() also uses followme_numbers`,
        `replace followme's lines with those of asterisk-conf/extconfig.conf; then ${reloadExtconfig}`
      )
    )
  }
  return [...checks, ...sectionChecks(extconfig, sqlite, join(directory, 'res_config_sqlite3.conf'))]
}

const reloadExtconfig = "asterisk -rx 'module reload extconfig'"

/** The sections of res_config_sqlite3.conf that extconfig.conf refers to. */
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
  const cure = "as in asterisk-conf/res_config_sqlite3.conf; then asterisk -rx 'core restart when convenient'"
  if (missing.length > 0) {
    checks.push(fault(failsafeSettings, `there is no section ${list(missing)} in ${path}`, `add it, ${cure}`))
  }
  if (twice.length > 0) {
    checks.push(fault(failsafeSettings, `section ${list(twice)} occurs twice in ${path}`, `keep one, ${cure}`))
  }
  if (batched.length > 0) {
    checks.push(
      fault(
        failsafeSettings,
        `batch = 0 is missing from section ${list(batched)} of ${path}: Asterisk does not see changes after it first reads the database`,
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
      `${path} has two sections [general], and Asterisk reads only the first`,
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
      `keep one line #include ${file}, and remove the others`
    )
  ]
}

/** Without it, a number that arrives as `+14155550100;phone-context=…` is looked up with the part after the semicolon. */
function userOptionChecks(configuration: Configuration | undefined, path: string): Check[] {
  if (configuration === undefined) return []
  const isSet = configuration.sections.some(({ lines }) =>
    lines.some(({ key, value }) => key === 'ignore_uri_user_options' && /^(yes|true|on|1|y|t)$/i.test(value))
  )
  if (isSet) return []
  return [
    warning(
      'pjsip.conf',
      `ignore_uri_user_options is not set in ${path}: parameters that a carrier adds to a number (;rn=, ;npdi) become part of the number`,
      "add ignore_uri_user_options = yes to the section with type = global; then asterisk -rx 'module reload res_pjsip.so'"
    )
  ]
}
