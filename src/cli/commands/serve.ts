// followme serve: the long-running process. Signals and exit statuses are handled here, everything else in app.ts.
import { Command } from 'commander'
import type winston from 'winston'
import type { App } from '../../app'
import { readConfig } from '../../config/config'
import type { Config } from '../../config/config'
import { AppError, reasonOf } from '../../errors'
import { settingRemarks, settingsFile } from '../../config/environment'
import { requireWritable } from '../../store/database/writable'
import { isLockOwner, isWithinReach, acquireLock } from '../../store/database/instance-lock'
import type { InstanceLock, LockOwner } from '../../store/database/instance-lock'
import { monitorEventLoop } from '../../system/event-loop-monitor'
import { superviseBySystemd } from '../../system/systemd'
import { reloader } from '../support/reload'

export function serveCommand(): Command {
  return new Command('serve')
    .description('connect to Asterisk and handle the calls to virtual numbers')
    .option('--replace', 'take over from the process that serves this database, including calls in progress')
    .action(serve)
}

/** How long the new process waits to be connected, and for the old process to exit. */
const connectMs = 15_000
const leaveMs = 10_000

async function serve({ replace = false }: { replace?: boolean }): Promise<void> {
  const config = readConfig()
  // Half of the code to load, and no other command needs it.
  const [{ startApp }, { createLog }] = await Promise.all([import('../../app.js'), import('../../log.js')])
  const log = createLog(config.logLevel)
  endOnUncaught(log)
  for (const remark of settingRemarks()) log.warn(remark)
  requireWritable(config.database)
  let lock = acquireLock(config.database, Date.now())
  if (isLockOwner(lock) && !replace) throw inUse(config, lock)
  if (isLockOwner(lock) && !isWithinReach(lock, config.database)) throw outOfReach(config, lock)
  const app = await startApp({ config, log, heldBack: isLockOwner(lock) })
  if (isLockOwner(lock)) lock = await takenOver(lock, app, config, log)
  log.info('followme is running', {
    database: config.database,
    asterisk: config.ari.url,
    health: app.httpPort,
    settings: settingsFile()
  })
  const systemd = superviseBySystemd(
    () => `${String(app.liveCalls)} calls, ${app.connected ? 'connected to' : 'waiting for'} Asterisk`,
    (reason) => log.warn('cannot notify systemd', { reason })
  )
  const eventLoop = monitorEventLoop((longestMs, times) =>
    log.warn('event loop blocked; calls were delayed', { longestMs, times })
  )
  process.on('SIGHUP', reloader(app, log))
  const signal = await ended(app, config, log, () => void systemd.notify('STOPPING=1'))
  log.info('stopped', { signal })
  systemd.stop()
  eventLoop.stop()
  lock.release()
}

/**
 * An uncaught error leaves the process in an unknown state: log it and exit immediately. Calls live in Asterisk, and the next
 * process takes them over.
 */
function endOnUncaught(log: winston.Logger): void {
  process.on('uncaughtException', (error) => {
    log.error('uncaught error, exiting', { reason: reasonOf(error), stack: error.stack })
    log.once('finish', () => process.exit(70))
    log.end()
    setTimeout(() => process.exit(70), 1000).unref()
  })
  process.on('unhandledRejection', (reason) => {
    throw reason
  })
}

function inUse({ database }: Config, { pid, host, since }: LockOwner): AppError {
  return new AppError(
    'unavailable',
    `database ${database} is already served by process ${String(pid)} on ${host} since ${since}: stop that process first, or take over its calls with 'followme serve --replace'`
  )
}

function outOfReach({ database }: Config, { pid, host, since }: LockOwner): AppError {
  return new AppError(
    'unavailable',
    `database ${database} is served by process ${String(pid)} on ${host} since ${since}, which cannot be signalled from here (another machine, container or user): stop it there, then start this process; it takes over the calls`
  )
}

/**
 * Once connected, this process gets the events and the old one does not: no call is missed. Then the old one is signalled; it
 * writes its records and exits, and the calls are read from those records and from Asterisk.
 */
async function takenOver(owner: LockOwner, app: App, config: Config, log: winston.Logger): Promise<InstanceLock> {
  const { pid, host } = owner
  await until(connectMs, () => app.connected)
  if (!app.connected) {
    await app.stop()
    throw new AppError(
      'unavailable',
      `not connected to Asterisk within ${String(connectMs / 1000)} s: process ${String(pid)} on ${host} keeps running; fix what the log lines above report, then try again`
    )
  }
  log.info('taking over from the running followme', { pid, host })
  try {
    process.kill(pid, 'SIGUSR2')
  } catch (error) {
    // It has just exited.
    log.warn('cannot signal the old process', { pid, host, reason: reasonOf(error) })
  }
  let lock: InstanceLock | LockOwner = owner
  await until(leaveMs, () => !isLockOwner((lock = acquireLock(config.database, Date.now()))))
  if (isLockOwner(lock)) {
    await app.stop()
    throw new AppError(
      'unavailable',
      `process ${String(pid)} on ${host} has not exited within ${String(leaveMs / 1000)} s: kill it (kill -9 ${String(pid)}), then start followme again; it takes over the calls`
    )
  }
  await app.takeCalls()
  return lock
}

async function until(limitMs: number, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!condition() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10))
}

/** Resolves with the signal that stopped the app. */
function ended(app: App, config: Config, log: winston.Logger, stopping: () => void): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let signals = 0
    const shutDown = (signal: NodeJS.Signals): void => {
      signals += 1
      if (signals > 1) {
        log.warn(`${signal} again: stopping immediately`)
        process.exit(0)
      }
      stopping()
      log.info(`${signal}: taking no more calls`, { live: app.liveCalls, waitSeconds: config.drainMs / 1000 })
      void app.drain(config.drainMs).then((ringing) => {
        if (ringing > 0) log.warn('stopped while calls were ringing', { calls: ringing })
        resolve(signal)
      })
    }
    process.on('SIGTERM', shutDown)
    process.on('SIGINT', shutDown)
    process.on('SIGUSR2', (signal) => {
      signals += 1
      stopping()
      log.info(`${signal}: leaving the calls to the next process`, { live: app.liveCalls })
      void app.stop().then(() => resolve(signal))
    })
  })
}
