// What a failed case leaves to be read: enough to see from one failure what happened, and no more.
import type { SandboxAsterisk } from '../sandbox/asterisk'
import type { SippHandle } from '../sandbox/sipp'

const LINES = 25

/** followme's last lines, Asterisk's last complaints, and of each SIPp the last messages and what it complained about. */
export function lastWords(logged: readonly string[], asterisk: SandboxAsterisk, sipps: readonly SippHandle[]): string {
  const news = logged.filter((line) => !line.includes('ignored event'))
  return [
    ...section('followme', news),
    ...section('Asterisk', asterisk.complaints().slice(-5)),
    ...sipps.flatMap((sipp) => section(`SIPp ${sipp.name}`, [...messagesOf(sipp), ...sipp.errors().trim().split('\n')]))
  ].join('\n')
}

function messagesOf(sipp: SippHandle): string[] {
  return sipp.messages().map(({ at, direction, start, callId }) => {
    return `${new Date(at).toISOString()} ${direction === 'sent' ? '→' : '←'} ${start} (${callId})`
  })
}

function section(name: string, lines: readonly string[]): string[] {
  const last = lines.filter((line) => line !== '').slice(-LINES)
  return [`${name}:${last.length === 0 ? ' nothing' : ''}`, ...last.map((line) => `  ${line.slice(0, 240)}`)]
}
