import { circleFinding, noSuchRule, notesOn, targetFault, validityOf } from '../../src/rules/rule-faults'
import { at, numberWith, open, rule } from './given-rule'

const circle = (size: number) => Array.from({ length: size }, (_, index) => `n${index}`)

test.each([
  [3, 'n0 → n1 → n2'],
  [12, circle(12).join(' → ')],
  [13, 'n0 → n1 → n2 → n3 → n4 → n5 → (1 more) → n7 → n8 → n9 → n10 → n11 → n12'],
  [100, 'n0 → n1 → n2 → n3 → n4 → n5 → (88 more) → n94 → n95 → n96 → n97 → n98 → n99']
])('a circle of %d numbers is shown as %s', (size, shown) => {
  expect(circleFinding(circle(size))).toEqual({
    level: 'error',
    message: `calls go round in a circle: ${shown}`,
    cure: 'let one of them end with a phone, voicemail or busy instead'
  })
})

test('an override that names an unknown rule is reported with the existing rules', () => {
  const message = "it names the rule 'x', which +14155550100 does not have"
  const cureOf = (...names: string[]) =>
    noSuchRule(
      '+14155550100',
      'x',
      names.map((name) => ({ name }))
    )
  expect(cureOf()).toEqual({ level: 'error', message, cure: 'add that rule, or delete the override' })
  expect(cureOf('a')).toEqual({ level: 'error', message, cure: "name one of 'a'" })
  expect(cureOf('a', 'b')).toEqual({ level: 'error', message, cure: "name one of 'a', 'b'" })
})

test('each fault in the rows of a number is noted once, including in rules that do not apply now', () => {
  const target = (dial: string) => ({ step: 1, dial, ringSeconds: 20 })
  const bad = targetFault('Local/x@y', '+14155550100')
  const words = `${bad?.message ?? ''}: ${bad?.cure ?? ''}`
  const zone = 'time zone "Mars/Base" is unknown: write an IANA zone such as Europe/London'
  const busy = (text: string): unknown =>
    expect.stringMatching(`^busy instead: fallback "${text}" is not one that followme knows: write`)
  const rules = [
    rule('off', 1, { enabled: false, fallback: 'hidden', targets: [target('Local/off')] }),
    rule('dated', 2, { validFrom: '2026-12-01' }),
    rule('wrong', 3, { targets: [target('Local/x@y')] }),
    rule('one', 4, { fallback: 'soon', targets: [target('Local/x@y'), target('PJSIP/alice')] }),
    rule('two', 5, { fallback: 'busy', targets: [target('Local/x@y')] }),
    rule('shop', 6, { schedule: open('0 25 * * *', 60), targets: [] })
  ]
  expect(notesOn({ ...numberWith(rules), timeZone: 'Mars/Base', fallback: 'later' })).toEqual([
    `the dates of +14155550100 cannot be read, and its times are shown in UTC: ${zone}`,
    busy('later'),
    `rule 'dated' of +14155550100 is skipped: ${zone}`,
    `rule 'wrong' of +14155550100 is skipped: ${words}`,
    busy('soon'),
    `skipped: ${words}`,
    expect.stringMatching(/^skipped: schedule 'shop': window '0 25 \* \* \*' is not a cron expression/)
  ])
  const notesFor = (changed: Parameters<typeof rule>[2]) => notesOn(numberWith([rule('x', 1, changed)]))
  const skipped = "rule 'x' of +14155550100 is skipped: "
  const [alice, local] = [target('PJSIP/alice'), target('Local/x@y')]
  expect(notesFor({ targets: [alice] })).toEqual([])
  expect(notesFor({ targets: [alice, local] })).toEqual([`skipped: ${words}`])
  expect(notesFor({ validFrom: '2026-12-01', targets: [local] })).toEqual([skipped + words])
  expect(notesFor({ validFrom: '2026-12-01', validUntil: 'soon', targets: [alice] })).toEqual([
    `${skipped}date "soon" is not in the calendar: write YYYY-MM-DD`
  ])
})

test.each([
  [null, null, -Infinity, Infinity],
  ['2026-12-01', '2026-12-01', at('2026-12-01T00:00Z'), at('2026-12-02T00:00Z')],
  ['1000-01-01', '9999-12-31', -Infinity, Infinity],
  ['9999-12-31', '1000-01-01', Infinity, -Infinity]
])('a rule valid from %s until %s is valid from %d until %d', (validFrom, validUntil, from, until) => {
  expect(validityOf({ validFrom, validUntil }, 'Europe/London', at('2026-11-22T12:00Z'))).toEqual({ from, until })
})
