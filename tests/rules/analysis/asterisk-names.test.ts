import { namedIn, trunkNamed } from '../../../src/rules/analysis/asterisk-names'
import { rulesAfter } from '../given-rules'

const now = Date.UTC(2026, 10, 22, 12)
const template = 'PJSIP/{number}@trunk'
const [london, american] = ['+442071838750', '+14155550100']

const phone = (name: string, by: string, technology = 'PJSIP') => ({ kind: 'phone', technology, name, by })
const other = (kind: string, name: string, by: string) => ({ kind, technology: '', name, by })
const trunk = { kind: 'trunk', technology: 'PJSIP', name: 'trunk', by: `${american}, rule 'night', by FOLLOWME_TRUNK` }
const usual = [
  other('mailbox', '100@default', london),
  trunk,
  phone('alice', `${london}, rule 'day'`),
  phone('ann', `${london}, rule 'vip'`)
]

/** What the rules name after this SQL, beside what they named before. */
function named(sql: string, staticFailsafe = '') {
  const known = new Set(usual.map((each) => JSON.stringify(each)))
  return namedIn(rulesAfter(sql), template, staticFailsafe, now).filter((each) => !known.has(JSON.stringify(each)))
}

test('phones, the trunk and mailboxes are listed once, each with the first row that names it, in the order of the rules', () => {
  expect(namedIn(rulesAfter(''), template, '', now)).toEqual(usual)
  const twice = `INSERT INTO targets (number, rule, step, dial) VALUES ('${london}', 'vip', 2, 'PJSIP/alice'), ('${london}', 'vip', 3, '+33123456789');`
  expect(namedIn(rulesAfter(twice), template, '', now)).toEqual(usual)
})

const target = (dial: string) =>
  `INSERT INTO targets (number, rule, step, dial) VALUES ('${london}', 'vip', 2, '${dial}');`
const fallback = (text: string) => `UPDATE rules SET fallback = '${text}' WHERE name = 'vip';`
const override = (kind: string, value: string, expires = 'NULL') =>
  `INSERT INTO overrides (number, kind, value, expires_at) VALUES ('${london}', '${kind}', '${value}', ${expires});`

test.each([
  ['a phone of another channel technology', target('SIP/ann'), [phone('ann', `${london}, rule 'vip'`, 'SIP')]],
  [
    'an endpoint used to call a number',
    target('PJSIP/2001@branch'),
    [{ kind: 'trunk', technology: 'PJSIP', name: 'branch', by: `${london}, rule 'vip'` }]
  ],
  ['a DAHDI line', target('DAHDI/g1/02071838750'), [phone('g1', `${london}, rule 'vip'`, 'DAHDI')]],
  ["a rule's mailbox", fallback('voicemail:200@default'), [other('mailbox', '200@default', `${london}, rule 'vip'`)]],
  ['a sound', fallback('announce:custom/closed'), [other('sound', 'custom/closed', `${london}, rule 'vip'`)]],
  [
    'a place in the dialplan',
    fallback('dialplan:from-internal,100,1'),
    [other('place', 'from-internal,100,1', `${london}, rule 'vip'`)]
  ],
  ['a fallback that names nothing', fallback('hangup'), []],
  ['a forward', override('forward', 'PJSIP/carol'), [phone('carol', `${london}, override`)]],
  [
    'a forward that has not expired',
    override('forward', 'PJSIP/carol', "'2026-11-22T12:00:01Z'"),
    [phone('carol', `${london}, override`)]
  ],
  ['an expired forward', override('forward', 'PJSIP/carol', "'2026-11-22T12:00:00Z'"), []],
  ['an override that names a rule, whatever its name', override('rule', 'PJSIP/carol'), []],
  ['a disabled target', `${target('PJSIP/bob')} UPDATE targets SET enabled = 0 WHERE dial = 'PJSIP/bob'`, []],
  [
    'a disabled rule',
    `${target('PJSIP/bob')} ${fallback('announce:x')} UPDATE rules SET enabled = 0 WHERE name = 'vip'`,
    []
  ],
  [
    'a disabled number',
    `${target('PJSIP/bob')} ${fallback('announce:x')} UPDATE virtual_numbers SET enabled = 0, fallback = 'announce:y' WHERE number = '${london}'`,
    []
  ],
  ['an invalid target', target('LOCAL/x'), []]
])('%s', (_what, sql, expected) => {
  expect(named(sql)).toEqual(expected)
})

test.each([
  ['PJSIP/reception', [phone('reception', 'FOLLOWME_FAILSAFE')]],
  ['PJSIP/reception & SIP/bob', [phone('reception', 'FOLLOWME_FAILSAFE'), phone('bob', 'FOLLOWME_FAILSAFE', 'SIP')]],
  ['PJSIP/+442079460000@backup', [{ kind: 'trunk', technology: 'PJSIP', name: 'backup', by: 'FOLLOWME_FAILSAFE' }]],
  ['PJSIP/alice', []],
  ['', []],
  ['PJSIP/', []],
  ['(PJSIP/bob)', []],
  ['reception/', []],
  ['+442079460000', []]
])('the names in the static destination %j are listed', (text, expected) => {
  expect(named('', text)).toEqual(expected)
})

test.each([
  ['PJSIP/{number}@trunk', 'PJSIP', 'trunk', 'trunk'],
  ['PJSIP/{number}', 'PJSIP', '+14155550100', 'phone'],
  ['SIP/carrier/{number}', 'SIP', 'carrier', 'phone'],
  ['SIP/{number}@carrier/x', 'SIP', 'carrier', 'trunk']
])('a call over the trunk %s uses %s/%s', (text, technology, name, kind) => {
  expect(trunkNamed(text)).toEqual({ kind, technology, name, by: 'FOLLOWME_TRUNK' })
})
