// `npm run demo`: a caller dials a dental practice. Alice is busy, Bob does not answer, Carol does. With --stay, all of
// it keeps running to be called by hand. Started by run.sh, which has installed and built by then.
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'

import { NoAsterisk } from '../sandbox/tree'
import { uac } from '../sandbox/sipp'
import { CALLER, FROM, howToCall, withoutFollowme } from './how-to-call'
import { followCalls, type LiveTimeline } from './live-timeline'
import { NUMBER, openPractice, watchFailsafe, type Practice } from './practice'
import { followme } from './program'

const USAGE = 'usage: npm run demo [-- --stay]'
// The call rings for some four seconds and lasts for less than two more.
const CALL_LIMIT_MS = 60_000

const nothing = new Promise<never>(() => undefined)

const say = (line: string): void => console.log(line)

/** Places the call, lets it be followed, and resolves with its id. Rejects where it did not go as announced. */
async function placeCall({ asterisk, server }: Practice, live: LiveTimeline): Promise<string> {
  say(`\n${CALLER.name}, ${CALLER.number}, calls ${NUMBER} over SIP. As it happens:\n`)
  const recorded = live.nextEnded()
  const caller = uac(asterisk, { number: NUMBER, from: FROM, hangupAfterMs: 1500, timeoutMs: CALL_LIMIT_MS })
  const failed = Promise.race([
    server.died.then((how) => `followme ended during the call (${how})`),
    caller.finished.then(({ exitCode, errors }) => (exitCode === 0 ? nothing : `the call failed: ${errors}`))
  ]).then((why) => Promise.reject(new Error(why)))
  const { call } = await Promise.race([recorded, failed])
  if (call.answeredBy !== 'PJSIP/carol') {
    throw new Error(`Carol was to answer, but the call ended otherwise: ${call.outcome ?? 'no end'}`)
  }
  return call.id
}

async function play({ stay, opened }: { stay: boolean; opened: (practice: Practice) => void }): Promise<void> {
  const practice = await openPractice(say)
  opened(practice)
  const live = followCalls(practice.database, (line) => say(`  ${line}`))
  const show = async (...args: string[]): Promise<void> => {
    say(`\n$ followme ${args.join(' ')}`)
    say((await followme(practice.environment, ...args)).trimEnd())
  }
  try {
    const id = await placeCall(practice, live)
    await show('call', id)
    await show('explain', NUMBER, '--from', CALLER.number)
    if (!stay) return
    say(howToCall(practice))
    watchFailsafe(practice, (line) => say(`  ${line}`))
    say(withoutFollowme(await practice.server.died))
    await nothing
  } finally {
    await live.stop()
  }
}

function interrupted(): Promise<number> {
  return new Promise((resolve) => {
    let askedAt = Infinity
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        const status = 128 + constants.signals[signal]
        // Asked again (not by npm, which passes on a Ctrl-C that we have heard ourselves): the sandbox's exit hook and the
        // kernel end everything at once.
        if (Date.now() - askedAt > 1000) process.exit(status)
        askedAt = Math.min(askedAt, Date.now())
        resolve(status)
      })
    }
  })
}

async function main(args: readonly string[]): Promise<number> {
  if (args.some((arg) => arg !== '--stay')) {
    console.error(USAGE)
    return 2
  }
  let practice: Practice | undefined
  const playing = play({ stay: args.includes('--stay'), opened: (opened) => (practice = opened) })
  try {
    const status = await Promise.race([playing.then(() => 0), interrupted()])
    if (status !== 0) say('\nending …')
    return status
  } catch (error) {
    console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`)
    if (practice !== undefined) console.error(`\n${readFileSync(practice.server.logFile, 'utf8').slice(-2000)}`)
    return error instanceof NoAsterisk ? 3 : 1
  } finally {
    await practice?.close()
  }
}

// Whoever reads has stopped to (`| head`): as a signal would, without a word.
process.stdout.on('error', () => process.exit(128 + constants.signals.SIGPIPE))
// Where it was interrupted before the practice was open, this is what ends what there is: see the exit hook above.
void main(process.argv.slice(2)).then((status) => process.exit(status))
