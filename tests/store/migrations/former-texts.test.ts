// A database outlives the program that made it: the shipped migrations stay as they are, byte for byte, or old databases are refused.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkRules } from '../../../src/rules/check/check'
import { readMigrations } from '../../../src/store/migrations/migration-files'
import { migrate, pendingOwn } from '../../../src/store/migrations/migrate'
import { SqliteRuleStore } from '../../../src/store/rules/rule-store'
import { readRuleSet } from '../../../src/store/rules/rule-tables'
import { fakeLog } from '../../fake-log'
import { givenDatabase, givenDirectory, givenFiles, opened, ownMigrations, shipped } from '../fresh-database'

/** A new migration gets its line here. A line that is here already never changes. */
const asShipped: Readonly<Record<string, string>> = {
  '0001_schema': '45f6b8d28a9973796e21b4d752327bba415e1021bc24709bd724d8c359bc8160',
  '0002_failsafe_calls': 'd8e41aaa1cfa8489fbbc19eb8eb6a9e0b5baae20249ead55f0f3f52402a99b1e',
  '0003_migration_files': 'afc35ba65d68dc3c68d9344d6f5defb2a235b51765d833e4538f9bfe063c3e1d',
  '0004_dialled_forms': '64ab16f94dd066629d39cd2a2921ff520c86fc7c5415be3e5ae320868130a493',
  '0005_failsafe_talk_seconds': 'd503b046d58cd19ed305e0ace2df7e97e9adde9cbbfb03488a971258238efdea',
  '0006_dialled_at': '91db00da1aa976ac1263732ce81f8d88799fa840c9c915ab22321acbca171874',
  '0007_rule_versions': '95b3d2450fbb3aed7351cbb694f0f9f6acba174cc9db5c44e995e5155eadf66d',
  '0008_calls_server': '25dfa77ef3c2033f8b312dea875e7ed036481bf1b7a63097da4c310c99024226',
  '0009_replacements': '87d26738db1e2a2387e9bc31de0c21703a1435629bd6745e167bff63a1524403',
  '0010_emergency_numbers': '9c359844ab6450efd9632501ffe74240b4906303ee340e27bdf415998f9d83d4',
  '0011_dial_policy': 'bab5b54dc82be1fbe55b02656914d7b68f4d7fcd01762f8753b71f383d012a25',
  '0012_dial_limits': 'e4d83bb7eef09c1a58453306cc21f39d880dabe004ca4805fccd1f8c48dbda6f',
  '0013_failsafe_limits': '62307146e834565d160329578741567d59d09e13933626a4f34914017decb463',
  '0014_contacts': 'fae613a16bd950891c8df5197ec90f2cbe1c203d48de90a220b6210e82615baa',
  '0015_number_limits': '5db382eb3f5e6f44150dc506c312c84c0ba36cf74152cdda3565a04e33264ab1',
  '0016_caller_id': '05351b6cec6fd7e5e4cf0cff10ea0d6fddfdf32a28b175fbba9c01b8caa5afc3',
  '0017_trunks': 'a93ed9bc4df111ade061e2059598b1622e210793b0cbbfbcc434bf41602d424e',
  '0018_loops': 'b309a9eae7ead88dd9ce0d87f9d45b80e3263f9fdf78b57117f01e6a4e099618',
  '0019_target_limits': '6812c63ad0fbf601bff4066d0e4a9a8e70648f434a28146832999a50bb34821d'
}

test('no shipped migration has been changed, not even its comments', () => {
  const files = readMigrations({ shipped })
  expect(Object.fromEntries(files.map(({ name, checksum }) => [name, checksum]))).toEqual(asShipped)
})

