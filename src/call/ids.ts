// The ids that we mint: all that belongs to a call begins with the call's own id. PURE.

/** The id of the call's bridge. */
export function bridgeIdOf(callId: string): string {
  return `${callId}.bridge`
}

/**
 * The id of the leg of a target, step and target counted from 1. No such id begins with another: Asterisk 22.5 and later take
 * an id for used (409) where one that is used begins with it. The tenth target is 010, the hundredth 00100.
 */
export function legIdOf(callId: string, step: number, target: number): string {
  return `${callId}.${String(step)}.${padded(target)}`
}

/** The id of the leg of a target's further contact, counted from 2. */
export function contactLegIdOf(callId: string, step: number, target: number, contact: number): string {
  return `${callId}.${String(step)}.c${String(contact)}.${padded(target)}`
}

function padded(target: number): string {
  const digits = String(target)
  return '0'.repeat(digits.length - 1) + digits
}

/** Where in the plan a leg of this call belongs; 0 for what the id does not say. */
export function stepAndTargetOf(callId: string, leg: string): { readonly step: number; readonly target: number } {
  const [step, ...contactAndTarget] = leg.slice(callId.length + 1).split('.')
  return { step: Number(step), target: Number(contactAndTarget.at(-1) ?? 0) }
}

/** Whether this can be the id of a leg that followme made. A phone that picked up a leg differs from it only in the id. */
export function isLegId(id: string): boolean {
  return /^[^.]+\.\d+(?:\.c\d+)?\.\d+$/.test(id)
}

/** The call whose leg or bridge this is. */
export function callIdOf(id: string): string {
  return id.split('.', 1)[0] ?? ''
}
