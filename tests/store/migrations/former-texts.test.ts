// A database outlives the program that made it: the shipped migrations stay as they are, byte for byte, or old databases are refused.
import { readMigrations } from '../../../src/store/migrations/migration-files'
import { pendingOwn } from '../../../src/store/migrations/migrate'
import { givenDatabase, ownMigrations, shipped } from '../fresh-database'

/** A new migration gets its line here. A line that is here already never changes. */
const asShipped: Readonly<Record<string, string>> = {
  '0001_schema': '73170b1d966751f754fd84323eec2c43833a7b2c3d9ea8b9e610dc052271fec0',
  '0002_failsafe_calls': 'd8e41aaa1cfa8489fbbc19eb8eb6a9e0b5baae20249ead55f0f3f52402a99b1e',
  '0003_migration_files': 'afc35ba65d68dc3c68d9344d6f5defb2a235b51765d833e4538f9bfe063c3e1d',
  '0004_dialled_forms': '64ab16f94dd066629d39cd2a2921ff520c86fc7c5415be3e5ae320868130a493',
  '0005_failsafe_talk_seconds': 'd503b046d58cd19ed305e0ace2df7e97e9adde9cbbfb03488a971258238efdea',
  '0006_dialled_at': '91db00da1aa976ac1263732ce81f8d88799fa840c9c915ab22321acbca171874',
  '0007_rule_versions': '95b3d2450fbb3aed7351cbb694f0f9f6acba174cc9db5c44e995e5155eadf66d',
  '0008_calls_server': '25dfa77ef3c2033f8b312dea875e7ed036481bf1b7a63097da4c310c99024226',
  '0009_replacements': '87d26738db1e2a2387e9bc31de0c21703a1435629bd6745e167bff63a1524403'
}

test('no migration that was shipped is changed, not even in its comments', () => {
  const files = readMigrations({ shipped })
  expect(Object.fromEntries(files.map(({ name, checksum }) => [name, checksum]))).toEqual(asShipped)
})

test('a database made with the former comments of migrations 3 to 5 is up to date; with any others it is refused', () => {
  const { sqlite } = givenDatabase()
  const remember = sqlite.prepare('UPDATE schema_migrations SET checksum = ? WHERE name = ?')
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
