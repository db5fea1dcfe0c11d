// Somebody takes another's place in a conversation, and then followme is killed; or wants to while it is dead. Whoever talks then
// talks on, and is released as ever.
import { until } from '../sandbox/child'
import type { HandsetCall } from '../sandbox/handset-call'
import { useKilled } from './killed'
import { talk, useParties } from './parties'
import { conversation, ways, type Conversation } from './replacing'

const { world, killed, killedFor, back, record } = useKilled({ office: true })
const parties = useParties(world)

/** The two talk; one of them hangs up, and the other is told. */
async function ends(one: HandsetCall, other: HandsetCall): Promise<void> {
  await talk(one, other)
  one.hangUp()
  await until('the other one to be released', () => other.state === 'over')
  expect(other.endedBy).toBe('them')
  expect((await record()).call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/carol' })
}

test.each(Object.entries(ways))(
  '%s; then followme is killed, and the next process knows who talks',
  async (_, replace) => {
    const { stays, comes } = await replace(await conversation(world, parties))
    await talk(stays, comes)
    await killedFor(0)
    await ends(stays, comes)
  }
)

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
  'the one called transfers the caller': ({ called }) => refused(called),
  'the caller transfers the one called': ({ caller }) => refused(caller),
  'the one called transfers the caller to somebody they have asked': async ({ called, carol, dave }) => {
    const asking = carol.call('dave')
    await talk(asking, await dave.nth(0, 'up'))
    return refused(called, asking)
  },
  'somebody takes the place of the one called (INVITE with Replaces)': async ({ called, caller, dave }) => {
    const comes = dave.call('anyone', ['Require: replaces', `Replaces: ${called.replaces()}`])
    await until('dave to be sent away', () => comes.endedBy === 'them')
    return caller
  }
}

test.each(Object.entries(attempts))('%s while nobody is there: in vain, and the two talk on', async (_, attempt) => {
  const given = await conversation(world, parties)
  await killed()
  // Asterisk learns it from the sockets that close, and says nowhere that it has.
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const last = await attempt(given)
  await talk(given.caller, given.called)
  await back()
  await ends(last, last === given.caller ? given.called : given.caller)
})
