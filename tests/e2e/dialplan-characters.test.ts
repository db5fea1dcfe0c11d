// Every character that the rules may write into a fallback or a target reaches Asterisk unchanged: from followme, and from the
// failsafe's plan in the database. The characters are those that the parsers accept, whichever these are.
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseFallback, parseTarget } from '../../src/rules/number'
import { openDatabase } from '../../src/store/database/database'
import { until } from '../sandbox/child'
import { number, useWorld } from './world'

const printable = Array.from({ length: 0x7f - 0x21 }, (_, index) => String.fromCharCode(0x21 + index))

/** `a`, then every printable character that a text may hold there, then `z`. */
function everyCharacter(parse: (text: string) => unknown, around: (name: string) => string): string {
  const taken = printable.filter((character) => {
    try {
      parse(around(`a${character}z`))
      return true
    } catch {
      return false
    }
  })
  return `a${taken.join('')}z`
}

const box = everyCharacter(parseFallback, (name) => `voicemail:${name}@default`)
const boxContext = everyCharacter(parseFallback, (name) => `voicemail:100@${name}`)
const sound = everyCharacter(parseFallback, (name) => `announce:${name}`)
const context = everyCharacter(parseFallback, (name) => `dialplan:${name},s,1`)
const extension = everyCharacter(parseFallback, (name) => `dialplan:ivr,${name},1`)
const endpoint = everyCharacter(parseTarget, (name) => `PJSIP/${name}`).replace('@', '')
const trunk = everyCharacter(parseTarget, (name) => `PJSIP/a@${name}`)
// No such channel driver is in the sandbox, so that it is tried, and the next one rings.
const line = everyCharacter(parseTarget, (name) => `DAHDI/g1/${name}`)
  .replace('@', '')
  .replaceAll('/', '')

const world = useWorld({
  readable: true,
  withoutApp: true,
  configure: (etc) => {
    const alice = /^contact = (sip:alice@\S+)$/m.exec(readFileSync(join(etc, 'pjsip.conf'), 'utf8'))?.[1] ?? ''
    for (const name of [endpoint, trunk]) {
      appendFileSync(
        join(etc, 'pjsip.conf'),
        `\n[${name}](phone)\naors = ${name}\n\n[${name}](phone-aor)\ncontact = ${alice}\nqualify_frequency = 0\n`
      )
    }
    appendFileSync(join(etc, 'voicemail.conf'), `\n${box} => 123456,Box\n\n[${boxContext}]\n100 => 123456,Other\n`)
    appendFileSync(
      join(etc, 'extensions.conf'),
      `\n[ivr]\nexten => ${extension},1,Hangup(31)\n\n[${context}]\nexten => s,1,Hangup(31)\n`
    )
    const file = join(dirname(etc), 'data/sounds', `${sound}.gsm`)
    mkdirSync(dirname(file), { recursive: true })
    copyFileSync(join(dirname(etc), 'data/sounds/en/vm-goodbye.gsm'), file)
  }
})
afterEach(async () => {
  await world.stopApp()
  await world.settle()
})

test('the allowed characters are digits, letters and some signs, including the hyphen', () => {
  const signs = [box, boxContext, sound, context, extension, endpoint, trunk, line].map((name) =>
    name.replaceAll(/[A-Za-z0-9]/g, '')
  )
  expect(signs).toEqual(['-._', '-._', '-./_', '-._', '#*+-._', '+-._', '-._', '#*+-._'])
})

/** Has followme decide and carry it out, or leave it to the failsafe and go. */
async function carriedOutBy(who: 'followme' | 'the failsafe', last: string): Promise<void> {
  await world.startApp()
  await until('followme to connect', () => world.app().connected)
  const reading = openDatabase(world.database, { readOnly: true })
  const kept = reading.sqlite
    .prepare('SELECT fallback FROM failsafe WHERE number = ? ORDER BY step DESC LIMIT 1')
    .pluck()
  await until('the failsafe to be current', () => kept.get(number) === last)
  reading.close()
  if (who === 'the failsafe') await world.stopApp()
}

describe.each(['followme', 'the failsafe'] as const)('%s', (who) => {
  test.each([
    ['a sound', `announce:${sound}`, { finalCode: 200, cause: 16 }],
    ['a context', `dialplan:${context},s,1`, { cause: 31 }],
    ['an extension', `dialplan:ivr,${extension},1`, { cause: 31 }]
  ])('%s may contain every character that the rules allow', async (_what, fallback, expected) => {
    world.rule([], fallback)
    await carriedOutBy(who, fallback)
    const { calls } = await world.call('finalCode' in expected ? {} : { expect: 480 })
    expect(calls[0]).toMatchObject(expected)
  })

  test.each([
    ['a mailbox', box, 'default'],
    ['the context of a mailbox', '100', boxContext]
  ])(
    '%s may contain every character that the rules allow, and the message arrives in that box',
    async (_what, name, of) => {
      const mailbox = join(world.asterisk.spoolDir, 'voicemail', of, name)
      const inbox = join(mailbox, 'INBOX')
      const messages = (): string[] =>
        existsSync(inbox) ? readdirSync(inbox).filter((file) => file.endsWith('.txt')) : []
      mkdirSync(mailbox, { recursive: true })
      copyFileSync(join(world.asterisk.tree.soundsDir, 'beep.gsm'), join(mailbox, 'unavail.gsm'))
      const before = messages().length
      world.rule([], `voicemail:${name}@${of}`)
      await carriedOutBy(who, `voicemail:${name}@${of}`)
      // What is silent is no message.
      const tone = join(world.asterisk.runDir, 'tone.ul')
      writeFileSync(tone, Buffer.from(Array.from({ length: 8000 }, (_, index) => (index % 16 < 8 ? 0x10 : 0x90))))
      await world.call({ audioFile: tone, hangupAfterMs: 10_000 })
      await until('the message to be there', () => messages().length === before + 1)
    }
  )

  test.each([
    ['a phone', `PJSIP/${endpoint}`],
    ['a user at a trunk', `PJSIP/${endpoint}@${trunk}`]
  ])('%s may contain every character that the rules allow', async (_what, dial) => {
    world.rule([])
    world.sql(`INSERT INTO targets (number, rule, step, dial) VALUES ('${number}', 'always', 1, 'DAHDI/g1/${line}');
      INSERT INTO targets (number, rule, step, dial) VALUES ('${number}', 'always', 2, '${dial}')`)
    await carriedOutBy(who, 'busy')
    const alice = await world.phone('alice', { kind: 'answer' })
    const { calls } = await world.call({ hangupAfterMs: 200 })
    expect(calls[0]).toMatchObject({ finalCode: 200 })
    await world.startApp()
    await until('the call to be recorded', async () => (await world.records()).at(-1)?.call.answeredBy === dial)
    expect((await world.records()).at(-1)?.attempts.map((attempt) => attempt.dial)).toEqual([`DAHDI/g1/${line}`, dial])
    expect(alice.calls()).toHaveLength(1)
  })
})
