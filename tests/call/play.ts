// One call, event by event, as a test tells it.
import { start, step } from '../../src/call/step'
import { timerKey } from '../../src/call/timers'
import type { CallEvent, Turn } from '../../src/call/types'
import { incoming } from './given-caller'

export const begin = 1_700_000_000_000

/** A call whose steps are the given dials, by default for ten seconds each, played event by event at the given milliseconds. */
export function play(steps: readonly (readonly string[])[], fallback = 'busy', seconds: readonly number[] = []) {
  const plan = {
    steps: steps.map((dials, index) => ({
      targets: dials.map((dial) => ({ dial, ringSeconds: seconds[index] ?? 10 }))
    })),
    fallback
  }
  const decided = { decision: 'rule', rule: 'day', plan } as const
  let [call, commands]: Turn = start('c', incoming, decided, { at: begin, maxCallSeconds: 3600 })
  return {
    get call() {
      return call
    },
    /** The commands of the latest event, without timers. */
    get asked() {
      return commands.filter(({ type }) => !['startTimer', 'cancelTimer'].includes(type))
    },
    get timers() {
      return commands.flatMap((each) =>
        each.type === 'startTimer' ? [`${timerKey(each.timer)} ${String(each.ms)}`] : []
      )
    },
    at(ms: number, event: CallEvent extends infer E ? (E extends CallEvent ? Omit<E, 'at'> : never) : never) {
      ;[call, commands] = step(call, { ...event, at: begin + ms })
      return this
    }
  }
}
