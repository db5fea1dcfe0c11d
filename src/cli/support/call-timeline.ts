// The timeline of one call in words, one line per event. Pure: the demo prints it too.
import { plannedAt } from '../../rules/hunt-plan'
import { formatInstant, zoneOrUtc } from '../../rules/schedule/instant'
import { dialRefusal } from '../../rules/gate'
import type { AttemptOutcome, AttemptRecord, CallRecord, ReplacementRecord } from '../../call/record'
import { withoutEnd } from '../../call/other-end'
import type { Answer } from '../../call/replay'
import type { RecordedCall, TracedCall } from '../../ports'
import { overrideText } from '../../rules/rule'
import { duration, printable } from './text'

/** One event of a call. `at` is milliseconds since the epoch. */
export interface TimelineLine {
  readonly at: number
  readonly text: string
}

/** A recorded call. One that is still in progress has no connections to other calls yet. */
export type ShownCall = RecordedCall & Partial<TracedCall>

/** What happened in a call so far, in order. The same records give the same lines; later records only add to them. */
export function timeline(recorded: ShownCall): TimelineLine[] {
  const { call, attempts, replacements } = recorded
  const lines: TimelineLine[] = [
    { at: call.startedAt, text: `arrived from ${caller(call)} for ${printable(call.number)}${origin(recorded)}` },
    { at: call.startedAt, text: wasCarried(call) ? failsafeText(call) : answerText(call) }
  ]
  // A phone that picks up a call takes the place and answers in the same millisecond.
  const later = replacements.map((each, index) => replacementLine(recorded, each, index))
  later.push(...attempts.flatMap((attempt) => attemptLines(recorded, attempt)))
  // The sort is stable: events of the same millisecond stay in the order of the attempts.
  if (call.failsafeAt !== null && !wasCarried(call)) {
    later.push({ at: call.failsafeAt, text: 'followme has stopped: the failsafe takes over the call' })
  }
  later.sort((a, b) => a.at - b.at)
  lines.push(...later)
  if (call.endedAt !== null) lines.push({ at: call.endedAt, text: ending(recorded, call.endedAt) })
  return lines
}

/** When a call arrived: in UTC, and also in the time zone of its number if that is different. */
export function arrival({ startedAt }: CallRecord, timeZone: string): string {
  const utc = new Date(startedAt).toISOString()
  const zone = zoneOrUtc(timeZone)
  return zone === 'UTC' ? utc : `${utc} (${formatInstant(startedAt, zone)})`
}

/** The timeline as text: seconds since the call arrived on the left. */
export function renderTimeline(recorded: ShownCall, timeZone = 'UTC'): string {
  const { call } = recorded
  const lines = timeline(recorded)
  const last = Math.max(...lines.map((line) => line.at))
  const width = seconds(last - call.startedAt).length
  const body = lines.map((line) => `${seconds(line.at - call.startedAt).padStart(width + 2)}  ${line.text}`)
  if (call.endedAt === null) body.push(`${'…'.padStart(width + 2)}  the call is still in progress`)
  return [`call ${call.id}, ${arrival(call, timeZone)}`, ...body].join('\n')
}

