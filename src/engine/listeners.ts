// What happened to a call, on its way to the records and to the log.
import { attemptRecords, callRecord, replacementRecords } from '../call/cdr'
import { causeText } from '../call/cause'
import type { Call, CallListener, Transition } from '../call/types'
import type { CallStore, Log } from '../ports'
import { overrideText } from '../rules/rule'

/** Saves the records of a call whenever its history has grown. */
export function recordListener(calls: CallStore, server: string): CallListener {
  return (call, transitions) => {
    const hasNews = transitions.some(({ type }) => type !== 'phase' && type !== 'leg')
    if (hasNews) calls.save(callRecord(call, server), attemptRecords(call), replacementRecords(call))
  }
}

/** Writes a line for everything that happened; `log` carries the call's id. */
export function logListener(log: Log): CallListener {
  return (call, transitions) => {
    for (const each of transitions) logTransition(log, call, each)
  }
}

function logTransition(log: Log, call: Call, each: Transition): void {
  const target = 'leg' in each ? call.legs.find((leg) => leg.id === each.leg)?.dial : undefined
  switch (each.type) {
    case 'arrived':
      return log.info('call arrived', {
        number: call.incoming.number,
        caller: call.incoming.caller.number,
        decision: call.decision,
        ...(call.rule !== null && { rule: call.rule }),
        ...(call.reason !== null && { reason: call.reason }),
        ...(call.plan.override !== undefined && { override: overrideText(call.plan.override) })
      })
    case 'attempt':
      return log.info('trying target', { target })
    case 'dialled':
      return log.debug('target dialled', { target })
    case 'ringing':
      return log.info('target rings', { target })
    case 'answered':
      return log.info('target answered', { target })
    case 'connected':
      return log.info('connected', { target })
    case 'answered-unbridged':
      return log.info('answered, but the caller hung up before they were connected', { target })
    case 'replaced':
      return log.info('place taken by another leg', { place: target ?? 'caller', by: each.who })
    case 'attempt-ended':
      return log.info('target ended', { target, outcome: each.outcome, cause: causeText(each.cause) })
    case 'contact-ended':
      return log.debug('device ended', { target, outcome: each.outcome, cause: causeText(each.cause) })
    case 'fallback':
      return log.info('nobody answered', { fallback: each.fallback })
    case 'closed':
      return log.info('call ended', {
        outcome: each.outcome,
        by: each.endedBy ?? undefined,
        cause: causeText(each.cause)
      })
    case 'phase':
      return log.debug('phase', { from: each.from, to: each.to })
    case 'leg':
      return log.debug('leg', { target, from: each.from, to: each.to })
  }
}
