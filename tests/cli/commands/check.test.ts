import { join } from 'node:path'
import { checkCommand } from '../../../src/cli/commands/check'
import { migrate } from '../../../src/store/migrations/migrate'
import { givenDatabaseFile, givenDirectory, givenFiles, opened, shipped } from '../../store/fresh-database'
import { printedBy } from '../printed'

const environment = { ...process.env }
afterEach(() => {
  process.env = { ...environment }
  process.exitCode = undefined
  jest.restoreAllMocks()
})

/** What `followme check` prints, and its exit status. */
async function check(
  database: string,
  ...args: string[]
): Promise<{ printed: string; status: typeof process.exitCode }> {
  process.env['FOLLOWME_DATABASE'] = database
  const printed = await printedBy(checkCommand(), ...args)
  return { printed: printed.join('\n'), status: process.exitCode }
}

function givenRules(sql: string): string {
  const database = givenDatabaseFile()
  opened(database).sqlite.exec(sql)
  return database
}

const wrongZone = "INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550100', 'America/Los_Angles');"
const unused = "INSERT INTO caller_lists VALUES ('vip');"

test('an error is printed with its row and cure, and the exit status is 1', async () => {
  expect(await check(givenRules(wrongZone + unused))).toEqual({
    printed: `error    virtual_numbers (+14155550100): time zone "America/Los_Angles" is unknown; write an IANA zone such as Europe/London
warning  caller_lists (vip): no rule refers to it; name it in rules.callers, or delete it
1 error, 1 warning in the rules of 1 number`,
    status: 1
  })
})

test('warnings alone leave the exit status 0', async () => {
  const { printed, status } = await check(givenRules(unused))
  expect(printed.split('\n').at(-1)).toBe('0 errors, 1 warning in the rules of 0 numbers')
  expect(status).toBeUndefined()
})

test('valid rules leave the exit status 0', async () => {
  expect(await check(givenDatabaseFile())).toEqual({
    printed: 'no faults in the rules of 0 numbers',
    status: undefined
  })
})

test('--json prints one document', async () => {
  const { printed, status } = await check(givenRules(wrongZone), '--json')
  expect(JSON.parse(printed)).toEqual({
    errors: 1,
    warnings: 0,
    numbers: 1,
    faults: [
      {
        table: 'virtual_numbers',
        key: '+14155550100',
        level: 'error',
        message: 'time zone "America/Los_Angles" is unknown',
        cure: 'write an IANA zone such as Europe/London'
      }
    ],
    destinations: []
  })
  expect(status).toBe(1)
})

test('the most expensive destinations that the rules can reach are listed last', async () => {
  const abroad = ['+37120123456', '+37120123457', '+37120123458', '+37120123459']
  const database = givenRules(`
    INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550100', 'UTC');
    INSERT INTO rules (number, name, position) VALUES ('+14155550100', 'night', 1);
    INSERT INTO targets (number, rule, step, dial)
      SELECT '+14155550100', 'night', 1, value FROM json_each('${JSON.stringify([...abroad, '+881612345678'])}');
    INSERT INTO dial_policy (prefix, verdict) VALUES ('+371', 'allow'), ('+881', 'allow');`)
  expect((await check(database)).printed).toBe(`no faults in the rules of 1 number

The most expensive destinations that rules can reach:
  satellite: +881612345678; by (+14155550100, night)
  Latvia: +37120123456, +37120123457, +37120123458 and 1 more; by (+14155550100, night)`)
  const { printed } = await check(database, '--json')
  expect(JSON.parse(printed)).toMatchObject({
    destinations: [
      { kind: 'satellite', country: null, numbers: ['+881612345678'], by: ['+14155550100, night'] },
      { kind: 'abroad', country: 'LV', numbers: abroad }
    ]
  })
})

test('a database without tables is reported with the cure', async () => {
  const database = join(givenDirectory(), 'empty.db')
  opened(database, { create: true })
  await expect(check(database)).rejects.toThrow("holds no numbers yet: run 'followme migrate'")
})

test('pending, refused and unread site migrations are warnings, and do not change the exit status', async () => {
  const database = givenDatabaseFile()
  const site = givenFiles({
    '0001_vip.sql': "INSERT INTO caller_lists VALUES ('vip', 1);",
    '0002_blank.sql': '-- later\n',
    '0003_x.sql.txt': ''
  })
  process.env['FOLLOWME_MIGRATIONS'] = site
  const waits = 'schema_migrations (0001_vip): this migration is not applied; run followme migrate'
  const others = `warning  schema_migrations (${site}): ${join(site, '0003_x.sql.txt')} is not read; if it is a migration, rename it to 0003_x.sql
warning  schema_migrations (${site}): ${join(site, '0002_blank.sql')} contains no statement, so it is not applied; write it, or remove it`
  expect((await check(database)).printed).toBe(
    `warning  ${waits}\n${others}\n0 errors, 3 warnings in the rules of 0 numbers`
  )
  expect(() => migrate({ database, shipped, site, log: () => undefined })).toThrow('has 1 columns but 2 values')
  const { printed, status } = await check(database)
  expect(printed).toContain(
    `warning  ${waits}\nwarning  schema_migrations (${site}): migration ${join(site, '0001_vip.sql')}, line 1: table caller_lists has 1 columns but 2 values were supplied; run followme migrate: it shows what to do`
  )
  expect(status).toBeUndefined()
})
