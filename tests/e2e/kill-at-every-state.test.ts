// followme is killed in every state that a call can be in: at each of its requests, before Asterisk has seen it and after
// Asterisk has acted but nobody was told, and where nothing is asked. The next process ends each call right.
import type { Leg, Phase } from '../../src/call/types'
import { until } from '../sandbox/child'
import { startHttpProxy } from '../sandbox/http-proxy'
import type { HttpProxy } from '../sandbox/http-proxy'
import type { SippHandle } from '../sandbox/sipp'
import { legEnds, moments, stories } from './kill-moments'
import type { Story } from './kill-moments'
import { ready } from './served'
import type { Served } from './served'
import { useWorld } from './world'

// The claim timeout is longer than the next process takes to start, however slow the machine.
const world = useWorld({
  withoutApp: true,
  globals: { FOLLOWME_FAILSAFE: 'PJSIP/dave', FOLLOWME_CLAIM_SECONDS: '60' }
})
let proxy: HttpProxy
let served: Served
beforeAll(async () => {
  proxy = await startHttpProxy(world.asterisk.httpPort)
})
beforeEach(async () => {
  await proxy.heal()
  world.sql('DELETE FROM calls')
  served = await ready(world, { FOLLOWME_ARI_URL: proxy.url, FOLLOWME_LOG_LEVEL: 'debug' })
})
afterEach(killed)
afterAll(() => proxy.close())

/** The states in which a process has died: those of the call and of its legs. */
const died = new Set<string>()

async function killed(): Promise<void> {
  served.child.kill('SIGKILL')
  await served.exited
  const legs = new Map<string, string>()
  let phase: string | undefined
  for (const { message, to, target } of served.lines as { message: string; to?: string; target?: string }[]) {
    if (message === 'phase') phase = to
    if (message === 'leg') legs.set(String(target), String(to))
  }
  if (phase !== undefined)
    for (const state of [`call ${phase}`, ...[...legs.values()].map((each) => `leg ${each}`)]) died.add(state)
}

/** The phones of a story, and the caller. */
async function begin(story: Story) {
  world.rule(story.steps, story.fallback)
  const phones = {
    alice: await world.phone('alice', story.alice),
    bob: await world.phone('bob', { kind: 'answer' }),
    carol: await world.phone('carol', { kind: 'ring' }),
    dave: await world.phone('dave', { kind: 'answer' })
  }
  return { phones, call: world.dial({ expect: [200, 486, 480, 603] }) }
}

/** Whoever is in a bridge talks. */
async function talking(): Promise<void> {
  await until('the two to talk', async () =>
    ((await world.asterisk.ari('bridges')) as { channels: string[] }[]).some(({ channels }) => channels.length === 2)
  )
}

async function hangUp(story: Story, call: SippHandle, alice: SippHandle): Promise<void> {
  await talking()
  // One that is over before it was written down is lost to the records.
  await until('their talk to be recorded', async () => (await world.records()).at(-1)?.call.answeredAt != null)
  ;(story.hangsUp === 'alice' ? alice : call).hangUp()
}

/** The next process has the call: it ends where it should, and its record and Asterisk are as if nothing had been. */
async function endsRight(story: Story, { phones, call }: Awaited<ReturnType<typeof begin>>): Promise<void> {
  served = await ready(world, { FOLLOWME_LOG_LEVEL: 'debug' })
  const { endsWith } = story
  if (endsWith === 'alice' || endsWith === 'bob') {
    const isOver = (): boolean => (call.calls()[0]?.end ?? null) !== null
    if (!isOver()) {
      await until('the two to talk, or to have talked', async () => isOver() || (await isTalking()))
      // Who hangs up before that was not seen to.
      const inHand = ['call taken over', 'connected']
      const isSeen = (): boolean => served.lines.some(({ message }) => inHand.includes(message))
      if (!isOver()) await until('the call to be in hand again', () => isOver() || isSeen())
      if (!isOver()) call.hangUp()
    }
    expect((await call.finished).calls[0]).toMatchObject({ finalCode: 200 })
    expect(phones[endsWith].calls()).toHaveLength(1)
  } else {
    if (endsWith === 'mailbox') {
      await call.waitForCall('the mailbox to answer', ({ finalCode }) => finalCode !== null)
      call.hangUp()
    }
    expect((await call.finished).calls[0]).toMatchObject({ finalCode: endsWith === 'busy' ? 486 : 200 })
  }
  await until('the record to be closed', async () => (await world.records()).at(-1)?.call.endedAt != null)
  const invites = [phones.alice, phones.bob, phones.carol].map((phone) => phone.calls().length)
  expect(Math.max(...invites)).toBe(1)
  expect(phones.dave.calls()).toEqual([])
  const records = await world.settle()
  expect(records).toHaveLength(1)
  const [{ call: kept, attempts } = { call: undefined, attempts: [] }] = records
  const answeredBy = endsWith === 'alice' || endsWith === 'bob' ? `PJSIP/${endsWith}` : null
  // Refused or left to the mailbox, and gone before the last records were written: lost is what is known of them.
  const isUntold = answeredBy === null && kept?.recovered === true && kept.outcome === 'lost'
  expect(kept).toMatchObject({ answeredBy, outcome: isUntold ? 'lost' : answeredBy === null ? 'fallback' : 'answered' })
  expect(attempts.every(({ endedAt, outcome }) => endedAt !== null && outcome !== null)).toBe(true)
}

