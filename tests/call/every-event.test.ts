// Every event in every state of a call, and what comes of it; what is not listed changes nothing. After a change that is meant,
// `npx jest every-event -u` writes the list anew: read the difference.
import { attemptRecords, callRecord, replacementRecords } from '../../src/call/cdr'
import type { AttemptRecord } from '../../src/call/record'
import { adopt, restore } from '../../src/call/restore'
import { start, step } from '../../src/call/step'
import { timerKey } from '../../src/call/timers'
import type { Call, CallEvent, Command, Timer, Transition, Turn } from '../../src/call/types'
import type { TelephonyFailure } from '../../src/ports'
import { incoming } from './given-caller'
import { begin, play } from './play'

type Happening = CallEvent extends infer E ? (E extends CallEvent ? Omit<E, 'at'> : never) : never

const answer = { type: 'done', command: { type: 'answerCaller' } } as const
const bridge = { type: 'bridge', leg: 'c.1.1' } as const
const create = { type: 'createLeg', leg: 'c.1.1', dial: 'A' } as const
const dialled = () =>
  play([['A', 'B'], ['C']], 'voicemail:100@default')
    .at(5, { type: 'legSeen', leg: 'c.1.1' })
    .at(6, { type: 'legSeen', leg: 'c.1.2' })
const ringing = () => dialled().at(7, { type: 'legRinging', leg: 'c.1.1' })
const answered = () => ringing().at(900, { type: 'legAnswered', leg: 'c.1.1' })
const joining = () => answered().at(905, answer)
const talking = () => joining().at(910, { type: 'done', command: bridge })
const taker = { by: 't1', isUp: true, who: 'PJSIP/taker' } as const

/** The instant of the event. */
const at = begin + 12_000
const options = { at, maxCallSeconds: 3600 }
const lost = 'disconnected'
const plan = {
  steps: ['A B', 'C D'].map((dials) => ({ targets: dials.split(' ').map((dial) => ({ dial, ringSeconds: 10 })) })),
  fallback: 'busy'
}
const decided = { decision: 'rule', rule: null, plan } as const
const adopted = (found: readonly string[]) => adopt('c', incoming, decided, found, { ...options, at: begin })

const busy = (leg: string) => ({ type: 'legGone', leg, cause: 17, sipCode: 486 }) as const
const bothReplaced = () =>
  talking()
    .at(5000, { type: 'legReplaced', leg: 'c.1.1', ...taker })
    .at(5001, { type: 'callerReplaced', ...taker, by: 't3' })

function takenOver({ call }: { readonly call: Call }, changed: Partial<AttemptRecord> = {}): { readonly call: Call } {
  const attempts = attemptRecords(call).map((attempt) => ({ ...attempt, ...changed }))
  return { call: restore(callRecord(call), attempts, { ...options, at: begin + 11_001 })[0] }
}

const states: readonly (readonly [string, () => { readonly call: Call }])[] = [
  ['its first legs are being created', () => play([['A', 'B'], ['C']], 'voicemail:100@default')],
  ['its legs are being dialled', dialled],
  ['a leg rings', ringing],
  [
    'two devices of one phone ring',
    () =>
      play([['PJSIP/alice', 'B'], ['C']])
        .at(1, { type: 'contactsFound', leg: 'c.1.1', contacts: ['PJSIP/alice/sip:1', 'PJSIP/alice/sip:3'] })
        .at(5, { type: 'legSeen', leg: 'c.1.1' })
        .at(6, { type: 'legSeen', leg: 'c.1.c2.1' })
        .at(7, { type: 'legRinging', leg: 'c.1.1' })
  ],
  ['its last step rings', () => ringing().at(910, { type: 'legFound', leg: 'c.2.1' })],
  ['it is taken over with a leg of the second step found', () => ({ call: adopted(['c.2.1'])[0] })],
  [
    'it is taken over just after its second step began',
    () => takenOver(ringing().at(8, busy('c.1.1')).at(11_000, busy('c.1.2')))
  ],
  [
    'it is taken over with records that do not say whether the ringing leg was dialled',
    () =>
      takenOver(
        play([['A'], ['C']], 'busy', [60, 60])
          .at(5, { type: 'legSeen', leg: 'c.1.1' })
          .at(7, { type: 'legRinging', leg: 'c.1.1' }),
        { dialledAt: null }
      )
  ],
  [
    'a leg could not be created without a connection',
    () => play([['A', 'B'], ['C']]).at(1, { type: 'failed', command: create, failure: lost })
  ],
  [
    'a leg could not be dialled without a connection',
    () =>
      ringing().at(8, {
        type: 'failed',
        command: { type: 'dialLeg', leg: 'c.1.2', timeoutSeconds: 15, again: false },
        failure: lost
      })
  ],
  [
    'ringback could not be started without a connection',
    () => ringing().at(8, { type: 'failed', command: { type: 'ringCaller' }, failure: lost })
  ],
  ['a target has answered', answered],
  ['the parties are being bridged', joining],
  [
    'the parties could not be bridged without a connection',
    () => joining().at(906, { type: 'failed', command: bridge, failure: lost })
  ],
  ['the parties talk', talking],
  ['the target has been replaced', () => talking().at(5000, { type: 'legReplaced', leg: 'c.1.1', ...taker })],
  ['the caller has been replaced', () => talking().at(5000, { type: 'callerReplaced', ...taker })],
  ['both parties have been replaced', bothReplaced],
  [
    'the target has been replaced and the caller has hung up',
    () =>
      talking()
        .at(5000, { type: 'legReplaced', leg: 'c.1.1', ...taker })
        .at(6000, { type: 'callerGone', cause: 16 })
  ],
  ['the caller is being handed to the dialplan', () => play([], 'voicemail:100@default')],
  [
    'a caller for whom a leg rang is being handed to the dialplan',
    () =>
      play([['A']], 'voicemail:100@default')
        .at(5, { type: 'legSeen', leg: 'c.1.1' })
        .at(9, busy('c.1.1'))
  ],
  ['the caller is being hung up', () => talking().at(5000, { type: 'legGone', leg: 'c.1.1', cause: 16 })],
  ['the caller has left Stasis and may have hung up', () => ringing().at(900, { type: 'callerLeft' })],
  [
    'the caller has hung up and the legs are being cleared',
    () => talking().at(5000, { type: 'callerGone', cause: 16 })
  ],
  [
    'the caller has hung up and the last leg and the bridge are being cleared',
    () => talking().at(950, { type: 'legGone', leg: 'c.1.2', cause: 26 }).at(5000, { type: 'callerGone', cause: 16 })
  ]
]

