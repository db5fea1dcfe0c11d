// The numbering plans of the world, as far as it matters for what must not be dialled. PURE.
import { shortNumbers } from './short-numbers'

/** What the countries of one calling code have. */
export interface NumberPlan {
  readonly code: string
  /** Digits of the shortest number, without the code. */
  readonly shortest: number
  /** What stands before a number that is dialled within the country. */
  readonly trunk: readonly string[]
  readonly emergency: ReadonlySet<string>
  /** Numbers of 3 to 6 digits for services and helplines. */
  readonly service: RegExp
}

// Emergency numbers of four digits and more that libphonenumber has not: police, ambulance and fire of Algeria, Libya,
// Senegal, Sri Lanka, Laos and Namibia, the British text relay. (Shorter ones are never dialled, whether known or not.)
const alsoEmergency: Readonly<Record<string, string>> = {
  '44': '18000',
  '94': '1990',
  '213': '1021 1055 1548',
  '218': '1515',
  '221': '1515',
  '264': '10111',
  '856': '1190 1191 1195 1623'
}

const plans: ReadonlyMap<string, NumberPlan> = new Map(
  Object.entries(shortNumbers).map(([code, [shortest, trunk, emergency, service]]) => {
    let compiled: RegExp | undefined
    return [
      code,
      {
        code,
        shortest,
        trunk: words(trunk),
        emergency: new Set([...words(emergency), ...words(alsoEmergency[code] ?? '')]),
        // Hardly any call needs one.
        get service() {
          return (compiled ??= new RegExp(service === '' ? '^(?!)' : `^(?:${service})$`))
        }
      }
    ]
  })
)

/** Those that many networks take for a call for help, whatever their country's own numbers are. */
export const worldwide: ReadonlySet<string> = new Set(['112', '911', '999'])

/** Emergency numbers of any country. */
export const emergencies: ReadonlySet<string> = new Set([
  ...worldwide,
  ...[...plans.values()].flatMap(({ emergency }) => [...emergency])
])

/**
 * By what a trunk may take away: the emergency numbers behind it. 0 is the trunk prefix nearly everywhere, and beside 9 what
 * gets an outside line; another trunk prefix has those of its own countries.
 */
export const emergenciesBehind: ReadonlyMap<string, ReadonlySet<string>> = byTrunkPrefix()

/** The calling code that these digits begin with; empty where no country has such a code. */
export function codeOf(digits: string): string {
  // No code is the beginning of another (ITU-T E.164, annex).
  return [1, 2, 3].map((length) => digits.slice(0, length)).find((code) => plans.has(code)) ?? ''
}

export function shortNumberPlanOf(digits: string): NumberPlan | undefined {
  return plans.get(codeOf(digits))
}

function byTrunkPrefix(): Map<string, Set<string>> {
  const behind = new Map<string, Set<string>>([
    ['0', new Set(emergencies)],
    ['9', new Set(worldwide)]
  ])
  for (const { trunk, emergency } of plans.values()) {
    for (const prefix of trunk) {
      const known = behind.get(prefix) ?? new Set(worldwide)
      for (const number of emergency) known.add(number)
      behind.set(prefix, known)
    }
  }
  return behind
}

function words(text: string): string[] {
  return text === '' ? [] : text.split(' ')
}
