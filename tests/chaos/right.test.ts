// All that is right, as a table: what each kind of call may come to, what its record may say, and how often each phone rings.
import type { Struck } from './account'
import { fault } from './given-account'
import { people, profiles } from './profiles'
import { textOf } from './result'
import { overrideOf, rightFor } from './right'
import type { Circumstance, Right } from './right'

const nameOf = (number: string): string =>
  Object.entries(people).find(([, person]) => person.number === number)?.[0] ?? number

function told({ result, outcomes, fallback, decisions, rings }: Right): string {
  const rung = Object.entries(rings).map(([who, [least, most]]) => {
    return `${nameOf(who)} ${least === most ? String(least) : `${String(least)}-${String(most)}`}`
  })
  const words = [nameOf(textOf(result)), outcomes.join('|'), fallback, decisions.join('|')]
  return [words.filter((each) => each !== null).join(' '), ...rung].join(', ')
}

function rightOf(profile: string, circumstance: Circumstance, felt: readonly Struck[]): string[] {
  const found = profiles.find(({ name }) => name === profile)
  return found === undefined ? ['no such profile'] : rightFor(found, circumstance, felt).map(told)
}

// Untouched; the outcomes of one whose end was found out afterwards; how often each phone rings where the failsafe has it, too.
const table: readonly (readonly [profile: string, untouched: string, recovered: string, failsafe: string])[] = [
  ['somebody answers', 'waits answered rule, waits 1', 'answered|lost', 'waits 1-2'],
  ['somebody answers, briefly', 'slow answered rule, slow 1', 'answered|lost', 'slow 1-2'],
  ['a long talk', 'waits answered rule, waits 1', 'answered|lost', 'waits 1-2'],
  ['the person hangs up', 'hangsUp answered rule, hangsUp 1', 'answered|lost', 'hangsUp 1-2'],
  ['busy, then somebody', 'waits answered rule, busy 1, waits 1', 'answered|lost', 'busy 1-2, waits 1-2'],
  ['declined, then somebody', 'waits answered rule, declines 1, waits 1', 'answered|lost', 'declines 1-2, waits 1-2'],
  ['nobody there, then somebody', 'waits answered rule, nobody 1, waits 1', 'answered|lost', 'nobody 1-2, waits 1-2'],
  ['no reaction, then somebody', 'waits answered rule, silent 1, waits 1', 'answered|lost', 'silent 1-2, waits 1-2'],
  ['no such phone, then somebody', 'waits answered rule, waits 1', 'answered|lost', 'waits 1-2'],
  ['three together', 'slow answered rule, nobody 1, slow 1, busy 1', 'answered|lost', 'nobody 1-2, slow 1-2, busy 1-2'],
  ['busy, then another number', 'waits answered rule, busy 1, waits 1', 'answered|lost', 'busy 1-2, waits 1-2'],
  ['all busy', '486 fallback busy rule, busy 1, declines 1', 'fallback|lost', 'busy 1-2, declines 1-2'],
  ['nobody at all', '480 fallback hangup rule, nobody 1', 'fallback|lost', 'nobody 1-2'],
  ['voicemail', 'voicemail fallback voicemail:100@default rule, away 1', 'fallback|lost', 'away 1-2'],
  ['an announcement', 'announcement fallback announce:vm-goodbye rule, congested 1', 'fallback|lost', 'congested 1-2'],
  ['no such number', '404 refused unknown-number', 'refused|lost', ''],
  ['the caller gives up', 'cancelled abandoned rule, nobody 0-1', 'abandoned|lost', 'nobody 0-2'],
  [
    'through the second trunk',
    'rerouted answered rule, 00442071838710 1, 442071838710 1',
    'answered|lost',
    '00442071838710 1-2, 442071838710 1-2'
  ],
  [
    'a trunk says nothing',
    'unheard answered rule, 00442071838711 1, 442071838711 1',
    'answered|lost',
    '00442071838711 1-2, 442071838711 1-2'
  ],
  ['a trunk is dead', 'beyond answered rule, 442071838712 1', 'answered|lost', '442071838712 1-2'],
  ['two devices, one answers', 'PJSIP/pair answered rule, desk 1, soft 1', 'answered|lost', 'desk 1-2, soft 1-2'],
  ['two devices, one is busy', 'PJSIP/half answered rule, engaged 1, free 1', 'answered|lost', 'engaged 1-2, free 1-2'],
  ['withheld, two devices', 'PJSIP/pair answered rule, desk 1, soft 1', 'answered|lost', 'desk 1-2, soft 1-2'],
  ['withheld, two trunks', 'beyond answered rule, 442071838712 1', 'answered|lost', '442071838712 1-2'],
  ['withheld, voicemail', 'voicemail fallback voicemail:100@default rule', 'fallback|lost', ''],
  ['a loop', '486 fallback busy rule', 'fallback|lost', '']
]

test('every profile is in the table', () => {
  expect(table.map(([profile]) => profile)).toEqual(profiles.map(({ name }) => name))
})

test.each(table)('%s', (profile, untouched, recovered, failsafe) => {
  const [first = ''] = untouched.split(', ')
  const outcome = recovered.split('|')[0] ?? ''
  const felt = [fault('stopped'), fault('half-open')]
  // The only one who does not wait for a caller who comes late.
  const late = profile === 'the person hangs up' ? ['486 fallback busy rule, hangsUp 1'] : []
  // Whoever was not there when a trunk refused the call does not know whether it had rung; or no time was left.
  const users = untouched.split(', ').slice(1)
  const isThroughTrunks = users.some((each) => /^\d/.test(each))
  const untold = isThroughTrunks
    ? [['486 fallback busy rule', ...users.map((each) => each.replace(/ 1$/, ' 0-1'))].join(', ')]
    : []
  expect(rightOf(profile, 'untouched', [])).toEqual([untouched])
  expect(rightOf(profile, 'felt', felt)).toEqual([untouched, ...late, ...untold])
  expect(rightOf(profile, 'recovered', [])).toEqual([untouched.replace(outcome, recovered)])
  expect(rightOf(profile, 'failsafe', felt)).toEqual([failsafe === '' ? first : `${first}, ${failsafe}`])
})

test('a call to an overridden number may go to its override, or to what applied before', () => {
  const [closed, forward] = [fault('overridden', 0, { chance: 0 }), fault('overridden', 0, { chance: 0.5 })]
  expect([closed, forward].map(overrideOf)).toEqual(['closed', `forward:${people.waits.number}`])
  const before = 'slow answered rule, slow 1'
  expect(rightOf('somebody answers, briefly', 'untouched', [closed])).toEqual([before, '486 fallback busy override'])
  expect(rightOf('somebody answers, briefly', 'untouched', [forward])).toEqual([
    before,
    'waits answered override, waits 1'
  ])
  expect(rightOf('somebody answers, briefly', 'failsafe', [forward])).toEqual([
    'slow answered rule, slow 1-2, waits 0-2',
    'waits answered override|rule|fallback, slow 0-2, waits 1-2'
  ])
  // Its fallback is another number, which is not closed.
  expect(rightOf('busy, then another number', 'untouched', [closed])).toEqual([
    'waits answered rule, busy 1, waits 1',
    'waits answered override, waits 1'
  ])
  expect(rightOf('no such number', 'untouched', [closed])).toEqual(['404 refused unknown-number'])
})
