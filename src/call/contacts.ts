// A target with several contacts: each registered device rings, including those that register while the others ring. PURE.
import { contactLegIdOf } from './ids'
import { attemptedAt, legInCurrentStep, legsOfAttempt } from './legs'
import type { Draft } from './draft'
import { createFailed, createLeg, watchContacts } from './ringing'
import type { Leg } from './types'

/** `contacts` are the devices now registered for this leg's target. Rings those that have not been rung yet. */
export function contactsFound(draft: Draft, id: string, contacts: readonly string[]): void {
  const leg = legInCurrentStep(draft, id)
  if (leg === undefined) return
  const own = legsOfAttempt(draft, leg)
  const rung = new Set(own.map(({ contact }) => contact))
  // A leg created by an earlier process does not say which device it rings.
  const isKnown = own.every(({ contact, state }) => contact !== undefined || state === 'creating' || state === 'gone')
  const [first, ...further] = isKnown ? contacts.filter((contact) => !rung.has(contact)) : []
  if (leg.state === 'creating' && leg.contact === undefined) {
    if (first === undefined) return createFailed(draft, id, 'unavailable')
    createLeg(draft, draft.changeLeg(leg, { contact: first }))
  } else if (first !== undefined) {
    further.unshift(first)
  }
  const leftMs = leg.ringSeconds * 1000 - (draft.at - (attemptedAt(draft, leg) ?? draft.at))
  if (leftMs < 1000) return
  for (const contact of further) add(draft, leg, contact, Math.round(leftMs / 1000))
  watchContacts(draft, id)
}

/** Rings another device for the ring time that the target has left. */
function add(draft: Draft, { step, target, tryNumber, dial }: Leg, contact: string, ringSeconds: number): void {
  const { id: callId, legs } = draft.call
  const made = legs.filter((each) => each.step === step && each.target === target).length
  const id = contactLegIdOf(callId, step, target, made + 1)
  const leg: Leg = { id, step, target, tryNumber, dial, contact, ringSeconds, state: 'creating', endCause: null }
  draft.addLeg(leg)
  createLeg(draft, leg)
}

/** The timer has expired: check whether another device has registered. */
export function lookForContacts(draft: Draft, id: string): void {
  const leg = legInCurrentStep(draft, id)
  if (leg === undefined) return
  draft.ask({ type: 'findContacts', leg: id, dial: leg.dial })
}
