// The timeline of a call: what it says of each record.
import { renderTimeline, timeline } from '../../../src/cli/support/call-timeline'
import { duration } from '../../../src/cli/support/text'
import type { AttemptRecord, CallRecord, ReplacementRecord } from '../../../src/call/record'
import { aCall, anAttempt, aReplacement, noon } from '../../store/fresh-database'

const recorded = (
  call: CallRecord,
  attempts: readonly AttemptRecord[] = [],
  replacements: readonly ReplacementRecord[] = []
) => ({ call, attempts, replacements })

const lastLine = (changes: Partial<CallRecord>, attempts: AttemptRecord[] = []) =>
  timeline(recorded(aCall('c', { endedAt: noon + 1_000, ...changes }), attempts)).at(-1)?.text

test('shows how the call ended', () => {
  expect(lastLine({ outcome: 'abandoned', cause: 16 })).toBe('the caller hung up before anyone answered (cause 16)')
  expect(lastLine({ outcome: 'fallback', fallback: 'voicemail:100@default' })).toBe(
    'nobody answered: the caller gets voicemail:100@default'
  )
  expect(lastLine({ outcome: 'refused', decision: 'unknown-number', cause: 1 })).toBe('refused (cause 1)')
  expect(lastLine({ outcome: 'lost' })).toBe('lost: the call had ended when followme reconnected')
  expect(
    lastLine({ outcome: 'answered', endedBy: 'target', cause: 16, answeredBy: 'PJSIP/bob', answeredAt: noon + 400 })
  ).toBe('hung up by PJSIP/bob (cause 16) after 600 ms with PJSIP/bob')
})

test('shows what decided the call', () => {
  const second = (changes: Partial<CallRecord>) => timeline(recorded(aCall('c', changes)))[1]?.text
  const plan = { steps: [], fallback: 'busy' }
  expect(second({ decision: 'fallback', rule: null, plan })).toBe('no rule matched: busy')
  const full = { decision: 'fallback', rule: null, plan, reason: '2 calls were in progress' } as const
  expect(second(full)).toBe('2 calls were in progress: busy')
  const end = { ...full, outcome: 'fallback', fallback: 'busy', cause: 17, endedAt: noon + 5 } as const
  expect(timeline(recorded(aCall('c', end), [])).at(-1)?.text).toBe('the caller gets busy (cause 17)')
  expect(second({ decision: 'disabled', rule: null })).toBe('the virtual number is disabled')
  const loop = { decision: 'loop', rule: null, reason: 'it has come back', cameFrom: 'c0' } as const
  expect(second(loop)).toBe('a loop: it has come back')
  expect(second({ ...loop, failsafeAt: noon })).toBe(
    'followme is not running, the failsafe answers: a loop: it has come back'
  )
  expect(timeline(recorded(aCall('c', loop)))[0]?.text).toMatch(/, back through a trunk from call c0$/)
  expect(second({ decision: 'override', rule: 'night', plan })).toBe("an override is set, rule 'night': busy")
  const override = { kind: 'forward', value: 'PJSIP/carol', setBy: 'ann' } as const
  expect(second({ decision: 'override', rule: null, plan: { ...plan, override } })).toBe(
    'an override is set, forward to PJSIP/carol, set by ann: busy'
  )
  const together = [
    {
      targets: [
        { dial: 'PJSIP/a', ringSeconds: 5 },
        { dial: 'PJSIP/b', ringSeconds: 9 }
      ]
    }
  ]
  expect(second({ plan: { steps: together, fallback: 'busy' } })).toBe(
    "rule 'day': PJSIP/a (5 s) and PJSIP/b (9 s), then busy"
  )
})

test('shows why a number was not called, from the attempt, or from the plan in older records', () => {
  const dial = '+37120123456'
  const line = (refused: string | undefined, reason: string | null) => {
    const target = { dial, ringSeconds: 20, ...(refused !== undefined && { refused }) }
    const call = aCall('c', { plan: { steps: [{ targets: [target] }], fallback: 'busy' } })
    return timeline(recorded(call, [anAttempt('c', { dial, outcome: 'refused', endedAt: noon + 12, reason })]))[2]?.text
  }
  expect(line(undefined, 'it is over the limit')).toBe(`step 1 does not call ${dial}: it is over the limit`)
  expect(line('it is abroad', null)).toBe(`step 1 does not call ${dial}: it is abroad`)
  expect(line(undefined, null)).toBe(`step 1 does not call ${dial}`)
})

test('names the one who picked up as answering, and each further replacement in turn', () => {
  const call = aCall('c', {
    endedAt: noon + 9_000,
    outcome: 'answered',
    endedBy: 'target',
    answeredBy: 'PJSIP/alice'
  })
  const picked = anAttempt('c', { ringingAt: noon + 100, answeredAt: noon + 2_100, outcome: 'answered' })
  const replacements = [
    aReplacement({ place: 'c.1.1', at: noon + 2_100, who: 'PJSIP/bob' }),
    aReplacement({ place: 'c.1.1', at: noon + 5_000, who: '' })
  ]
  const lines = timeline(recorded({ ...call, answeredAt: noon + 2_110 }, [picked], replacements))
  expect(lines.slice(-5).map(({ text }) => text)).toEqual([
    'PJSIP/alice rings',
    'PJSIP/bob takes the place of PJSIP/alice',
    'PJSIP/bob answers after 2.0 s',
    'another leg takes the place of PJSIP/bob',
    'hung up by another leg after 6.9 s with another leg'
  ])
})

test('only appends lines while the call goes on', () => {
  const early = timeline(recorded(aCall('c'), [anAttempt('c')]))
  const later = timeline(recorded(aCall('c'), [anAttempt('c', { ringingAt: noon + 80 })]))
  expect(later.slice(0, early.length)).toEqual(early)
  expect(renderTimeline(recorded(aCall('c')))).toContain('the call is still in progress')
})

test("control characters in a caller's name do not reach the terminal", () => {
  const text = renderTimeline(recorded(aCall('c', { callerName: '\u001b[2J\nfake line\u202e' })))
  expect(text).toContain('"·[2J·fake line·"')
})

test.each([
  [40, '40 ms'],
  [999, '999 ms'],
  [9_100, '9.1 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min 0 s'],
  [185_000, '3 min 5 s'],
  [3_725_000, '1 h 2 min']
])('%d ms reads as %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})
