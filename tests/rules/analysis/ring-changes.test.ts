// Who rings differently under another rule set, and when: two real databases are compared over two days.
import { ringChanges } from '../../../src/rules/analysis/ring-changes'
import { anotherNumber, rulesAfter } from '../given-rules'

const [london, american] = ['+442071838750', '+14155550100']
// Sunday noon, until Tuesday noon.
const [from, to] = [Date.UTC(2026, 10, 22, 12), Date.UTC(2026, 10, 24, 12)]

/** The changes as text: which number, for whom, what instead of what; and when, in days and hours of UTC. */
function changes(after: string, before = ''): string[] {
  const time = (at: number) => new Date(at).toISOString().slice(8, 16).replace('T', ' ')
  return ringChanges(rulesAfter(before), rulesAfter(before + after), from, to).changes.map(
    ({ number, callers, before: was, after: is, spans }) =>
      `${number}${callers === null ? '' : ` for ${callers}`}: ${was} → ${is}: ${spans.map((span) => `${time(span.from)} to ${time(span.to)}`).join('; ')}`
  )
}

const alice = 'PJSIP/alice for 20 s'
const paris = '+33123456789 for 20 s'
const box = 'voicemail:100@default'
const list = (name: string, ...patterns: readonly string[]) =>
  `INSERT INTO caller_lists VALUES ('${name}');
   INSERT INTO caller_list_entries VALUES ${patterns.map((each) => `('${name}', '${each}')`).join()};`
const turnedAway = (position: number, callers: string) =>
  `INSERT INTO rules (number, name, position, callers, fallback) VALUES ('${american}', '${callers}', ${position}, '${callers}', 'hangup');`

