import { decide } from '../../src/rules/decide'
import type { NumberRules, Override } from '../../src/rules/rule'
import { a, b, c, monday, nobody, rule, hunting, number, decideWith, planOf } from './given-numbers'

describe('a call to a number', () => {
  test('rings the targets of its rule step by step, those of a step together, then the fallback of the rule', () => {
    const targets = [
      { step: 7, dial: '+442071838750', ringSeconds: 25 },
      { step: 1, dial: 'PJSIP/alice', ringSeconds: 20 },
      { step: 1, dial: 'PJSIP/bob', ringSeconds: 15 }
    ]
    const decision = decideWith([number(a, [rule('day', targets, { fallback: 'voicemail:100@default' })])])
    expect(decision).toMatchObject({ outcome: 'rule', rule: 'day', notes: [], continued: [] })
    expect(decision.plan).toEqual({
      steps: [
        {
          targets: [
            { dial: 'PJSIP/alice', ringSeconds: 20 },
            { dial: 'PJSIP/bob', ringSeconds: 15 }
          ]
        },
        { targets: [{ dial: '+442071838750', ringSeconds: 25 }] }
      ],
      fallback: 'voicemail:100@default'
    })
  })

  test('takes the fallback of the number if the rule has none or no rule matches', () => {
    const fallback = 'announce:closed'
    expect(planOf(decideWith([number(a, [rule('day', hunting(['PJSIP/alice']))], { fallback })]))).toBe(
      'alice > announce:closed'
    )
    expect(decideWith([number(a, [], { fallback })])).toMatchObject({
      outcome: 'fallback',
      rule: null,
      plan: { steps: [], fallback }
    })
  })

  test('goes straight to the fallback if no target of the rule can be dialled', () => {
    const decision = decideWith([
      number(a, [rule('block', [], { fallback: 'hangup' }), rule('day', hunting(['PJSIP/x']), { position: 20 })])
    ])
    expect(decision).toMatchObject({ outcome: 'rule', rule: 'block', plan: { steps: [], fallback: 'hangup' } })
  })

  test('is refused if the number is unknown or disabled', () => {
    const plan = { steps: [], fallback: 'hangup' }
    const nothing = {
      number: a,
      caller: nobody,
      at: monday,
      rule: null,
      plan,
      considered: [],
      continued: [],
      limit: null,
      notes: []
    }
    expect(decideWith([])).toEqual({ ...nothing, outcome: 'unknown-number', nextChangeAt: null })
    expect(decideWith([number(a, [rule('day', hunting(['PJSIP/x']))], { enabled: false })])).toEqual({
      ...nothing,
      outcome: 'disabled',
      nextChangeAt: null
    })
  })

  test('skips an invalid target or fallback, with a note', () => {
    const decision = decideWith([
      number(a, [
        rule('day', hunting(['Local/1@any', 'PJSIP/alice'], ['nobody'], ['PJSIP/bob']), { fallback: 'shout' })
      ])
    ])
    expect(planOf(decision)).toBe('alice > bob > busy')
    expect(decision.notes).toEqual([
      expect.stringMatching(/^skipped: target "Local\/1@any"/),
      expect.stringMatching(/^skipped: target "nobody"/),
      expect.stringMatching(/^busy instead: fallback "shout"/)
    ])
  })
})

describe('a number: target', () => {
  const other = number(b, [rule('rota', hunting(['PJSIP/bob', 'PJSIP/ann'], ['PJSIP/carol'], ['PJSIP/dave']))], {
    fallback: 'hangup'
  })

  test('rings the first step of the other number together with its own, its further steps right after, and keeps its own fallback', () => {
    const decision = decideWith([
      number(a, [rule('day', hunting(['PJSIP/alice', `number:${b}`], ['PJSIP/eve']))]),
      other
    ])
    expect(planOf(decision)).toBe('alice+bob+ann > carol > dave > eve > busy')
    expect(decision.continued).toEqual([{ number: b, outcome: 'rule', rule: 'rota' }])
  })

  test('rings a phone once if both numbers name it in the same step', () => {
    const targets = [
      { step: 1, dial: 'PJSIP/bob', ringSeconds: 5 },
      { step: 1, dial: `number:${b}`, ringSeconds: 60 }
    ]
    const { plan } = decideWith([number(a, [rule('day', targets)]), other])
    expect(plan.steps[0]).toEqual({
      targets: [
        { dial: 'PJSIP/bob', ringSeconds: 5 },
        { dial: 'PJSIP/ann', ringSeconds: 20 }
      ]
    })
  })

  test.each<[string, Partial<NumberRules> | null, RegExp]>([
    ['is unknown', null, /^skipped: number:\+14155550101 leads nowhere, there is no virtual number/],
    ['is disabled', { enabled: false }, /^skipped: number:.* leads to a disabled number: set enabled to 1/]
  ])('is skipped if the other number %s', (_case, changed, note) => {
    const numbers = [number(a, [rule('day', hunting([`number:${b}`], ['PJSIP/alice']))])]
    if (changed !== null) numbers.push({ ...other, ...changed })
    const decision = decideWith(numbers)
    expect(planOf(decision)).toBe('alice > busy')
    expect(decision.notes).toEqual([expect.stringMatching(note)])
  })

  test('that leads back is not followed, and a note shows the path', () => {
    const decision = decideWith([
      number(a, [rule('day', hunting(['PJSIP/alice', `number:${b}`]))]),
      number(b, [rule('day', hunting([`number:${a}`, 'PJSIP/bob']))])
    ])
    expect(planOf(decision)).toBe('alice+bob > busy')
    expect(decision.notes).toEqual([
      `skipped: calls go round in a circle: ${a} → ${b} → ${a}: let one of them end with a phone, voicemail or busy instead`
    ])
  })
})

