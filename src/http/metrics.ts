// Metrics in the words of Prometheus: most are asked for at each scrape, so that they cost nothing in between.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { callRecord } from '../call/cdr'
import type { CallRecord } from '../call/record'
import type { CallListener } from '../call/types'

/** What is asked at each scrape. */
export interface Gauges {
  readonly connected: boolean
  /** How often Asterisk has been connected to since the start. */
  readonly connections: number
  readonly liveCalls: number
  /** Null: the failsafe has not been held against the rules yet. */
  readonly failsafeAgeSeconds: number | null
  readonly failsafeCalls: number
  readonly declinedCalls: number
  readonly records: { readonly waiting: number; readonly lost: number; readonly fault: string | null }
}

export interface Metrics {
  readonly contentType: string
  /** Counts each call and each attempt once, when it ends: those of a call taken over that had ended before are counted already. */
  readonly listener: CallListener
  /** Counts a call that is over, and that the listener has not seen. */
  callEnded(call: CallRecord): void
  /** The page, as it is now. */
  page(): Promise<string>
}

const ringBuckets = [1, 2, 5, 10, 15, 20, 30, 45, 60, 120]

/** `gauges` is asked at each scrape. */
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
  counter('followme_connections_total', 'How often it has been connected', ({ connections }) => connections)
  gauge('followme_calls_live', 'Calls that are not over', ({ liveCalls }) => liveCalls)
  gauge(
    'followme_failsafe_age_seconds',
    'How long ago the failsafe was held against the rules; NaN: not since the start',
    ({ failsafeAgeSeconds }) => failsafeAgeSeconds ?? NaN
  )
  counter(
    'followme_failsafe_calls_total',
    'Calls that the failsafe carried and that are in the records now',
    ({ failsafeCalls }) => failsafeCalls
  )
  counter(
    'followme_calls_declined_total',
    'Calls that followme has left to the failsafe itself',
    ({ declinedCalls }) => declinedCalls
  )
  gauge('followme_records_waiting', 'Calls whose records wait to be written', ({ records }) => records.waiting)
  counter('followme_records_lost_total', 'Records that could not be written, or kept', ({ records }) => records.lost)
  gauge('followme_records_failing', '1 while records cannot be written', ({ records }) =>
    Number(records.fault !== null)
  )
  const calls = new Counter({
    name: 'followme_calls_total',
    help: 'Calls that are over, by outcome',
    labelNames: ['outcome'],
    registers
  })
  const attempts = new Counter({
    name: 'followme_attempts_total',
    help: 'Attempts that are over, by outcome',
    labelNames: ['outcome'],
    registers
  })
  const ring = new Histogram({
    name: 'followme_ring_seconds',
    help: 'How long callers waited until somebody answered',
    buckets: ringBuckets,
    registers
  })
  const callEnded = ({ outcome, answeredAt, ringMs }: CallRecord): void => {
    calls.inc({ outcome: outcome ?? 'lost' })
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
