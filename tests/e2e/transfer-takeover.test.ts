// Somebody takes another's place in a conversation, and then followme is killed; or wants to while it is dead. Whoever talks then
// talks on, and is released as ever.
import type { ReplacementRecord } from '../../src/call/record'
import { until } from '../sandbox/child'
import type { HandsetCall } from '../sandbox/handset-call'
import { useKilled } from './killed'
import { talk, useParties } from './parties'
import { conversation, ways, type Conversation } from './replacing'

const { world, served, killed, killedFor, back, record } = useKilled({ office: true })
const parties = useParties(world)

/** Who took whose place, once that is recorded. */
async function taken(): Promise<readonly ReplacementRecord[]> {
  const recorded = async () => (await world.records()).at(-1)?.replacements ?? []
  await until('the replacement to be recorded', async () => (await recorded()).length > 0)
  return recorded()
}

/** The two talk; one of them hangs up, and the other is told. */
async function ends(one: HandsetCall, other: HandsetCall): Promise<readonly ReplacementRecord[]> {
  await talk(one, other)
  one.hangUp()
  await until('the other one to be released', () => other.state === 'over')
  expect(other.endedBy).toBe('them')
  const { call, replacements } = await record()
  expect(call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/carol' })
  return replacements
}

test.each(Object.entries(ways))(
  '%s; then followme is killed: the next process knows who is connected, and the record has the replacement',
  async (_, replace) => {
    const { stays, comes, who, place } = await replace(await conversation(world, parties))
    await talk(stays, comes)
    const before = await taken()
    expect(before).toMatchObject([
      { who, place: place === 'caller' ? null : (expect.stringMatching(/\.1\.1$/) as string) }
    ])
    await killedFor(0)
    expect(await ends(stays, comes)).toEqual(before)
  }
)

test.each(Object.entries(ways))(
  '%s; then followme is killed and the new party hangs up: the next process releases the other',
  async (_, replace) => {
    const { stays, comes } = await replace(await conversation(world, parties))
    await talk(stays, comes)
    await taken()
    await killed()
    comes.hangUp()
    await back()
    await until('the other one to be released', () => stays.state === 'over')
    expect(stays.endedBy).toBe('them')
    expect((await record()).call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/carol' })
  }
)

test.each(Object.entries(ways))(
  '%s while followme is stopped (SIGSTOP): it continues with the connected parties',
  async (_, replace) => {
    const given = await conversation(world, parties)
    served().child.kill('SIGSTOP')
    const { stays, comes } = await replace(given)
    await talk(stays, comes)
    served().child.kill('SIGCONT')
    await taken()
    await ends(stays, comes)
  }
)

test('the lease moves to the party that replaces the caller, so that Asterisk ends the call in time without followme', async () => {
  const replace = ways['another phone replaces the caller (INVITE with Replaces)']
  const { stays, comes } = (await replace?.(await conversation(world, parties))) ?? {}
  if (stays === undefined || comes === undefined) throw new Error('no such way')
  await talk(stays, comes)
  const secondsLeft = async (): Promise<number> => {
    const [channel = ''] = /PJSIP\/dave-\w+/.exec(await world.asterisk.cli('core show channels concise')) ?? []
    // An instant, in seconds since the epoch; 0: never.
    const [, at] = /Time to Hangup: (\d+)/.exec(await world.asterisk.cli(`core show channel ${channel}`)) ?? []
    return Number(at ?? 0) - Date.now() / 1000
  }
  await until('the lease to be set', async () => (await secondsLeft()) > 0)
  await killed()
  const left = await secondsLeft()
  expect(left).toBeGreaterThan(14_400 - 90)
  expect(left).toBeLessThanOrEqual(14_400)
  await talk(stays, comes)
  await back()
  await ends(stays, comes)
})

async function refused(transferor: HandsetCall, other?: HandsetCall): Promise<HandsetCall> {
  expect(await transferor.refer('dave', other)).toBe(202)
  await until('the transfer to have failed', () => transferor.notified.some((code) => code >= 400))
  other?.hangUp()
  return transferor
}

/**
 * Asterisk lets nobody into a bridge of an application that is not there. Each gives who hangs up in the end: to one who has wished
 * for a transfer Asterisk sends no BYE of its own for a minute.
 */
const attempts: Readonly<Record<string, (given: Conversation) => Promise<HandsetCall>>> = {
  'the target transfers the caller': ({ called }) => refused(called),
  'the caller transfers the target': ({ caller }) => refused(caller),
  'the target transfers the caller after a consultation': async ({ called, carol, dave }) => {
    const asking = carol.call('dave')
    await talk(asking, await dave.nth(0, 'up'))
    return refused(called, asking)
  },
  'another phone replaces the target (INVITE with Replaces)': async ({ called, caller, dave }) => {
    const comes = dave.call('anyone', ['Require: replaces', `Replaces: ${called.replaces()}`])
    await until('dave to be sent away', () => comes.endedBy === 'them')
    return caller
  }
}

test.each(Object.entries(attempts))(
  '%s while followme is not running: it fails, and the conversation continues',
  async (_, attempt) => {
    const given = await conversation(world, parties)
    await killed()
    // Asterisk learns it from the sockets that close, and says nowhere that it has.
    await new Promise((resolve) => setTimeout(resolve, 2000))
    const last = await attempt(given)
    await talk(given.caller, given.called)
    await back()
    await ends(last, last === given.caller ? given.called : given.caller)
  }
)
