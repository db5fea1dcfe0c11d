// What the engine needs from outside, in the words of the trade. Adapters implement these.
import type { Cutoff } from './call/retention'
import type { AttemptRecord, CallRecord, ReplacementRecord } from './call/record'
import type { Caller } from './rules/number'
import type { RuleBook } from './rules/rule'

/** A call that has just arrived on a virtual number and waits for us to claim it. */
export interface IncomingCall {
  /** Asterisk's own id of the incoming leg. */
  readonly aLeg: string
  /** What was dialled, as Asterisk passed it on. */
  readonly number: string
  readonly caller: Caller
}

/** Where a caller goes when we let go of them: a place in Asterisk's dialplan, with variables for it to read. */
export interface DialplanTarget {
  readonly context: string
  readonly extension: string
  readonly priority: number
  readonly variables: Readonly<Record<string, string>>
}

/** What Asterisk tells us, already reduced to what a call can use. `leg` is an A-leg's or a B-leg's id. */
export type TelephonyEvent =
  /** `at`: when, by Asterisk's clock, in milliseconds since the epoch. */
  | { readonly type: 'incoming'; readonly call: IncomingCall; readonly at?: number }
  | { readonly type: 'legSeen'; readonly leg: string }
  /** It rings, or the network there plays something instead (SIP 180, 183). */
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
  /** The other end of the leg has hung up: it will be gone in a moment. */
  | { readonly type: 'legHangingUp'; readonly leg: string; readonly cause: number }
  /** The leg has left our hands alive: the dialplan has it now, or another application. */
  | { readonly type: 'legLeft'; readonly leg: string }
  /** The leg is gone. `cause` is Q.850, `sipCode` the final SIP response where Asterisk knows it. */
  | { readonly type: 'legGone'; readonly leg: string; readonly cause: number; readonly sipCode?: number }
  /** Events may have been missed until now: look at what is alive, then go on. */
  | { readonly type: 'connected' }
  | { readonly type: 'disconnected' }

/**
 * Why a request to Asterisk failed. `gone`: no such leg or bridge; `conflict`: the id exists already, or the leg is not
 * in our hands; `unavailable`: the target cannot be reached now; `barred`: it must not be dialled; `timeout`: nobody knows what
 * became of it.
 */
export type TelephonyFailure =
  'gone' | 'conflict' | 'unavailable' | 'invalid' | 'barred' | 'timeout' | 'disconnected' | 'failed'

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
  /** How far it has come. */
  readonly state: 'down' | 'ringing' | 'up'
  /** A name for it, such as `PJSIP/bob`. */
  readonly who?: string
  /** It was made by followme under this application's name: a B-leg. */
  readonly ours: boolean
  /** The A-leg that it was made for, where it is ours. */
  readonly ringsFor?: string
  /** It is ours, and surely has not been dialled yet. */
  readonly undialled?: boolean
  /** It is in the hands of this application, ours or another program's under its name, and not of the dialplan. */
  readonly controlled: boolean
  /** Where the dialplan has it, or had it when it came to us. */
  readonly at?: { readonly context: string; readonly extension: string }
  /** It is in Stasis, but neither arrived as a call nor was made by us: it has replaced another leg. */
  readonly stranger?: boolean
  /** The call as it arrived, where a caller is in our hands. */
  readonly incoming?: IncomingCall
}

export interface SnapshotBridge {
  /** It was made by followme under this application's name. */
  readonly ours: boolean
  readonly members: readonly string[]
}

/** Every leg and every bridge alive in Asterisk by its id, ours or not. */
export interface AsteriskSnapshot {
  readonly legs: ReadonlyMap<string, SnapshotLeg>
  readonly bridges: ReadonlyMap<string, SnapshotBridge>
}

