// What a carrier may pass on from the outside world, and what a phone may try: whatever is in it, the call is taken or refused,
// nothing of it is carried out, its record is right, and the next call works.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CallRecord } from '../../src/call/record'
import { codeOf, offer, rawSip } from '../sandbox/raw-sip'
import type { RawRequest, RawSip } from '../sandbox/raw-sip'
import { until } from '../sandbox/child'
import { answers, number, useWorld } from './world'

const world = useWorld({ globals: { FOLLOWME_FAILSAFE: 'PJSIP/dave' } })
let carrier: RawSip
beforeAll(async () => {
  carrier = await rawSip(world.asterisk)
  world.rule([['PJSIP/alice']])
})
afterAll(() => carrier.close())
// What ran in a shell would have left this.
afterEach(() => expect(existsSync('/tmp/followme-owned')).toBe(false))

// Requests are sent in Latin-1.
const bytes = (text: string): string => Buffer.from(text).toString('latin1')
const uri = (user: string): string => `sip:${user}@127.0.0.1:${String(world.asterisk.sipPort)}`

async function nextCallWorks(): Promise<void> {
  await world.settle()
  await world.phone('alice', answers)
  expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200, cause: 16 })
  expect((await world.settle()).at(-1)?.call).toMatchObject({
    outcome: 'answered',
    answeredBy: 'PJSIP/alice',
    callerNumber: '+15005550006'
  })
}

interface Tried {
  readonly code: number
  readonly call: CallRecord | undefined
}

/** Calls one after another, while alice answers whoever reaches her. Gives the answer to each, and its record. */
async function tryAll(requests: readonly RawRequest[]): Promise<Tried[]> {
  world.sql('DELETE FROM calls')
  const alice = await world.phone('alice', answers)
  const tried: Tried[] = []
  for (const request of requests) {
    const known = new Set((await world.records()).map(({ call }) => call.id))
    const code = codeOf(await carrier.ask(request))
    await until('the call to end', () => world.app().liveCalls === 0)
    await until('the channels to go', async () => (await world.asterisk.channels()).length === 0)
    await world.app().flush()
    tried.push({ code, call: (await world.records()).find(({ call }) => !known.has(call.id))?.call })
  }
  const targets = world.logged.filter((line) => line.includes('"trying target"'))
  expect(targets.filter((line) => !line.includes('"target":"PJSIP/alice"'))).toEqual([])
  for (const { invite } of alice.calls()) {
    expect(invite.raw).not.toMatch(/^X-Injected/m)
    // RFC 3261, 25.1: a display name is a quoted-string, with a backslash before each quote and backslash, or tokens.
    expect(invite.header('From')).toMatch(/^(?:"(?:[^"\\]|\\.)*"|[\w.!%*+`'~ -]*) ?<sips?:[^<>]*>/)
  }
  await world.settle()
  return tried
}

const connected = { number, outcome: 'answered', answeredBy: 'PJSIP/alice' }

test('a caller with any name is connected and recorded like any other', async () => {
  // A number has digits; without any, no number was shown.
  const callers: readonly (readonly [from: string, number: string, ...names: string[]])[] = [
    ['"a%0d%0aX-Injected: 1" <sip:a%0d%0aX-Injected:1@x>', 'anonymous', 'a%0d%0aX-Injected: 1'],
    ['"\u001b[2J\u0007" <sip:+15005550006@x>', '+15005550006', '\u001b[2J\u0007'],
    ['"\u009b2J\u00ff\u00fe" <sip:+15005550006@x>', '+15005550006', '\ufffd2J\ufffd\ufffd', ''],
    [
      '"${SHELL(touch /tmp/followme-owned)}" <sip:$%7bSHELL(x)%7d@x>',
      'anonymous',
      '${SHELL(touch /tmp/followme-owned)}'
    ],
    ['"$[1 + 1]" <sip:$%5b1+1%5d@x>', '$1+1', '$[1 + 1]'],
    ['"a,b|c;d&e" <sip:1,2%7c3%3b4&5@x>', '1,2|3', 'a,b|c;d&e'],
    ['<sip:+15005550006;x=y;phone-context=z@x;transport=udp>;y=z', '+15005550006', ''],
    ['"%00" <sip:%00%00@x>', 'anonymous', '%00'],
    [`"${'x'.repeat(500)}" <sip:${'1'.repeat(500)}@x>`, '1'.repeat(64), 'x'.repeat(79)],
    // Asterisk keeps what a quoted-string escapes as it is written, and escapes it once more for the phone.
    ['"Sam\\\\ " <sip:+15005550006@x>', '+15005550006', 'Sam\\\\ '],
    ['"Sam\\ " <sip:+15005550006@x>', '+15005550006', 'Sam\\ '],
    ['"\\"Sam\\" O\'Neil\\\\" <sip:+15005550006@x>', '+15005550006', '\\"Sam\\" O\'Neil\\\\'],
    // It cuts at 79 bytes: within an escape, within the fortieth letter, within a picture. 16 has no name then.
    [`"${'x'.repeat(78)}\\\\" <sip:+15005550006@x>`, '+15005550006', `${'x'.repeat(78)}\\`],
    [`"${bytes('Ж'.repeat(60))}" <sip:+15005550006@x>`, '+15005550006', 'Ж'.repeat(39), ''],
    [`"${'x'.repeat(77)}${bytes('📞')}" <sip:+15005550006@x>`, '+15005550006', 'x'.repeat(77), ''],
    ['<sip:x>', 'anonymous', '']
  ]
  const tried = await tryAll(callers.map(([from]) => ({ to: uri(number), from })))
  expect(tried.map(({ code, call }) => [code, call?.outcome, call?.callerNumber, call?.callerName])).toEqual(
    callers.map(([, caller, ...names], index) => [
      200,
      'answered',
      caller,
      names.find((name) => name === tried[index]?.call?.callerName) ?? names[0]
    ])
  )
  await nextCallWorks()
})

