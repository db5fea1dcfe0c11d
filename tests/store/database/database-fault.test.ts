// What may be wrong with a database, as real files have it, and what each command says of it: the reason, the cure, no stack.
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { builtMain } from '../../built'
import { givenDatabaseFile, givenDirectory, givenFiles, opened } from '../fresh-database'

const isRoot = process.getuid?.() === 0
const asRoot = isRoot ? test : test.skip
const namespace = ['-m', ...(isRoot ? [] : ['-Ur'])]
const canMount = spawnSync('unshare', [...namespace, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
const withMount = canMount ? test : test.skip

const number = '+14155550100'

/**
 * What a shell script prints in which `followme` is the program; it may name `$database` and `$site`. `before` are commands that
 * run the shell: as another user, or with mounts of its own.
 */
function printed(script: string, database: string, before: readonly string[] = [], site = givenDirectory()): string {
  const program = `'${process.execPath}' '${builtMain}'`
  const followme = `followme() { ${program} "$@" 2>&1; echo "status $?"; }`
  const [command, ...args] = [...before, 'bash', '-c', `${followme}\n${script}`]
  const settings = { FOLLOWME_DATABASE: database, FOLLOWME_MIGRATIONS: site }
  const { stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: '/',
    env: { PATH: process.env['PATH'], ...settings, database, site }
  })
  expect(stderr).toBe('')
  expect(stdout).not.toMatch(/^ {4}at /m)
  return stdout
}

function givenRules(): string {
  const database = givenDatabaseFile()
  const { sqlite, close } = opened(database)
  sqlite.exec(`INSERT INTO virtual_numbers (number, time_zone) VALUES ('${number}', 'UTC')`)
  close()
  return database
}

const manyNumbers = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
  INSERT INTO virtual_numbers (number, time_zone) SELECT printf('+1415556%04d', i), 'UTC' FROM n;`

/** Holds what the commands of a script have said against what they should: their lines, and their status in a line of its own. */
function expectLines(text: string, ...expected: readonly (string | RegExp)[]): void {
  expect(text.trimEnd().split('\n')).toEqual(
    expected.map((each) => (typeof each === 'string' ? each : (expect.stringMatching(each) as string)))
  )
}

const full =
  /^followme: database \/mnt\/followme.db cannot be written: its disk or your quota is full; free some space \(df -h \/mnt;/

withMount.each([
  ['no write-ahead log exists yet', ''],
  ['another program has the database open', '*']
])('a full disk is reported if %s', (_, beside) => {
  const database = givenRules()
  if (beside !== '') opened(database).sqlite.exec("INSERT INTO caller_lists VALUES ('vip')")
  const script = `
    mount -t tmpfs -o size=600k tmpfs /mnt; cp "$database"${beside} /mnt; mkdir /mnt/site; cd /mnt
    export FOLLOWME_DATABASE=/mnt/followme.db
    full() { dd if=/dev/zero of=fill bs=4k oflag=append conv=notrunc 2> /dev/null; followme "$@"; }
    full migrate --no-backup
    full override set ${number} closed
    full backup copy.db
    full holidays DE --year 2027 --schedule office --out holidays.sql
    FOLLOWME_MIGRATIONS=/mnt/site full new-migration rota
    find /mnt -type f ! -name 'followme.db*'`
  expectLines(
    printed(script, database, ['unshare', ...namespace], givenFiles({ '0001_many.sql': manyNumbers })),
    full,
    'status 3',
    full,
    'status 3',
    full,
    'status 3',
    /^followme: --out holidays.sql: ENOSPC.*: make room there/,
    'status 3',
    /^followme: migration \/mnt\/site\/0001_rota.sql cannot be written \(ENOSPC.*\): make room there/,
    'status 3',
    '/mnt/fill'
  )
})

withMount('a file system mounted read-only is reported', () => {
  const commands = ['check', `explain ${number}`, 'backup /tmp/copy.db', 'migrate']
  const script = `
    mount -t tmpfs tmpfs /mnt; cp "$database" /mnt/followme.db; mount -o remount,ro /mnt
    export FOLLOWME_DATABASE=/mnt/followme.db
    ${commands.map((command) => `followme ${command}`).join('\n')}
    followme override set ${number} closed`
  const fault =
    /^followme: database \/mnt\/followme.db cannot be read where its file system is mounted read-only: SQLite needs the file .*Remount it writable, or copy it \(cp/
  expectLines(
    printed(script, givenRules(), ['unshare', ...namespace]),
    ...commands.flatMap(() => [fault, 'status 3']),
    /cannot be written: its file system is mounted read-only: remount it/,
    'status 3'
  )
})

const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
const override = `override set ${number} closed`

asRoot('a directory of another user is reported', () => {
  const database = givenRules()
  chmodSync(dirname(database), 0o755)
  expectLines(
    printed(`followme check; followme ${override}`, database, asNobody),
    /cannot be read by this user while no other program has it open: .*, and user nobody may not write \S+\. Run this as/,
    'status 3',
    /cannot be written: user nobody may not write \S+ and \S+, which root created; .*or as root: chown followme:asterisk/,
    'status 3'
  )
})

asRoot('a file created by root is reported, with how to give it to the service', () => {
  const database = givenRules()
  chmodSync(database, 0o640)
  chownSync(dirname(database), 65_534, 65_534)
  const fault = (what: string, done: string) =>
    `followme: database ${database} cannot be ${done}: user nobody may not ${what} ${database}, which root created; run this as the user of the service, or as root: chown followme:asterisk ${database}; chmod ug+rw ${database}`
  expectLines(
    printed(`followme check; followme ${override}; followme migrate`, database, asNobody),
    fault('read', 'read'),
    'status 3',
    fault('write', 'written'),
    'status 3',
    fault('read', 'read'),
    'status 3'
  )
})

asRoot('migrations that the service user may not read are reported', () => {
  const database = givenRules()
  const site = givenFiles({ '0001_vip.sql': "INSERT INTO caller_lists VALUES ('vip');" })
  for (const each of [database, dirname(database)]) chownSync(each, 65_534, 65_534)
  const file = join(site, '0001_vip.sql')
  chmodSync(site, 0o700)
  expectLines(
    printed('followme migrate', database, asNobody, site),
    /^followme: migrations in \S+ cannot be read \(EACCES.*\); let the user who runs followme read it, .* \(chgrp asterisk \S+; chmod 750 /,
    'status 3'
  )
  chmodSync(site, 0o755)
  chmodSync(file, 0o600)
  expectLines(
    printed('followme migrate', database, asNobody, site),
    /^followme: migration \S+ cannot be read \(EACCES.*\); let the user who runs followme read it \(chgrp asterisk \S+; chmod 640 /,
    'status 3'
  )
})

const commands = ['check', 'calls', 'migrate', override]

test.each([
  ['damaged', damage, "is damaged; stop followme and restore a backup (sqlite3 FILE '.restore BACKUP')"],
  [
    'not a database',
    (database: string) => writeFileSync(database, 'Dear diary. '.repeat(1000)),
    'is not an SQLite database; set FOLLOWME_DATABASE to the right file, or move this one away'
  ]
])('a file that is %s is reported', (_, spoil, text) => {
  const database = givenRules()
  spoil(database)
  expectLines(
    printed(commands.map((command) => `followme ${command}`).join('\n'), database),
    ...commands.flatMap(() => [`followme: database ${database} ${text}`, 'status 3'])
  )
})

/** Writes over the first pages of what every command reads. */
function damage(database: string): void {
  const { sqlite, close } = opened(database)
  const rootPage = sqlite.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck()
  const pages = ['calls', 'virtual_numbers', 'schema_migrations'].map((table) => Number(rootPage.get(table)))
  close()
  const bytes = readFileSync(database)
  for (const page of pages) bytes.fill(0x55, (page - 1) * 4096, page * 4096)
  writeFileSync(database, bytes)
}

test('a file that may not grow is reported', () => {
  expectLines(
    printed(`followme ${override}`, givenRules(), ['prlimit', '--fsize=1000']),
    /cannot be read or written: the system reports an error \(SQLITE_IOERR_SHMSIZE\); check the system's log/,
    'status 3'
  )
})

test('a database locked by another program is reported', () => {
  const database = givenRules()
  opened(database).sqlite.exec('BEGIN IMMEDIATE')
  expectLines(
    printed(`followme ${override}`, database),
    /is locked by another program \(open in process \d+ \(\S+\)\); wait until that program has finished/,
    'status 3'
  )
})
