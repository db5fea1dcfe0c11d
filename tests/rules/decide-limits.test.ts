// What a plan leaves out, and how far it goes.
import { decide } from '../../src/rules/decide'
import { ringingIn } from '../../src/rules/hunt-plan'
import type { NumberRules } from '../../src/rules/rule'
import { a, b, c, monday, nobody, rule, hunting, number, decideWith, planOf } from './given-numbers'

test('a refused target stays in the plan with the reason, judged by the country of the number that names it', () => {
  const german = '+493012345678'
  const alice = { dial: 'PJSIP/alice', ringSeconds: 20 }
  const service = hunting(['PJSIP/11833@trunk', 'PJSIP/alice'])
  const decided = (of: string, numbers: readonly NumberRules[]) =>
    decide(of, nobody, monday, new Map(numbers.map((each) => [each.number, each])))
  const refused = { dial: 'PJSIP/11833@trunk', ringSeconds: 20, refused: expect.stringContaining('11833') as unknown }
  const there = number(german, [rule('day', service)])
  for (const { number: dialled, plan, notes } of [
    decided(german, [there]),
    decided(a, [number(a, [rule('day', hunting([`number:${german}`]))]), there]),
    decided(a, [
      number(a, [rule('day', hunting([`number:${b}`]))]),
      number(b, [], { fallback: 'busy', rules: [rule('day', hunting([`number:${german}`]))] }),
      there
    ])
  ]) {
    // Where another number was dialled, the plan keeps whose country reads the digits.
    const target = dialled === german ? refused : { ...refused, from: german }
    expect(plan.steps).toEqual([{ targets: [target, alice] }])
    expect(notes).toEqual([
      expect.stringMatching(/^skipped: target "PJSIP\/11833@trunk" would call the service number/)
    ])
  }
  expect(decided(a, [number(a, [rule('day', service)])])).toMatchObject({
    plan: { steps: [{ targets: [{ dial: 'PJSIP/11833@trunk', ringSeconds: 20 }, alice] }] },
    notes: []
  })
})

test('the targets that ring are those of the plan without refused ones, and without empty steps', () => {
  const targets = hunting(['PJSIP/112@trunk'], ['PJSIP/alice', 'PJSIP/112@trunk'], ['PJSIP/bob'])
  const { plan } = decideWith([number(a, [rule('day', targets)])])
  expect(plan.steps).toHaveLength(3)
  expect(ringingIn(plan)).toEqual([
    [{ dial: 'PJSIP/alice', ringSeconds: 20 }],
    [{ dial: 'PJSIP/bob', ringSeconds: 20 }]
  ])
})

test('a number with an unknown time zone still rings, with a note', () => {
  const decision = decideWith([number(a, [rule('day', hunting(['PJSIP/alice']))], { timeZone: 'Mars/Base' })])
  expect(planOf(decision)).toBe('alice > busy')
  expect(decision.notes).toEqual([expect.stringContaining('"Mars/Base" is unknown')])
})

describe('a number that leads', () => {
  const leadingTo = (of: string, to: string) => number(of, [rule('day', hunting([`number:${to}`]))])

  test('to itself is reported as such', () => {
    expect(decideWith([leadingTo(a, a)]).notes).toEqual([
      `skipped: the target number:${a} is the virtual number itself: dial a phone, or another number`
    ])
    expect(decideWith([number(a, [], { fallback: `number:${a}` })]).notes).toEqual([
      `busy instead: the fallback number:${a} is the virtual number itself: write busy, voicemail:… or another number`
    ])
  })

  test('into a circle is reported with the circle, without the path to it', () => {
    expect(decideWith([leadingTo(a, b), leadingTo(b, c), leadingTo(c, b)]).notes).toEqual([
      expect.stringMatching(/^skipped: calls go round in a circle: \+14155550101 → \+14155550102 → \+14155550101: let /)
    ])
  })

  test('back after as many numbers as a plan follows is reported as a circle, not as the limit', () => {
    const chain = [a, ...[1, 2, 3, 4, 5].map((each) => `+1415555020${each}`)]
    const numbers = chain.map((each, index) => leadingTo(each, chain[index + 1] ?? a))
    expect(decideWith(numbers).notes).toEqual([expect.stringContaining('calls go round in a circle')])
  })
})

