// What carriers ask for, with the endpoints of docs/carriers.md: a password, a number of the customer's in From or in
// P-Asserted-Identity, an account in From.
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { authSection, startStrictCarrier, usersIn, type StrictCarrier } from '../sandbox/strict-carrier'
import { number, useWorld } from './world'

let carrier: StrictCarrier
beforeAll(async () => {
  carrier = await startStrictCarrier()
})
afterAll(() => carrier.close())

/** The lines of an example of the page, in an endpoint of this name. */
function endpoint(name: string): string {
  const page = readFileSync(join(__dirname, '../../docs/carriers.md'), 'utf8')
  const example = new RegExp(`\`\`\`ini\\n; ${name}\\n([^\`]*)\`\`\``).exec(page)?.[1]
  if (example === undefined) throw new Error(`docs/carriers.md has no example "${name}"`)
  return `\n[${name}](endpoint-base)\naors = ${name}\nidentify_by = ip\n${example}
[${name}]\ntype = aor\ncontact = sip:127.0.0.1:${String(carrier.port)}\n`
}

const world = useWorld({
  configure: (etc) => {
    const endpoints = ['password', 'asserted', 'account'].map(endpoint).join('')
    appendFileSync(join(etc, 'pjsip.conf'), endpoints + authSection('password'))
  }
})

/** One target, a mobile behind this endpoint. */
function given(trunk: string): void {
  world.rule([['PJSIP/alice']])
  world.sql(`UPDATE targets SET dial = 'PJSIP/+447400123456@${trunk}'`)
}

/** Places a call to a target behind this endpoint, from a caller with these headers; what became of it, by the record. */
async function call(trunk: string, headers: readonly string[] = []): Promise<unknown> {
  given(trunk)
  await world.call({ expect: 486, headers })
  return (await world.settle()).at(-1)?.attempts[0]
}

beforeEach(() => Object.assign(carrier, { challenge: null, numbers: [number] }))

test.each([401, 407] as const)('a challenge (%d) is answered with the password of the endpoint', async (challenge) => {
  carrier.challenge = challenge
  expect(await call('password')).toMatchObject({ outcome: 'busy' })
})

test('a challenge without a password is a failure of the attempt, not a decline', async () => {
  carrier.challenge = 407
  expect(await call('asserted')).toMatchObject({ outcome: 'failed' })
})

test('a carrier that accepts only numbers of the site accepts a call from any caller', async () => {
  expect(await call('password')).toMatchObject({ outcome: 'busy' })
  expect(usersIn(carrier.invites.at(-1) ?? '')).toEqual([number])
})

test('with caller_id_policy caller it refuses the call, and the record does not blame the person', async () => {
  given('password')
  world.sql("UPDATE virtual_numbers SET caller_id_policy = 'caller'")
  await world.call({ expect: 486 })
  expect((await world.settle()).at(-1)?.attempts[0]).toMatchObject({ outcome: 'failed' })
})

test('a caller who withholds the number is asserted as the site, and anonymous to the person called', async () => {
  expect(await call('asserted', ['Privacy: id'])).toMatchObject({ outcome: 'busy' })
  const invite = carrier.invites.at(-1) ?? ''
  expect(usersIn(invite)).toEqual(['anonymous', number])
  expect(invite).toMatch(/^Privacy: id\r$/m)
  expect(invite).not.toContain('+15005550006')
})

test('From is the account, and P-Asserted-Identity the number', async () => {
  expect(await call('account')).toMatchObject({ outcome: 'busy' })
  expect(usersIn(carrier.invites.at(-1) ?? '')).toEqual(['account4711', number])
})
