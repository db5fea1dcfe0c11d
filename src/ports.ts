// The interfaces that the engine needs from outside. Adapters implement them.
import type { Cutoff } from './call/retention'
import type { AttemptRecord, CallRecord, ReplacementRecord } from './call/record'
import type { Caller } from './rules/number'
import type { RuleBook } from './rules/rule'
import type { PresentedCaller } from './rules/shown-caller'

/** A call that has just arrived on a virtual number and that we have not claimed yet. */
export interface IncomingCall {
  /** Asterisk's id of the incoming leg. */
  readonly aLeg: string
  /** The number dialled, as Asterisk reports it. */
  readonly number: string
  readonly caller: Caller
  /** What says that it may be a call of ours that has come back; absent: nothing. */
  readonly returned?: ReturnSigns
}

export interface ReturnSigns {
  /** The leg that the header X-Followme names; absent: there is no such header. */
  readonly leg?: string
  /** The numbers that diverted it (RFC 5806, RFC 7044), the last one first. */
  readonly diverting: readonly string[]
}

/** Where a caller goes when we release them: a place in Asterisk's dialplan, with variables for it to read. */
export interface DialplanTarget {
  readonly context: string
  readonly extension: string
  readonly priority: number
  readonly variables: Readonly<Record<string, string>>
}

/** Events of Asterisk, reduced to what a call uses. `leg` is the id of an A-leg or a B-leg. */
export type TelephonyEvent =
  /** `at`: when, by Asterisk's clock, in milliseconds since the epoch. */
  | { readonly type: 'incoming'; readonly call: IncomingCall; readonly at?: number }
  | { readonly type: 'legSeen'; readonly leg: string }
  /** It rings, or the network plays audio instead (SIP 180, 183). */
  | { readonly type: 'legRinging'; readonly leg: string }
  | { readonly type: 'legAnswered'; readonly leg: string }
  /**
   * Leg `by`, which is not an incoming call, has replaced `leg`: a call pickup, a transfer, or INVITE with Replaces.
   * `who`: a name for it, such as `PJSIP/bob`. `leg` may be gone without another event, or stay in Stasis without a bridge.
   */
  | {
      readonly type: 'legReplaced'
      readonly leg: string
      readonly by: string
      readonly isUp: boolean
      readonly who: string
    }
  /** The other end of the leg has hung up; the leg will be gone in a moment. */
  | { readonly type: 'legHangingUp'; readonly leg: string; readonly cause: number }
  /** The leg has left our application alive: the dialplan or another application has it now. */
  | { readonly type: 'legLeft'; readonly leg: string }
  /** The leg is gone. `cause` is Q.850, `sipCode` the final SIP response where Asterisk knows it. */
  | { readonly type: 'legGone'; readonly leg: string; readonly cause: number; readonly sipCode?: number }
  /** Events may have been missed until now: reconcile with what is alive. */
  | { readonly type: 'connected' }
  | { readonly type: 'disconnected' }

/**
 * Why a request to Asterisk failed. `gone`: no such leg or bridge; `conflict`: the id exists already, or we do not control the
 * leg; `unavailable`: the target cannot be reached now; `barred`: it must not be dialled; `limited`: it has as many calls as it may
 * have; `trunk-limited`: its trunk does, or is passed over; `timeout`: the outcome is unknown.
 */
export type TelephonyFailure =
  | 'gone'
  | 'conflict'
  | 'unavailable'
  | 'invalid'
  | 'barred'
  | 'limited'
  | 'trunk-limited'
  | 'timeout'
  | 'disconnected'
  | 'failed'

/** Thrown (as a rejection) by every method of {@link Telephony}. */
export class TelephonyError extends Error {
  override readonly name = 'TelephonyError'

  constructor(
    readonly failure: TelephonyFailure,
    message: string
  ) {
    super(message)
  }
}

