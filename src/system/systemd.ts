// Tells systemd that the process is ready, what its status is, and that its event loop still runs (sd_notify(3)).
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface Supervision {
  /** Sends notifications to systemd in order; a failure is logged and ignored. */
  notify(...states: readonly string[]): Promise<void>
  stop(): void
}

/**
 * If systemd started the process with Type=notify, sends READY=1 now and WATCHDOG=1 three times per WatchdogSec; otherwise does
 * nothing. `systemctl status` shows `status`. Node has no datagram sockets, so systemd-notify sends the messages
 * (NotifyAccess=all).
 */
export function superviseBySystemd(
  status: () => string,
  warn: (reason: string) => void,
  env: NodeJS.ProcessEnv = process.env
): Supervision {
  if (env['NOTIFY_SOCKET'] === undefined) return { notify: () => Promise.resolve(), stop: () => undefined }
  let warned = false
  let last = Promise.resolve()
  const notify = (...states: readonly string[]): Promise<void> => {
    last = last.then(() =>
      runSystemdNotify(states).catch((error: unknown) => {
        if (!warned) warn(error instanceof Error ? error.message.trim() : String(error))
        warned = true
      })
    )
    return last
  }
  void notify('READY=1', `STATUS=${status()}`)
  const watchdogMs = Number(env['WATCHDOG_USEC'] ?? 0) / 1000
  const isForUs = env['WATCHDOG_PID'] === undefined || env['WATCHDOG_PID'] === String(process.pid)
  const timer =
    watchdogMs > 0 && isForUs
      ? setInterval(() => void notify('WATCHDOG=1', `STATUS=${status()}`), watchdogMs / 3)
      : undefined
  return { notify, stop: () => clearInterval(timer) }
}

async function runSystemdNotify(states: readonly string[]): Promise<void> {
  await promisify(execFile)('systemd-notify', [...states], { timeout: 5000 })
}
