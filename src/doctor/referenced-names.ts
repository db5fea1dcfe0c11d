// The checks of names in the rules: whether Asterisk has the phones, trunks, mailboxes, sounds and contexts.
import type { Inspection } from '../ari/inspection'
import type { Config } from '../config/config'
import { type Named, namedIn, trunkNamed } from '../rules/analysis/asterisk-names'
import type { RuleSet } from '../rules/rule-tables'
import { type Check, fault, many, ok, warning } from './check'

/** The most names of a kind to check, so that doctor does not take minutes. */
export const maxNames = 500

/** The name of each check, and the cure for a missing name. */
const kinds = {
  phone: ['phones', 'correct the target, or add the phone to pjsip.conf (FreePBX: Extensions)'],
  trunk: ['trunk', "correct the target, or set FOLLOWME_TRUNK to the trunk's name in pjsip.conf (PJSIP/{number}@NAME)"],
  mailbox: ['mailboxes', 'add the mailbox to voicemail.conf, or correct the fallback'],
  sound: ['sounds', "put the file into Asterisk's sounds directory, such as sounds/en/custom, or correct the fallback"],
  place: ['dialplan places', 'add it to the dialplan, then dialplan reload; or correct the fallback']
} as const

const modules: Readonly<Record<string, string>> = {
  PJSIP: 'chan_pjsip',
  SIP: 'chan_sip',
  IAX2: 'chan_iax2',
  DAHDI: 'chan_dahdi'
}

export interface ReferencedNamesOptions {
  readonly rules: RuleSet
  readonly trunk: Config['trunk']
  /** The dialplan's FOLLOWME_FAILSAFE. */
  readonly staticFailsafe: string
  readonly loadedModules: ReadonlySet<string>
}

/** What is wrong with a name, or how many contacts it has. */
type Finding = { readonly wrong: string } | { readonly contacts: number | null }

/** One check per kind; each name is checked once. */
export async function referencedNameChecks(
  asterisk: Inspection,
  given: ReferencedNamesOptions,
  now: number
): Promise<Check[]> {
  const named = namedIn(given.rules, given.trunk, given.staticFailsafe, now)
  const checks: Check[] = []
  for (const kind of ['phone', 'trunk', 'mailbox', 'sound', 'place'] as const) {
    const all = named.filter((each) => each.kind === kind)
    if (kind === 'trunk')
      checks.push(...(await unusedTrunk(asterisk, given, all)), ...(await unqualified(asterisk, given)))
    if (all.length > 0) checks.push(...(await checksOf(asterisk, given, all.slice(0, maxNames), all.length)))
  }
  return checks
}

async function checksOf(
  asterisk: Inspection,
  given: ReferencedNamesOptions,
  asked: readonly Named[],
  total: number
): Promise<Check[]> {
  const kind = asked[0]?.kind ?? 'phone'
  const [check, cure] = kinds[kind]
  const wrong: string[] = []
  const away: string[] = []
  for (const each of asked) {
    const finding = await findingOf(asterisk, given, each)
    if ('wrong' in finding) wrong.push(`${textOf(each)} ${finding.wrong} (${each.by})`)
    else if (finding.contacts === 0) away.push(textOf(each))
  }
  const checks: Check[] = []
  const of = asked.length < total ? `of the first ${String(asked.length)} of ${String(total)}, ` : ''
  if (wrong.length > 0) checks.push(fault(check, `${of}${some(wrong, '; ')}`, cure))
  else
    checks.push(
      ok(check, `${of}${named(asked.length)}${away.length > 0 ? `; not registered at the moment: ${some(away)}` : ''}`)
    )
  if (kind === 'trunk' && away.length > 0) {
    checks.push(warning(check, `no reachable contact: ${some(away)}`, "asterisk -rx 'pjsip show aors' says why"))
  }
  return checks
}