export interface SnapshotLeg {
  /** Its state. */
  readonly state: 'down' | 'ringing' | 'up'
  /** A name for it, such as `PJSIP/bob`. */
  readonly who?: string
  /** Whether followme created it under this application's name: a B-leg. */
  readonly ours: boolean
  /** If it is ours: the A-leg that it was created for. */
  readonly ringsFor?: string
  /** Whether it is ours and certainly has not been dialled yet. */
  readonly undialled?: boolean
  /** Whether this application controls it (we, or another program under its name), and not the dialplan. */
  readonly controlled: boolean
  /** Its place in the dialplan, now or when it came to us. */
  readonly at?: { readonly context: string; readonly extension: string }
  /** Whether it is in Stasis but neither arrived as a call nor was created by us: it has replaced another leg. */
  readonly stranger?: boolean
  /** The call as it arrived, if we control the caller's leg. */
  readonly incoming?: IncomingCall
}

export interface SnapshotBridge {
  /** Whether followme created it under this application's name. */
  readonly ours: boolean
  readonly members: readonly string[]
}

/** Every leg and every bridge alive in Asterisk by its id, ours or not. */
export interface AsteriskSnapshot {
  readonly legs: ReadonlyMap<string, SnapshotLeg>
  readonly bridges: ReadonlyMap<string, SnapshotBridge>
}

/** From which number a call is diverted, and why (RFC 5806: `unconditional`); null: it is not. */
export type Diversion = { readonly number: string; readonly reason: string } | null

/** All requests of a call to Asterisk. Each method resolves when Asterisk has accepted the request. */
export interface Telephony {
  /**
   * Creates a B-leg with this id, not ringing yet. `dial` is a target as written in the rules; `contact` is one of the target's
   * contacts. Without it, a target with several contacts rings on one of them. `shown` is the caller ID to present;
   * without it, the caller's own. `trunk` is what is dialled for a number; without it, FOLLOWME_TRUNK. `isPrivate`: it is at a PBX
   * of the site.
   */
  createLeg(
    leg: string,
    dial: string,
    aLeg: string,
    how?: {
      readonly contact?: string
      readonly shown?: PresentedCaller
      readonly trunk?: string
      readonly isPrivate?: boolean
    }
  ): Promise<void>
  /** Whether a target may have several contacts, that is, a phone with several devices. */
  mayHaveSeveralContacts(dial: string): Promise<boolean>
  /** The contacts of such a target that are reachable now; empty if it is not registered. */
  contactsOf(dial: string, aLeg: string): Promise<readonly string[]>
  /**
   * Rings a leg that has been seen. Asterisk gives up after `timeoutSeconds`, even if followme is gone. Dialling a leg twice
   * would end it, so `again` checks first whether it was dialled. `diversion` is the SIP header Diversion to send.
   */
  dialLeg(leg: string, aLeg: string, timeoutSeconds: number, again: boolean, diversion?: Diversion): Promise<void>
  /** Plays ringback to the caller without answering. */
  ringCaller(aLeg: string): Promise<void>
  answerCaller(aLeg: string): Promise<void>
  /** Joins two legs in a bridge with this id. */
  bridge(bridge: string, aLeg: string, bLeg: string): Promise<void>
  destroyBridge(bridge: string): Promise<void>
  /** Ends a leg with a Q.850 cause. */
  hangUp(leg: string, cause: number): Promise<void>
  /**
   * Sets the dead-man's switch: after `seconds` the dialplan takes the caller back and runs the failsafe, or ends the call if
   * the two are talking; 0 clears it. `talked`: an earlier request has recorded that they are talking. `reached`: a target of the step
   * that the failsafe is to begin with; without it, the first step or the one of an earlier request.
   */
  setLease(
    aLeg: string,
    seconds: number,
    phase: { readonly talking: boolean; readonly talked: boolean; readonly reached?: string }
  ): Promise<void>
  /** Releases the caller to a place in the dialplan. */
  leaveToDialplan(aLeg: string, target: DialplanTarget): Promise<void>
  /** Returns a snapshot of what is alive now. */
  snapshot(): Promise<AsteriskSnapshot>
  /**
   * Resolves when every event that Asterisk has sent so far has been handled: the event loop may have been blocked, or the
   * connection may have died unnoticed. Rejects if the connection is lost first.
   */
  eventBarrier(): Promise<void>
}

