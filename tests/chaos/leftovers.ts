// What a run may not leave: legs, bridges, timers, open records, nor a record to which something was done that may not be.
import type { OpenDatabase } from '../../src/store/database/database'
import type { SandboxAsterisk } from '../sandbox/asterisk'
import { sleep } from '../sandbox/child'
import { auditFaults } from './audit'
import type { Service } from './service'

const settleMs = 10_000

/** What is still there ten seconds after the last call. */
export async function leftovers(
  asterisk: SandboxAsterisk,
  service: Service,
  tool: OpenDatabase,
  timersBefore: number
): Promise<string[]> {
  const count = (sql: string): number => Number(tool.sqlite.prepare(sql).pluck().get())
  const checks: readonly (readonly [what: string, left: () => Promise<number> | number])[] = [
    ['legs in Asterisk', async () => (await asterisk.channels()).length],
    ['bridges in Asterisk', async () => (await asterisk.bridges()).length],
    ['calls that followme has in hand', async () => (await service.readiness())?.calls ?? -1],
    ['timers more than before', async () => Math.max(0, (await timersOf(service)) - timersBefore)],
    ['open call records', () => count('SELECT count(*) FROM calls WHERE ended_at IS NULL')],
    ['open attempt records', () => count('SELECT count(*) FROM attempts WHERE ended_at IS NULL')]
  ]
  const endAt = Date.now() + settleMs
  const left: string[] = []
  for (const [what, look] of checks) {
    let found = await look()
    while (found !== 0 && Date.now() < endAt) {
      await sleep(200)
      found = await look()
    }
    if (found !== 0) left.push(`${String(settleMs / 1000)} s after the last call there are ${String(found)} ${what}`)
  }
  return [...left, ...auditFaults(tool)]
}

/** The most timers within a second of rest: what followme does now and then begins only after its start. */
export async function timersAtRest(service: Service): Promise<number> {
  let most = 0
  for (let look = 0; look < 10; look++) {
    most = Math.max(most, await timersOf(service))
    await sleep(100)
  }
  return most
}

/** Timers that keep the process of followme from ending: its own count. */
async function timersOf(service: Service): Promise<number> {
  return Number(await service.evaluate(`process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length`))
}