async function findingOf(asterisk: Inspection, given: ReferencedNamesOptions, named: Named): Promise<Finding> {
  const { kind, technology, name } = named
  const existence = (is: boolean): Finding => (is ? { contacts: null } : { wrong: 'does not exist' })
  switch (kind) {
    case 'phone':
    case 'trunk':
      return endpointFinding(asterisk, given, technology, name)
    case 'mailbox':
      return existence((await asterisk.read(`VM_INFO(${name},exists)`)) === '1')
    case 'sound':
      // Asterisk does not list sounds outside its directories.
      return existence(name.startsWith('/') || (await asterisk.has(`sounds/${encodeURIComponent(name)}`)))
    case 'place':
      return existence((await asterisk.read(`DIALPLAN_EXISTS(${name})`)) === '1')
  }
}

async function endpointFinding(
  asterisk: Inspection,
  { loadedModules }: ReferencedNamesOptions,
  technology: string,
  name: string
): Promise<Finding> {
  const module = modules[technology]
  if (module === undefined || !loadedModules.has(module)) {
    return { wrong: `cannot be dialled: ${module ?? technology} is not loaded` }
  }
  if (technology !== 'PJSIP') return { contacts: null }
  // This also finds endpoints of a realtime database, which /endpoints shows only after their first use.
  const contacts = await asterisk.read(`PJSIP_DIAL_CONTACTS(${name})`)
  if (contacts !== null) return { contacts: contacts === '' ? 0 : contacts.split('&').length }
  const isThere = await asterisk.has(`endpoints/PJSIP/${encodeURIComponent(name)}`)
  return { wrong: isThere ? 'has no AOR, so it cannot be dialled' : 'does not exist' }
}

/** A trunk that no rule needs yet: the first target that is a number will need it. */
async function unusedTrunk(
  asterisk: Inspection,
  given: ReferencedNamesOptions,
  used: readonly Named[]
): Promise<Check[]> {
  if (given.rules.trunks.length > 0) return []
  const trunk = trunkNamed(given.trunk)
  if (used.some(({ technology, name }) => technology === trunk.technology && name === trunk.name)) return []
  const finding = await findingOf(asterisk, given, trunk)
  if (!('wrong' in finding)) return []
  return [warning('trunk', `${textOf(trunk)} ${finding.wrong}; no rule needs it yet`, kinds.trunk[1])]
}

/** Trunks before others of which Asterisk cannot know that they are dead: each call finds out anew. */
async function unqualified(asterisk: Inspection, { rules, loadedModules }: ReferencedNamesOptions): Promise<Check[]> {
  const enabled = rules.trunks.filter((each) => each.enabled && !each.isPrivate)
  if (enabled.length < 2 || !loadedModules.has('chan_pjsip')) return []
  const names = new Set(enabled.flatMap(({ dial }) => /^PJSIP\/[^@]*@([^@/]+)$/.exec(dial)?.[1] ?? []))
  const unasked: string[] = []
  for (const name of names) {
    const aors = (await asterisk.endpoint(name))?.get('aors')?.split(',') ?? []
    const options = await Promise.all(aors.map((aor) => asterisk.aor(aor.trim())))
    if (options.length > 0 && options.every((each) => each?.get('qualify_frequency') === '0'))
      unasked.push(`PJSIP/${name}`)
  }
  if (unasked.length === 0) return []
  const message = `nothing tells Asterisk whether the other end is there: ${some(unasked)}. If it is not, each call waits up to ten seconds before the next trunk is tried`
  return [warning('trunk', message, 'set qualify_frequency = 30 in its AOR in pjsip.conf')]
}

function named(count: number): string {
  return count === 1 ? 'the only name exists' : `all ${many(count, 'name')} exist`
}

function textOf({ technology, name }: Named): string {
  return technology === '' ? name : `${technology}/${name}`
}

export function some(texts: readonly string[], separator = ', '): string {
  const shown = texts.slice(0, 5).join(separator)
  return texts.length > 5 ? `${shown}${separator}and ${String(texts.length - 5)} more` : shown
}