test('identity, diversion and replacement headers from a carrier do not change the caller, but privacy does', async () => {
  const headers = [
    ['P-Asserted-Identity: "x" <sip:+19995550000@127.0.0.1>', 'P-Asserted-Identity: <tel:+1>'],
    ['Remote-Party-ID: ;;;,<<>>', 'Privacy: id;critical;x'],
    Array.from({ length: 50 }, (_, each) => `Diversion: <sip:${String(each)}@x>;reason=user-busy`),
    ['Alert-Info: <http://127.0.0.1:1/x>', 'Answer-Mode: Auto;require', 'Call-Info: <http://x>']
  ]
  const shown: (string | undefined)[] = []
  for (const { code, call } of await tryAll(headers.map((each) => ({ to: uri(number), headers: each })))) {
    expect([code, call]).toMatchObject([200, connected])
    shown.push(call?.callerNumber)
  }
  expect(shown).toEqual(['+15005550006', 'anonymous', '+15005550006', '+15005550006'])
  await nextCallWorks()
})

test('an odd dialled number reaches the number that its digits mean, or is refused', async () => {
  const meant = [
    ...['+14155550100;x=y', '+1415555%30100', '14155550100', '+14155550100&PJSIP%2fbob', '0014155550100'],
    ...['+14155550100%7cdave', '+1415-555-0100', '+14155550100$%7bEXTEN%7d', '+14155550100%0d%0a']
  ]
  const reached = await tryAll(meant.map((user) => ({ to: uri(user) })))
  expect(reached.filter(({ call }) => call?.number !== number || call.outcome !== 'answered')).toEqual([])

  const nobody = [
    ...['alice', 's', 'h', 'i', 't', 'T', 'o', 'a', '_+X!', '_00X!', '../..', '*98', '%23', '+', '+0', 'leg', '%00'],
    ...[
      'followme-failsafe,+14155550100,1',
      '+999',
      '+14155550100,1',
      '+14155550199',
      `+${'1'.repeat(500)}`,
      '$%7bSHELL(x)%7d'
    ]
  ]
  for (const { code, call } of await tryAll(nobody.map((user) => ({ to: uri(user) })))) {
    expect(code).toBeGreaterThanOrEqual(400)
    if (call !== undefined) {
      expect(call).toMatchObject({ decision: 'unknown-number', outcome: 'refused' })
      expect(call.number).toMatch(/^\+\d*$/)
    }
  }
  await nextCallWorks()
})

test('odd audio offers, and messages that are not SIP, are answered, refused or dropped', async () => {
  // Of many calls at once: each for itself, whenever it was joined.
  await world.phone('alice', { kind: 'answer', hangupAfterMs: 1000 })
  const requests: readonly Partial<RawRequest>[] = [
    { body: 'x' },
    { contentType: 'text/plain', body: 'hello' },
    { contentType: ';;;' },
    { body: offer + 'a=x:y\r\n'.repeat(1000) },
    { body: offer + 'a=x:y\r\n'.repeat(9000) },
    { body: offer + 'm=audio 40000 RTP/AVP 0\r\n'.repeat(100) },
    { body: offer.replace('AVP 0', 'AVP 18').replace('0 PCMU', '18 G729') },
    { body: offer.replace('40000', '99999999999').replace('t=0 0', 't=-1 1e99') },
    { headers: ['Content-Length: 1'] },
    { contentType: 'multipart/mixed;boundary=x', body: `--x\r\n\r\n${offer}` },
    { headers: ['Replaces: x;to-tag=y;from-tag=z'] },
    { from: '"a <sip:+15005550006@127.0.0.1>' },
    { from: '"a\r\n b" <sip:+15005550006@x>' },
    { from: 'nobody' },
    { to: 'sip:${SHELL(touch /tmp/followme-owned)}@127.0.0.1' }
  ]
  for (const request of requests) carrier.send({ to: uri(number), ...request })
  // Asterisk takes its time over the longest: the next alice would have its call.
  let arrived = 0
  let since = Date.now()
  await until('no more of them to come', () => {
    const now = world.logged.filter((line) => line.includes('"call arrived"')).length
    if (now !== arrived) since = Date.now()
    arrived = now
    return arrived > 0 && Date.now() - since > 3000
  })
  // An INVITE among them that was taken without audio is hung up by Asterisk, the others by alice.
  await nextCallWorks()
})

