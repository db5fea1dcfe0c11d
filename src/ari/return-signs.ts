// What the dialplan passes on of the headers that say where a call has been: the arguments of Stasis() after the presentation.
import type { ReturnSigns } from '../ports'

/**
 * `leg`: the header X-Followme. `diversion` and `history`: the headers Diversion (RFC 5806) and History-Info (RFC 7044) in base64,
 * each after a `=`. An older copy of the dialplan passes none of them. Undefined: they say nothing.
 */
export function returnSigns([leg = '', diversion = '', history = '']: readonly string[]): ReturnSigns | undefined {
  // The last entry of a history is where the call is now.
  const diverting = [...usersIn(diversion), ...usersIn(history).slice(0, -1).reverse()]
  if (leg === '' && diverting.length === 0) return undefined
  return { ...(leg !== '' && { leg: leg.slice(0, longest) }), diverting: [...new Set(diverting)].slice(0, most) }
}

const longest = 64
const most = 10

/** The numbers of the addresses in a header, in order: `+14155550100` of `"Ann" <sip:+14155550100@carrier>;reason=no-answer`. */
function usersIn(base64: string): string[] {
  const header = Buffer.from(base64, 'base64').toString()
  return Array.from(header.matchAll(/\b(?:sips?|tel):([^@;>?,\s]+)/gi), ([, user = '']) => user.slice(0, longest))
}
