// How somebody takes another's place in a conversation, on an office's Asterisk: who leaves, who comes, and who stays.
import { until } from '../sandbox/child'
import type { Handset, HandsetOptions } from '../sandbox/handset'
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

/** Those who talk afterwards: one of the two who did, and dave. */
export interface Afterwards {
  readonly stays: HandsetCall
  readonly comes: HandsetCall
  /** What the record says of the one who came. To an attended transfer Asterisk gives no name of a phone. */
  readonly who: string
  readonly place: 'caller' | 'target'
}

type Leaving = Pick<Conversation, 'caller' | 'called' | 'dave'>

/** `options` are those of dave's phone. */
export async function conversation(world: World, parties: Parties, options?: HandsetOptions): Promise<Conversation> {
  world.rule([['PJSIP/carol']])
  const carol = await parties.phone('carol')
  const dave = await parties.phone('dave', options)
  const { call: caller } = await parties.caller()
  const called = await carol.nth(0, 'up')
  await talk(caller, called)
  await until('the conversation to be recorded', async () => (await world.records()).at(-1)?.call.answeredAt != null)
  return { caller, called, carol, dave }
}

/** As phones do once they are told that the transfer has succeeded (RFC 5589, 6.1). */
async function leaves(...calls: readonly HandsetCall[]): Promise<void> {
  await until('the transfer to succeed', () => calls.some(({ notified }) => notified.includes(200)))
  for (const call of calls) call.hangUp()
}

async function transfers({ caller, called, dave }: Leaving, place: Afterwards['place']): Promise<Afterwards> {
  const [leaving, stays] = place === 'caller' ? [caller, called] : [called, caller]
  expect(await leaving.refer('dave')).toBe(202)
  const comes = await dave.nth(0, 'up')
  await leaves(leaving)
  return { stays, comes, who: expect.stringMatching(/^dave@office-transfer-[0-9a-f]{8};1$/) as string, place }
}

async function replaces({ caller, called, dave }: Leaving, place: Afterwards['place']): Promise<Afterwards> {
  const [leaving, stays] = place === 'caller' ? [caller, called] : [called, caller]
  const comes = dave.call('anyone', ['Require: replaces', `Replaces: ${leaving.replaces()}`])
  await until('dave to be let in', () => comes.state === 'up')
  return { stays, comes, who: 'PJSIP/dave', place }
}

export const ways: Readonly<Record<string, (given: Conversation) => Promise<Afterwards>>> = {
  'the target transfers the caller': (given) => transfers(given, 'target'),
  'the caller transfers the target': (given) => transfers(given, 'caller'),
  'the target transfers the caller after a consultation': async ({ caller, called, carol, dave }) => {
    const asking = carol.call('dave')
    const comes = await dave.nth(0, 'up')
    await talk(asking, comes)
    expect(await called.refer('dave', asking)).toBe(202)
    await leaves(called, asking)
    return {
      stays: caller,
      comes,
      who: expect.stringMatching(/^_attended@transfer-[0-9a-f]{8};[12]$/) as string,
      place: 'target'
    }
  },
  'another phone replaces the caller (INVITE with Replaces)': (given) => replaces(given, 'caller'),
  'another phone replaces the target (INVITE with Replaces)': (given) => replaces(given, 'target')
}
