// The shipped Asterisk configuration, on a real Asterisk with real SIP and no followme: what callers get without us.
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { startAsterisk, type SandboxAsterisk } from './asterisk'
import { until } from './child'
import { uac, uas, type SippHandle, type SippResult } from './sipp'
import type { Call } from './scenario-uac'
import type { Behaviour } from './scenario-uas'
import type { SipCall } from './sip-log'

/** A controller that took the calls and says nothing: an event socket that is open and never read. */
function deafController(asterisk: SandboxAsterisk): Promise<Socket> {
  const key = `${asterisk.ariUser}:${asterisk.ariPassword}`
  return new Promise((resolve, reject) => {
    request(`${asterisk.ariUrl}/ari/events?app=followme&api_key=${key}`, {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        'Sec-WebSocket-Version': '13'
      }
    })
      .on('upgrade', (_, socket: Socket) => resolve(socket))
      .on('response', (response) => reject(new Error(`status ${response.statusCode ?? 0}`)))
      .on('error', reject)
      .end()
  })
}

const NUMBER = '+14155550100'
let asterisk: SandboxAsterisk
let phones: SippHandle[] = []

async function phone(name: string, behaviour: Behaviour): Promise<SippHandle> {
  const handle = await uas(asterisk, asterisk.phones.get(name)!, behaviour)
  phones.push(handle)
  return handle
}

/** The id of the one call there is, as soon as it is in the hands of the controller. */
async function arrived(): Promise<string> {
  let id: string | undefined
  await until('the call to arrive', async () => {
    const channels = (await asterisk.ari('channels')) as { id: string; dialplan: { app_name?: string } }[]
    id = channels.find(({ dialplan }) => dialplan.app_name === 'Stasis')?.id
    return id !== undefined
  })
  return id ?? ''
}

/** Sets a dialplan global; empty unsets it. */
async function global(name: string, value: string): Promise<void> {
  await asterisk.cli(`dialplan set global ${name} "${value}"`)
}

beforeAll(async () => {
  asterisk = await startAsterisk({ globals: { FOLLOWME_CLAIM_SECONDS: '60', FOLLOWME_FAILSAFE_SECONDS: '2' } })
}, 300_000)

afterEach(async () => {
  await Promise.all(phones.map((each) => each.stop()))
  phones = []
  await until('no channel to be left', async () => (await asterisk.channels()).length === 0)
  expect(await asterisk.bridges()).toEqual([])
  await global('FOLLOWME_FAILSAFE', '')
  await global('FOLLOWME_CLAIM_SECONDS', '60')
})

afterAll(() => asterisk.stop())

test('the configuration loads without warnings or errors, and every module it names is running', async () => {
  expect(asterisk.complaints()).toEqual([])
  const named = readFileSync(join(asterisk.runDir, 'etc/modules.conf'), 'utf8').match(/^load = .*$/gm) ?? []
  const running: string[] = (await asterisk.cli('module show')).match(/^\S+\.so(?=.* Running )/gm) ?? []
  expect(named.map((line) => line.slice(7)).filter((module) => !running.includes(module))).toEqual([])
})

test('without a controller and without a static destination, the caller hears an apology', async () => {
  const { calls } = await uac(asterisk, { number: NUMBER }).finished
  expect(calls[0]).toMatchObject({ finalCode: 200, cause: 41, end: { direction: 'received', method: 'BYE' } })
})

test('without a controller, the static destination rings and answers', async () => {
  await global('FOLLOWME_FAILSAFE', 'PJSIP/alice')
  const alice = await phone('alice', { kind: 'answer', afterMs: 100 })
  const { calls } = await uac(asterisk, { number: NUMBER, hangupAfterMs: 200 }).finished
  expect(calls[0]?.codes).toEqual([100, 180, 200])
  expect(await alice.waitForCall('the end', ({ end }) => end !== null)).toMatchObject({ finalCode: 200, cause: 16 })
})

test('if the static destination does not answer, the caller hears the apology', async () => {
  await global('FOLLOWME_FAILSAFE', 'PJSIP/alice')
  await phone('alice', { kind: 'ring' })
  const { calls } = await uac(asterisk, { number: NUMBER }).finished
  expect(calls[0]).toMatchObject({ finalCode: 200, cause: 41 })
})

test.each(['', 'PJSIP/alice'])(
  'if the controller does not react within a second, the failsafe rings %p',
  async (destination) => {
    await global('FOLLOWME_FAILSAFE', destination)
    await global('FOLLOWME_CLAIM_SECONDS', '1')
    await phone('alice', { kind: 'answer' })
    const socket = await deafController(asterisk)
    try {
      // Longer than the claim timeout, and shorter than the apology.
      const { calls } = await uac(asterisk, { number: NUMBER, hangupAfterMs: 1500 }).finished
      const answeredAt = calls[0]?.messages.find(({ code }) => code === 200)?.at ?? 0
      expect(answeredAt - (calls[0]?.invite.at ?? 0)).toBeGreaterThan(900)
      // Still up past another second: the claim timeout does not cut the failsafe off.
      expect(calls[0]?.end?.direction).toBe('sent')
    } finally {
      socket.destroy()
    }
  }
)

