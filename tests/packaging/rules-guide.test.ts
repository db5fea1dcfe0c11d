// docs/rules.md, held against the program: its examples are run as a reader would run them, its tables compared.
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { checkRules } from '../../src/rules/check/check'
import { parseCron } from '../../src/rules/schedule/cron'
import { type Fault, findingOf } from '../../src/rules/finding'
import { formatInstant, parseInstant } from '../../src/rules/schedule/instant'
import { compileSchedule } from '../../src/rules/schedule/schedule'
import { readRuleSet } from '../../src/store/rules/rule-tables'
import { givenDatabase, givenDirectory, opened } from '../store/fresh-database'
import { blocksOf, examplesOf, rowsOf } from './markdown'
import { type Printed, fileOf, runPage } from './page-run'

jest.setTimeout(900_000)

const root = resolve(__dirname, '../..')
const name = 'docs/rules.md'
const page = readFileSync(join(root, name), 'utf8')
const blocks = blocksOf(page)
const examples = blocks.filter(({ language }) => language === 'console').flatMap(examplesOf)
const [, today = ''] = /On this page, it is always \w+ (\S+ \S+) Europe\/London/.exec(page) ?? []
const now = parseInstant(today, 'Europe/London', 0)?.at ?? NaN

/** What differs each time: how long it took, and the name of a backup, of which each is new. */
const alike = (text: string) =>
  text
    .replace(/ in \d+ ms$/gm, ' in … ms')
    .replace(/^(new database| {2}sqlite3) \S*\//gm, '$1 ')
    .replace(/\.db\.\d{8}T\d{6}Z(-\d+)?\.backup$/gm, '.db.….backup')

describe('the examples, run from top to bottom in an empty directory', () => {
  let directory: string
  let printed: readonly Printed[]
  let database: string

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'followme-guide-'))
    printed = runPage(page, directory, now)
    database = join(directory, 'work/followme.db')
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  test.each(examples.map((example, at) => ({ ...example, at })))(
    `${name}:$line prints what is shown: $command`,
    ({ at, command, shown }) => {
      const { text, status } = printed[at] ?? { text: `(it was not reached)`, status: NaN }
      expect(`$ ${command}\n${alike(text)}`).toBe(`$ ${command}\n${alike(shown)}`)
      // A command that refuses says so with its name before it; any other has done its work.
      expect(status === 0).toBe(!shown.startsWith('followme: '))
    }
  )

  describe.each([
    ['Every fault', {}],
    ['Rows that lead nowhere', { references: false }],
    ['Rows that the tables refuse', { constraints: false }]
  ])('each row under "%s" has exactly the fault shown', (heading, { references, constraints }: Switches) => {
    test.each(faultRows(heading))(`${name}:$line $sql`, ({ sql, says }) => {
      const copy = join(givenDirectory(), 'followme.db')
      copyFileSync(database, copy)
      const { sqlite } = opened(copy)
      if (references === false) {
        expect(() => sqlite.exec(sql)).toThrow('FOREIGN KEY')
        sqlite.pragma('foreign_keys = OFF')
      }
      if (constraints === false) {
        expect(() => sqlite.exec(sql)).toThrow('CHECK')
        sqlite.pragma('ignore_check_constraints = ON')
      }
      sqlite.exec(sql)
      expect(checkRules(readRuleSet(sqlite), now).map(faultText)).toEqual([says])
    })
  })
})

interface Switches {
  readonly references?: boolean
  readonly constraints?: boolean
}

function faultText({ level, table, key, message, cure }: Fault): string {
  return `${level} ${table} (${key}): ${message}; ${cure}`
}

function faultRows(heading: string) {
  const rows = rowsOf(page, '| | row | `check` says |', new RegExp(`^#+ ${heading}$`, 'm').exec(page)?.index)
  return rows.map(({ line, cells: [level = '', sql = '', says = ''] }) => ({ line, sql, says: `${level} ${says}` }))
}

test('the page shows every fault that check can report', () => {
  const said = ['Every fault', 'Rows that lead nowhere', 'Rows that the tables refuse']
    .flatMap(faultRows)
    .map(({ says }) => says)
  const rules = join(root, 'src/rules')
  const checks = readdirSync(join(rules, 'check')).map((file) => join('check', file))
  const findings = [...checks, 'rule-faults.ts', 'schedule/schedule.ts'].flatMap((file) => {
    const call = /\b(?:error|warning|never)\(\s*([`'"])([^]*?)\1(?:,\s*([`'"])([^]*?)\3)?/g
    const found = readFileSync(join(rules, file), 'utf8').matchAll(call)
    return Array.from(found, ([, , message = '', , cure = '']) => `${message}…${cure}`)
  })
  expect(findings.length).toBeGreaterThan(25)
  // What a template fills in, and what stands between message and cure, may be anything.
  const pattern = (finding: string) =>
    new RegExp(
      finding
        .split(/\$\{[^}]*\}|…/)
        .map((text) => text.replace(/[^\w ]/g, '\\$&'))
        .join('.*')
    )
  expect(findings.filter((finding) => !said.some((says) => pattern(finding).test(says)))).toEqual([])
})

describe('what may be written in schedule_windows.opens', () => {
  const accepted = rowsOf(page, '| `opens` | opens next on |')
  const refused = rowsOf(page, "| `opens` | `window '…'` | cure |")

  test('are shown in two tables', () => {
    expect([accepted.length > 15, refused.length > 10]).toEqual([true, true])
  })

  test.each(accepted)(`${name}:$line $cells.0 opens at the times shown`, ({ cells: [opens = '', shown] }) => {
    const windows = [{ opens, minutes: 1 }]
    const schedule = compileSchedule({ name: 'any', timeZone: 'Europe/London', windows, exceptions: [] })
    const openings: string[] = []
    for (let at = now; openings.length < 2;) {
      at = schedule.stateAt(at).nextChangeAt!
      if (schedule.stateAt(at).open) openings.push(formatInstant(at, 'Europe/London').replace(' Europe/London', ''))
    }
    expect(openings.join(', ')).toBe(shown)
  })

  test.each(refused)(
    `${name}:$line $cells.0 is refused with the reason shown`,
    ({ cells: [opens = '', why = '', cure] }) => {
      const usual = /the message says: ([^]*?)\.\n\n/.exec(page)?.[1]?.replace('\n', ' ')
      expect(findingOf(() => parseCron(opens))).toMatchObject({
        message: `window '${opens}' ${why}`,
        cure: cure === '' ? usual : cure
      })
    }
  )
})

test('the page explains exactly the columns that people write', () => {
  const { sqlite } = givenDatabase()
  const tables = [...readFileSync(join(root, 'migrations/0001_schema.sql'), 'utf8').matchAll(/^CREATE TABLE (\w+)/gm)]
    .map(([, table = '']) => table)
    .filter((table) => !['failsafe', 'calls', 'attempts'].includes(table))
  expect(tables.length).toBe(9)
  const columns = (table: string) => sqlite.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table)
  const explained = (table: string) =>
    rowsOf(page, `| \`${table}\` | |`).flatMap(({ cells }) => cells[0]?.match(/\w+/g))
  expect(tables.map((table) => [table, explained(table)])).toEqual(tables.map((table) => [table, columns(table)]))
})

test('every SQL block is a site migration', () => {
  const stray = blocks.filter((block) => block.language === 'sql' && fileOf(block) === undefined)
  expect(stray.map(({ line }) => `${name}:${line}`)).toEqual([])
})