const failures: readonly TelephonyFailure[] = [
  'gone',
  'conflict',
  'invalid',
  'unavailable',
  'failed',
  'timeout',
  'disconnected',
  'barred',
  'limited',
  'trunk-limited'
]

function timersOf(leg: string): Timer[] {
  return (['setup', 'ring', 'join', 'hangUp', 'replaced', 'contacts'] as const).map((kind) => ({ kind, leg }))
}

const timers: readonly Timer[] = [
  ...timersOf('c.1.1'),
  ...timersOf('c.1.2'),
  ...timersOf('1700000000.1'),
  ...(['ringback', 'silence', 'lease', 'leave', 'caller', 'bridge'] as const).map((kind) => ({ kind }))
]

function commandsFor({ lease }: Call): Command[] {
  return [
    create,
    { type: 'findContacts', leg: 'c.1.1', dial: 'PJSIP/alice' },
    { type: 'dialLeg', leg: 'c.1.1', timeoutSeconds: 15, again: false },
    { type: 'hangUpLeg', leg: 'c.1.1', cause: 16 },
    { type: 'hangUpReplaced', leg: 'c.1.1', cause: 16 },
    { type: 'answerCaller' },
    { type: 'ringCaller' },
    { type: 'destroyBridge' },
    bridge,
    { type: 'bridge', leg: 'c.1.2' },
    { type: 'hangUpCaller', cause: 16 },
    { type: 'leaveToDialplan', fallback: { kind: 'voicemail', mailbox: '100@default' } },
    { type: 'setLease', ...(lease ?? { seconds: 9, talking: false }), talked: false },
    { type: 'setLease', seconds: 8, talking: lease?.talking ?? false, talked: false },
    { type: 'setLease', seconds: lease?.seconds ?? 9, talking: !(lease?.talking ?? false), talked: false }
  ]
}

function happenings(call: Call): Happening[] {
  const commands = commandsFor(call)
  return [
    ...['c.1.1', 'c.1.2', 'c.2.1', 'c.9.9', 'c.1.c2.1'].flatMap((leg): Happening[] => [
      ...(['legSeen', 'legRinging', 'legAnswered', 'legLost', 'legFound'] as const).map((type) => ({ type, leg })),
      ...(['legUndialled', 'legUnmade', 'joined', 'parted'] as const).map((type) => ({ type, leg })),
      busy(leg),
      { type: 'contactsFound', leg, contacts: [] },
      { type: 'contactsFound', leg, contacts: ['PJSIP/alice/sip:1', 'PJSIP/alice/sip:2'] },
      { type: 'legReplaced', leg, ...taker, by: 't2' },
      { type: 'legReplaced', leg, ...taker, by: 't2', isUp: false }
    ]),
    { type: 'callerReplaced', ...taker, by: 't2' },
    { type: 'callerGone', cause: 16 },
    ...(['callerUp', 'callerLeft', 'callerLost', 'bridgeLost', 'recovered'] as const).map((type) => ({ type })),
    ...timers.map((timer): Happening => ({ type: 'timer', timer })),
    ...commands.map((command): Happening => ({ type: 'done', command })),
    ...commands.flatMap((command) => failures.map((failure): Happening => ({ type: 'failed', command, failure })))
  ]
}