/**
 * Thrown (as a rejection) by a store that temporarily cannot do its work. `busy`: for a moment, so retry soon without logging;
 * `unavailable`: until somebody fixes it. Any other error means that the request itself is invalid.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError'

  constructor(
    readonly failure: 'busy' | 'unavailable',
    message: string,
    options?: ErrorOptions
  ) {
    super(message, options)
  }
}

/** Whether the store is busy, so that a retry should follow soon. */
export function isStoreBusy(error: unknown): boolean {
  return error instanceof StoreError && error.failure === 'busy'
}

/** Reads the rules. */
export interface RuleStore {
  /**
   * Everything that decides a call to a number, read now in one snapshot: the number itself and every number that its `number:`
   * targets and fallbacks lead to. If the number itself is missing, it is not a virtual number. With a caller, the book is only
   * for that caller: of each caller list, which may be long, it has only entries that can match.
   */
  rulesFor(number: string, caller?: Caller): Promise<RuleBook>
  /** The numbers in this list that are virtual numbers. */
  numbersAmong(numbers: readonly string[]): Promise<readonly string[]>
}

/** Writes call records. `save` never throws and never waits: it queues, and the queue is written in batches. */
export interface CallStore {
  save(call: CallRecord, attempts: readonly AttemptRecord[], replacements?: readonly ReplacementRecord[]): void
  /** Resolves when everything saved so far is in the database. */
  flush(): Promise<void>
}

/** The attempts on numbers that the records have. */
export interface DialRecords {
  /** Those that have no end, or ended then or later, each with the virtual number whose rules name it. Throws where it cannot be read now. */
  attemptsSince(at: number): readonly (readonly [attempt: AttemptRecord, from: string])[]
}

/** The conversations of targets that the records have. */
export interface TargetRecords {
  /** The attempts whose conversation ended then or later. Throws where they cannot be read now. */
  talkedSince(at: number): readonly AttemptRecord[]
}

/** Deletes old records. Methods never wait for a lock; they reject with a {@link StoreError} if they cannot work now. */
export interface OldRecords {
  /** Which records are old enough to delete, if kept for this many days, at the time `now`. */
  cutoff(now: number, days: number): Promise<Cutoff>
  /**
   * Deletes ended calls that arrived before `before`, with their attempts and replacements: the oldest first, at most `most`.
   * Returns how many.
   */
  remove(before: number, most: number): Promise<number>
}

/** One call with its attempts and its replacements, in order. */
export interface RecordedCall {
  readonly call: CallRecord
  readonly attempts: readonly AttemptRecord[]
  readonly replacements: readonly ReplacementRecord[]
}

/** A call with everything that commands show about it. */
export interface TracedCall extends RecordedCall {
  /** Other calls that transfers connected it to, by the leg of this call that leads there: the caller's leg or a replacement. */
  readonly otherCalls: ReadonlyMap<string, string>
}

/** Stores records. Methods never wait for a lock; they reject with a {@link StoreError} if they cannot work now. */
export interface RecordStore {
  /** Writes all of the calls or none, each with its attempts and replacements so far. */
  write(calls: readonly RecordedCall[]): Promise<void>
  /** Calls without an end, oldest first. Waits briefly if another program has the database. */
  openCalls(): Promise<readonly RecordedCall[]>
  /** Closes calls whose end was not seen, with the best outcome known. */
  closeLost(calls: readonly RecordedCall[], endedAt: number): Promise<void>
  /**
   * Records a call of which only arrival and end are known; false if the failsafe handled it, because its record has more.
   */
  recordUnseen(call: CallRecord): Promise<boolean>
}

/** The call records, read back to take over the calls of an earlier process. */
export interface Journal {
  /** Calls without an end in the records, oldest first. */
  openCalls(): Promise<readonly RecordedCall[]>
  /** Closes calls whose end was not seen, with the best outcome known. */
  closeLost(calls: readonly RecordedCall[]): void
  /** Records a call that nothing handled, unless the failsafe did: then the failsafe's record counts. */
  recordUnseen(call: CallRecord): void
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, callback: () => void): () => void
}

/** A structured logger; the engine does not depend on a library. */
export interface Log {
  debug(message: string, fields?: object): void
  info(message: string, fields?: object): void
  warn(message: string, fields?: object): void
  error(message: string, fields?: object): void
}