/** Everything a call can ask of Asterisk. Each method resolves when Asterisk has accepted the request. */
export interface Telephony {
  /** Makes a B-leg with this id, not yet ringing. `dial` is a target as the rules write it. */
  createLeg(leg: string, dial: string, aLeg: string): Promise<void>
  /**
   * Rings a leg that has been seen; Asterisk gives up after `timeoutSeconds`, whatever becomes of us. To dial a leg twice
   * ends it: with `again`, where it may have been dialled before, that is looked at first.
   */
  dialLeg(leg: string, aLeg: string, timeoutSeconds: number, again: boolean): Promise<void>
  /** Plays ringback to the caller without answering. */
  ringCaller(aLeg: string): Promise<void>
  answerCaller(aLeg: string): Promise<void>
  /** Joins two legs in a bridge with this id. */
  bridge(bridge: string, aLeg: string, bLeg: string): Promise<void>
  destroyBridge(bridge: string): Promise<void>
  /** Ends a leg with a Q.850 cause. */
  hangUp(leg: string, cause: number): Promise<void>
  /**
   * Sets the dead-man's switch: after `seconds` the dialplan takes the caller back and has the failsafe ring somebody,
   * or ends the call where the two are talking; 0 clears it. `talked`: an earlier one has said that they talk.
   */
  setLease(aLeg: string, seconds: number, phase: { readonly talking: boolean; readonly talked: boolean }): Promise<void>
  /** Lets go of the caller, to a place in the dialplan. */
  leaveToDialplan(aLeg: string, target: DialplanTarget): Promise<void>
  /** Looks at what is there now. */
  snapshot(): Promise<AsteriskSnapshot>
  /**
   * Resolves when every event that Asterisk has sent until now has been handled: the event loop may have been blocked, or the connection
   * may be dead without our knowing. Rejects if the connection is lost first.
   */
  eventBarrier(): Promise<void>
}

/**
 * Thrown (as a rejection) by a store that is temporarily unable to do what was asked. `busy`: for a moment, so retry soon without
 * logging; `unavailable`: until somebody fixes it. Any other error means that the request itself is invalid.
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

/** Whether a store is busy, so that it is soon asked again. */
export function isStoreBusy(error: unknown): boolean {
  return error instanceof StoreError && error.failure === 'busy'
}

/** Rules in. */
export interface RuleStore {
  /**
   * Everything that decides about a number, read now in one snapshot: the number itself and every number that its
   * `number:` targets and fallbacks lead to, by number. Without the number itself, there is no such number. Where the caller
   * is given, the book is for that caller only: of a list, which may be long, it has the entries that can mean them.
   */
  rulesFor(number: string, caller?: Caller): Promise<RuleBook>
  /** Those of these numbers that are virtual numbers. */
  numbersAmong(numbers: readonly string[]): Promise<readonly string[]>
}

/** Records out. `save` never throws and never waits: it queues, and the queue is written in batches. */
export interface CallStore {
  save(call: CallRecord, attempts: readonly AttemptRecord[], replacements?: readonly ReplacementRecord[]): void
  /** Resolves when everything saved so far is in the database. */
  flush(): Promise<void>
}

/** Old records out. Methods never wait for a lock; they reject with a {@link StoreError} if they cannot work now. */
export interface OldRecords {
  /** Which records are old enough to go, kept for so many days, by a clock that shows `now`. */
  cutoff(now: number, days: number): Promise<Cutoff>
  /**
   * Removes calls that arrived before `before` and are over, with all that belongs to them: the oldest, and `most` of them at most.
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

/** A call as people read it. */
export interface TracedCall extends RecordedCall {
  /** The other calls that transfers connected it to: by the leg of this call that leads there, its caller's or one that took a place. */
  readonly otherCalls: ReadonlyMap<string, string>
}

/** Where records are kept. Methods never wait for a lock; they reject with a {@link StoreError} if they cannot work now. */
export interface RecordStore {
  /** Writes all of them, each as it stands with all its attempts and replacements so far, or none. */
  write(calls: readonly RecordedCall[]): Promise<void>
  /** Calls that have no end, oldest first. Waits a little for another program. */
  openCalls(): Promise<readonly RecordedCall[]>
  /** Closes calls that ended while nobody looked, with the best outcome known. */
  closeLost(calls: readonly RecordedCall[], endedAt: number): Promise<void>
  /**
   * Records a call of which only its coming and going are known; false where the failsafe has carried it, whose own record
   * tells more.
   */
  recordUnseen(call: CallRecord): Promise<boolean>
}

/** The call records, read back to go on with calls that an earlier process had in hand. */
export interface Journal {
  /** Calls that have no end in the records, oldest first. */
  openCalls(): Promise<readonly RecordedCall[]>
  /** Closes calls that ended while nobody looked, with the best outcome known. */
  closeLost(calls: readonly RecordedCall[]): void
  /** Records a call for which nothing was done, unless the failsafe has carried it: then its record is the call's. */
  recordUnseen(call: CallRecord): void
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, callback: () => void): () => void
}

/** A structured logger; the engine never knows which. */
export interface Log {
  debug(message: string, fields?: object): void
  info(message: string, fields?: object): void
  warn(message: string, fields?: object): void
  error(message: string, fields?: object): void
}
