// followme call: the timeline of one call.
import { Command } from 'commander'
import { readCall } from '../store/call-history'
import { callJson, isoOrNull, openRecords } from './calls'
import { renderTimeline } from './timeline'

export function callCommand(): Command {
  return new Command('call')
    .description('show what happened in one call')
    .argument('<id>', 'the id of the call, or enough of its beginning')
    .option('--json', 'print one JSON document')
    .action(async (id: string, options: { readonly json?: true }) => {
      const { db, close } = openRecords()
      try {
        const { call, attempts, recovered } = await readCall(db, id)
        if (options.json !== true) {
          console.log(renderTimeline(call, attempts))
          return
        }
        const rung = attempts.map((attempt) => ({
          ...attempt,
          call: undefined,
          startedAt: isoOrNull(attempt.startedAt),
          ringingAt: isoOrNull(attempt.ringingAt),
          answeredAt: isoOrNull(attempt.answeredAt),
          endedAt: isoOrNull(attempt.endedAt)
        }))
        console.log(JSON.stringify({ ...callJson(call), recovered, attempts: rung }, null, 2))
      } finally {
        close()
      }
    })
}
