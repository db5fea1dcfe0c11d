import fc from 'fast-check'
import { AppError, reasonOf } from '../../src/errors'
import {
  type Fallback,
  type Target,
  endpointFor,
  finalFallback,
  formatFallback,
  normaliseDialled,
  parseDialable,
  parseE164,
  parseFallback,
  parseTarget,
  parseTrunkTemplate
} from '../../src/rules/number'

function faultOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ code: 'invalid' })
    return reasonOf(error)
  }
  throw new Error('nothing was thrown')
}

describe('a number', () => {
  test.each(['+14155550100', '+442071838750', '+12', '+123456789012345'])('%s is an international number', (text) => {
    expect(parseE164(text)).toBe(text)
  })

  test.each([
    '',
    '+',
    '+1',
    '+0123456',
    '+1234567890123456',
    '14155550100',
    '+1415 5550100',
    '+1415x',
    '+1415\n',
    '+١٢٣'
  ])('%j is not an international number', (text) => {
    expect(parseE164(text)).toBeUndefined()
  })

  test.each([
    ['+442071838750', '+442071838750'],
    ['00442071838750', '+442071838750'],
    ['442071838750', '+442071838750'],
    ['442007183875', '+442007183875'],
    ['02071838750', undefined],
    ['s', undefined],
    ['', undefined],
    ['+442071838750;ext=1', undefined]
  ])('that a carrier writes as %j is %j', (text, number) => {
    expect(normaliseDialled(text)).toBe(number)
  })
})

