// What is called: who rings, for how long, and what the caller must get.
import { ways } from './ways'
import type { WayId } from './ways'

export type ProfileId = 'busy' | 'answers' | 'timeouts'

/** What the phones do: refuse, answer at once, or ring on. */
export const phones = ['busy', 'answers', 'ring1', 'ring2', 'ring3'] as const
export type Phone = (typeof phones)[number]
export const quickPhones: readonly Phone[] = ['busy', 'answers']

export interface Profile {
  readonly id: ProfileId
  readonly title: string
  readonly targets: readonly { readonly phone: Phone; readonly ringSeconds: number }[]
  /** What the caller gets at last. */
  readonly code: 200 | 486
  /** What passes by design until then, in milliseconds. */
  readonly ownMs: number
  /** How followme's record of it must read: the outcome, and the outcomes of the attempts. */
  readonly record: string
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
    record: 'answered busy,answered'
  },
  {
    id: 'answers',
    title: 'the first target answers',
    targets: [{ phone: 'answers', ringSeconds: long }],
    code: 200,
    ownMs: 0,
    record: 'answered answered'
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
    record: 'fallback no-answer,no-answer,no-answer'
  }
]

export function profileOf(id: ProfileId): Profile {
  const profile = profiles.find((each) => each.id === id)
  if (profile === undefined) throw new Error(`there is no profile '${id}'`)
  return profile
}

/** The number that is called for it. followme has its own, whichever way it talks to Asterisk. */
export function numberOf(way: WayId, profile: ProfileId): string {
  const at = ways.find(({ id }) => id === way)?.transport === null ? ways.findIndex(({ id }) => id === way) + 1 : 0
  return `+141555501${String(at)}${String(profiles.findIndex(({ id }) => id === profile))}`
}
