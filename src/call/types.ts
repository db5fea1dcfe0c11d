// What a call is, what can happen to it, and what it can ask for: the words of the state machine in step.ts. PURE.
import type { AttemptOutcome, CallOutcome, EndedBy } from './record'
import type { HuntPlan, PlannedTrunk } from '../rules/hunt-plan'
import type { Fallback } from '../rules/number'
import type { PresentedCaller } from '../rules/shown-caller'
import type { IncomingCall, TelephonyFailure } from '../ports'

/**
 * One target that rings, or one contact of a target with several. Its id is `<callId>.<step>.<target>`, both counted from 1. The id
 * of a second or later contact is `<callId>.<step>.c<contact>.<target>`, that of a second or later try, through another trunk,
 * `<callId>.<step>.t<try>.<target>`. All legs of one try are one attempt.
 */
export interface Leg {
  readonly id: string
  readonly step: number
  readonly target: number
  /** 1, and one more with each further trunk. */
  readonly tryNumber: number
  readonly dial: string
  /** What is dialled for this contact, such as `PJSIP/alice/sip:alice@10.0.0.5:5060`; absent if the target itself is dialled. */
  readonly contact?: string
  readonly ringSeconds: number
  /** creating → dialling → ringing → answered; ending after we have requested its end; gone when Asterisk reports that. */
  readonly state: 'creating' | 'dialling' | 'ringing' | 'answered' | 'ending' | 'gone'
  /** The Q.850 cause with which we requested its end, or null. */
  readonly endCause: number | null
  /** The leg that has taken its place (places.ts); absent if none has. */
  readonly replacedBy?: string
}

/**
 * The phase of a call. `connecting`: a person has answered, and the caller is being connected to them. `leaving`: the caller is
 * being handed to the dialplan. `ending`: the caller is gone or being hung up, and the last legs are being hung up.
 */
export type Phase =
  | { readonly kind: 'hunting'; readonly step: number }
  /** `asked`: how many times we have requested to answer the caller or, after that, to join the two. */
  | { readonly kind: 'connecting'; readonly leg: string; readonly asked: number }
  /** `rejoins`: how many times we have tried without success to join the two again after they were separated. */
  | { readonly kind: 'bridged'; readonly leg: string; readonly rejoins?: number }
  | { readonly kind: 'leaving' | 'ending' | 'ended' }

/** What happened to a call, as recorded. `at` is milliseconds since the epoch. */
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
  /** `contact-ended`: one contact of a target has ended, while others still ring or have answered. */
  | {
      readonly type: 'attempt-ended' | 'contact-ended'
      readonly leg: string
      readonly outcome: AttemptOutcome
      readonly cause: number
      readonly sipCode: number | undefined
      /** Why it was refused or limited, in words; absent for any other outcome. */
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
      /** No event reported the end; a snapshot showed it. */
      readonly recovered: boolean
    }
)

/** Everything that happened to a call, in order: what is recorded, and each change of its phase and of its legs' states. */
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

/** The result of one event: the call as it is now, the commands to execute, and what happened to it. */
export type Turn = readonly [call: Call, commands: readonly Command[], transitions: readonly Transition[]]

/** Receives what happened to a call, and the call as it is afterwards. Must not throw or wait. */
export type CallListener = (call: Call, transitions: readonly Transition[]) => void

/** What was decided about the call before it began. */
export interface Decided {
  readonly decision: 'rule' | 'override' | 'fallback' | 'unknown-number' | 'disabled' | 'loop'
  readonly rule: string | null
  readonly plan: HuntPlan
  /** Why no rule was asked, in words; absent or null: the rules decided. */
  readonly reason?: string | null
  /** The id of the call whose leg through a trunk came back as this call; absent or null: none that is known. */
  readonly cameFrom?: string | null
}

export interface Call extends Decided {
  readonly id: string
  readonly reason: string | null
  readonly cameFrom: string | null
  readonly incoming: IncomingCall
  readonly maxCallSeconds: number
  readonly phase: Phase
  /** The leg that has taken the caller's place (places.ts); absent if none has. */
  readonly callerReplacedBy?: string
  /** Legs whose place was taken and that have to be hung up. */
  readonly dropped: readonly string[]
  /** The caller hears ringback. */
  readonly ringback: boolean
  /** When Asterisk reported that the caller was answered; null if it has not yet. */
  readonly callerUpAt: number | null
  readonly legs: readonly Leg[]
  readonly bridge: 'none' | 'made' | 'ending'
  /**
   * The dead-man's switch as it should be. If setting it fails, it is set again. `reached`: the first target of the step that rings, from
   * the second step on: the failsafe goes on there.
   */
  readonly lease: { readonly seconds: number; readonly talking: boolean; readonly reached?: string } | null
  /** An earlier lease may have set the dialplan to `talking`. A lease for ringing has to reset that. */
  readonly talked: boolean
  /**
   * How to close the record when the caller is gone, if that is known in advance. Without a cause we have not hung up the
   * caller: they left by themselves, and the cause is not known yet.
   */
  readonly closing: {
    readonly outcome: CallOutcome
    readonly endedBy: EndedBy | null
    readonly cause: number | null
  } | null
  /** Commands that did not reach Asterisk because there was no connection. They are repeated when it is back. */
  readonly unsent: readonly Command[]
  readonly history: readonly Milestone[]
}

