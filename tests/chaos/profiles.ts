// What a call of the chaos suite is to come to: each has a number of its own, whose rule leads to people with known habits.
import type { Steps } from '../sandbox/number-script'
import type { Behaviour } from '../sandbox/scenario-uas'

/** People behind the trunk, and what they do when their number rings. */
export const people = {
  waits: { number: '+442071838701', does: { kind: 'answer', afterMs: 700 } },
  /** Answers last where several ring. */
  slow: { number: '+442071838702', does: { kind: 'answer', afterMs: 2500 } },
  hangsUp: { number: '+442071838703', does: { kind: 'answer', afterMs: 1000, hangupAfterMs: 6000 } },
  busy: { number: '+442071838704', does: { kind: 'refuse', code: 486 } },
  declines: { number: '+442071838705', does: { kind: 'refuse', code: 603, afterMs: 400 } },
  away: { number: '+442071838706', does: { kind: 'refuse', code: 480 } },
  congested: { number: '+442071838707', does: { kind: 'refuse', code: 503 } },
  nobody: { number: '+442071838708', does: { kind: 'ring' } },
  /** Takes the call and says nothing at all. */
  silent: { number: '+442071838709', does: { kind: 'silent' } }
} as const satisfies Record<string, { number: string; does: Behaviour }>

/** What callers do. Times are from the answer, or from the last ringing heard. */
export const callers = {
  brief: { hangupAfterMs: 1500 },
  talks: { hangupAfterMs: 7000 },
  talksLong: { hangupAfterMs: 20_000 },
  waits: {},
  cancels: { cancelAfterMs: 1500 }
} as const

export type CallerKind = keyof typeof callers

/** How the carrier sees a call end. A person is named by number. */
export type Result =
  | { readonly kind: 'person'; readonly who: string }
  | { readonly kind: 'refused'; readonly code: number }
  | { readonly kind: 'voicemail' | 'announcement' | 'cancelled' }

export interface Profile {
  readonly name: string
  readonly weight: number
  readonly caller: CallerKind
  /** Null: there is no such number. */
  readonly steps: Steps | null
  readonly fallback: string
  readonly result: Result
}

/** Another virtual number, whose rule goes on. */
export const otherNumber = '+14165550199'

const { waits, slow, hangsUp, busy, declines, away, congested, nobody, silent } = people

function person({ number: who }: { readonly number: string }): Result {
  return { kind: 'person', who }
}

/** Every way for a call to go that the rules know. */
export const profiles: readonly Profile[] = [
  profile('somebody answers', 14, 'talks', [[[waits, 8]]], 'busy', person(waits)),
  profile('somebody answers, briefly', 8, 'brief', [[[slow, 8]]], 'busy', person(slow)),
  profile('a long talk', 10, 'talksLong', [[[waits, 8]]], 'busy', person(waits)),
  profile('the person hangs up', 12, 'waits', [[[hangsUp, 8]]], 'busy', person(hangsUp)),
  profile('busy, then somebody', 8, 'talks', [[[busy, 8]], [[waits, 8]]], 'busy', person(waits)),
  profile('declined, then somebody', 6, 'brief', [[[declines, 8]], [[waits, 8]]], 'hangup', person(waits)),
  profile('nobody there, then somebody', 8, 'talks', [[[nobody, 2]], [[waits, 8]]], 'busy', person(waits)),
  profile('no reaction, then somebody', 4, 'brief', [[[silent, 2]], [[waits, 8]]], 'busy', person(waits)),
  profile('no such phone, then somebody', 4, 'brief', [[['PJSIP/gone', 8]], [[waits, 8]]], 'busy', person(waits)),
  profile(
    'three together',
    8,
    'talks',
    [
      [
        [nobody, 8],
        [slow, 8],
        [busy, 8]
      ]
    ],
    'busy',
    person(slow)
  ),
  profile('busy, then another number', 4, 'brief', [[[busy, 8]]], `number:${otherNumber}`, person(waits)),
  profile(
    'all busy',
    6,
    'waits',
    [
      [
        [busy, 8],
        [declines, 8]
      ]
    ],
    'busy',
    { kind: 'refused', code: 486 }
  ),
  profile('nobody at all', 4, 'waits', [[[nobody, 2]]], 'hangup', { kind: 'refused', code: 480 }),
  profile('voicemail', 6, 'brief', [[[away, 8]]], 'voicemail:100@default', { kind: 'voicemail' }),
  profile('an announcement', 4, 'waits', [[[congested, 8]]], 'announce:vm-goodbye', { kind: 'announcement' }),
  profile('no such number', 2, 'waits', null, 'busy', { kind: 'refused', code: 404 }),
  profile('the caller gives up', 10, 'cancels', [[[nobody, 20]]], 'busy', { kind: 'cancelled' })
]

function profile(
  name: string,
  weight: number,
  caller: CallerKind,
  steps: readonly (readonly (readonly [who: string | { readonly number: string }, ringSeconds: number])[])[] | null,
  fallback: string,
  result: Result
): Profile {
  const dialled = steps?.map((step) =>
    step.map(([who, seconds]) => [typeof who === 'string' ? who : who.number, seconds] as const)
  )
  return { name, weight, caller, steps: dialled ?? null, fallback, result }
}
