// Where a fallback (voicemail, an announcement, a dialplan extension) or the failsafe takes over: contexts and extensions of
// asterisk-conf/extensions_followme.conf.
import type { Command } from '../call/types'
import type { DialplanTarget } from '../ports'

type HandedOver = Extract<Command, { type: 'leaveToDialplan' }>['fallback']

export const fallbackContext = 'followme-fallback'

/** Where Asterisk carries out a fallback, so that it continues even if this process dies. */
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

/** Where Asterisk handles a call that we cannot or must not take. `number` is E.164. */
export function failsafeTarget(number: string): DialplanTarget {
  return { context: 'followme-failsafe', extension: number, priority: 1, variables: {} }
}

function inFallback(extension: string, variables: Readonly<Record<string, string>>): DialplanTarget {
  return { context: fallbackContext, extension, priority: 1, variables }
}
