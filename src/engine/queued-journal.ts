// The journal of earlier processes. Reads go straight to the store; writes go through the queue of records, so that a locked
// database does not delay calls.
import type { CallRecord } from '../call/record'
import type { Clock, Journal, Log, RecordedCall, RecordStore } from '../ports'
import type { RecordQueue } from './record-queue'

export interface QueuedJournalOptions {
  readonly store: Pick<RecordStore, 'openCalls' | 'closeLost' | 'recordUnseen'>
  readonly queue: Pick<RecordQueue, 'alsoWrite'>
  readonly clock: Clock
  readonly log: Log
  /** Called with a call that was recorded as unseen. */
  readonly unseen: (call: CallRecord) => void
}

export class QueuedJournal implements Journal {
  constructor(private readonly options: QueuedJournalOptions) {}

  openCalls(): Promise<readonly RecordedCall[]> {
    return this.options.store.openCalls()
  }

  closeLost(lost: readonly RecordedCall[]): void {
    const { store, queue, clock, log } = this.options
    const endedAt = clock.now()
    queue.alsoWrite(async () => {
      await store.closeLost(lost, endedAt)
      log.warn('calls that an earlier run left open have been closed in the records', { calls: lost.length })
    })
  }

  recordUnseen(call: CallRecord): void {
    const { store, queue, log, unseen } = this.options
    queue.alsoWrite(async () => {
      if (!(await store.recordUnseen(call))) return
      unseen(call)
      log.warn('a call arrived and ended while followme was not watching', { callId: call.id, number: call.number })
    })
  }
}
