// A transfer connects two calls of ours, on an office's Asterisk: what is recorded of either leads to the other, also where followme
// is killed afterwards, or before it has heard of the transfer.
import { Store } from '../../src/store/store'
import { until } from '../sandbox/child'
import type { Handset } from '../sandbox/handset'
import type { HandsetCall } from '../sandbox/handset-call'
import { useKilled } from './killed'
import { talk, useParties } from './parties'

const { world, served, killedFor } = useKilled({ office: true })
const parties = useParties(world)
const second = '+14155550199'

/** Carol is called by the first number, dave by the second. */
async function conversation() {
  world.rule([['PJSIP/carol']])
  world.sql(`INSERT OR IGNORE INTO virtual_numbers (number, label, time_zone, fallback) VALUES ('${second}', 'Two', 'UTC', 'busy');
    INSERT OR IGNORE INTO rules (number, name, position) VALUES ('${second}', 'always', 10);
    INSERT OR IGNORE INTO targets (number, rule, step, dial, ring_seconds) VALUES ('${second}', 'always', 1, 'PJSIP/dave', 10);`)
  const [carol, dave] = [await parties.phone('carol'), await parties.phone('dave', { rings: true })]
  const { call: caller, phone } = await parties.caller()
  const called = await carol.nth(0, 'up')
  await talk(caller, called)
  await recorded('the conversation', 1)
  return { caller, phone, called, carol, dave }
}

/** Dave picks up one of his two devices. */
async function picksUp(dave: Handset): Promise<HandsetCall> {
  const call = await dave.nth(0)
  if (call.state === 'ringing') await call.answer()
  return call
}

type Given = Awaited<ReturnType<typeof conversation>>

async function recorded(what: string, count: number): Promise<void> {
  await until(`${what} to be recorded`, async () => {
    const records = await world.records()
    return records.length === count && records.every(({ call }) => call.answeredAt !== null)
  })
}

interface Way {
  /** What there is before the transfer. */
  readonly asks?: (given: Given) => HandsetCall
  readonly transfers: (given: Given, asking: HandsetCall | undefined) => Promise<number>
  readonly stays: (given: Given) => HandsetCall
}

const ways: Readonly<Record<string, Way>> = {
  'the target makes a consultation call through followme and transfers the caller': {
    asks: ({ carol }) => carol.call(second),
    transfers: ({ called }, asking) => called.refer('dave', asking),
    stays: ({ caller }) => caller
  },
  'the caller makes a consultation call through followme and transfers the target': {
    asks: ({ phone }) => phone.call(second),
    transfers: ({ caller }, asking) => caller.refer('dave', asking),
    stays: ({ called }) => called
  },
  'the target transfers the caller to another virtual number': {
    transfers: ({ called }) => called.refer(second),
    stays: ({ caller }) => caller
  },
  'the caller transfers the target to another virtual number': {
    transfers: ({ caller }) => caller.refer(second),
    stays: ({ called }) => called
  }
}

/** For each call, oldest first, the calls that it leads to. */
async function leads(): Promise<readonly (readonly string[])[]> {
  const store = Store.open(world.database, { readOnly: true })
  const ids = (await world.records()).map(({ call }) => call.id)
  const calls = await Promise.all(ids.map((id) => store.call(id)))
  store.close()
  return calls.map(({ otherCalls }) => [...otherCalls.values()])
}

async function eachLeadsToTheOther(): Promise<void> {
  await recorded('both calls', 2)
  const [one = '', other = ''] = (await world.records()).map(({ call }) => call.id)
  await until('each call to lead to the other', async () =>
    (await leads()).every((found, index) => found.length === 1 && found[0] === (index === 0 ? other : one))
  )
}

describe.each(Object.keys(ways))('%s', (name) => {
  const way = ways[name]
  if (way === undefined) throw new Error(name)

  async function transferred(when: 'live' | 'killed afterwards' | 'killed before it heard of it'): Promise<void> {
    const given = await conversation()
    const asking = way?.asks?.(given)
    if (asking !== undefined) {
      await talk(asking, await picksUp(given.dave))
      await recorded('both conversations', 2)
    }
    const isUnheard = when === 'killed before it heard of it'
    if (isUnheard) served().child.kill('SIGSTOP')
    expect(await way?.transfers(given, asking)).toBe(202)
    if (isUnheard && asking !== undefined) {
      await until('the transfer to succeed', () => notified(given, asking).includes(200))
      await killedFor(0)
    } else if (isUnheard) {
      // The second call waits for somebody to take it.
      await until(
        'the second call to arrive',
        async () =>
          new RegExp(`!\\${second}!\\d+!Ring!Stasis!`).exec(await world.asterisk.cli('core show channels concise')) !==
          null
      )
      await killedFor(0)
    }
    const last = await picksUp(given.dave)
    const stays = way?.stays(given) ?? last
    await talk(stays, last)
    for (const each of [asking, given.caller, given.called]) if (each !== stays) each?.hangUp()
    await talk(stays, last)
    if (when !== 'killed before it heard of it') await eachLeadsToTheOther()
    if (when === 'killed afterwards') await killedFor(0)
    await talk(stays, last)
    await eachLeadsToTheOther()
    stays.hangUp()
    await until('the other one to be released', () => last.state === 'over')
    expect(last.endedBy).toBe('them')
    await until('both records to be closed', async () =>
      (await world.records()).every(({ call }) => call.endedAt !== null)
    )
    const records = await world.settle()
    expect(records).toMatchObject([{ call: { outcome: 'answered' } }, { call: { outcome: 'answered' } }])
    await eachLeadsToTheOther()
  }

  test("each call's record leads to the other call", () => transferred('live'))
  // Who transfers makes no difference to the next process.
  if (name.startsWith('the caller')) return

  test('the records still do so if followme is killed afterwards', () => transferred('killed afterwards'))
  test('the records do so even if followme is killed before it receives an event of the transfer', () =>
    transferred('killed before it heard of it'))
})

function notified({ caller, called }: Given, asking: HandsetCall): readonly number[] {
  return [caller, called, asking].flatMap((call) => call.notified)
}
