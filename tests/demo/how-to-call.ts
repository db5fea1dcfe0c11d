// What `--stay` tells its user: how to call in, how to look, how to break it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { uacScenario } from '../sandbox/scenario-uac'
import { FAILSAFE, NUMBER, type Practice } from './practice'
import { commandLine, quoted } from './program'

/** The caller of the demo. */
export const CALLER = { number: '+14155550123', name: 'Jane Doe' }
/** As a SIP header has it. */
export const FROM = `"${CALLER.name}" <sip:${CALLER.number}@[local_ip]:[local_port]>`

/** A command that calls the number with the sandbox's SIPp, talks for a second and a half, and hangs up. */
function sippCommand({ asterisk }: Practice): string {
  const [sipp, scenario] = [join(asterisk.runDir, 'sipp'), join(asterisk.runDir, 'call-in.xml')]
  const { command, args } = asterisk.tree.sipp
  // The machine's OpenSSL configuration belongs to the machine's OpenSSL.
  writeFileSync(sipp, `export OPENSSL_CONF=/dev/null\nexec ${[command, ...args].map(quoted).join(' ')} "$@"\n`)
  writeFileSync(scenario, uacScenario({ number: NUMBER, from: FROM, hangupAfterMs: 1500 }))
  const words = ['sh', sipp, '-sf', scenario, '-m', '1', '-i', '127.0.0.1', `127.0.0.1:${asterisk.sipPort}`]
  return words.map(quoted).join(' ')
}

export function howToCall(practice: Practice): string {
  const { asterisk, environment, server } = practice
  return `
Everything keeps running; calls appear here as they happen. Ctrl-C ends it and leaves nothing behind.

Call in with any softphone on this machine (no account, no registration; UDP, codec PCMU):
  sip:${NUMBER}@127.0.0.1:${asterisk.sipPort}

or with SIPp, as the carrier:
  ${sippCommand(practice)}

Alice, Bob, Carol and Dave are SIPp, and answer as they did above; they need not register.

The calls so far, and why one would ring whom on a weekday morning:
  ${commandLine(environment, 'calls')}
  ${commandLine(environment, 'explain', NUMBER, '--from', CALLER.number, '--at', '2026-11-24 09:00')}

The rules are in that database; change them with any SQLite tool, and the next call follows.
followme logs to ${server.logFile}

See what happens without it (Asterisk then rings ${FAILSAFE} by itself), and call again:
  kill -9 ${server.pid}
`
}

/** What to say when followme is gone. */
export function withoutFollowme(how: string): string {
  return (
    `\nfollowme has ended (${how}). It is not started again, and Asterisk runs on:\n` +
    `call in once more, and it rings ${FAILSAFE}. Such calls are not in 'followme calls'.`
  )
}