describe('a number: fallback', () => {
  test('continues with the steps of the other number, and takes its fallback', () => {
    const decision = decideWith([
      number(a, [rule('day', hunting(['PJSIP/alice']), { fallback: `number:${b}` })]),
      number(b, [rule('rota', hunting(['PJSIP/bob']), { fallback: `number:${c}` })]),
      number(c, [], { fallback: 'voicemail:9@default' })
    ])
    expect(planOf(decision)).toBe('alice > bob > voicemail:9@default')
    expect(decision.continued).toEqual([
      { number: b, outcome: 'rule', rule: 'rota' },
      { number: c, outcome: 'fallback', rule: null }
    ])
  })

  test('that leads back through the trunk is not dialled, because the call would come in again and again', () => {
    const decision = decideWith([
      number(a, [rule('day', hunting(['PJSIP/alice', `number:${b}`]))]),
      number(b, [rule('day', hunting([a, 'PJSIP/bob']))])
    ])
    expect(planOf(decision)).toBe('alice+bob > busy')
    expect(decision.notes).toEqual([
      `skipped: calls go round in a circle: ${a} → ${b} → ${a}: let one of them end with a phone, voicemail or busy instead`
    ])
  })

  test('that leads back to itself or to an unknown number gives busy', () => {
    expect(
      planOf(
        decideWith([
          number(a, [rule('day', hunting(['PJSIP/alice']), { fallback: `number:${b}` })]),
          number(b, [rule('day', hunting(['PJSIP/bob']), { fallback: `number:${a}` })])
        ])
      )
    ).toBe('alice > bob > busy')
    expect(planOf(decideWith([number(a, [], { fallback: `number:${b}` })]))).toBe('busy')
  })

  test('is followed through five other numbers, not through a sixth', () => {
    const chain = [a, ...[1, 2, 3, 4, 5, 6].map((each) => `+1415555020${each}`)]
    const numbers = chain.map((each, index) =>
      number(each, [rule('day', hunting([`PJSIP/p${index}`]))], { fallback: `number:${chain[index + 1] ?? a}` })
    )
    const decision = decideWith(numbers)
    expect(planOf(decision)).toBe('p0 > p1 > p2 > p3 > p4 > p5 > busy')
    expect(decision.notes).toEqual([expect.stringMatching(/through 5 other numbers/)])
  })
})

describe('a caller', () => {
  const friends = { name: 'friends', patterns: ['+4420718*'] }
  const decideFor = (from: string, numbers: readonly NumberRules[], dialled = numbers[0]!.number) =>
    decide(dialled, { number: from, name: '' }, monday, new Map(numbers.map((each) => [each.number, each])))

  test.each(['busy', 'hangup'])(
    'whose rule has no targets is rejected immediately with its fallback %s',
    (fallback) => {
      const numbers = [
        number(a, [
          rule('block', [], { position: 1, callers: friends, fallback }),
          rule('day', hunting(['PJSIP/alice']), { position: 2 })
        ])
      ]
      expect(decideFor('+442071838750', numbers)).toMatchObject({ rule: 'block', plan: { steps: [], fallback } })
      expect(planOf(decideFor('+33123456789', numbers))).toBe('alice > busy')
      expect(planOf(decideFor('', numbers))).toBe('alice > busy')
    }
  )

  test('is read in the country of the called number, also by numbers that the plan continues with', () => {
    const further = number(b, [rule('friends', hunting(['PJSIP/bob']), { callers: friends })])
    const british = number('+442071838000', [rule('day', hunting([`number:${b}`]))])
    expect(planOf(decideFor('020 7183 8750', [british, further]))).toBe('bob > busy')
    expect(planOf(decideFor('020 7183 8750', [british, further], b))).toBe('busy')
  })
})