/** In words: the values, without the names of those that everything has. */
function words(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value)
  return Object.entries(value)
    .filter(([name, each]) => name !== 'at' && each !== undefined)
    .map(([name, each]) => (typeof each === 'boolean' ? `${name}:${String(each)}` : words(each)))
    .join(' ')
}

function asked(command: Command): string {
  if (command.type === 'startTimer') return `wait for ${timerKey(command.timer)} ${String(command.ms)}`
  return command.type === 'cancelTimer' ? `stop ${timerKey(command.timer)}` : words(command)
}

function happened(transition: Transition): string {
  if (transition.type === 'phase') return `${String(transition.from)} → ${transition.to}`
  if (transition.type === 'leg') return `${transition.leg} ${String(transition.from)} → ${transition.to}`
  return `recorded ${words(transition)}`
}

function unseen(call: Call): Record<string, string> {
  const { phase, callerReplacedBy, dropped, ringback, callerUpAt, bridge, lease, talked, closing, unsent } = call
  const legs = call.legs.map(({ id, replacedBy, endCause }) => [id, { replacedBy, endCause }] as const)
  const all = { phase, callerReplacedBy, dropped, ringback, callerUpAt, bridge, lease, talked, closing, unsent }
  return Object.fromEntries(
    [...Object.entries(all), ...legs].map(([name, value]) => [name, JSON.stringify(value ?? null)])
  )
}

/** What no command and no transition shows. */
function kept(before: Call | undefined, after: Call): string[] {
  const was = before === undefined ? {} : unseen(before)
  return Object.entries(unseen(after)).flatMap(([name, value]) =>
    was[name] === value ? [] : [`${name}=${value.replaceAll('"', '')}`]
  )
}

function told(before: Call | undefined, [call, commands, transitions]: Turn): string {
  return [...commands.map(asked), ...transitions.map(happened), ...kept(before, call)].join('; ')
}

/** The failures of one command are listed together. */
function named(event: Happening): readonly [string, string?] {
  return event.type === 'failed' ? [`failed ${words(event.command)}: `, event.failure] : [words(event)]
}

function historyOf({ history }: Call): string[] {
  return history.map((each) => `${String(each.at - begin)} ${words(each)}`)
}

function listOf(call: Call): string {
  const lines = new Map<string, string[]>()
  for (const event of happenings(call)) {
    const outcome = told(call, step(call, { ...event, at }))
    if (outcome === '') continue
    const events = lines.get(outcome) ?? []
    const [name, failure = ''] = named(event)
    if (failure !== '' && events.at(-1)?.startsWith(name) === true) events.push(`${events.pop()!} ${failure}`)
    else events.push(name + failure)
    lines.set(outcome, events)
  }
  return [...lines].map(([outcome, events]) => `${events.join(' | ')}\n    ${outcome}`).join('\n')
}

describe('every event on a call', () => {
  test.each(states)('while %s', (_, reach) => {
    expect(listOf(reach().call)).toMatchSnapshot()
  })
})

describe('a call restored from its records', () => {
  test.each(states)('while %s', (_, reach) => {
    const { call } = reach()
    const replacements = replacementRecords(call)
    const restored = restore(callRecord(call), attemptRecords(call), { at, maxCallSeconds: 7200, replacements })
    expect([told(undefined, restored), ...historyOf(restored[0])].join('\n')).toMatchSnapshot()
  })
  test('before its first step', () => {
    const record = callRecord({ ...ringing().call, legs: [], history: [{ at: begin, type: 'arrived' }] })
    expect(told(undefined, restore(record, [], options))).toMatchSnapshot()
  })
})

describe('the start of a call', () => {
  test.each(['rule', 'unknown-number', 'disabled'] as const)('for a number decided as: %s', (decision) => {
    expect(told(undefined, start('c', incoming, { ...decided, decision }, options))).toMatchSnapshot()
  })
  test.each(['busy', 'hangup', 'announce:closed', 'nonsense'])('with no target and the fallback %s', (fallback) => {
    const nobody = { ...decided, plan: { steps: [], fallback } }
    expect(told(undefined, start('c', incoming, nobody, options))).toMatchSnapshot()
  })
  test('for a caller who has already hung up', () => {
    expect(told(undefined, start('c', incoming, decided, { ...options, goneWith: 16 }))).toMatchSnapshot()
  })
  test.each([[[]], [['c.1.1']], [['c.1.1', 'c.1.2']], [['c.2.1', 'c.1.1']], [['c.9.9']]])(
    'adopted with legs %j',
    (found) => {
      expect(told(undefined, adopted(found))).toMatchSnapshot()
    }
  )
})
