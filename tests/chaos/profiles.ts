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
  silent: { number: '+442071838709', does: { kind: 'silent' } },
  /** The first carrier refuses it, and the second gets through. */
  rerouted: { number: '+442071838710', does: { kind: 'answer', afterMs: 700 } },
  /** The first carrier takes the call and says nothing at all. */
  unheard: { number: '+442071838711', does: { kind: 'answer', afterMs: 700 } },
  /** The first trunk to it is dead. */
  beyond: { number: '+442071838712', does: { kind: 'answer', afterMs: 700 } }
} as const satisfies Record<string, { number: string; does: Behaviour }>

/**
 * The trunks, in their order. Each writes a number in its own way, so that it shows in the address that an INVITE is for which of them was
 * asked. They lead to two carriers, `trunk` and `second`; nobody is registered as `dead`. A trunk that takes all numbers is the last.
 */
export const trunks = {
  dead: { dial: 'PJSIP/{number}@dead', takes: [people.beyond.number] },
  first: { dial: 'PJSIP/00{digits}@trunk', takes: [people.rerouted.number, people.unheard.number] },
  second: {
    dial: 'PJSIP/{digits}@second',
    takes: [people.rerouted.number, people.unheard.number, people.beyond.number]
  },
  plain: { dial: 'PJSIP/{number}@trunk', takes: [] }
} as const satisfies Record<string, { dial: string; takes: readonly string[] }>

/** What a carrier does with the numbers that it is asked for in a way of its own. */
export const carriers = {
  trunk: {
    [userOf(people.rerouted.number, trunks.first.dial)]: { kind: 'refuse', code: 503 },
    [userOf(people.unheard.number, trunks.first.dial)]: { kind: 'silent' }
  },
  second: Object.fromEntries(
    [people.rerouted, people.unheard, people.beyond].map(({ number, does }) => [
      userOf(number, trunks.second.dial),
      does
    ])
  )
} as const satisfies Record<string, Record<string, Behaviour>>

/** Phones with two devices each, in the order in which they are registered, and what each does. */
export const phones: Readonly<Record<string, Readonly<Record<string, Behaviour>>>> = {
  'PJSIP/pair': { desk: { kind: 'answer', afterMs: 700 }, soft: { kind: 'ring' } },
  'PJSIP/half': { engaged: { kind: 'refuse', code: 486 }, free: { kind: 'answer', afterMs: 900 } }
}

/** The user part of the address that a trunk asks for. */
function userOf(number: string, template: string): string {
  const digits = number.slice(1)
  return template.replace('{number}', number).replace('{digits}', digits).slice('PJSIP/'.length).replace(/@.*/, '')
}

/** Whom an attempt rings, by the users that the INVITEs are for: `trunk` is null where the attempt names none. */
export function usersOf(dial: string, trunk: string | null): readonly string[] {
  const devices = phones[dial]
  if (devices !== undefined) return Object.keys(devices)
  const way = Object.entries(trunks).find(([name]) => name === trunk)?.[1]
  return way === undefined ? [dial] : way === trunks.dead ? [] : [userOf(dial, way.dial)]
}

/** Whom a target rings in all, where nothing is in the way. */
export function usersRung(dial: string): readonly string[] {
  if (!dial.startsWith('+')) return phones[dial] === undefined ? [] : usersOf(dial, null)
  const ways = Object.entries(trunks).filter(([, { takes }]) => takes.some((number) => number === dial))
  return (ways.length === 0 ? ['plain'] : ways.map(([name]) => name)).flatMap((name) => usersOf(dial, name))
}

/** Whether a number is tried through several trunks. */
export function hasTrunks(dial: string): boolean {
  return Object.values(trunks).some(({ takes }) => takes.some((number) => number === dial))
}

/** What the rules dial to ring this user. */
export function dialOf(user: string): string {
  const phone = Object.entries(phones).find(([, devices]) => user in devices)
  return phone?.[0] ?? (/^\d/.test(user) ? `+${user.replace(/^00/, '')}` : user)
}

/** What callers do. Times are from the answer, or from the last ringing heard. One who withholds their number is in no From of a target. */
export const callers = {
  brief: { hangupAfterMs: 1500 },
  talks: { hangupAfterMs: 7000 },
  talksLong: { hangupAfterMs: 20_000 },
  waits: {},
  cancels: { cancelAfterMs: 1500 },
  withheld: { hangupAfterMs: 4000, headers: ['Privacy: id'] }
} as const

export type CallerKind = keyof typeof callers

/** The name of those who withhold it, with their number. */
export const withheldName = 'Hidden'

export function isWithheld({ caller }: Pick<Profile, 'caller'>): boolean {
  return caller === 'withheld'
}

/** What nobody may see of a caller who withholds it. */
export function secretsOf({ caller }: { readonly caller: string }): readonly string[] {
  return [caller.slice(2), withheldName]
}

/** How the carrier sees a call end. A person is named by what the rules dial. */
export type Result =
  | { readonly kind: 'person'; readonly who: string }
  | { readonly kind: 'refused'; readonly code: number }
  | { readonly kind: 'voicemail' | 'announcement' | 'cancelled' }

/** Stands in a step for the number that is called, through a carrier that sends every call back. */
export const itself = 'itself'

export function isLoop({ steps }: Pick<Profile, 'steps'>): boolean {
  return steps?.flat().some(([dial]) => dial === itself) ?? false
}

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

const { waits, slow, hangsUp, busy, declines, away, congested, nobody, silent, rerouted, unheard, beyond } = people

function person(who: string | { readonly number: string }): Result {
  return { kind: 'person', who: typeof who === 'string' ? who : who.number }
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
  profile('the caller gives up', 10, 'cancels', [[[nobody, 20]]], 'busy', { kind: 'cancelled' }),
  profile('through the second trunk', 8, 'talks', [[[rerouted, 15]]], 'busy', person(rerouted)),
  profile('a trunk says nothing', 3, 'brief', [[[unheard, 15]]], 'busy', person(unheard)),
  profile('a trunk is dead', 4, 'brief', [[[beyond, 15]]], 'busy', person(beyond)),
  profile('two devices, one answers', 6, 'talks', [[['PJSIP/pair', 8]]], 'busy', person('PJSIP/pair')),
  profile('two devices, one is busy', 6, 'brief', [[['PJSIP/half', 8]]], 'busy', person('PJSIP/half')),
  profile('withheld, two devices', 4, 'withheld', [[['PJSIP/pair', 8]]], 'busy', person('PJSIP/pair')),
  profile('withheld, two trunks', 4, 'withheld', [[[beyond, 15]]], 'busy', person(beyond)),
  profile('withheld, voicemail', 3, 'withheld', [[['PJSIP/gone', 8]]], 'voicemail:100@default', { kind: 'voicemail' }),
  profile('a loop', 4, 'waits', [[[itself, 8]]], 'busy', { kind: 'refused', code: 486 })
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
