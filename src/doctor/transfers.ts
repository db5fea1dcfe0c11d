// The checks of transfers and call pickup: which phones and trunks of the rules may use them.
import type { EndpointOptions, Inspection } from '../ari/inspection'
import { namedIn, trunkNamed } from '../rules/analysis/asterisk-names'
import { type Check, ok, warning } from './check'
import { type ReferencedNamesOptions, maxNames, some } from './referenced-names'

interface Endpoint {
  readonly name: string
  readonly isTrunk: boolean
  readonly options: EndpointOptions
}

export async function transferChecks(
  asterisk: Inspection,
  given: ReferencedNamesOptions,
  now: number
): Promise<Check[]> {
  const endpoints = await endpointsOf(asterisk, given, now)
  return [...transfers(given, endpoints), pickup(given, endpoints)]
}

/** Endpoints of PJSIP, the only ones whose options Asterisk shows. */
async function endpointsOf(asterisk: Inspection, given: ReferencedNamesOptions, now: number): Promise<Endpoint[]> {
  const { rules, trunk, staticFailsafe } = given
  const named = [...namedIn(rules, trunk, staticFailsafe, now), trunkNamed(trunk)]
  const wanted = new Map(
    named.flatMap(({ kind, technology, name }) =>
      technology === 'PJSIP' ? [[name, kind === 'trunk' || name === trunkNamed(trunk).name] as const] : []
    )
  )
  const found: Endpoint[] = []
  for (const [name, isTrunk] of [...wanted].slice(0, maxNames)) {
    const options = await asterisk.endpoint(name)
    if (options !== null) found.push({ name: `PJSIP/${name}`, isTrunk, options })
  }
  return found
}

function transfers({ loadedModules }: ReferencedNamesOptions, endpoints: readonly Endpoint[]): Check[] {
  if (!loadedModules.has('res_pjsip_refer')) {
    return [ok('transfers', 'res_pjsip_refer is not loaded: nobody can transfer a call')]
  }
  const may = endpoints.filter(({ options }) => /^(true|yes)$/.test(options.get('allow_transfer') ?? 'yes'))
  const phones = may.filter(({ isTrunk }) => !isTrunk).map(({ name }) => name)
  const trunks = may.filter(({ isTrunk }) => isTrunk).map(({ name }) => name)
  const checks = [
    phones.length === 0
      ? ok('transfers', 'no phone in the rules may transfer a call (allow_transfer = no)')
      : ok(
          'transfers',
          `these phones may transfer callers to anything in their context (allow_transfer = yes): ${some(phones)}`
        )
  ]
  if (trunks.length > 0) {
    checks.push(
      warning(
        'transfers',
        `${some(trunks)} may transfer too: the network behind it can transfer your callers to anything in its context, at your cost`,
        "set allow_transfer = no for it in pjsip.conf, unless you want that; then asterisk -rx 'module reload res_pjsip.so'"
      )
    )
  }
  return checks
}

function pickup({ loadedModules }: ReferencedNamesOptions, endpoints: readonly Endpoint[]): Check {
  const grouped = endpoints.flatMap(({ name, options }) => {
    const groups = ['call_group', 'named_call_group']
      .map((each) => options.get(each) ?? '')
      .filter((each) => each !== '')
    return groups.length > 0 ? [`${name} (${groups.join(', ')})`] : []
  })
  const ways = [
    ...(loadedModules.has('app_directed_pickup') ? ['with Pickup() and PickupChan() in your dialplan'] : []),
    ...(grouped.length > 0 ? [`in the pickup group of ${some(grouped)}`] : [])
  ]
  if (ways.length === 0) {
    return ok(
      'pickup',
      'app_directed_pickup is not loaded, and no phone in the rules is in a pickup group: nobody can pick up calls'
    )
  }
  return ok('pickup', `a ringing call can be picked up at another phone: ${ways.join('; ')}`)
}
