// What a call is, what can happen to it, and what it can ask for: the words of the state machine in step.ts. PURE.
import type { AttemptOutcome, CallOutcome, EndedBy } from './record'
import type { HuntPlan } from '../rules/hunt-plan'
import type { Fallback } from '../rules/number'
import type { IncomingCall, TelephonyFailure } from '../ports'

/**
 * One target being rung, or one contact of a target that has several. Its id is `<callId>.<step>.<target>`, both counted from 1; that
 * of a further contact is `<callId>.<step>.c<contact>.<target>`. All legs of a target are one attempt.
 */
export interface Leg {
  readonly id: string
  readonly step: number
  readonly target: number
  readonly dial: string
  /** What is dialled for this contact, such as `PJSIP/alice/sip:alice@10.0.0.5:5060`; absent: the target as it stands. */
  readonly contact?: string
  readonly ringSeconds: number
  /** creating → dialling → ringing → answered; ending once we have asked for its end; gone when Asterisk says so. */
  readonly state: 'creating' | 'dialling' | 'ringing' | 'answered' | 'ending' | 'gone'
  /** The Q.850 cause we have asked for its end with, or null. */
  readonly endCause: number | null
  /** The leg that has taken its place (places.ts); absent: it is there itself. */
  readonly replacedBy?: string
}

/**
 * Where a call is. `connecting`: a person has answered, the caller is being joined to them. `leaving`: the dialplan has
 * been asked to take the caller. `ending`: the caller is gone or asked to go; the last legs are being cleared away.
 */
export type Phase =
  | { readonly kind: 'hunting'; readonly step: number }
  /** `asked`: how often the caller's answering has been asked for or, once that is done, the joining of the two. */
  | { readonly kind: 'connecting'; readonly leg: string; readonly asked: number }
  /** `rejoins`: how often the two have been joined again without success, since something had parted them. */
  | { readonly kind: 'bridged'; readonly leg: string; readonly rejoins?: number }
  | { readonly kind: 'leaving' | 'ending' | 'ended' }

/** What happened to a call, as its records tell it. `at` is milliseconds since the epoch. */
export type Milestone = { readonly at: number } & (
  | { readonly type: 'arrived' }
  | { readonly type: 'attempt'; readonly leg: string }
  /** It was dialled: it may be ringing, although Asterisk has not reported that yet. */
  | { readonly type: 'dialled'; readonly leg: string }
  | { readonly type: 'ringing'; readonly leg: string }
  | { readonly type: 'answered'; readonly leg: string }
  | { readonly type: 'connected'; readonly leg: string }
  /** The caller had been answered for this leg, and left before the two were joined; `at` is when they were answered. */
  | { readonly type: 'answered-unbridged'; readonly leg: string }
  /** `contact-ended`: one contact of a target, of which others still ring, or have answered. */
  | {
      readonly type: 'attempt-ended' | 'contact-ended'
      readonly leg: string
      readonly outcome: AttemptOutcome
      readonly cause: number
      readonly sipCode: number | undefined
      /** Why it was refused, in words; absent for any other outcome. */
      readonly reason?: string
    }
  /** Another leg has taken the place of this target's, or of the caller's (null). `who` is there now, in words. */
  | { readonly type: 'replaced'; readonly leg: string | null; readonly by: string; readonly who: string }
  | { readonly type: 'fallback'; readonly fallback: string }
  | {
      readonly type: 'closed'
      readonly outcome: CallOutcome
      readonly endedBy: EndedBy | null
      readonly cause: number
      /** No event reported it; a snapshot showed it. */
      readonly recovered: boolean
    }
)

/** Everything that happened to a call, in order: what its records tell, and each change of its state and of its legs'. */
export type Transition =
  | Milestone
  | ({ readonly at: number } & (
      | { readonly type: 'phase'; readonly from: Phase['kind'] | undefined; readonly to: Phase['kind'] }
      | {
          readonly type: 'leg'
          readonly leg: string
          readonly from: Leg['state'] | undefined
          readonly to: Leg['state']
        }
    ))

/** What came of one event: the call as it is now, what it wants done, and what happened to it. */
export type Turn = readonly [call: Call, commands: readonly Command[], transitions: readonly Transition[]]

/** Gets what happened to a call, and the call as it is after that. Must not throw, and must not wait. */
export type CallListener = (call: Call, transitions: readonly Transition[]) => void

/** What was decided about the call before it began. */
export interface Decided {
  readonly decision: 'rule' | 'override' | 'fallback' | 'unknown-number' | 'disabled'
  readonly rule: string | null
  readonly plan: HuntPlan
}

export interface Call extends Decided {
  readonly id: string
  readonly incoming: IncomingCall
  readonly maxCallSeconds: number
  readonly phase: Phase
  /** The leg that has taken the caller's place (places.ts); absent: they are there themselves. */
  readonly callerReplacedBy?: string
  /** Legs whose place was taken, and that are to be hung up. */
  readonly dropped: readonly string[]
  /** The caller hears ringback. */
  readonly ringback: boolean
  /** When the caller was answered, as far as Asterisk has said; null: not yet. */
  readonly callerUpAt: number | null
  readonly legs: readonly Leg[]
  readonly bridge: 'none' | 'made' | 'ending'
  /** The dead-man's switch as it should be: set again where setting it has failed. */
  readonly lease: { readonly seconds: number; readonly talking: boolean } | null
  /** The dialplan may have been told that the two talk: a lease for ringing has to take that back. */
  readonly talked: boolean
  /**
   * How the record is to be closed once the caller is gone, where that is known before. Without a cause we have not
   * asked them to go: they have left by themselves, and the cause is still to come.
   */
  readonly closing: {
    readonly outcome: CallOutcome
    readonly endedBy: EndedBy | null
    readonly cause: number | null
  } | null
  /** Commands that did not reach Asterisk because there was no connection: asked for again when there is. */
  readonly unsent: readonly Command[]
  readonly history: readonly Milestone[]
}

