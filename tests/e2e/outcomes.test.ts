// Every final response of SIP, from a carrier, through a real Asterisk: what the record says of it.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { said } from '../call/final-responses'
import { answers, useWorld } from './world'

const world = useWorld({
  configure: (etc) => appendFileSync(join(etc, 'extensions.conf'), normalClearing)
})

/** A leg through the trunk whose cause becomes 16 before [followme-leg] is run; what it makes of that is in Asterisk's log. */
const normalClearing = `
[cleared]
exten => _+X.,1,Dial(PJSIP/\${EXTEN}@trunk,5,b(cleared^leg^1))
 same => n,Hangup(17)
exten => leg,1,Set(CHANNEL(hangup_handler_push)=cleared,told,1)
 same => n,Set(CHANNEL(hangup_handler_push)=followme-leg,s,1)
 same => n,Set(CHANNEL(hangup_handler_push)=cleared,normal,1)
 same => n,Return()
exten => normal,1,TryExec(Hangup(16))
 same => n,Return()
exten => told,1,Log(WARNING,the leg ended with cause \${HANGUPCAUSE})
 same => n,Return()
`
const responses = Object.entries(said).flatMap(([outcome, codes]) => codes.map((code) => ({ code, outcome })))
const numberFor = (code: number) => `+44207183${String(code).padStart(4, '0')}`

/** Asterisk tells the response itself from 20.17 and 22.7 on. */
const tellsResponses = async () => !/ (16|17|18|19)\./.test(await world.asterisk.cli('core show version'))

test('each refusal by a carrier leads to the next step, and only a decline is recorded as such', async () => {
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

test('a 603 of network analytics ("603+", ATIS-1000099) is not a decline, whatever the case of its text', async () => {
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

// Asterisk puts 16 where the leg leaves its bridge before the cause has been read: seldom, on a busy machine.
test.each([
  ['Network Blocked', 24],
  ['Decline', 16]
])('a 603 "%s" whose cause Asterisk has lost (16) is recorded with cause %i', async (reason, cause) => {
  world.rule([], `dialplan:cleared,${numberFor(1)},1`)
  await world.carrier({ [numberFor(1)]: { kind: 'refuse', code: 603, reason } })
  await world.call({ expect: 486 })
  await world.settle()
  const told = world.asterisk.complaints().filter((line) => line.includes('the leg ended with cause'))
  expect(told.at(-1)).toMatch(new RegExp(`cause ${cause}$`))
})

test('an answer without SDP is a failure, and the next phone rings', async () => {
  world.rule([['PJSIP/alice'], ['PJSIP/bob']])
  await world.phone('alice', { kind: 'answer-without-sdp' })
  const bob = await world.phone('bob', answers)
  await world.call()
  expect(bob.calls()).toHaveLength(1)
  const stored = (await world.settle()).at(-1)
  expect(stored?.call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/bob' })
  expect(stored?.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'answered'])
})
