// followme doctor on what only Asterisk knows: the names in the rules, its configuration, and the file that it reads and writes.
import { chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../../src/store/database/database'
import { anew, found, useDoctor } from './doctored'
import { copied } from './failing-database'
import { number } from './world'

const { world, faults, changed } = useDoctor()

test.each([
  [
    'a missing phone',
    'PJSIP/nobody',
    'busy',
    'phones',
    "PJSIP/nobody does not exist \\(\\+14155550100, rule 'always'\\)"
  ],
  [
    'a phone whose channel technology is not loaded',
    'SIP/101',
    'busy',
    'phones',
    'SIP/101 cannot be dialled: chan_sip is not loaded'
  ],
  ['a missing trunk', 'PJSIP/+442071838750@branch', 'busy', 'trunk', 'PJSIP/branch does not exist'],
  ['a missing mailbox', 'PJSIP/alice', 'voicemail:999@default', 'mailboxes', '999@default does not exist'],
  ['a missing sound', 'PJSIP/alice', 'announce:custom/closed', 'sounds', 'custom/closed does not exist'],
  ['a missing dialplan place', 'PJSIP/alice', 'dialplan:nowhere,1,1', 'dialplan places', 'nowhere,1,1 does not exist']
])('the rules name %s: a fault', async (_, dial, fallback, check, message) => {
  world.rule([['PJSIP/alice']], fallback)
  world.sql(`UPDATE targets SET dial = '${dial}'`)
  expect(await faults()).toEqual([found(check, message, 'correct the (target|fallback)|or correct')])
  world.rule([['PJSIP/alice'], ['+442071838750']], 'voicemail:100@default')
  world.sql("UPDATE rules SET fallback = 'announce:im-sorry'")
  expect(await faults()).toEqual([])
  world.rule([['PJSIP/alice']], 'dialplan:followme-fallback,sorry,1')
  expect(await faults()).toEqual([])
})

test('a missing FOLLOWME_TRUNK endpoint is a fault if a rule needs it, otherwise a warning', async () => {
  const env = { FOLLOWME_TRUNK: 'PJSIP/{number}@nosuchtrunk' }
  world.rule([['PJSIP/alice']])
  expect(await faults(env)).toMatchObject([{ check: 'trunk', level: 'warning' }])
  world.rule([['+442071838750']])
  expect(await faults(env)).toContainEqual(found('trunk', 'PJSIP/nosuchtrunk does not exist', 'FOLLOWME_TRUNK'))
  world.rule([['PJSIP/alice']])
})

test('trunks of the table are checked in place of FOLLOWME_TRUNK, and those that Asterisk does not ask whether they are there', async () => {
  const env = { FOLLOWME_TRUNK: 'PJSIP/{number}@nosuchtrunk' }
  world.rule([['+442071838750']])
  world.sql(
    "INSERT INTO trunks (name, position, dial) VALUES ('one', 1, 'PJSIP/{number}@trunk'), ('two', 2, 'PJSIP/{digits}@nobody')"
  )
  const unasked = /^nothing tells Asterisk whether the other end is there: PJSIP\/trunk\. If it is not/
  expect(await faults(env)).toEqual([
    { ...found('trunk', unasked, 'qualify_frequency = 30'), level: 'warning' },
    found(
      'trunk',
      "PJSIP/nobody does not exist \\(\\+14155550100, rule 'always', by trunk two\\)",
      'correct the target'
    )
  ])
  world.sql("DELETE FROM trunks WHERE name = 'two'")
  expect(await faults(env)).toEqual([])
  world.sql('DELETE FROM trunks')
})

test('phones in an override and in the static destination are checked too', async () => {
  world.sql(`INSERT INTO overrides (number, kind, value) VALUES ('${number}', 'forward', 'PJSIP/nobody')`)
  await world.asterisk.cli('dialplan set global FOLLOWME_FAILSAFE PJSIP/dave&PJSIP/somebody')
  try {
    expect(await faults()).toEqual([
      found(
        'phones',
        `PJSIP/nobody does not exist .\\${number}, override.; PJSIP/somebody does not exist .FOLLOWME_FAILSAFE.`,
        'correct'
      )
    ])
  } finally {
    world.sql('DELETE FROM overrides')
    await world.asterisk.cli('dialplan set global FOLLOWME_FAILSAFE PJSIP/dave')
  }
})

test('if Asterisk may read but not write the database, it is a fault, because failsafe calls would not be recorded', async () => {
  if (process.getuid?.() !== 0) return
  const directory = join(world.asterisk.runDir, 'closed')
  mkdirSync(directory)
  const file = join(directory, 'followme.db')
  await copied(world.database, file)
  const elsewhere = (text: string): string => text.replaceAll(/^dbfile = .*$/gm, `dbfile = ${file}`)
  const env = { FOLLOWME_DATABASE: file }
  // Somebody else has it open, as followme would: Asterisk then can read it.
  const other = openDatabase(file)
  other.sqlite.prepare('SELECT count(*) FROM calls').get()
  for (const each of [file, `${file}-wal`, `${file}-shm`, directory]) {
    chownSync(each, 65534, 65534)
    chmodSync(each, each === directory ? 0o755 : 0o644)
  }
  await changed('res_config_sqlite3.conf', elsewhere, anew, async () => {
    expect(await faults(env)).toContainEqual(
      found('failsafe written by Asterisk', 'Asterisk cannot write the database', 'core restart when convenient')
    )
    for (const each of [file, `${file}-wal`, `${file}-shm`, directory]) chmodSync(each, 0o777)
    for (const command of anew) await world.asterisk.cli(command)
    expect((await faults(env)).filter(({ check }) => check.includes('Asterisk'))).toEqual([])
  })
  other.close()
})

test.each([
  ['both sections', /^dbfile = /gm, 'failsafe read by Asterisk', 'Asterisk does not read the current'],
  [
    'what it writes',
    /(?<=\[followme_db_calls\]\n)dbfile = /gm,
    'failsafe written by Asterisk',
    'Asterisk does not write to'
  ]
])('Asterisk uses a copy of the database with the same content: a fault (%s)', async (_, which, check, message) => {
  const copy = join(world.asterisk.runDir, 'copy.db')
  await copied(world.database, copy)
  const elsewhere = (text: string): string => text.replaceAll(which, `dbfile = ${copy} ;`)
  await changed('res_config_sqlite3.conf', elsewhere, anew, async () => {
    expect(await faults()).toContainEqual(found(check, message, `dbfile = ${world.database}`))
    // Asterisk can remove nothing by realtime: what it has left in the copy says what it is, and followme takes it for no call.
    const { sqlite, close } = openDatabase(copy)
    const left = sqlite.prepare('SELECT DISTINCT fault FROM failsafe_calls').pluck().all()
    expect(left).toEqual(check === 'failsafe written by Asterisk' ? ['left by followme doctor'] : [])
    close()
  })
  rmSync(copy)
  expect(await faults()).toEqual([])
  world.sql('SELECT 1 FROM failsafe_calls')
})

const reloads = ['module reload extconfig']

test.each([
  [
    'batch = 0 is missing',
    'res_config_sqlite3.conf',
    (text: string) => text.replace('batch = 0', ''),
    'failsafe settings',
    'batch = 0 is missing from section \\[followme_db\\]'
  ],
  [
    'a section occurs twice',
    'res_config_sqlite3.conf',
    (text: string) => `${text}\n[followme_db]\nbatch = 0\n`,
    'failsafe settings',
    '\\[followme_db\\] occurs twice'
  ],
  [
    'the lines are under a second [settings]',
    'extconfig.conf',
    (text: string) => text.replace('[settings]', '[settings]\nqueues => odbc,asterisk\n[settings]'),
    'failsafe settings',
    'followme_failsafe, .* are outside the first section'
  ],
  [
    'the lines are missing',
    'extconfig.conf',
    (text: string) => text.replace(/^followme_failsafe_calls.*$/m, ''),
    'failsafe settings',
    'followme_failsafe_calls are missing from'
  ],
  [
    'http.conf has two sections [general]',
    'http.conf',
    (text: string) => `${text}\n[general]\nenabled = yes\n`,
    'http.conf',
    'two sections \\[general\\]'
  ]
])('faulty configuration: %s', async (_, file, change, check, message) => {
  await changed(file, change, file === 'extconfig.conf' ? reloads : [], async () => {
    expect(await faults()).toEqual([found(check, message, 'then asterisk -rx')])
  })
})

test.each([
  [
    'the dialplan is included twice',
    'extensions.conf',
    (text: string) => `${text}\n#include "extensions_followme.conf"\n`,
    'includes'
  ],
  [
    'parameters of a number are kept',
    'pjsip.conf',
    (text: string) => text.replace('ignore_uri_user_options = yes', ''),
    'pjsip.conf'
  ],
  [
    'names of an earlier version',
    'extconfig.conf',
    (text: string) => `${text}\nfollowme_numbers => sqlite3,followme,virtual_numbers\n`,
    'names'
  ]
])('questionable configuration: %s', async (_, file, change, check) => {
  await changed(file, change, [], async () => {
    expect(await faults()).toMatchObject([{ check, level: 'warning' }])
  })
})

test('if the write-ahead log was removed while Asterisk runs, there is one fault, with what to restart', async () => {
  const directory = join(world.asterisk.runDir, 'removed')
  mkdirSync(directory)
  const file = join(directory, 'followme.db')
  await copied(world.database, file)
  const elsewhere = (text: string): string => text.replaceAll(/^dbfile = .*$/gm, `dbfile = ${file}`)
  await changed('res_config_sqlite3.conf', elsewhere, anew, async () => {
    await world.asterisk.cli('realtime load followme_schema_migrations version 1')
    for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
    const told = await faults({ FOLLOWME_DATABASE: file })
    expect(told.filter(({ check }) => check !== 'failsafe')).toEqual([
      found('write-ahead log', `process ${String(world.asterisk.pid())} .* was removed or replaced`, 'core restart now')
    ])
  })
})