async function isTalking(): Promise<boolean> {
  const bridges = (await world.asterisk.ari('bridges')) as { channels: string[] }[]
  return bridges.some(({ channels }) => channels.length === 2)
}

describe.each(['before', 'after'] as const)('killed %s Asterisk acts', (hold) => {
  test.each(moments)('%s: %s', async (name, what, request) => {
    const story: Story = stories[name]
    const held = proxy.meddle(request, { hold })
    const scene = await begin(story)
    if (story.hangsUp !== undefined) void hangUp(story, scene.call, scene.phones.alice)
    await held
    // Its line of the log follows the request. Nothing changes before Asterisk acts.
    if (hold === 'before' && legEnds.has(what)) await toldOf('leg', 'ending')
    await killed()
    await endsRight(story, scene)
  })
})

async function toldOf(message: string, state: string): Promise<void> {
  await until(`the ${message} to be ${state}`, () =>
    (served.lines as { message: string; to?: string }[]).some((line) => line.message === message && line.to === state)
  )
}

test.each([
  ['answered', 'leg', 'ringing'],
  ['answered', 'phase', 'bridged'],
  ['second step', 'leg', 'gone'],
  ['target hangs up', 'phase', 'ended']
] as const)('%s: killed when the %s is %s', async (name, message, state) => {
  const story: Story = stories[name]
  const scene = await begin(story)
  if (story.hangsUp !== undefined) void hangUp(story, scene.call, scene.phones.alice)
  await toldOf(message, state)
  await killed()
  await endsRight(story, scene)
})

test('a leg that was recorded but never requested is created by the next process', async () => {
  const story: Story = stories.answered
  const held = proxy.meddle(/^POST .*\/channels\/create/, { hold: 'before' })
  const scene = await begin(story)
  await held
  await until('the attempt to be recorded', async () => (await world.records())[0]?.attempts.length === 1)
  await killed()
  await endsRight(story, scene)
})

describe('if followme is stopped (SIGSTOP) until the lease expires and then killed, the failsafe keeps the caller', () => {
  test.each([
    ['a leg is made', 'after', /^POST .*\/channels\/create/],
    ['a leg is dialled', 'before', /^POST .*\/dial/],
    ['a leg is dialled', 'after', /^POST .*\/dial/],
    ['the caller hears ringing', 'after', /^POST .*\/ring$/],
    ['the caller is answered', 'before', /^POST .*\/answer$/]
  ] as const)('%s (%s)', async (_, hold, request) => {
    const held = proxy.meddle(request, { hold })
    const { phones, call } = await begin(stories.answered)
    await held
    served.child.kill('SIGSTOP')
    const [caller] = ((await world.asterisk.ari('channels')) as { id: string }[]).filter(({ id }) => !id.includes('-'))
    await world.asterisk.ari(`channels/${caller?.id ?? ''}/variable?variable=TIMEOUT(absolute)&value=1`, 'POST')
    await phones.dave.waitForCall('the failsafe to ring', ({ finalCode }) => finalCode === 200)
    await killed()
    served = await ready(world, { FOLLOWME_LOG_LEVEL: 'debug' })
    await until('none but the caller and the person to be left', async () => {
      return (await world.asterisk.channels()).length === 2
    })
    expect(call.calls()[0]).toMatchObject({ finalCode: 200, end: null })
    expect(phones.dave.calls()).toMatchObject([{ end: null }])
    call.hangUp()
    await call.finished
    await until('the record to be closed', async () => {
      return (await world.records()).every(({ call: { endedAt } }) => endedAt !== null)
    })
    expect(phones.alice.calls().length).toBeLessThanOrEqual(1)
    expect((await world.settle()).length).toBeLessThanOrEqual(1)
  })
})

test('the tests above have killed followme in every state of a call and of a leg', () => {
  const phases: Record<Phase['kind'], true> = {
    hunting: true,
    connecting: true,
    bridged: true,
    leaving: true,
    ending: true,
    ended: true
  }
  const legs: Record<Leg['state'], true> = {
    creating: true,
    dialling: true,
    ringing: true,
    answered: true,
    ending: true,
    gone: true
  }
  const all = [
    ...Object.keys(phases).map((kind) => `call ${kind}`),
    ...Object.keys(legs).map((state) => `leg ${state}`)
  ]
  expect(all.filter((state) => !died.has(state))).toEqual([])
})