/** What a call waits for. Two timers of the same kind and the same leg (if it has one) are the same timer. */
export type Timer =
  /**
   * `setup`: Asterisk has not reported the leg. `ring`: it has rung long enough. `progress`: its trunk has not said anything. `join`: it could not be joined, and no event
   * has said why. `hangUp`: its end is not confirmed. `replaced`: its place was taken, and it has to be hung up. `contacts`:
   * another device may have registered for its target.
   */
  | { readonly kind: 'setup' | 'ring' | 'progress' | 'join' | 'hangUp' | 'replaced' | 'contacts'; readonly leg: string }
  /**
   * `ringback`: the caller has heard nothing for too long. `silence`, `lease`, `leave`: the request for ringback, for the lease
   * or to hand the caller to the dialplan failed. `caller`, `bridge`: their end is not confirmed.
   */
  | { readonly kind: 'ringback' | 'silence' | 'lease' | 'leave' | 'caller' | 'bridge' }

/** Something to do for the call. The outcome arrives only as a `done` or `failed` event. */
export type Command =
  /**
   * `shown`: the caller ID to present; absent: the caller's own. `trunk`: the trunk that a number goes through; absent: a phone, or
   * FOLLOWME_TRUNK. `mayPass`: it may be passed over, because another one is there. Without `contact`, no leg is created for a target that may have
   * several contacts; a `contactsFound` event lists them.
   */
  | {
      readonly type: 'createLeg'
      readonly leg: string
      readonly dial: string
      readonly contact?: string
      readonly shown?: PresentedCaller
      readonly trunk?: PlannedTrunk
      readonly mayPass?: true
      /** It is at a PBX of the site. */
      readonly isPrivate?: true
    }
  | { readonly type: 'findContacts'; readonly leg: string; readonly dial: string }
  /** `again`: it may be dialled already, so that is checked first. */
  | {
      readonly type: 'dialLeg'
      readonly leg: string
      readonly timeoutSeconds: number
      readonly again: boolean
      /** The reason in the SIP header Diversion; absent: no such header. */
      readonly diversion?: string
    }
  | { readonly type: 'hangUpLeg'; readonly leg: string; readonly cause: number }
  /** Ends a leg that no longer has a place in the call, or never had one. */
  | { readonly type: 'hangUpReplaced'; readonly leg: string; readonly cause: number }
  | { readonly type: 'ringCaller' | 'answerCaller' | 'destroyBridge' }
  | { readonly type: 'bridge'; readonly leg: string }
  | { readonly type: 'hangUpCaller'; readonly cause: number }
  | { readonly type: 'leaveToDialplan'; readonly fallback: Exclude<Fallback, { kind: 'busy' | 'hangup' | 'number' }> }
  /** `talked`: an earlier lease has set the dialplan to `talking`. */
  | {
      readonly type: 'setLease'
      readonly seconds: number
      readonly talking: boolean
      readonly talked: boolean
      readonly reached?: string
    }
  | { readonly type: 'startTimer'; readonly timer: Timer; readonly ms: number }
  | { readonly type: 'cancelTimer'; readonly timer: Timer }

/** Another leg that has taken a place. */
export interface Replacement {
  readonly by: string
  /** It is answered. */
  readonly isUp: boolean
  /** Who that is, as far as Asterisk knows: `PJSIP/bob`, or `55@office-0000001f;1`, where a transfer went. */
  readonly who: string
}

/** Something that happened, at an instant in milliseconds since the epoch. */
export type CallEvent = { readonly at: number } & (
  | { readonly type: 'legSeen' | 'legRinging' | 'legAnswered'; readonly leg: string }
  | { readonly type: 'legGone'; readonly leg: string; readonly cause: number; readonly sipCode?: number }
  /** The devices that are now registered for this leg's target, as they are dialled. */
  | { readonly type: 'contactsFound'; readonly leg: string; readonly contacts: readonly string[] }
  /** Another leg has taken the place of this one, or of the caller's. */
  | ({ readonly type: 'legReplaced'; readonly leg: string } & Replacement)
  | ({ readonly type: 'callerReplaced' } & Replacement)
  | { readonly type: 'callerUp' }
  | { readonly type: 'callerGone'; readonly cause: number }
  /** The dialplan or another application has the caller now. */
  | { readonly type: 'callerLeft' }
  /** After a gap, the snapshot of Asterisk does not contain the leg (or the caller, or the bridge). */
  | { readonly type: 'legLost'; readonly leg: string }
  | { readonly type: 'callerLost' | 'bridgeLost' }
  /** The snapshot contains a leg with an id of this call (`legFound`), or caller and leg in the call's bridge (`joined`). */
  | { readonly type: 'legFound' | 'joined'; readonly leg: string }
  /** The snapshot contains both sides of a conversation, but no longer joined. */
  | { readonly type: 'parted'; readonly leg: string }
  /** A leg of the previous process that Asterisk has not dialled (`legUndialled`), or does not have (`legUnmade`). */
  | { readonly type: 'legUndialled' | 'legUnmade'; readonly leg: string }
  /** The connection is back, and every event missed in the gap has been posted. */
  | { readonly type: 'recovered' }
  | { readonly type: 'timer'; readonly timer: Timer }
  | { readonly type: 'done'; readonly command: Command }
  | { readonly type: 'failed'; readonly command: Command; readonly failure: TelephonyFailure; readonly reason?: string }
)