test('a conversation survives every odd SIP request', async () => {
  const alice = await world.phone('alice', { kind: 'answer' })
  const caller = world.dial()
  const { messages } = await caller.waitForCall('the answer', ({ finalCode }) => finalCode === 200)
  await until('the two to talk', () => world.bridged.length > 0)
  const answer = messages.find(({ code, method }) => code === 200 && method === 'INVITE')
  const dialog = ['From', 'To', 'Call-ID'].map((name) => `${name}: ${answer?.header(name) ?? ''}`)
  // Another one would make it the place to which the hang-up goes.
  dialog.push(`Contact: ${messages[0]?.header('Contact') ?? ''}`)
  const contact = /sip:[^>]*/.exec(answer?.header('Contact') ?? '')?.[0] ?? ''
  const stranger = dialog.map((line) => line.replace(/tag=\w+/, 'tag=other'))
  const attacks: RawRequest[] = [
    { to: contact, method: 'MESSAGE', contentType: 'text/plain', body: '${SHELL(touch /tmp/followme-owned)}' },
    { to: contact, method: 'INFO', contentType: 'application/dtmf-relay', body: 'Signal=\0\r\nDuration=-1' },
    { to: contact, method: 'INFO', contentType: 'x/y', body: 'x'.repeat(3000) },
    { to: contact, method: 'REFER', headers: ['Refer-To: <sip:+19005550000@127.0.0.1>'] },
    { to: contact, method: 'REFER', headers: ['Refer-To: <sip:+19005550000@x?Replaces=y>', 'Referred-By: <sip:x@y>'] },
    { to: contact, method: 'NOTIFY', headers: ['Event: talk', 'Subscription-State: active'] },
    { to: contact, method: 'SUBSCRIBE', headers: ['Event: dialog', 'Expires: 60'] },
    { to: contact, method: 'PUBLISH', headers: ['Event: presence'] },
    { to: contact, method: 'NONSENSE' },
    { to: contact, body: 'v=0\r\nm=nonsense' },
    { to: contact, dialog: stranger, method: 'BYE' },
    { to: contact, dialog: stranger }
  ]
  let cseq = 10
  // Asterisk answers few of them. It takes them in turn, so once the last is answered it has had all.
  for (const attack of attacks) carrier.send({ dialog, cseq: (cseq += 1), ...attack })
  const last = { to: contact, dialog, cseq: (cseq += 1), method: 'UPDATE', body: 'v=0' }
  expect(codeOf(await carrier.ask(last))).toBeGreaterThanOrEqual(400)
  expect(await world.asterisk.channels()).toHaveLength(2)
  expect(world.app().liveCalls).toBe(1)
  alice.hangUp()
  expect((await caller.finished).calls[0]).toMatchObject({ end: { method: 'BYE', direction: 'received' } })
  expect((await world.settle()).at(-1)?.call).toMatchObject({ outcome: 'answered', endedBy: 'target' })
})

test('a sender that is neither the carrier nor an authenticated phone is refused', async () => {
  const outsider = await rawSip(world.asterisk, '127.0.0.2')
  try {
    for (const from of ['<sip:alice@x>', '<sip:trunk@x>', '<sip:trunk-in@x>', '<sip:anonymous@x>']) {
      expect([from, codeOf(await outsider.ask({ to: uri(number), from }))]).toEqual([from, 401])
    }
    const login = { user: 'alice', password: 'wrong' }
    expect(codeOf(await outsider.ask({ to: uri(number), from: '<sip:alice@127.0.0.1>', login }))).toBe(401)
  } finally {
    outsider.close()
  }
  expect(await world.asterisk.channels()).toEqual([])
})

test('an authenticated phone cannot dial: no virtual number, no other phone, no telephone number', async () => {
  const secrets = readFileSync(join(world.asterisk.runDir, 'etc/secrets/pjsip.conf'), 'utf8')
  const password = /\[alice\][^[]*password = (\S+)/.exec(secrets)?.[1] ?? ''
  const phone = await rawSip(world.asterisk, '127.0.0.2')
  try {
    for (const user of [number, '+442071838750', '00442071838750', 'bob', 'trunk', 's', 'followme']) {
      const login = { user: 'alice', password }
      expect(codeOf(await phone.ask({ to: uri(user), from: '<sip:alice@127.0.0.1>', login }))).toBeGreaterThanOrEqual(
        403
      )
    }
  } finally {
    phone.close()
  }
})