test.each([
  ['unchanged rules', '', []],
  [
    'an unreachable rule and a new label',
    `INSERT INTO rules (number, name, position, enabled, fallback) VALUES ('${american}', 'off', 5, 0, 'hangup');
     UPDATE virtual_numbers SET label = 'New York' WHERE number = '${american}'`,
    []
  ],
  [
    'a longer ring time',
    "UPDATE targets SET ring_seconds = 30 WHERE dial = 'PJSIP/alice'",
    [
      `${london}: ${alice}, then ${paris}, then ${box} → PJSIP/alice for 30 s, then ${paris}, then ${box}: 23 08:30 to 23 11:00; 24 08:30 to 24 11:00`,
      `${london}: ${alice}, then ${box} → PJSIP/alice for 30 s, then ${box}: 23 11:00 to 23 17:30; 24 11:00 to 24 12:00`
    ]
  ],
  [
    'an additional target',
    `INSERT INTO targets (number, rule, step, dial) VALUES ('${american}', 'night', 1, 'PJSIP/bob')`,
    [
      `${american}: ${paris}, then busy → ${paris} and PJSIP/bob for 20 s, then busy: 23 03:00 to 23 11:00; 24 03:00 to 24 11:00`,
      `${london}: ${alice}, then ${paris}, then ${box} → ${alice}, then ${paris} and PJSIP/bob for 20 s, then ${box}: 23 08:30 to 23 11:00; 24 08:30 to 24 11:00`
    ]
  ],
  [
    'longer hours',
    "UPDATE schedule_windows SET minutes = 600 WHERE schedule = 'office'",
    [`${london}: ${box} → ${alice}, then ${box}: 23 17:30 to 23 18:30`]
  ],
  [
    'an exception',
    "INSERT INTO schedule_exceptions VALUES ('nights', '2026-11-23', '2026-11-23', NULL, NULL, NULL)",
    [
      `${american}: ${paris}, then busy → busy: 23 05:00 to 23 11:00; 24 03:00 to 24 11:00`,
      `${london}: ${alice}, then ${paris}, then ${box} → ${alice}, then ${box}: 23 08:30 to 23 11:00; 24 08:30 to 24 11:00`
    ]
  ],
  [
    'another fallback, also for callers on a list',
    `UPDATE virtual_numbers SET fallback = 'busy' WHERE number = '${london}'`,
    [
      `${london}: ${box} → busy: 22 12:00 to 23 08:30; 23 17:30 to 24 08:30`,
      `${london}: ${alice}, then ${paris}, then ${box} → ${alice}, then ${paris}, then busy: 23 08:30 to 23 11:00; 24 08:30 to 24 11:00`,
      `${london}: ${alice}, then ${box} → ${alice}, then busy: 23 11:00 to 23 17:30; 24 11:00 to 24 12:00`,
      `${london} for +1415*, anonymous: PJSIP/ann for 20 s, then ${box} → PJSIP/ann for 20 s, then busy: 22 12:00 to 24 12:00`
    ]
  ],
  [
    'an override that expires',
    `INSERT INTO overrides (number, kind, expires_at) VALUES ('${american}', 'closed', '2026-11-23T10:00:00Z')`,
    [
      `${american}: ${paris}, then busy → busy: 23 03:00 to 23 10:00`,
      `${london}: ${alice}, then ${paris}, then ${box} → ${alice}, then ${box}: 23 08:30 to 23 10:00`
    ]
  ],
  [
    'a disabled number',
    `UPDATE virtual_numbers SET enabled = 0 WHERE number = '${american}'`,
    [
      `${american}: busy → the call is refused: 22 12:00 to 23 03:00; 23 11:00 to 24 03:00; 24 11:00 to 24 12:00`,
      `${american}: ${paris}, then busy → the call is refused: 23 03:00 to 23 11:00; 24 03:00 to 24 11:00`,
      `${london}: ${alice}, then ${paris}, then ${box} → ${alice}, then ${box}: 23 08:30 to 23 11:00; 24 08:30 to 24 11:00`
    ]
  ],
  ['a new number', anotherNumber, ['+14155550199: the call is refused → busy: 22 12:00 to 24 12:00']],
  [
    'a new number before a changed one',
    `${anotherNumber} UPDATE schedule_windows SET minutes = 600 WHERE schedule = 'office'`,
    [
      '+14155550199: the call is refused → busy: 22 12:00 to 24 12:00',
      `${london}: ${box} → ${alice}, then ${box}: 23 17:30 to 23 18:30`
    ]
  ],
  [
    'a policy that refuses a target',
    'DELETE FROM dial_policy',
    [
      `${american}: ${paris}, then busy → +33123456789 is refused, then busy: 23 03:00 to 23 11:00; 24 03:00 to 24 11:00`,
      `${london}: ${alice}, then ${paris}, then ${box} → ${alice}, then +33123456789 is refused, then ${box}: 23 08:30 to 23 11:00; 24 08:30 to 24 11:00`
    ]
  ],
  [
    'more callers on a list',
    "INSERT INTO caller_list_entries VALUES ('vip', '+34*')",
    [
      `${london} for +34*: ${box} → PJSIP/ann for 20 s, then ${box}: 22 12:00 to 23 08:30; 23 17:30 to 24 08:30`,
      `${london} for +34*: ${alice}, then ${paris}, then ${box} → PJSIP/ann for 20 s, then ${box}: 23 08:30 to 23 11:00; 24 08:30 to 24 11:00`,
      `${london} for +34*: ${alice}, then ${box} → PJSIP/ann for 20 s, then ${box}: 23 11:00 to 23 17:30; 24 11:00 to 24 12:00`
    ]
  ]
])('%s', (_what, after, expected) => {
  expect(changes(after)).toEqual(expected)
})

test('a span continues if the rules change without an effect on calls', () => {
  const closed = `INSERT INTO overrides (number, kind, expires_at) VALUES ('${american}', 'closed', '2026-11-22T20:00:00Z');`
  expect(changes(`UPDATE virtual_numbers SET fallback = 'hangup' WHERE number = '${american}'`, closed)).toEqual([
    `${american}: busy → hangup: 22 12:00 to 23 03:00; 23 11:00 to 24 03:00; 24 11:00 to 24 12:00`,
    `${american}: ${paris}, then busy → ${paris}, then hangup: 23 03:00 to 23 11:00; 24 03:00 to 24 11:00`
  ])
})

