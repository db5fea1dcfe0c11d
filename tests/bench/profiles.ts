// What is called: who rings, for how long, and what the caller must get.
import { wayOf, ways } from './ways'
import type { WayId } from './ways'

export type ProfileId = 'busy' | 'answers' | 'timeouts' | 'trunks'

/** What the phones do: refuse, answer at once, or ring on. */
export const phones = ['busy', 'answers', 'ring1', 'ring2', 'ring3'] as const

/** A number, and the two trunks to it: each writes it in its own way, so that SIPp is a carrier that refuses it (503) and one that accepts it. */
export const mobile = '+442071838750'
export const trunks = [
  { name: 'first', user: 'refuses{digits}' },
  { name: 'second', user: 'accepts{digits}' }
] as const
const carriers = ['refuses442071838750', 'accepts442071838750'] as const

export type Phone = (typeof phones)[number] | (typeof carriers)[number]
export const quickPhones: readonly Phone[] = ['busy', 'answers', ...carriers]

export interface Profile {
  readonly id: ProfileId
  readonly title: string
  readonly targets: readonly { readonly phone: Phone; readonly ringSeconds: number }[]
  /** What the caller gets at last. */
  readonly code: 200 | 486
  /** What passes by design until then, in milliseconds. */
  readonly ownMs: number
  /** How followme's record of it must read: the outcome, and the outcomes of the attempts. */
  readonly records: readonly string[]
  /** The targets are ways to this number, for followme: rows of trunks. */
  readonly number?: string
  /** Those that it is measured with; default: all. */
  readonly ways?: readonly WayId[]
}

const long = 15

export const profiles: readonly Profile[] = [
  {
    id: 'busy',
    title: 'the first target is busy, the second answers',
    targets: [
      { phone: 'busy', ringSeconds: long },
      { phone: 'answers', ringSeconds: long }
    ],
    code: 200,
    ownMs: 0,
    records: ['answered busy,answered']
  },
  {
    id: 'answers',
    title: 'the first target answers',
    targets: [{ phone: 'answers', ringSeconds: long }],
    code: 200,
    ownMs: 0,
    records: ['answered answered']
  },
  {
    id: 'timeouts',
    title: 'three targets ring for 1 s each, then busy',
    targets: [
      { phone: 'ring1', ringSeconds: 1 },
      { phone: 'ring2', ringSeconds: 1 },
      { phone: 'ring3', ringSeconds: 1 }
    ],
    code: 486,
    ownMs: 3000,
    records: ['fallback no-answer,no-answer,no-answer']
  },
  {
    id: 'trunks',
    title: 'the first trunk refuses with 503, the second gets through',
    targets: carriers.map((phone) => ({ phone, ringSeconds: long })),
    code: 200,
    ownMs: 0,
    // Three calls in a row that fail, and followme passes the first trunk over for a minute.
    records: ['answered congestion,answered', 'answered limited,answered'],
    number: mobile,
    ways: ['dial', 'http', 'websocket']
  }
]

export function profileOf(id: ProfileId): Profile {
  const profile = profiles.find((each) => each.id === id)
  if (profile === undefined) throw new Error(`there is no profile '${id}'`)
  return profile
}

/** Where the carrier listens that refuses: at a phone's port, as all the phones are one SIPp, at the other carrier's. */
export function refusingPort(ports: ReadonlyMap<string, number>): number {
  const port = ports.get('busy')
  if (port === undefined) throw new Error('the sandbox has no port for the carrier that refuses')
  return port
}

export function isFor(way: WayId, profile: ProfileId): boolean {
  return profileOf(profile).ways?.includes(way) ?? true
}

/** Whether followme may leave out the first, which has failed too often. */
export function mayPassOver(way: WayId, profile: ProfileId): boolean {
  return wayOf(way).transport !== null && profileOf(profile).number !== undefined
}

/** What Asterisk dials for a target. */
export function dialOf({ id, targets }: Profile, at: number): string {
  const phone = targets[at]?.phone ?? ''
  return id === 'trunks' ? `PJSIP/${phone}@${trunks[at]?.name ?? ''}` : `PJSIP/${phone}`
}

/** The number that is called for it. followme has its own, whichever way it talks to Asterisk. */
export function numberOf(way: WayId, profile: ProfileId): string {
  const at = ways.find(({ id }) => id === way)?.transport === null ? ways.findIndex(({ id }) => id === way) + 1 : 0
  return `+141555501${String(at)}${String(profiles.findIndex(({ id }) => id === profile))}`
}
