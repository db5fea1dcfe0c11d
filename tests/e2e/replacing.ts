// A conversation in which somebody may take another's place, on an office's Asterisk.
import { until } from '../sandbox/child'
import type { Handset } from '../sandbox/handset'
import type { HandsetCall } from '../sandbox/handset-call'
import { talk, type Parties } from './parties'
import type { World } from './world'

/** The caller and carol, who is called; dave has no part in it yet. */
export interface Conversation {
  readonly caller: HandsetCall
  readonly called: HandsetCall
  readonly carol: Handset
  readonly dave: Handset
}

export async function conversation(world: World, parties: Parties): Promise<Conversation> {
  world.rule([['PJSIP/carol']])
  const carol = await parties.phone('carol')
  const dave = await parties.phone('dave')
  const { call: caller } = await parties.caller()
  const called = await carol.nth(0, 'up')
  await talk(caller, called)
  await until('the conversation to be recorded', async () => (await world.records()).at(-1)?.call.answeredAt != null)
  return { caller, called, carol, dave }
}
