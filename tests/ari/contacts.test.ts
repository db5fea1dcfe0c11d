// What Asterisk is asked about the devices of phones, and when.
import { Contacts } from '../../src/ari/contacts'
import type { AriOperation, AriParameters } from '../../src/ari/client/operations'
import { AriRequestError } from '../../src/ari/client/transport'

type Configuration = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

/** An Asterisk with these objects, such as `endpoint alice`. */
function given(objects: Configuration, dialled = '') {
  const asked: string[] = []
  let at = 0
  let failing: AriRequestError | undefined
  const request = async (operation: AriOperation, parameters: AriParameters): Promise<unknown> => {
    const { objectType, id, variable } = parameters as Readonly<Record<string, string>>
    const what = operation === 'asterisk.getObject' ? `${objectType} ${id}` : (variable ?? '')
    asked.push(what)
    if (failing !== undefined) throw failing
    if (operation !== 'asterisk.getObject') return { value: dialled }
    const found = objects[what]
    if (found === undefined) throw new AriRequestError(404, 'not found')
    return Object.entries(found).flatMap(([attribute, values]) =>
      [values].flat().map((value) => ({ attribute, value }))
    )
  }
  return {
    contacts: new Contacts({ request }, () => at),
    asked,
    pass: (ms: number) => void (at += ms),
    fail: (error: AriRequestError | undefined) => void (failing = error)
  }
}

const alice = (aor: Readonly<Record<string, string | readonly string[]>>) =>
  ({ 'endpoint alice': { aors: 'alice' }, 'aor alice': aor }) as const

test.each<[string, Configuration, boolean]>([
  ['one registering device', alice({ max_contacts: '1', contact: '' }), false],
  ['two registering devices', alice({ max_contacts: '2', contact: '' }), true],
  ['one static contact', alice({ max_contacts: '0', contact: 'sip:a@h' }), false],
  ['two static contacts', alice({ max_contacts: '0', contact: ['sip:a@h', 'sip:b@h'] }), true],
  ['a static contact and a registering device', alice({ max_contacts: '1', contact: 'sip:a@h' }), true],
  [
    'one device in each of two AORs',
    { 'endpoint alice': { aors: 'desk, soft' }, 'aor desk': { max_contacts: '1' }, 'aor soft': { max_contacts: '1' } },
    true
  ],
  ['an AOR that does not exist', { 'endpoint alice': { aors: 'gone' } }, false],
  ['no AOR', { 'endpoint alice': { aors: '' } }, false],
  ['no endpoint of that name', {}, false]
])('a phone with %s: several devices may ring: %#', async (_, objects, expected) => {
  expect(await given(objects).contacts.canHaveSeveral('PJSIP/alice')).toBe(expected)
})

test.each(['PJSIP/+442071838750@trunk', 'SIP/alice', 'DAHDI/g1/5', '+442071838750', 'number:+14155550199'])(
  '%s has one destination, and Asterisk is not asked for its contacts',
  async (dial) => {
    const { contacts, asked } = given(alice({ max_contacts: '9' }))
    expect([await contacts.canHaveSeveral(dial), await contacts.of(dial, 'a')]).toEqual([false, []])
    expect(asked).toEqual([])
  }
)

test("a phone's configuration is read at most once a minute, and a refresh does not delay anyone", async () => {
  const { contacts, asked, pass } = given(alice({ max_contacts: '2' }))
  await Promise.all([contacts.canHaveSeveral('PJSIP/alice'), contacts.canHaveSeveral('PJSIP/alice')])
  pass(59_999)
  await contacts.canHaveSeveral('PJSIP/alice')
  expect(asked).toEqual(['endpoint alice', 'aor alice'])
  pass(1)
  expect(await contacts.canHaveSeveral('PJSIP/alice')).toBe(true)
  await contacts.canHaveSeveral('PJSIP/alice')
  expect(asked.filter((each) => each === 'endpoint alice')).toHaveLength(2)
  contacts.forget()
  await contacts.canHaveSeveral('PJSIP/alice')
  expect(asked.filter((each) => each === 'endpoint alice')).toHaveLength(3)
})

test('without an answer about its contacts a phone rings as it is, and the next call asks again; a known answer is kept until it is renewed', async () => {
  const { contacts, pass, fail } = given(alice({ max_contacts: '2' }))
  fail(new AriRequestError('timeout', 'slow'))
  expect(await Promise.all([contacts.canHaveSeveral('PJSIP/alice'), contacts.canHaveSeveral('PJSIP/alice')])).toEqual([
    false,
    false
  ])
  fail(new AriRequestError('disconnected', 'no connection'))
  await expect(contacts.canHaveSeveral('PJSIP/alice')).rejects.toThrow('no connection')
  fail(undefined)
  expect(await contacts.canHaveSeveral('PJSIP/alice')).toBe(true)
  pass(60_000)
  fail(new AriRequestError('timeout', 'slow'))
  expect(await contacts.canHaveSeveral('PJSIP/alice')).toBe(true)
})

test.each([
  ['nothing', '', []],
  [
    'two addresses, one of them twice',
    'PJSIP/alice/sip:a@10.0.0.5:5060&PJSIP/alice/sips:b@[2001:db8::1]:5061;transport=tls&PJSIP/alice/sip:a@10.0.0.5:5060',
    ['PJSIP/alice/sip:a@10.0.0.5:5060', 'PJSIP/alice/sips:b@[2001:db8::1]:5061;transport=tls']
  ],
  ['an address with dial options', 'PJSIP/alice/sip:a@h,30,U(x)', []],
  ['an address with a dialplan function', 'PJSIP/alice/sip:${SHELL(x)}@h', []],
  ['another channel', 'Local/5@office', []]
])(
  'of the contacts that Asterisk lists (%s), only valid addresses of the phone are dialled',
  async (_, value, expected) => {
    expect(await given({}, value).contacts.of('PJSIP/alice', '17.1')).toEqual(expected)
  }
)
