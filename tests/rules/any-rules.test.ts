import fc from 'fast-check'
import { decide } from '../../src/rules/decide'
import { parseFallback, parseTarget } from '../../src/rules/number'
import type { Override } from '../../src/rules/rule'
import { compileSchedule } from '../../src/rules/schedule/schedule'
import { everyCountry } from './policies'

const monday = Date.parse('2026-11-23T10:00Z')
const nobody = { number: '', name: '' }

describe('any rules', () => {
  const office = {
    name: 'office',
    compiled: compileSchedule({
      name: 'office',
      timeZone: 'Europe/London',
      windows: [{ opens: '0 9 * * MON-FRI', minutes: 480 }],
      exceptions: []
    })
  }
  const names = Array.from({ length: 8 }, (_, index) => `+1415555010${index}`)
  const dial = fc.oneof(
    fc.constantFrom('PJSIP/alice', 'PJSIP/bob', '+442071838750', 'Local/1@x', '', 'number:'),
    fc.constantFrom(...names).map((name) => `number:${name}`)
  )
  const fallback = fc.oneof(
    fc.constantFrom('busy', 'hangup', 'nonsense', 'voicemail:1@default'),
    fc.constantFrom(...names).map((name) => `number:${name}`)
  )
  const targets = fc.array(
    fc.record({ step: fc.integer({ min: 1, max: 3 }), dial, ringSeconds: fc.integer({ min: 1, max: 60 }) }),
    { maxLength: 8 }
  )
  const rules = fc.array(
    fc.record({
      name: fc.constantFrom('day', 'night', 'storm'),
      position: fc.nat(100),
      enabled: fc.boolean(),
      schedule: fc.constantFrom(null, office),
      callers: fc.constantFrom(null, { name: 'some', patterns: ['anonymous'] }, { name: 'none', patterns: [] }),
      validFrom: fc.constantFrom(null, '2026-11-01', 'nonsense', '2027-01-01'),
      validUntil: fc.constantFrom(null, '2026-11-01', '2026-12-01'),
      fallback: fc.option(fallback),
      targets
    }),
    { maxLength: 4 }
  )
  const override = fc.option(
    fc.record({
      kind: fc.constantFrom<Override['kind']>('closed', 'forward', 'rule'),
      value: fc.option(fc.oneof(dial, fc.constant('storm'))),
      expiresAt: fc.constantFrom(null, monday - 1, monday + 60_000),
      setBy: fc.constant(null)
    })
  )
  const book = fc
    .array(
      fc.record({
        enabled: fc.boolean(),
        fallback,
        maxCalls: fc.option(fc.integer({ min: 1, max: 3 })),
        fallbackFull: fc.option(fallback),
        callerIdPolicy: fc.constantFrom('outside' as const, 'caller' as const, 'number' as const, 'fixed' as const),
        callerId: fc.option(fc.constant('+14155550199')),
        namePrefix: fc.option(fc.string({ minLength: 1 })),
        alertInfo: fc.option(fc.string({ minLength: 1 })),
        rules,
        override
      }),
      { minLength: 1, maxLength: names.length }
    )
    .map(
      (numbers) =>
        new Map(
          numbers.map((each, index) => [
            names[index]!,
            { number: names[index]!, label: '', timeZone: 'Europe/London', policy: everyCountry, ...each }
          ])
        )
    )

  test('make a plan that ends, has no empty step, contains only valid targets, and rings no phone twice at the same time', () => {
    fc.assert(
      fc.property(book, (rulesOfAll) => {
        const { plan } = decide(names[0]!, nobody, monday, rulesOfAll)
        expect(parseFallback(plan.fallback).kind).not.toBe('number')
        for (const { targets: together } of plan.steps) {
          const dials = together.map((target) => target.dial)
          expect(dials.length).toBeGreaterThan(0)
          expect(new Set(dials).size).toBe(dials.length)
          for (const each of dials) expect(parseTarget(each).kind).not.toBe('virtual-number')
        }
      }),
      { numRuns: 1000 }
    )
  })

  test('give the same decision until nextChangeAt', () => {
    fc.assert(
      fc.property(book, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (rulesOfAll, share) => {
        const now = decide(names[0]!, nobody, monday, rulesOfAll)
        const end = now.nextChangeAt ?? monday + 400 * 86_400_000
        expect(end).toBeGreaterThan(monday)
        const later = decide(names[0]!, nobody, monday + Math.floor((end - monday) * share), rulesOfAll)
        expect([later.plan, later.rule, later.outcome]).toEqual([now.plan, now.rule, now.outcome])
      }),
      { numRuns: 1000 }
    )
  })
})
