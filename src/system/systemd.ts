// systemd's view of the process: that it is ready, how it goes, and that its event loop still turns (sd_notify(3)).
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface Supervision {
  /** Notifies systemd, in order; a failure is no reason to stop. */
  notify(...states: readonly string[]): Promise<void>
  stop(): void
}

/**
 * If systemd has started the process with Type=notify, sends READY=1 now, and WATCHDOG=1 at every third of WatchdogSec; otherwise
 * does nothing. `status` is shown by `systemctl status`. Node has no datagram socket for sd_notify,
 * so systemd's own systemd-notify sends it (NotifyAccess=all).
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
