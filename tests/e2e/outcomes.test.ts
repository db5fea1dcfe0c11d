// Every final response of SIP, from a carrier, through a real Asterisk: what the record says of it.
import { said } from '../call/final-responses'
import { answers, useWorld } from './world'

const world = useWorld()
const responses = Object.entries(said).flatMap(([outcome, codes]) => codes.map((code) => ({ code, outcome })))
const numberFor = (code: number) => `+44207183${String(code).padStart(4, '0')}`

/** Asterisk tells the response itself from 20.17 and 22.7 on. */
const tellsResponses = async () => !/ (16|17|18|19)\./.test(await world.asterisk.cli('core show version'))

test('each refusal of a carrier leads to the next step, and only a decline is recorded as one', async () => {
  world.rule(responses.map(({ code }) => [`${numberFor(code)}@5`]))
  await world.carrier(
    Object.fromEntries(responses.map(({ code }) => [numberFor(code), { kind: 'refuse', code } as const]))
  )
  await world.call({ expect: 486 })
  const recorded = (await world.settle()).at(-1)?.attempts.map(({ dial, outcome }) => ({ dial, outcome }))
  if (await tellsResponses())
    expect(recorded).toEqual(responses.map(({ code, outcome }) => ({ dial: numberFor(code), outcome })))
  else expect(recorded?.map(({ outcome }) => outcome)).not.toContain('declined')
})

test('a 603 of the network’s analytics ("603+", ATIS-1000099) is nobody’s decline, in whatever case its words are', async () => {
  const reason = 'Reason: SIP;cause=603;text="v=analytics1;url=https://carrier.example/blocked";location=TN'
  const blocked = { kind: 'refuse', code: 603, reason: 'Network Blocked', headers: [reason] } as const
  const refusals = [
    blocked,
    { kind: 'refuse', code: 603 },
    { ...blocked, reason: 'network blocked', afterMs: 200 },
    { kind: 'refuse', code: 403, reason: 'Network Blocked' }
  ] as const
  world.rule(refusals.map((_, index) => [numberFor(index)]))
  await world.carrier(Object.fromEntries(refusals.map((refusal, index) => [numberFor(index), refusal])))
  await world.call({ expect: 486 })
  const tells = await tellsResponses()
  const recorded = (await world.settle())
    .at(-1)
    ?.attempts.map(({ outcome, cause, sipCode }) => [outcome, cause, sipCode])
  expect(recorded).toEqual([
    ['failed', 24, tells ? 603 : null],
    [tells ? 'declined' : 'failed', 21, tells ? 603 : null],
    ['failed', 24, tells ? 603 : null],
    ['failed', 21, tells ? 403 : null]
  ])
  expect(world.asterisk.complaints().filter((line) => line.includes('Gosub'))).toEqual([])
})

test('an answer without SDP, which nobody can be heard on, has failed, and the next phone rings', async () => {
  world.rule([['PJSIP/alice'], ['PJSIP/bob']])
  await world.phone('alice', { kind: 'answer-without-sdp' })
  const bob = await world.phone('bob', answers)
  await world.call()
  expect(bob.calls()).toHaveLength(1)
  const stored = (await world.settle()).at(-1)
  expect(stored?.call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/bob' })
  expect(stored?.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'answered'])
})