test('a database made with the former text of migrations 1 and 3 to 5 is up to date; with any other text it is refused', () => {
  const { sqlite } = givenDatabase()
  const remember = sqlite.prepare('UPDATE schema_migrations SET checksum = ? WHERE name = ?')
  remember.run('73170b1d966751f754fd84323eec2c43833a7b2c3d9ea8b9e610dc052271fec0', '0001_schema')
  remember.run('66d82991fac3f5ed45f69cf421894377f2b842c84b9cb2ad6b95fcaca4eaaaeb', '0003_migration_files')
  remember.run('6dedae359d90125ead2bbfb29895caefe3417bb37ddca34576f84c4e2dec942a', '0004_dialled_forms')
  remember.run('8722f702206fd77be24997ed555c4e26166a50709be2326460b4b8ca0ff6670c', '0005_failsafe_talk_seconds')
  expect(pendingOwn(sqlite, shipped)).toEqual([])
  for (const name of ownMigrations) {
    remember.run('66d82991fac3f5ed45f69cf421894377f2b842c84b9cb2ad6b95fcaca4eaaaec', name)
    expect(() => pendingOwn(sqlite, shipped)).toThrow(/^the database was made by another followme/)
    remember.run(asShipped[name], name)
  }
})

test.each(ownMigrations.slice(1, -1).map((_, index) => index + 2))(
  'a database with the first %d migrations is upgraded: every row is kept, and an emergency number in it is reported',
  async (count) => {
    const first = ownMigrations.slice(0, count).map((name) => {
      return [`${name}.sql`, readFileSync(join(shipped, `${name}.sql`), 'utf8')] as const
    })
    const file = join(givenDirectory(), 'followme.db')
    migrate({ database: file, shipped: givenFiles(Object.fromEntries(first)), log: () => undefined })
    const { sqlite } = opened(file)
    // Nobody can write an emergency number since the tenth.
    const emergency = count < 10 ? '+911' : 'PJSIP/911'
    sqlite.exec(`
      INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550100', 'UTC');
      INSERT INTO rules (number, name, position) VALUES ('+14155550100', 'day', 1);
      INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550100', 'day', 1, 'PJSIP/alice'),
        ('+14155550100', 'day', 2, '${emergency}');
      INSERT INTO calls (id, number, caller_number, caller_name, a_leg, started_at, decision, plan)
      VALUES ('c1', '+14155550100', '', '', '17.1', '2026-11-22T11:48:12.345Z', 'fallback', '{}');
      INSERT INTO attempts (call, step, target, leg, dial, started_at, outcome)
      VALUES ('c1', 1, 1, 'c1.1.1', 'PJSIP/alice', '2026-11-22T11:48:12.345Z', 'busy')`)
    const rows = () => ['targets', 'calls', 'attempts'].map((table) => sqlite.prepare(`SELECT * FROM ${table}`).all())
    const before = rows()
    // Commands that only read take it as it is.
    const latest = { maxCalls: null, fallbackFull: null, callerIdPolicy: 'outside', namePrefix: null, alertInfo: null }
    expect(readRuleSet(sqlite).dialPolicy).toEqual([])
    expect(readRuleSet(sqlite).numbers).toMatchObject([latest])
    const book = await new SqliteRuleStore(opened(file), fakeLog()).rulesFor('+14155550100')
    expect(book.get('+14155550100')).toMatchObject(latest)
    expect(book.get('+14155550100')?.policy.refusalOf('+37120123456')?.kind).toBe('country')
    migrate({ database: file, shipped, log: () => undefined })
    expect(rows()).toMatchObject(before)
    expect(checkRules(readRuleSet(sqlite), Date.UTC(2026, 10, 22)).map(({ message }) => message)).toContainEqual(
      expect.stringContaining(emergency)
    )
    expect(() => sqlite.exec("UPDATE targets SET dial = '+112' WHERE dial = 'PJSIP/alice'")).toThrow('emergency')
    expect(() => sqlite.exec("UPDATE attempts SET outcome = 'refused'")).not.toThrow()
    expect(sqlite.pragma('foreign_key_check')).toEqual([])
  }
)
