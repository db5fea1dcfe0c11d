// The ids that followme assigns. The id of everything that belongs to a call begins with the call's own id. PURE.

/** The id of the call's bridge. */
export function bridgeIdOf(callId: string): string {
  return `${callId}.bridge`
}

/**
 * The id of a target's leg; step and target count from 1. No id is the beginning of another one, because Asterisk 22.5 and later
 * refuse an id (409) if an existing one begins with it. So the tenth target is 010, the hundredth 00100.
 */
export function legIdOf(callId: string, step: number, target: number): string {
  return `${callId}.${String(step)}.${padded(target)}`
}

/** The id of the leg for a target's second or later try, through another trunk; `tryNumber` counts from 2. */
export function tryLegIdOf(callId: string, step: number, target: number, tryNumber: number): string {
  return `${callId}.${String(step)}.t${String(tryNumber)}.${padded(target)}`
}

/** The id of the leg for a target's second or later contact; `contact` counts from 2. */
export function contactLegIdOf(callId: string, step: number, target: number, contact: number): string {
  return `${callId}.${String(step)}.c${String(contact)}.${padded(target)}`
}

function padded(target: number): string {
  const digits = String(target)
  return '0'.repeat(digits.length - 1) + digits
}

/** Where a leg stands in the plan of its call; the step and the target are 0 where they are not in its id. */
export function placeInPlan(
  callId: string,
  leg: string
): { readonly step: number; readonly target: number; readonly tryNumber: number } {
  const parts = leg.slice(callId.length + 1).split('.')
  const tried = parts.find((part) => part.startsWith('t'))
  const target = parts.length > 1 ? Number(parts.at(-1)) : 0
  return { step: Number(parts[0]), target, tryNumber: tried === undefined ? 1 : Number(tried.slice(1)) }
}

/** Whether this can be the id of a leg that followme created. A phone that picked up a leg differs from it only in the id. */
export function isLegId(id: string): boolean {
  return /^[^.]+\.\d+(?:\.[ct]\d+)?\.\d+$/.test(id)
}

/** The id of the call that a leg or bridge belongs to. */
export function callIdOf(id: string): string {
  return id.split('.', 1)[0] ?? ''
}