/** What a call waits for. Two of one kind, and of one leg where it has one, are the same timer. */
export type Timer =
  /**
   * `setup`: Asterisk has not shown the leg. `ring`: it has rung long enough. `join`: it could not be joined, and no event has
   * said why. `hangUp`: its end is not confirmed. `replaced`: its place was taken, and it is to be hung up. `contacts`: another device
   * may have registered for its target.
   */
  | { readonly kind: 'setup' | 'ring' | 'join' | 'hangUp' | 'replaced' | 'contacts'; readonly leg: string }
  /**
   * `ringback`: the caller has heard nothing for too long. `silence`: their ringing could not be asked for. `lease`, `leave`:
   * nor could the lease, or the dialplan to take them. `caller`, `bridge`: their end is not confirmed.
   */
  | { readonly kind: 'ringback' | 'silence' | 'lease' | 'leave' | 'caller' | 'bridge' }

/** Something the call wants done. The outcome comes back only as a `done` or `failed` event. */
export type Command =
  /** Without `contact`, a target that may have several contacts is not made: `contactsFound` names them. */
  | { readonly type: 'createLeg'; readonly leg: string; readonly dial: string; readonly contact?: string }
  | { readonly type: 'findContacts'; readonly leg: string; readonly dial: string }
  /** `again`: it may be dialled already, which is to be looked at first. */
  | { readonly type: 'dialLeg'; readonly leg: string; readonly timeoutSeconds: number; readonly again: boolean }
  | { readonly type: 'hangUpLeg'; readonly leg: string; readonly cause: number }
  /** Ends a leg that has no place in the call any more, or never had one. */
  | { readonly type: 'hangUpReplaced'; readonly leg: string; readonly cause: number }
  | { readonly type: 'ringCaller' | 'answerCaller' | 'destroyBridge' }
  | { readonly type: 'bridge'; readonly leg: string }
  | { readonly type: 'hangUpCaller'; readonly cause: number }
  | { readonly type: 'leaveToDialplan'; readonly fallback: Exclude<Fallback, { kind: 'busy' | 'hangup' | 'number' }> }
  /** `talked`: an earlier lease has told the dialplan that the two talk. */
  | { readonly type: 'setLease'; readonly seconds: number; readonly talking: boolean; readonly talked: boolean }
  | { readonly type: 'startTimer'; readonly timer: Timer; readonly ms: number }
  | { readonly type: 'cancelTimer'; readonly timer: Timer }

/** Another leg that has taken a place. */
export interface Replacement {
  readonly by: string
  /** It is answered. */
  readonly isUp: boolean
  /** Who that is, as far as Asterisk says: `PJSIP/bob`, or `55@office-0000001f;1`, where a transfer has gone. */
  readonly who: string
}

/** Something that happened, at an instant in milliseconds since the epoch. */
export type CallEvent = { readonly at: number } & (
  | { readonly type: 'legSeen' | 'legRinging' | 'legAnswered'; readonly leg: string }
  | { readonly type: 'legGone'; readonly leg: string; readonly cause: number; readonly sipCode?: number }
  /** The devices with which this leg's target is registered now, each as it is dialled. */
  | { readonly type: 'contactsFound'; readonly leg: string; readonly contacts: readonly string[] }
  /** Another leg has taken the place of this one, or of the caller's. */
  | ({ readonly type: 'legReplaced'; readonly leg: string } & Replacement)
  | ({ readonly type: 'callerReplaced' } & Replacement)
  | { readonly type: 'callerUp' }
  | { readonly type: 'callerGone'; readonly cause: number }
  /** The caller is in other hands: the dialplan's, or another application's. */
  | { readonly type: 'callerLeft' }
  /** Asterisk was looked at after a gap, and no longer knows the leg (or the caller, or the bridge). */
  | { readonly type: 'legLost'; readonly leg: string }
  | { readonly type: 'callerLost' | 'bridgeLost' }
  /** Asterisk was looked at, and has a leg whose id is of this call; or has caller and leg in the call's bridge. */
  | { readonly type: 'legFound' | 'joined'; readonly leg: string }
  /** Asterisk was looked at, and has both who talked, but no longer together. */
  | { readonly type: 'parted'; readonly leg: string }
  /** A leg of the process before: Asterisk has it, and has not dialled it; or has no such leg. */
  | { readonly type: 'legUndialled' | 'legUnmade'; readonly leg: string }
  /** There is a connection again, and every event that was missed in the gap has been posted. */
  | { readonly type: 'recovered' }
  | { readonly type: 'timer'; readonly timer: Timer }
  | { readonly type: 'done'; readonly command: Command }
  | { readonly type: 'failed'; readonly command: Command; readonly failure: TelephonyFailure; readonly reason?: string }
)
