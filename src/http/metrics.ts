// Metrics for Prometheus. Most are read at each scrape, so they cost nothing in between.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { callRecord } from '../call/cdr'
import type { CallRecord } from '../call/record'
import type { CallListener } from '../call/types'

/** The values read at each scrape. */
export interface Gauges {
  readonly connected: boolean
  /** How often followme has connected to Asterisk since the start. */
  readonly connections: number
  readonly liveCalls: number
  /** Null: the failsafe plan has not been compared with the rules yet. */
  readonly failsafeAgeSeconds: number | null
  readonly failsafeCalls: number
  readonly declinedCalls: number
  readonly records: { readonly waiting: number; readonly lost: number; readonly fault: string | null }
}

export interface Metrics {
  readonly contentType: string
  /**
   * Counts each call and each attempt once, when it ends. Attempts of a call taken over that had already ended are not counted
   * again.
   */
  readonly listener: CallListener
  /** Counts an ended call that the listener did not see. */
  callEnded(call: CallRecord): void
  /** The current metrics, as text. */
  page(): Promise<string>
}

const ringBuckets = [1, 2, 5, 10, 15, 20, 30, 45, 60, 120]

/** `gauges` is called at each scrape. */
export function createMetrics(gauges: () => Gauges): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const gauge = (name: string, help: string, value: (now: Gauges) => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value(gauges()))
      }
    })
  }
  const counter = (name: string, help: string, value: (now: Gauges) => number): void => {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(value(gauges()))
      }
    })
  }
  gauge('followme_connected', '1 while followme is connected to Asterisk', ({ connected }) => Number(connected))
  counter(
    'followme_connections_total',
    'How often followme has connected to Asterisk',
    ({ connections }) => connections
  )
  gauge('followme_calls_live', 'Calls in progress', ({ liveCalls }) => liveCalls)
  gauge(
    'followme_failsafe_age_seconds',
    'Seconds since the failsafe plan was last compared with the rules; NaN: not since the start',
    ({ failsafeAgeSeconds }) => failsafeAgeSeconds ?? NaN
  )
  counter(
    'followme_failsafe_calls_total',
    'Calls that the failsafe handled and that are now in the records',
    ({ failsafeCalls }) => failsafeCalls
  )
  counter(
    'followme_calls_declined_total',
    'Calls that followme handed to the failsafe',
    ({ declinedCalls }) => declinedCalls
  )
  gauge('followme_records_waiting', 'Calls whose records are waiting to be written', ({ records }) => records.waiting)
  counter(
    'followme_records_lost_total',
    'Records that were lost because they could be neither written nor kept',
    ({ records }) => records.lost
  )
  gauge('followme_records_failing', '1 while records cannot be written', ({ records }) =>
    Number(records.fault !== null)
  )
  const calls = new Counter({
    name: 'followme_calls_total',
    help: 'Ended calls, by outcome',
    labelNames: ['outcome'],
    registers
  })
  const loops = new Counter({
    name: 'followme_loops_total',
    help: 'Calls refused because they had left through a trunk and come back',
    registers
  })
  const attempts = new Counter({
    name: 'followme_attempts_total',
    help: 'Ended attempts, by outcome',
    labelNames: ['outcome'],
    registers
  })
  const ring = new Histogram({
    name: 'followme_ring_seconds',
    help: 'How long callers waited for an answer',
    buckets: ringBuckets,
    registers
  })
  const callEnded = ({ outcome, decision, answeredAt, ringMs }: CallRecord): void => {
    calls.inc({ outcome: outcome ?? 'lost' })
    if (decision === 'loop') loops.inc()
    if (answeredAt !== null && ringMs !== null) ring.observe(ringMs / 1000)
  }
  // The process itself: memory, handles, the event loop's lag.
  collectDefaultMetrics({ register: registry })
  return {
    contentType: registry.contentType,
    listener: (call, transitions) => {
      for (const each of transitions) {
        if (each.type === 'attempt-ended') attempts.inc({ outcome: each.outcome })
        else if (each.type === 'closed') callEnded(callRecord(call))
      }
    },
    callEnded,
    page: () => registry.metrics()
  }
}