test('a change has the label and zone of its number, before or after the change', () => {
  const label = `UPDATE virtual_numbers SET label = 'New York' WHERE number = '${american}';`
  const without = `${label} DELETE FROM virtual_numbers WHERE number = '${american}'`
  for (const [before, after] of [
    ['', `${label} UPDATE rules SET enabled = 0 WHERE name = 'night'`],
    [label, without]
  ] as const) {
    const [first] = ringChanges(rulesAfter(before), rulesAfter(after), from, to).changes
    expect(first).toMatchObject({ number: american, label: 'New York', timeZone: 'America/New_York', callers: null })
  }
})

describe('callers', () => {
  const all = ': 22 12:00 to 24 12:00'
  const nights = "UPDATE rules SET enabled = 0 WHERE name = 'night';"

  test('on the same lists are reported once, with three of their patterns and the number of the others', () => {
    const some = ['+34*', '+35*', '+36*']
    const on = (patterns: readonly string[]) => changes(turnedAway(5, 'some'), nights + list('some', ...patterns))
    expect(on(some)).toEqual([`${american} for +34*, +35*, +36*: busy → hangup${all}`])
    expect(on([...some, '+37*', '+38*'])).toEqual([`${american} for +34*, +35*, +36* and 2 more: busy → hangup${all}`])
  })

  test('on different lists are reported separately', () => {
    const lists = nights + list('south', '+34*', '+39*') + list('rome', '+3906*')
    expect(changes(turnedAway(5, 'rome'), lists)).toEqual([`${american} for +3906*: busy → hangup${all}`])
    expect(changes(turnedAway(5, 'south') + turnedAway(6, 'rome'), lists)).toEqual([
      `${american} for +34*, +39*: busy → hangup${all}`,
      `${american} for +3906*: busy → hangup${all}`
    ])
  })

  test('who are treated like everybody else are not reported separately', () => {
    const off = `${turnedAway(5, 'some')} UPDATE rules SET enabled = 0 WHERE name = 'some';`
    const fallback = `UPDATE virtual_numbers SET fallback = 'hangup' WHERE number = '${american}'`
    expect(changes(fallback, nights + list('some', '+34*') + off)).toEqual([`${american}: busy → hangup${all}`])
  })

  test('given by a prefix are read like any caller, and may be on another list too', () => {
    const lists = nights + list('plus', '+34*') + list('zeros', '0034911234*') + turnedAway(5, 'plus')
    expect(changes(turnedAway(6, 'zeros'), lists)).toEqual([])
  })

  test.each(['anonymous', '+34911234567', '+34*', '100'])('on a list with %s are reported', (pattern) => {
    const lists = nights + list('one', pattern)
    expect(changes(turnedAway(5, 'one'), lists)).toEqual([`${american} for ${pattern}: busy → hangup${all}`])
  })

  test.each([[['+9*']], [['+*']], [['+*', '9*']], [['+*', '9*', '5*']]])(
    'on no list are represented by a number that %j does not match',
    (patterns) => {
      const line = `${american}: busy → PJSIP/bob for 20 s, then busy${all}`
      const other = list('other', '+34*') + turnedAway(6, 'other')
      const lists = nights + list('all', ...patterns) + turnedAway(5, 'all') + other
      const rest = `INSERT INTO rules (number, name, position) VALUES ('${american}', 'rest', 50);
      INSERT INTO targets (number, rule, step, dial) VALUES ('${american}', 'rest', 1, 'PJSIP/bob')`
      expect(changes(rest, lists).filter((each) => each.startsWith(american))).toEqual([line])
    }
  )
})

const numbers = Array.from({ length: 502 }, (_, at) => `('+1415556${String(at).padStart(4, '0')}', 'UTC')`)
const many = `INSERT INTO virtual_numbers (number, time_zone) VALUES ${numbers.join()};`

test('a policy change affects no number without numbers as targets', () => {
  const { changes: found, notCompared } = ringChanges(
    rulesAfter(many),
    rulesAfter(`${many} DELETE FROM dial_policy`),
    from,
    to
  )
  expect([new Set(found.map(({ number }) => number)), notCompared]).toEqual([new Set([american, london]), 0])
})

test('the first 500 numbers are compared, and the others are counted', () => {
  const { changes: found, notCompared } = ringChanges(rulesAfter(''), rulesAfter(many), from, to)
  expect([found.length, notCompared]).toEqual([500, 2])
})
