// Whether the machine is free to measure on, and what it is.
import { cpus } from 'node:os'
import { machineMs } from './processor'

/** Of all processors: what other programs may take before a bench begins; beyond it, a measurement is disturbed. */
export const mostBusy = 0.1

export interface Machine {
  readonly processors: number
  readonly model: string
  readonly node: string
  readonly asterisk: string
  /** Of all processors: what other programs took just before. */
  readonly busyBefore: number
}

export async function busyNow(ms = 3000): Promise<number> {
  const before = machineMs()
  await new Promise((resolve) => setTimeout(resolve, ms))
  const after = machineMs()
  return (after.worked - before.worked) / Math.max(1, after.total - before.total)
}

/** Waits for the machine to be free and gives how busy it is; rejects after so long, unless it is to go on `anyway`. */
export async function freeMachine(patienceMs: number, anyway: boolean, say: (line: string) => void): Promise<number> {
  const endAt = performance.now() + patienceMs
  for (let turn = 0; ; turn++) {
    const busy = await busyNow()
    const told = `other programs take ${(100 * busy).toFixed(0)} % of the processors`
    if (busy <= mostBusy) return busy
    if (anyway) {
      say(`${told}: the figures will be worse than they need be`)
      return busy
    }
    if (performance.now() > endAt) {
      throw new Error(`${told}, more than ${String(100 * mostBusy)} %: stop them, or measure --anyway`)
    }
    if (turn === 0) say(`${told}: waiting for them to end`)
  }
}

export function machine(asterisk: string, busyBefore: number): Machine {
  const all = cpus()
  return {
    processors: all.length,
    model: all[0]?.model ?? 'unknown',
    node: process.versions.node,
    asterisk,
    busyBefore
  }
}