test('a conversation that reaches the maximum call duration ends, and no phone rings again', async () => {
  await global('FOLLOWME_FAILSAFE', 'PJSIP/alice')
  const alice = await phone('alice', { kind: 'answer' })
  const socket = await deafController(asterisk)
  try {
    const caller = uac(asterisk, { number: NUMBER })
    const channel = await arrived()
    await asterisk.ari(`channels/${channel}/answer`, 'POST')
    await asterisk.ari(
      `channels/${channel}/variable?variable=ARRAY(FOLLOWME_PHASE,TIMEOUT(absolute))&value=talking,1`,
      'POST'
    )
    const { calls } = await caller.finished
    expect(calls[0]).toMatchObject({ finalCode: 200, cause: 16, end: { direction: 'received' } })
    expect(alice.calls()).toEqual([])
  } finally {
    socket.destroy()
  }
})

test.each([
  ['00442071838750', '+442071838750'],
  ['442071838750', '+442071838750'],
  ['+442071838750,evil', '+442071838750']
])('the called number is recognised if the carrier writes it as %s', async (written, number) => {
  const failsafes = (): string[] => asterisk.complaints().filter((line) => line.includes('failsafe for a call'))
  const before = failsafes().length
  await uac(asterisk, { number: written, hangupAfterMs: 100 }).finished
  await until('it to be said', () => failsafes().length > before)
  expect(failsafes().at(-1)).toMatch(new RegExp(`failsafe for a call to \\${number}: `))
})

test('a call to something that is not a number is refused', async () => {
  expect((await uac(asterisk, { number: 'followme-dead', expect: 404 }).finished).exitCode).toBe(0)
})

const callIn = (): Promise<SippResult> => uac(asterisk, { number: NUMBER, hangupAfterMs: 300 }).finished

async function originate(): Promise<void> {
  const socket = await deafController(asterisk)
  await asterisk.ari('channels?endpoint=PJSIP/alice&app=followme&timeout=5', 'POST').catch(() => null)
  socket.destroy()
}

test.each([
  ['the failsafe', callIn],
  ['ARI originate', originate]
])('a phone that redirects (302) causes no other phone to ring: %s', async (_, place) => {
  await global('FOLLOWME_FAILSAFE', 'PJSIP/alice')
  const alice = await phone('alice', { kind: 'redirect', contact: `sip:${NUMBER}@127.0.0.1:${asterisk.carrierPort}` })
  const carrier = await uas(asterisk, asterisk.carrierPort, { kind: 'answer' })
  phones.push(carrier)
  await place()
  await alice.waitForCall('the redirection', ({ finalCode }) => finalCode === 302)
  await until('no channel to be left', async () => (await asterisk.channels()).length === 0)
  expect(carrier.calls()).toEqual([])
  expect(asterisk.complaints().filter((line) => line.includes('failsafe') && line.includes('Local'))).toEqual([])
})

/** Places a call, and has a controller send it back to the dialplan's fallback. */
async function fallBack(extension: string, variable: string, call: Partial<Call>): Promise<SipCall | undefined> {
  const socket = await deafController(asterisk)
  try {
    const caller = uac(asterisk, { number: NUMBER, ...call })
    const channel = await arrived()
    await asterisk.ari(`channels/${channel}/variable?${variable}`, 'POST')
    const to = `context=followme-fallback&extension=${extension}&priority=1`
    await asterisk.ari(`channels/${channel}/continue?${to}`, 'POST')
    return (await caller.finished).calls[0]
  } finally {
    socket.destroy()
  }
}

test('a caller sent to voicemail can leave a message beyond the claim timeout', async () => {
  await global('FOLLOWME_CLAIM_SECONDS', '8')
  const tone = join(asterisk.runDir, 'tone.ul')
  writeFileSync(tone, Buffer.from(Array.from({ length: 8000 }, (_, index) => (index % 16 < 8 ? 0x10 : 0x90))))
  // A greeting of one's own, being shorter; then long enough for the instructions, the beep and a word.
  const mailbox = join(asterisk.spoolDir, 'voicemail/default/100')
  mkdirSync(mailbox, { recursive: true })
  copyFileSync(join(asterisk.tree.soundsDir, 'beep.gsm'), join(mailbox, 'unavail.gsm'))
  await fallBack('voicemail', 'variable=FOLLOWME_MAILBOX&value=100@default', { audioFile: tone, hangupAfterMs: 10_000 })
  const inbox = join(mailbox, 'INBOX')
  await until('the message to be there', () => existsSync(inbox) && readdirSync(inbox).includes('msg0000.txt'))
})

test('a caller sent to an announcement hears all of it', async () => {
  const call = await fallBack('announce', 'variable=FOLLOWME_SOUND&value=vm-goodbye', {})
  expect(call).toMatchObject({ finalCode: 200, cause: 16, end: { direction: 'received' } })
})

test.each([
  ['voicemail', 'variable=FOLLOWME_MAILBOX&value=999@nowhere'],
  ['announce', 'variable=FOLLOWME_SOUND&value=no-such-sound']
])('a caller sent to a missing %s hears an apology', async (extension, variable) => {
  expect(await fallBack(extension, variable, {})).toMatchObject({ finalCode: 200, cause: 41 })
})
