// followme serve: the long-running process. Signals and exit statuses live here; all else in app.ts.
import { Command } from 'commander'
import { readConfig } from '../config'
import { reasonOf } from '../core/errors'

export function serveCommand(): Command {
  return new Command('serve')
    .description('connect to Asterisk and take the calls that arrive on virtual numbers')
    .action(serve)
}

async function serve(): Promise<void> {
  const config = readConfig()
  // Half of all that there is to load, and no other command needs it.
  const [{ startApp }, { createLog }] = await Promise.all([import('../app.js'), import('../log.js')])
  const log = createLog(config.logLevel)
  // What nobody caught leaves the process in an unknown state: say so and end; calls in progress live in Asterisk.
  process.on('uncaughtException', (error) => {
    log.error('uncaught error, ending', { reason: reasonOf(error), stack: error.stack })
    log.once('finish', () => process.exit(70))
    log.end()
    setTimeout(() => process.exit(70), 1000).unref()
  })
  process.on('unhandledRejection', (reason) => {
    throw reason
  })
  const app = await startApp({ config, log })
  log.info('followme is running', { database: config.database, asterisk: config.ari.url, health: app.httpPort })
  await new Promise<void>((resolve) => {
    let signals = 0
    const shutDown = (signal: NodeJS.Signals): void => {
      signals += 1
      if (signals > 1) {
        log.warn(`${signal} again: stopping at once`)
        process.exit(0)
      }
      log.info(`${signal}: taking no more calls`, { live: app.liveCalls, waitSeconds: config.drainMs / 1000 })
      void app.drain(config.drainMs).then((ringing) => {
        if (ringing > 0) log.warn('stopped while calls were ringing', { calls: ringing })
        log.info('stopped')
        resolve()
      })
    }
    process.on('SIGTERM', shutDown)
    process.on('SIGINT', shutDown)
  })
}
