// Refuses the calls that left through a trunk and came back, before they go round again (src/call/loop.ts).
import { loopVerdict } from '../call/loop'
import type { Decided } from '../call/types'
import type { Clock, Log } from '../ports'
import { ringingIn } from '../rules/hunt-plan'
import { isOutside } from '../rules/number'
import type { CallRegistry } from './call-registry'
import type { CallRunner } from './call-runner'

export class LoopGuard {
  constructor(
    private readonly registry: CallRegistry,
    private readonly clock: Clock,
    private readonly log: Log
  ) {}

  /** What a call does that is about to begin. Only one that would go out through a trunk again can go round. */
  judge(runner: CallRunner, decided: Decided): Decided {
    const { number, caller, returned } = runner.incoming
    const goesOut = ringingIn(decided.plan).some((targets) => targets.some(({ dial }) => isOutside(dial)))
    if (!goesOut && returned === undefined) return decided
    const calls = this.registry.out()
    if (calls.size === 0) return decided
    const { leg, diverting = [] } = returned ?? {}
    const arrival = { number, caller: caller.number, at: this.clock.now(), leg, diverting }
    const verdict = loopVerdict(arrival, [...calls.keys()])
    if (verdict === undefined) return decided
    const { cameFrom, reason, by } = verdict
    const runners = verdict.calls.flatMap((call) => calls.get(call) ?? [])
    if (reason === undefined || !goesOut) {
      runner.mayHaveComeFrom(verdict.mayHaveComeFrom)
      for (const each of runners) each.hasReturned()
      return by === 'caller' ? decided : { ...decided, cameFrom }
    }
    const isFirst = runners.map((each) => each.hasLooped(by))
    if (isFirst.every(Boolean))
      this.log.warn(`call refused, a loop: ${reason}`, { callId: runner.id, number, cameFrom })
    return { decision: 'loop', rule: null, plan: { steps: [], fallback: 'hangup', considered: [] }, reason, cameFrom }
  }
}
