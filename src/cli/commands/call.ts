// followme call: the timeline of one call.
import { Command } from 'commander'
import { placeInPlan } from '../../call/ids'
import type { CallRecord } from '../../call/record'
import { overrideText } from '../../rules/rule'
import { arrival, caller, renderTimeline } from '../support/call-timeline'
import { openRecords } from '../support/database'
import { consideredLines, planLines, shownLines } from '../support/decision-text'
import { callJson, isoOrNull } from '../support/json'
import { printable } from '../support/text'

export function callCommand(): Command {
  return new Command('call')
    .description('show what happened in one call')
    .argument('<id>', "the call's id, or enough of its first characters to be unique")
    .option('--explain', 'show why these phones rang, according to the rules at the time')
    .option('--json', 'print one JSON document')
    .action(async (id: string, options: { readonly explain?: true; readonly json?: true }) => {
      const records = openRecords()
      try {
        const recorded = await records.call(id)
        const { call, attempts, replacements, otherCalls } = recorded
        if (options.json !== true) {
          const timeZone = (await records.timeZones()).get(call.number) ?? 'UTC'
          console.log(options.explain === true ? explainedCall(call, timeZone) : renderTimeline(recorded, timeZone))
          return
        }
        const rung = attempts.map((attempt) => ({
          ...attempt,
          call: undefined,
          startedAt: isoOrNull(attempt.startedAt),
          dialledAt: isoOrNull(attempt.dialledAt),
          ringingAt: isoOrNull(attempt.ringingAt),
          answeredAt: isoOrNull(attempt.answeredAt),
          endedAt: isoOrNull(attempt.endedAt)
        }))
        const taken = replacements.map(({ place, leg, who, at }) => ({
          ...(place === null ? { step: null, target: null } : placeInPlan(call.id, place)),
          leg,
          who,
          at: isoOrNull(at),
          otherCall: otherCalls.get(leg) ?? null
        }))
        const transferredFrom = otherCalls.get(call.aLeg) ?? null
        const document = {
          ...callJson(call, options.explain),
          transferredFrom,
          attempts: rung,
          replacements: taken
        }
        console.log(JSON.stringify(document, null, 2))
      } finally {
        records.close()
      }
    })
}

/** Why the call rang these phones, as recorded when it arrived; later changes of the rules do not matter. */
function explainedCall(call: CallRecord, timeZone: string): string {
  const { id, number, startedAt, decision, plan } = call
  const head = `call ${id}, ${arrival(call, timeZone)}, from ${caller(call)} for ${printable(number)}`
  if (decision === 'unknown-number' || decision === 'disabled') {
    const why = decision === 'disabled' ? 'was disabled' : 'was no virtual number'
    return `${head}\n\nThe call was refused: ${printable(number)} ${why}.`
  }
  if (decision === 'loop') return `${head}\n\nThe call was refused as a loop: ${printable(call.reason ?? '')}.`
  const { considered } = plan
  if (call.failsafeAt === startedAt) {
    const lines = [
      head,
      '',
      'When it arrived, followme was not running, and the failsafe answered.',
      ...(call.reason === null ? [] : [`No rule was asked: ${printable(call.reason)}.`]),
      ...planLines(plan),
      ...shownLines(plan)
    ]
    return lines.join('\n')
  }
  const lines = [head, '', `When it arrived, ${answered(call)}.`, ...planLines(plan), ...shownLines(plan)]
  if (considered === undefined)
    lines.push('', 'The reason is unknown: the call was recorded by a version that did not record reasons.')
  else if (considered.length > 0) lines.push('', ...consideredLines(considered))
  return lines.join('\n')
}

function answered({ decision, rule, reason, plan: { override } }: CallRecord): string {
  if (reason !== null) return `no rule was asked: ${printable(reason)}`
  if (override !== undefined) return `an override answered: ${printable(overrideText(override))}`
  if (decision === 'override') return 'an override answered'
  return rule === null ? "no rule answered, so the number's fallback did" : `rule '${printable(rule)}' answered`
}
