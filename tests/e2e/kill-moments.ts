// The calls that followme is killed in, and the requests of theirs at which it is.
import type { Behaviour } from '../sandbox/scenario-uas'

/** What a call goes through until it is to be killed, and where it must end. */
export interface Story {
  readonly steps: readonly (readonly string[])[]
  readonly fallback?: string
  readonly alice: Behaviour
  /** Who is to hang up once the two talk. */
  readonly hangsUp?: 'alice' | 'caller'
  /** Where the caller ends: with a person, at the mailbox, or refused as busy. */
  readonly endsWith: 'alice' | 'bob' | 'mailbox' | 'busy'
}

export const stories = {
  answered: { steps: [['PJSIP/alice'], ['PJSIP/bob']], alice: { kind: 'answer', afterMs: 400 }, endsWith: 'alice' },
  together: { steps: [['PJSIP/alice', 'PJSIP/carol']], alice: { kind: 'answer', afterMs: 400 }, endsWith: 'alice' },
  'target hangs up': {
    steps: [['PJSIP/alice']],
    alice: { kind: 'answer', afterMs: 100 },
    hangsUp: 'alice',
    endsWith: 'alice'
  },
  'caller hangs up': {
    steps: [['PJSIP/alice']],
    alice: { kind: 'answer', afterMs: 100 },
    hangsUp: 'caller',
    endsWith: 'alice'
  },
  'second step': { steps: [['PJSIP/alice@1'], ['PJSIP/bob']], alice: { kind: 'ring' }, endsWith: 'bob' },
  mailbox: {
    steps: [['PJSIP/alice']],
    fallback: 'voicemail:100@default',
    alice: { kind: 'refuse', code: 486, afterMs: 300 },
    endsWith: 'mailbox'
  },
  busy: { steps: [['PJSIP/alice']], alice: { kind: 'refuse', code: 486, afterMs: 300 }, endsWith: 'busy' }
} as const satisfies Record<string, Story>

type Moment = readonly [story: keyof typeof stories, what: string, request: RegExp]

/** Those at which a leg of the call is asked to end. */
export const legEnds: ReadonlySet<string> = new Set([
  'the other phone is told of the answer',
  'the first target is given up',
  'the person is released'
])

export const moments: readonly Moment[] = [
  ['answered', 'the lease while it rings', /^POST .*variable=TIMEOUT/],
  ['answered', 'a leg is made', /^POST .*\/channels\/create/],
  ['answered', 'a leg is dialled', /^POST .*\/dial/],
  ['answered', 'the caller hears ringing', /^POST .*\/ring$/],
  ['answered', 'the caller is answered', /^POST .*\/answer$/],
  ['answered', 'the bridge is made', /^POST .*\/bridges\/[^/]*\?/],
  ['answered', 'the two are joined', /^POST .*\/addChannel/],
  ['answered', 'the dialplan learns that they talk', /^POST .*variable=ARRAY\(FOLLOWME_PHASE/],
  ['together', 'the other phone is told of the answer', /^DELETE .*\/channels\/.*\.1\.2/],
  ['second step', 'the first target is given up', /^DELETE .*\/channels\/.*\.1\.1/],
  ['second step', 'the second leg is made', /^POST .*\/channels\/create.*\.2\.1/],
  ['second step', 'the second leg is dialled', /^POST .*\.2\.1\/dial/],
  ['target hangs up', 'the caller is released', /^DELETE .*\/channels\//],
  ['target hangs up', 'their bridge is taken down', /^DELETE .*\/bridges\//],
  ['caller hangs up', 'the person is released', /^DELETE .*\/channels\//],
  ['mailbox', 'the mailbox is named', /^POST .*variable=FOLLOWME_MAILBOX/],
  ['mailbox', 'the caller is left to the dialplan', /^POST .*\/continue/],
  ['busy', 'the caller is refused', /^DELETE .*\/channels\//]
]
