// Nobody answers: what the caller gets, on a real Asterisk.
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../sandbox/child'
import { useWorld } from './world'

const world = useWorld({
  configure: (etc) =>
    appendFileSync(
      join(etc, 'extensions.conf'),
      '\n[ivr]\nexten => s,1,Answer()\n same => n,Wait(0.2)\n same => n,Hangup(31)\n'
    )
})

async function last() {
  const stored = (await world.settle()).at(-1)
  if (stored === undefined) throw new Error('no call was recorded')
  return stored.call
}

/** Two targets that are busy, then the fallback. */
async function nobodyAnswers(fallback: string): Promise<void> {
  world.rule([['PJSIP/alice'], ['PJSIP/bob']], fallback)
  await world.phone('alice', { kind: 'refuse', code: 486 })
  await world.phone('bob', { kind: 'refuse', code: 486 })
}

test.each([
  ['busy', 486, 17],
  ['hangup', 480, 19]
])('%s: the caller is refused with %i, without being answered', async (fallback, code, cause) => {
  await nobodyAnswers(fallback)
  const { calls } = await world.call({ expect: code })
  expect(calls[0]).toMatchObject({ finalCode: code })
  expect(await last()).toMatchObject({ outcome: 'fallback', fallback, endedBy: 'followme', cause, answeredAt: null })
})

test("voicemail: the caller's message is stored", async () => {
  const { asterisk } = world
  const tone = join(asterisk.runDir, 'tone.ul')
  writeFileSync(tone, Buffer.from(Array.from({ length: 8000 }, (_, index) => (index % 16 < 8 ? 0x10 : 0x90))))
  // A greeting of one's own is shorter than the built-in one.
  const mailbox = join(asterisk.spoolDir, 'voicemail/default/100')
  mkdirSync(mailbox, { recursive: true })
  copyFileSync(join(asterisk.tree.soundsDir, 'beep.gsm'), join(mailbox, 'unavail.gsm'))
  await nobodyAnswers('voicemail:100@default')
  const { calls } = await world.call({
    audioFile: tone,
    hangupAfterMs: 10_000,
    from: '"Ann" <sip:+442071838750@127.0.0.1>'
  })
  expect(calls[0]).toMatchObject({ finalCode: 200, end: { method: 'BYE', direction: 'sent' } })
  expect(await last()).toMatchObject({ outcome: 'fallback', fallback: 'voicemail:100@default', answeredBy: null })
  const inbox = join(mailbox, 'INBOX')
  await until('the message to be there', () => existsSync(inbox) && readdirSync(inbox).includes('msg0000.txt'))
  expect(readFileSync(join(inbox, 'msg0000.txt'), 'utf8')).toMatch(/callerid="?"?Ann"? <\+442071838750>/)
})

test('voicemail without its module: the caller hears an apology', async () => {
  expect(await world.asterisk.cli('module unload app_voicemail.so')).toContain('Unloaded')
  try {
    await nobodyAnswers('voicemail:100@default')
    const { calls } = await world.call()
    expect(calls[0]).toMatchObject({ finalCode: 200, cause: 41, end: { method: 'BYE', direction: 'received' } })
  } finally {
    await world.asterisk.cli('module load app_voicemail.so')
  }
})

test('announce: the caller hears the whole sound, then is hung up', async () => {
  await nobodyAnswers('announce:vm-goodbye')
  const { calls } = await world.call()
  expect(calls[0]).toMatchObject({ finalCode: 200, cause: 16, end: { method: 'BYE', direction: 'received' } })
  expect(await last()).toMatchObject({ outcome: 'fallback', fallback: 'announce:vm-goodbye' })
})

test('dialplan: the caller continues at that place', async () => {
  await nobodyAnswers('dialplan:ivr,s,1')
  const { calls } = await world.call()
  expect(calls[0]).toMatchObject({ finalCode: 200, cause: 31 })
  expect(await last()).toMatchObject({ outcome: 'fallback', fallback: 'dialplan:ivr,s,1' })
})

test('number: the rules of the other virtual number ring next, and its fallback ends the call', async () => {
  await nobodyAnswers('number:+14155550199')
  world.sql(`
    DELETE FROM virtual_numbers WHERE number = '+14155550199';
    INSERT INTO virtual_numbers (number, label, time_zone, fallback) VALUES ('+14155550199', 'Other', 'UTC', 'hangup');
    INSERT INTO rules (number, name, position) VALUES ('+14155550199', 'always', 10);
    INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550199', 'always', 1, 'PJSIP/carol')`)
  const carol = await world.phone('carol', { kind: 'refuse', code: 603 })
  const { calls } = await world.call({ expect: 480 })
  expect(calls[0]).toMatchObject({ finalCode: 480 })
  expect(carol.calls()).toHaveLength(1)
  expect(await last()).toMatchObject({ outcome: 'fallback', fallback: 'hangup' })
})

test('two numbers that fall back to each other each ring once, then the caller gets busy', async () => {
  await nobodyAnswers('number:+14155550199')
  world.sql(`UPDATE virtual_numbers SET fallback = 'number:+14155550100' WHERE number = '+14155550199'`)
  await world.phone('carol', { kind: 'refuse', code: 486 })
  const { calls } = await world.call({ expect: 486 })
  expect(calls[0]).toMatchObject({ finalCode: 486 })
  expect(await last()).toMatchObject({ outcome: 'fallback', cause: 17 })
  expect(world.logged.join('\n')).toMatch(/\+14155550100/)
})

test('a number without rules gives its fallback immediately', async () => {
  world.rule([['PJSIP/alice']])
  world.sql('DELETE FROM rules')
  expect((await world.call({ expect: 486 })).calls[0]).toMatchObject({ finalCode: 486 })
  expect(await last()).toMatchObject({ decision: 'fallback', rule: null, outcome: 'fallback', fallback: 'busy' })
})
