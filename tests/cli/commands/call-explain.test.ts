// followme call --explain: why the call rang these phones, as recorded when it arrived.
import { aCall, noon } from '../../store/fresh-database'
import { answered, given, ringing, run } from './given-calls'

test('--explain shows the reasons recorded when the call arrived', async () => {
  const considered = [
    { rule: 'vip', matched: false, why: "caller +14155550199 is not on list 'vip'" },
    { rule: 'day', matched: true, why: 'always, and for everyone' }
  ]
  await given([aCall('3f2a', { plan: { ...answered.plan, considered } }), []], [ringing, []])
  expect(await run('call', '3f2a', '--explain')).toBe(
    `call 3f2a, 2026-11-22T12:00:00.000Z, from "Ann" +14155550199 for +14155550100

When it arrived, rule 'day' answered.
  1. PJSIP/alice for 20 s
  2. PJSIP/carol for 15 s
  Nobody answers: busy

Rules, in order:
    vip  caller +14155550199 is not on list 'vip'
  → day  always, and for everyone`
  )
  expect(JSON.parse(await run('call', '3f2a', '--explain', '--json'))).toMatchObject({
    plan: answered.plan,
    considered
  })
  expect(JSON.parse(await run('call', '3f2a', '--json'))).not.toHaveProperty('considered')
  expect(await run('call', '9b11', '--explain')).toContain('The reason is unknown')
})

test('--explain shows the caller ID that the targets were shown', async () => {
  const steps = [
    { targets: [{ dial: '+442071838750', ringSeconds: 20, shown: { number: '+14155550100' } }] },
    {
      targets: [
        { dial: 'PJSIP/alice', ringSeconds: 20, shown: { namePrefix: 'Sales: ', alertInfo: '<x>' } },
        { dial: 'PJSIP/bob', ringSeconds: 20, shown: { namePrefix: 'Sales: ', alertInfo: '<x>' } },
        { dial: 'PJSIP/carol', ringSeconds: 20 }
      ]
    }
  ]
  await given([aCall('3f2a', { plan: { steps, fallback: 'busy', considered: [] } }), []])
  expect(await run('call', '3f2a', '--explain')).toContain(
    "  Shown to +442071838750: the number +14155550100\n  Shown to PJSIP/alice, PJSIP/bob: the caller's name after 'Sales: ', Alert-Info <x>"
  )
})

test('--explain names the override that answered, and why a call was refused', async () => {
  const override = { kind: 'closed', value: null, setBy: 'ann' } as const
  const plan = { steps: [], fallback: 'busy', override, considered: [] }
  await given(
    [aCall('a', { decision: 'override', rule: null, plan }), []],
    [aCall('b', { decision: 'unknown-number', rule: null, plan: { steps: [], fallback: 'hangup' } }), []],
    [
      aCall('c', {
        ...{ decision: 'loop', rule: null, plan: { steps: [], fallback: 'hangup' } },
        ...{ outcome: 'refused', cause: 17, endedAt: noon + 1, reason: 'call a has come back', cameFrom: 'a' }
      }),
      []
    ]
  )
  expect(await run('call', 'a', '--explain')).toContain(
    'When it arrived, an override answered: closed, set by ann.\n  Immediately: busy'
  )
  expect(await run('call', 'b', '--explain')).toContain('The call was refused: +14155550100 was no virtual number.')
  expect(await run('call', 'c', '--explain')).toContain('The call was refused as a loop: call a has come back.')
  expect(JSON.parse(await run('call', 'c', '--json'))).toMatchObject({ decision: 'loop', cameFrom: 'a' })
  expect(await run('calls')).toMatch(/refused \(loop\)/)
})
