// What processes and the machine have worked, read from /proc, in milliseconds of processor time.
import { readFileSync, readdirSync } from 'node:fs'

/** The kernel counts in these, whatever the machine (USER_HZ). */
const tickMs = 10

/** After the name in brackets, which may hold anything: field 3, the state, comes first. */
function fieldsOf(pid: number | 'self'): number[] {
  const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
  return text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
}

/** utime and stime of all its threads; with those of the children that it has waited for, as an AGI script is. */
export function workedMs(pid: number | 'self'): { readonly own: number; readonly children: number } {
  const fields = fieldsOf(pid)
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15)
  return { own: tickMs * (user + system), children: tickMs * (childUser + childSystem) }
}

/** The same of the threads that it has now, to the nanosecond: for a process at rest, whose threads do not come and go. */
export function workedAtRestMs(pid: number): number {
  return readdirSync(`/proc/${String(pid)}/task`).reduce((sum, thread) => {
    const text = readIfThere(`/proc/${String(pid)}/task/${thread}/schedstat`)
    return sum + Number(text.split(' ', 1)[0]) / 1e6
  }, 0)
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '0'
  }
}

/** All processors together, whoever had them; taken by other machines on the same hardware counts as worked. */
export function machineMs(): { readonly worked: number; readonly total: number } {
  const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? ''
  // user nice system idle iowait irq softirq steal; guests are in user already.
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number)
  const worked = user + nice + system + irq + softirq + steal
  return { worked: tickMs * worked, total: tickMs * (worked + idle + iowait) }
}

/** Resident memory, in megabytes. */
export function residentMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1000
}