describe('a target', () => {
  test.each<[string, Target]>([
    ['+442071838750', { kind: 'number', number: '+442071838750' }],
    ['PJSIP/alice', { kind: 'endpoint', endpoint: 'PJSIP/alice' }],
    ['PJSIP/100@site-b.example', { kind: 'endpoint', endpoint: 'PJSIP/100@site-b.example' }],
    ['SIP/trunk/100', { kind: 'endpoint', endpoint: 'SIP/trunk/100' }],
    ['IAX2/office/200', { kind: 'endpoint', endpoint: 'IAX2/office/200' }],
    ['DAHDI/g1/5550100', { kind: 'endpoint', endpoint: 'DAHDI/g1/5550100' }],
    ['number:+14155550199', { kind: 'virtual-number', number: '+14155550199' }]
  ])('%s is parsed', (text, target) => {
    expect(parseTarget(text)).toEqual(target)
  })

  test.each([
    ['', /cannot be dialled: write a number/],
    ['alice', /cannot be dialled/],
    ['Local/100@from-internal', /cannot be dialled/],
    ['local/100@from-internal', /cannot be dialled/],
    ['Message/x', /cannot be dialled/],
    ['pjsip/alice', /PJSIP\/alice/],
    ['PJSIP/', /not allowed in a phone's name/],
    ['PJSIP/alice&PJSIP/bob', /not allowed/],
    ['PJSIP/alice,30,g', /not allowed/],
    ['PJSIP/alice|30', /not allowed/],
    ['PJSIP/${GLOBAL(X)}', /not allowed/],
    ['PJSIP/alice/sip:+1900@elsewhere', /not allowed/],
    ['PJSIP/trunk/100', /not allowed/],
    ['PJSIP/alice\n', /not allowed/],
    ['PJSIP/a b', /not allowed/],
    ['02071838750', /write \+ and the country code/],
    ['+4420 7183 8750', /"\+4420 7183 8750" is not an international number/],
    ['number:alice', /^target "number:alice" is not .*, like number:\+14155550199$/],
    ['0207', /^target "0207" is not .*, like \+442071838750$/],
    ['Local/1', /\(PJSIP\/alice; also SIP\/…, IAX2\/…, DAHDI\/…\) or another virtual number \(number:\+14155550199\)$/],
    ['SIP/a b', /: write SIP\/alice or SIP\/100@trunk, with letters, digits and _ \. \+ - only$/],
    ['x'.repeat(80), new RegExp(`"${'x'.repeat(80)}"`)],
    ['x'.repeat(81), new RegExp(`"${'x'.repeat(80)}…"`)]
  ])('%j is refused with the cure', (text, message) => {
    expect(faultOf(() => parseTarget(text))).toMatch(message)
  })

  test('is dialled as it is, or through the trunk if it is a number', () => {
    const trunk = parseTrunkTemplate('PJSIP/{number}@trunk')
    expect(endpointFor(parseTarget('PJSIP/alice'), trunk)).toBe('PJSIP/alice')
    expect(endpointFor(parseTarget('+442071838750'), trunk)).toBe('PJSIP/+442071838750@trunk')
    expect(faultOf(() => endpointFor(parseTarget('number:+14155550199'), trunk))).toMatch(/virtual number/)
  })

  test.each([
    'PJSIP/trunk',
    '',
    '{number}',
    'Local/{number}@out',
    'PJSIP/{number}{number}@trunk',
    'PJSIP/{number}@a&b'
  ])('a trunk %j is refused', (text) => {
    expect(faultOf(() => parseTrunkTemplate(text))).toContain(text === '' ? 'PJSIP/{number}@trunk' : ':')
  })

  test.each([
    'DAHDI/g1/911{number}',
    'DAHDI/g1/11{number}',
    'DAHDI/g1/99{number}',
    'DAHDI/g1/*72{number}',
    'DAHDI/g1/{number}#',
    'PJSIP/911{number}@trunk',
    'PJSIP/9911{number}@trunk',
    'PJSIP/112{number}@trunk',
    'PJSIP/{number}@112',
    'SIP/112/{number}'
  ])('a trunk %j that would make an emergency or feature call is refused with the cure', (text) => {
    expect(faultOf(() => parseTrunkTemplate(text))).toMatch(/^trunk ".*": write PJSIP\/|^trunk ".*: (write|give) /)
  })

  test.each([
    'DAHDI/g1/{number}',
    'DAHDI/g1/9{number}',
    'DAHDI/g1/*67{number}',
    'SIP/trunk/{number}',
    'SIP/{number}@carrier',
    'PJSIP/00{number}@trunk',
    'PJSIP/9{number}@trunk-911',
    'IAX2/user@host/{number}'
  ])('a trunk %j is accepted', (text) => {
    expect(parseTrunkTemplate(text)).toBe(text)
  })

  test('is never a dial string with more than one name', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('PJSIP/', 'SIP/', 'IAX2/', '+', 'DAHDI/', ''),
        (text, start) => {
          let target: Target
          try {
            target = parseTarget(start + text)
          } catch (error) {
            expect(error).toBeInstanceOf(AppError)
            return
          }
          if (target.kind === 'virtual-number') return
          expect(endpointFor(target, 'PJSIP/{number}@trunk')).toMatch(/^(PJSIP|SIP|IAX2|DAHDI)\/[A-Za-z0-9_.+@/*#-]+$/)
        }
      )
    )
  })
})

const known =
  'busy, hangup, voicemail:100@default, announce:sound-file, dialplan:context,exten,priority or number:+14155550199'

describe('a fallback', () => {
  test.each<[string, Fallback]>([
    ['busy', { kind: 'busy' }],
    ['hangup', { kind: 'hangup' }],
    ['voicemail:100@default', { kind: 'voicemail', mailbox: '100@default' }],
    ['announce:custom/closed', { kind: 'announce', sound: 'custom/closed' }],
    ['dialplan:from-internal,*97,1', { kind: 'dialplan', context: 'from-internal', extension: '*97', priority: 1 }],
    ['dialplan:ivr-1,s,12', { kind: 'dialplan', context: 'ivr-1', extension: 's', priority: 12 }],
    ['number:+14155550199', { kind: 'number', number: '+14155550199' }]
  ])('%s is parsed, and formatted the same', (text, fallback) => {
    expect(parseFallback(text)).toEqual(fallback)
    expect(formatFallback(fallback)).toBe(text)
  })

  test.each([
    ...['', 'Busy', 'voicemail', 'announce', 'queue:sales'].map((text) => [text, known] as const),
    ...['', '100', '100@default,u', '&100@default'].map(
      (value) => [`voicemail:${value}`, 'voicemail:100@default'] as const
    ),
    ...['', '../../etc/passwd', 'a&b'].map((value) => [`announce:${value}`, 'announce:custom/closed'] as const),
    ...['from-internal', 'from-internal,100', 'from-internal,100,0', 'a,${X},1', 'a&b,100,1', 'a,100,1x'].map(
      (value) => [`dialplan:${value}`, 'dialplan:from-internal,100,1 (context,extension,priority)'] as const
    )
  ])('%j is refused by name, with the cure %s', (text, cure) => {
    expect(faultOf(() => parseFallback(text))).toBe(
      `fallback ${JSON.stringify(text)} is not one that followme knows: write ${cure}`
    )
  })

  test('with an invalid number is refused as a number', () => {
    expect(faultOf(() => parseFallback('number:100'))).toMatch(
      /^fallback "number:100" is not .*, like number:\+14155550199$/
    )
  })

  test('that a plan cannot end with gives busy, so that the caller is not left waiting', () => {
    expect(['hangup', 'number:+14155550199', 'nonsense'].map(finalFallback)).toEqual([
      { kind: 'hangup' },
      { kind: 'busy' },
      { kind: 'busy' }
    ])
  })
})

test('a target of a rule is parsed unless the gate refuses it', () => {
  expect(parseDialable('PJSIP/11833@trunk', '+14155550100')).toEqual({
    kind: 'endpoint',
    endpoint: 'PJSIP/11833@trunk'
  })
  expect(faultOf(() => parseDialable('PJSIP/11833@trunk', '+493012345678'))).toMatch(/service number 11833/)
})
