// The places in Asterisk's dialplan that a caller can be left to. They are shipped in asterisk-conf/extensions_followme.conf.
import type { Command } from '../call/types'
import type { DialplanTarget } from '../ports'

type HandedOver = Extract<Command, { type: 'leaveToDialplan' }>['fallback']

export const fallbackContext = 'followme-fallback'

/** Where a fallback is carried out, so that it goes on even when this process does not. */
export function fallbackTarget(fallback: HandedOver): DialplanTarget {
  switch (fallback.kind) {
    case 'voicemail':
      return inFallback('voicemail', { FOLLOWME_MAILBOX: fallback.mailbox })
    case 'announce':
      return inFallback('announce', { FOLLOWME_SOUND: fallback.sound })
    case 'dialplan':
      return inFallback('dialplan', {
        FOLLOWME_CONTEXT: fallback.context,
        FOLLOWME_EXTENSION: fallback.extension,
        FOLLOWME_PRIORITY: String(fallback.priority)
      })
  }
}

/** Where Asterisk goes on without us: for a call that we cannot or may not take. `number` is E.164. */
export function failsafeTarget(number: string): DialplanTarget {
  return { context: 'followme-failsafe', extension: number, priority: 1, variables: {} }
}

function inFallback(extension: string, variables: Readonly<Record<string, string>>): DialplanTarget {
  return { context: fallbackContext, extension, priority: 1, variables }
}