describe('an override', () => {
  const rules = [
    rule('day', hunting(['PJSIP/alice'])),
    rule('storm', hunting(['PJSIP/bob']), { position: 20, enabled: false, fallback: 'hangup' })
  ]
  const overridden = (override: Partial<Override>, at = monday) =>
    decideWith(
      [number(a, rules, { override: { kind: 'closed', value: null, expiresAt: null, setBy: 'ann', ...override } })],
      at
    )

  test.each<[string, Partial<Override>, string, string | null]>([
    ['closed gives the fallback immediately', {}, 'busy', null],
    ['forward rings its one target', { kind: 'forward', value: '+442071838750' }, '+442071838750 > busy', null],
    ['rule uses that rule, even if disabled', { kind: 'rule', value: 'storm' }, 'bob > hangup', 'storm']
  ])('%s', (_case, override, plan, name) => {
    const decision = overridden(override)
    expect(decision).toMatchObject({ outcome: 'override', rule: name, notes: [] })
    expect(planOf(decision)).toBe(plan)
  })

  test('is recorded in the plan that it made; a plan made by rules names none', () => {
    expect(overridden({}).plan.override).toEqual({ kind: 'closed', value: null, setBy: 'ann' })
    expect(overridden({ expiresAt: monday }, monday).plan).not.toHaveProperty('override')
  })

  test('comes before every rule, and says who set it', () => {
    expect(overridden({}).considered[0]).toEqual({
      rule: 'day',
      matched: false,
      why: "not reached: the override 'closed' set by ann comes first"
    })
  })

  test('that names a rule explains why that rule answers and the others do not', () => {
    expect(overridden({ kind: 'rule', value: 'storm' }).considered).toEqual([
      { rule: 'day', matched: false, why: "not reached: the override 'rule' set by ann comes first" },
      { rule: 'storm', matched: true, why: "the override 'rule' set by ann names it" }
    ])
    expect(overridden({ kind: 'rule', value: 'storm', setBy: null }).considered).toEqual([
      { rule: 'day', matched: false, why: "not reached: the override 'rule' comes first" },
      { rule: 'storm', matched: true, why: "the override 'rule' names it" }
    ])
  })

  test("that forwards to a phone does not use a rule with that phone's name", () => {
    const named = rule('PJSIP/bob', hunting(['PJSIP/alice']), { fallback: 'hangup' })
    const override = { kind: 'forward', value: 'PJSIP/bob', expiresAt: null, setBy: null } as const
    const decision = decideWith([number(a, [named], { override })])
    expect(planOf(decision)).toBe('bob > busy')
    expect(decision.rule).toBeNull()
    expect(decision.considered).toEqual([expect.objectContaining({ matched: false })])
  })

  test('expires to the millisecond', () => {
    const before = overridden({ expiresAt: monday }, monday - 1)
    expect(before).toMatchObject({ outcome: 'override', nextChangeAt: monday })
    expect(overridden({ expiresAt: monday }, monday)).toMatchObject({
      outcome: 'rule',
      rule: 'day',
      nextChangeAt: null
    })
  })

  test.each<[string, Partial<Override>]>([
    ['forwards to an invalid target', { kind: 'forward', value: 'Local/1@x' }],
    ['names no rule', { kind: 'rule', value: 'gone' }],
    ['calls the number itself again through the trunk', { kind: 'forward', value: '+14155550100' }]
  ])('that %s is ignored with a note, and the rules apply', (_case, override) => {
    const decision = overridden(override)
    expect(planOf(decision)).toBe('alice > busy')
    expect(decision.notes).toEqual([expect.stringMatching(/override of \+14155550100 is ignored/)])
    if (override.value === a) expect(decision.notes[0]).toContain(`the target ${a} is the virtual number itself`)
  })

  test('of another number applies when the plan continues there', () => {
    const decision = decideWith([
      number(a, [rule('day', hunting(['PJSIP/alice', `number:${b}`]))]),
      number(b, rules, { override: { kind: 'forward', value: 'PJSIP/zoe', expiresAt: monday + 1000, setBy: null } })
    ])
    expect(planOf(decision)).toBe('alice+zoe > busy')
    expect(decision.nextChangeAt).toBe(monday + 1000)
  })
})