/** `"Ann" +14155550199`, or the part that is known. */
export function caller(call: CallRecord): string {
  const number = call.callerNumber === '' ? 'an unknown number' : printable(call.callerNumber)
  return call.callerName === '' ? number : `"${printable(call.callerName)}" ${number}`
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(3)} s`
}

/** What decided, and its plan: `rule 'day': PJSIP/alice (20 s), then busy`. */
export function answerText(call: Answer): string {
  switch (call.decision) {
    case 'unknown-number':
      return call.plan.refusal === undefined
        ? 'no such virtual number'
        : `no such virtual number: ${printable(call.plan.refusal)}`
    case 'disabled':
      return 'the virtual number is disabled'
    case 'loop':
      return `a loop: ${printable(call.reason ?? '')}`
    case 'fallback':
      return call.reason === null ? `no rule matched: ${plan(call)}` : `${printable(call.reason)}: ${plan(call)}`
    case 'override':
      return `an override is set${override(call)}: ${plan(call)}`
    case 'rule':
      return `rule '${printable(call.rule ?? '')}': ${plan(call)}`
  }
}

/** The failsafe handled the call from the start: followme was not running when it arrived. */
function wasCarried({ failsafeAt, startedAt }: CallRecord): boolean {
  return failsafeAt === startedAt
}

function failsafeText(call: CallRecord): string {
  if (call.decision === 'unknown-number') return 'followme is not running, the failsafe answers: no such virtual number'
  if (call.decision === 'loop') return `followme is not running, the failsafe answers: ${answerText(call)}`
  const why =
    call.reason === null
      ? call.rule === null
        ? ''
        : `rule '${printable(call.rule)}': `
      : `${printable(call.reason)}: `
  return `followme is not running, the failsafe answers: ${why}${plan(call)}`
}

function override({ plan: { override: which }, rule }: Answer): string {
  if (which !== undefined) return `, ${printable(overrideText(which))}`
  return rule === null ? '' : `, rule '${printable(rule)}'`
}

function plan({ plan: { steps, fallback } }: Answer): string {
  const rung = steps.map(({ targets }) =>
    targets
      .map(({ dial, ringSeconds, refused }) => `${dial} (${refused === undefined ? `${ringSeconds} s` : 'refused'})`)
      .join(' and ')
  )
  return [...rung, fallback].join(', then ')
}

/** The other call that it comes from. */
function origin({ call, otherCalls }: ShownCall): string {
  const from = otherCalls?.get(call.aLeg)
  if (from !== undefined) return `, transferred from call ${from}`
  return call.cameFrom === null ? '' : `, back through a trunk from call ${call.cameFrom}`
}

function replacementLine(recorded: ShownCall, each: ReplacementRecord, index: number): TimelineLine {
  const before = holder({ ...recorded, replacements: recorded.replacements.slice(0, index) }, each.place)
  return { at: each.at, text: `${takerText(recorded, each)} takes the place of ${before}` }
}

/** Who took a place, and the other call they are in. */
function takerText({ otherCalls }: ShownCall, { leg, who }: ReplacementRecord): string {
  const other = otherCalls?.get(leg)
  return `${printable(withoutEnd(who) || 'another leg')}${other === undefined ? '' : ` (call ${other})`}`
}

/** Who has a target's place, or the caller's (null), after these replacements. */
function holder(recorded: ShownCall, place: string | null): string {
  const { attempts, replacements } = recorded
  const taker = replacements.findLast((each) => each.place === place)
  if (taker !== undefined) return takerText(recorded, taker)
  return place === null ? 'the caller' : printable(attempts.find(({ leg }) => leg === place)?.dial ?? 'a target')
}

function attemptLines(recorded: ShownCall, attempt: AttemptRecord): TimelineLine[] {
  const { call, replacements } = recorded
  const who = attemptText(attempt)
  if (attempt.outcome === 'refused') return [refusedLine(call, attempt)]
  if (attempt.outcome === 'limited') {
    return [
      { at: attempt.startedAt, text: `step ${attempt.step} passes over ${who}: ${printable(attempt.reason ?? '')}` }
    ]
  }
  const lines = [{ at: attempt.startedAt, text: `step ${attempt.step} calls ${who}` }]
  if (attempt.ringingAt !== null) lines.push({ at: attempt.ringingAt, text: `${who} rings` })
  const { answeredAt } = attempt
  if (answeredAt !== null) {
    const after = duration(answeredAt - (attempt.ringingAt ?? attempt.startedAt))
    const until = replacements.filter(({ at }) => at <= answeredAt)
    const current = holder({ ...recorded, replacements: until }, attempt.leg)
    const device =
      attempt.contact === null || current !== printable(attempt.dial) ? '' : ` on ${deviceText(attempt.contact)}`
    lines.push({ at: answeredAt, text: `${current} answers${device} after ${after}` })
  }
  // The leg that took the call ends with it; the line about the end of the call is enough.
  const took = call.answeredBy === attempt.dial && attempt.outcome === 'answered'
  if (attempt.endedAt !== null && attempt.outcome !== null && !took) {
    const after = duration(attempt.endedAt - attempt.startedAt)
    lines.push({ at: attempt.endedAt, text: `${who}: ${inWords[attempt.outcome]}${causes(attempt)} after ${after}` })
  }
  return lines
}

/** `+442071838750 through carrier-a`. */
function attemptText({ dial, trunk }: AttemptRecord): string {
  return printable(trunk === null ? dial : `${dial} through ${trunk}`)
}

/** `sip:alice@10.0.0.5:5060` of `PJSIP/alice/sip:alice@10.0.0.5:5060`. */
function deviceText(contact: string): string {
  return printable(contact.replace(/^[^/]*\/[^/]*\//, ''))
}

function refusedLine({ plan }: CallRecord, attempt: AttemptRecord): TimelineLine {
  const { step, target, dial, startedAt } = attempt
  // Records that are older than the column have none.
  const why = attempt.reason ?? plannedAt(plan, { step, target })?.refused ?? dialRefusal(dial)?.reason
  const reason = why === undefined ? '' : `: ${printable(why)}`
  return { at: startedAt, text: `step ${step} does not call ${printable(dial)}${reason}` }
}

const inWords: Readonly<Record<AttemptOutcome, string>> = {
  answered: 'answered',
  busy: 'busy',
  declined: 'declined',
  'no-answer': 'no answer',
  unavailable: 'not available',
  congestion: 'congestion',
  unreachable: 'no response',
  'wrong-number': 'wrong number',
  'answered-elsewhere': 'answered elsewhere',
  cancelled: 'cancelled',
  refused: 'refused',
  limited: 'not tried',
  failed: 'failed',
  lost: 'lost'
}

/** The codes behind the words: the Q.850 cause, and the SIP response if there was one. */
function causes({ cause, sipCode }: { readonly cause: number | null; readonly sipCode?: number | null }): string {
  const parts = [cause === null ? [] : [`cause ${cause}`], sipCode == null ? [] : [`SIP ${sipCode}`]].flat()
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

function ending(recorded: ShownCall, endedAt: number): string {
  const { call } = recorded
  const cause = causes(call)
  switch (call.outcome) {
    case 'answered': {
      if (leftUnjoined(call)) {
        return `answered by ${printable(call.answeredBy ?? 'a target')}, but the caller hung up before they were connected${cause}`
      }
      const talk = call.talkMs ?? endedAt - (call.answeredAt ?? endedAt)
      return `hung up by ${endedBy(recorded)}${cause} after ${duration(talk)} with ${partner(recorded) ?? 'a target'}`
    }
    case 'fallback':
      return `${isTurnedAway(recorded) ? '' : 'nobody answered: '}the caller gets ${printable(call.fallback ?? call.plan.fallback)}${cause}`
    case 'abandoned':
      return `the caller hung up before anyone answered${cause}`
    case 'refused':
      return `refused${cause}`
    case 'failed':
      return `failed${cause}`
    case 'lost':
      return `lost: the call had ended when followme reconnected${cause}`
    case null:
      return `ended${cause}`
  }
}

/** The number was full, and nobody rang. */
function isTurnedAway({ call: { reason }, attempts }: ShownCall): boolean {
  return reason !== null && attempts.length === 0
}

/** The call was answered, so the caller is charged, but the caller talked to nobody. */
function leftUnjoined({ talkMs, endedBy, recovered, failsafeAt }: CallRecord): boolean {
  return talkMs === null && endedBy === 'caller' && !recovered && failsafeAt === null
}

function endedBy(recorded: ShownCall): string {
  const { endedBy: who } = recorded.call
  if (who === 'caller') return holder(recorded, null)
  return who === 'target' ? (partner(recorded) ?? 'the target') : 'followme'
}

/** Who had the place of the target that answered when the call ended. */
function partner(recorded: ShownCall): string | undefined {
  const { answeredBy } = recorded.call
  if (answeredBy === null) return undefined
  const answered = recorded.attempts.findLast(({ dial, answeredAt }) => dial === answeredBy && answeredAt !== null)
  return answered === undefined ? printable(answeredBy) : holder(recorded, answered.leg)
}
