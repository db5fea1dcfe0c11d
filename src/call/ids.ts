// The ids that we mint: all that belongs to a call begins with the call's own id. PURE.

/** The id of the call's bridge. */
export function bridgeOf(callId: string): string {
  return `${callId}.bridge`
}

/** The id of the leg of a target, step and target counted from 1. */
export function legOf(callId: string, step: number, target: number): string {
  return `${callId}.${String(step)}.${String(target)}`
}

/** Where in the plan a leg of this call belongs; 0 for what the id does not say. */
export function placeOf(callId: string, leg: string): { readonly step: number; readonly target: number } {
  const [step = 0, target = 0] = leg
    .slice(callId.length + 1)
    .split('.')
    .map(Number)
  return { step, target }
}

/** The call whose leg or bridge this is. */
export function callOf(id: string): string {
  return id.split('.', 1)[0] ?? ''
}