test('numbers that all name each other make a plan of limited size', () => {
  const names = Array.from({ length: 8 }, (_, index) => `+1415555010${index}`)
  const everyone = names.map((name) =>
    number(name, [rule('all', hunting(['PJSIP/alice', ...names.map((each) => `number:${each}`)]))])
  )
  const decision = decideWith(everyone)
  expect(decision.continued).toHaveLength(50)
  expect(planOf(decision)).toBe('alice > busy')
})

describe('the numbers that a plan continues with', () => {
  const behind = Array.from({ length: 60 }, (_, index) => `+141555503${String(index).padStart(2, '0')}`)
  const plain = (of: string) => number(of, [rule('day', hunting(['PJSIP/alice']))])
  const leading = (count: number) =>
    number(a, [rule('day', hunting(behind.slice(0, count).map((each) => `number:${each}`)))])

  test('are at most fifty, and further ones are reported', () => {
    const decision = decideWith([leading(51), ...behind.slice(0, 51).map(plain)])
    expect(decision.continued).toHaveLength(50)
    expect(decision.notes).toEqual([
      expect.stringMatching(/is not followed: the plan goes on with 50 numbers already$/)
    ])
    const never = rule('never', leading(50).rules[0]!.targets, { validUntil: '2000-01-01' })
    const beyond = number(a, [never, rule('day', hunting([`number:${behind[50]!}`]))])
    expect(decideWith([beyond, ...behind.map(plain)]).notes).toEqual([
      `number:${behind[50]!} is not followed: more than 50 numbers stand behind ${a}, and that is the limit`
    ])
  })

  test('may include an unknown one within the limit', () => {
    const known = (count: number) => decideWith([leading(count + 1), ...behind.slice(0, count).map(plain)]).notes
    expect(known(49)).toEqual([expect.stringContaining('leads nowhere')])
  })

  test('may include disabled ones beyond the limit, which are reported', () => {
    const names = Array.from({ length: 8 }, (_, index) => `+1415555010${index}`)
    const off = '+14155550999'
    const everyone = names.map((name) => {
      const last = name === a ? [[`number:${off}`]] : []
      return number(name, [
        rule(
          'all',
          hunting(
            names.map((each) => `number:${each}`),
            ...last
          )
        )
      ])
    })
    const { notes } = decideWith([...everyone, number(off, [], { enabled: false })])
    expect(notes).toContainEqual(expect.stringContaining('the plan goes on with 50 numbers already'))
    expect(notes.filter((note) => note.includes(off))).toEqual([expect.stringContaining('leads to a disabled number')])
  })
})

describe('a number with max_calls', () => {
  const limited = { maxCalls: 2, fallbackFull: `number:${b}` }
  const helping = number(b, [rule('day', hunting(['PJSIP/bob']))], { maxCalls: 1, fallbackFull: `number:${a}` })

  test('has a second plan for further calls: that of fallback_full, whatever limit that number has', () => {
    const own = number(a, [rule('day', hunting(['PJSIP/alice']))], limited)
    const { plan, limit, notes } = decideWith([own, helping])
    expect(plan).toMatchObject({ steps: [{ targets: [{ dial: 'PJSIP/alice' }] }], fallback: 'busy' })
    expect(limit).toMatchObject({
      maxCalls: 2,
      plan: { steps: [{ targets: [{ dial: 'PJSIP/bob' }] }], fallback: 'busy' }
    })
    expect(notes).toEqual([])
  })

  test('gives its fallback if it has no fallback_full', () => {
    const own = number(a, [rule('day', hunting(['PJSIP/alice']), { fallback: 'hangup' })], {
      maxCalls: 1,
      fallback: 'announce:sorry'
    })
    expect(decideWith([own]).limit?.plan).toEqual({ steps: [], fallback: 'announce:sorry' })
  })

  test.each([
    ['has no limit', number(a, [rule('day', hunting(['PJSIP/alice']))])],
    ['is disabled', number(a, [rule('day', hunting(['PJSIP/alice']))], { ...limited, enabled: false })],
    ['rejects the caller by a rule', number(a, [rule('blocked', [], { fallback: 'hangup' })], limited)],
    [
      'is closed by an override',
      number(a, [rule('day', hunting(['PJSIP/alice']))], {
        ...limited,
        override: { kind: 'closed', value: null, expiresAt: null, setBy: null }
      })
    ]
  ])('needs no limit if it %s', (_, own) => {
    expect(decideWith([own, helping]).limit).toBeNull()
  })
})
