// docs/example-site: it applies, `check` has nothing to say, and callers get what its comments promise.
import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkCommand } from '../../src/cli/commands/check'
import { coverageCommand } from '../../src/cli/commands/coverage'
import { explainCommand } from '../../src/cli/commands/explain'
import { migrateCommand } from '../../src/cli/commands/migrate'
import { coverageOf } from '../../src/rules/analysis/coverage'
import { unlistedCaller } from '../../src/rules/number'
import { migrate } from '../../src/store/migrations/migrate'
import { givenDirectory, givenStore, ownMigrations, shipped } from '../store/fresh-database'
import { printedBy } from '../cli/printed'

const site = resolve(__dirname, '../../docs/example-site')
const practice = '+442079460100'
const support = '+442079460300'
const americas = '+14155550130'
const australia = '+61255501300'
const maria = '+14155550150'

const environment = { ...process.env }
beforeEach(() => {
  process.env['FOLLOWME_DATABASE'] = join(givenDirectory(), 'followme.db')
  process.env['FOLLOWME_MIGRATIONS'] = site
})
afterEach(() => {
  process.env = { ...environment }
  jest.restoreAllMocks()
})

function givenExample(): string {
  const database = process.env['FOLLOWME_DATABASE'] ?? ''
  migrate({ database, shipped, site, log: () => undefined })
  return database
}

const files = readdirSync(site).filter((name) => name.endsWith('.sql'))

test('the examples apply to an empty database without errors or warnings', async () => {
  expect(files).toHaveLength(3)
  const names = files.map((name) => name.replace('.sql', ''))
  const dry = await printedBy(migrateCommand(), '--dry-run')
  expect(dry.filter((line) => line.startsWith('would apply'))).toEqual([
    ...ownMigrations.map((name) => `would apply ${name} (followme)`),
    ...names.map((name) => `would apply ${name} (site)`)
  ])
  expect(dry.at(-1)).toBe('dry run: nothing was applied')
  const applied = await printedBy(migrateCommand())
  const named = applied.filter((line) => line.startsWith('applied')).map((line) => line.split(' ')[1])
  expect(named).toEqual([...ownMigrations, ...names])
  expect(await printedBy(checkCommand())).toEqual(['no faults in the rules of 5 numbers'])
})

test.each(files)('each number in %s is reserved for fiction', (name) => {
  const numbers = readFileSync(join(site, name), 'utf8').match(/\+\d+/g) ?? []
  expect(numbers.length).toBeGreaterThan(0)
  // The last digit of a prefix may be missing.
  const fiction = /^\+(141555501\d{1,2}|442079460\d{3}|447700900\d{3}|6125550\d{3,4})$/
  expect(numbers.filter((number) => !fiction.test(number))).toEqual([])
})

// Reasoned by hand from the comments. Times are the number's own; a plan is its steps, then what nobody's answer leads to.
const reception = ['PJSIP/reception1 PJSIP/reception2', '+447700900100', 'voicemail:200@default']
const patel = ['+447700900101', '+447700900102', 'voicemail:200@default']
const jones = ['+447700900102', '+447700900101', 'voicemail:200@default']
const anyone = ['+447700900101 +447700900102', 'voicemail:200@default']
const deskOf = (city: string) => [`PJSIP/${city}1 PJSIP/${city}2`, '+14155550135', 'voicemail:300@default']
const onCall = ['+14155550135', '+447700900135', 'voicemail:300@default']
const mobile = ['+14155550151', 'voicemail:400@default']
const family = ['+14155550151', 'PJSIP/home', 'voicemail:400@default']
const message = ['voicemail:400@default']
const announcement = ['announce:custom/closed']

test.each([
  // The practice. Sunday 2026-11-22 is of the third weekend, which is Patel's; so is Monday's night.
  [practice, '', 'Mon 2026-11-23 08:29', patel],
  [practice, '', 'Mon 2026-11-23 08:30', reception],
  [practice, '', 'Mon 2026-11-23 13:00', ['+447700900100', 'voicemail:200@default']],
  [practice, '', 'Mon 2026-11-23 14:00', reception],
  [practice, '', 'Mon 2026-11-23 17:30', patel],
  [practice, '', 'Wed 2026-11-25 03:00', jones],
  // Friday's night is Patel's until the fourth weekend begins, which is Jones's.
  [practice, '', 'Sat 2026-11-28 08:29', patel],
  [practice, '', 'Sat 2026-11-28 08:30', jones],
  [practice, '', 'Sat 2027-01-30 12:00', anyone],
  // Christmas Eve until noon, no lunch; then Thursday's night, into a bank holiday.
  [practice, '', 'Thu 2026-12-24 11:59', reception],
  [practice, '', 'Thu 2026-12-24 13:30', anyone],
  [practice, '', 'Fri 2026-12-25 08:00', jones],
  [practice, '', 'Fri 2026-12-25 10:00', anyone],
  // The clocks go forward in the fourth weekend of March 2027, and Easter Monday follows.
  [practice, '', 'Mon 2027-03-29 08:29', jones],
  [practice, '', 'Mon 2027-03-29 08:30', anyone],

  // The desks, in London's time: Sydney begins on Sunday at 22:00, and hands over where two are open.
  [support, '', 'Sun 2026-11-22 21:59', onCall],
  [support, '', 'Sun 2026-11-22 22:00', deskOf('sydney')],
  [support, '', 'Mon 2026-11-23 06:59', deskOf('sydney')],
  [support, '', 'Mon 2026-11-23 07:00', deskOf('london')],
  [support, '', 'Mon 2026-11-23 16:59', deskOf('london')],
  [support, '', 'Mon 2026-11-23 17:00', deskOf('sanfran')],
  [support, '', 'Mon 2026-11-23 22:00', deskOf('sydney')],
  // Thanksgiving in San Francisco; a week later its Friday lasts until one at night here.
  [support, '', 'Fri 2026-11-27 17:30', onCall],
  [support, '', 'Sat 2026-12-05 00:59', deskOf('sanfran')],
  [support, '', 'Sat 2026-12-05 01:00', onCall],
  // The day after London's clocks went forward; in July Sydney's winter begins at midnight here.
  [support, '', 'Mon 2027-03-29 06:59', deskOf('sydney')],
  [support, '', 'Mon 2027-07-05 23:59', deskOf('sanfran')],
  [support, '', 'Tue 2027-07-06 00:00', deskOf('sydney')],
  // Blocked and VIP, however their numbers are written, and through the local numbers as well.
  [support, '020 7946 0999', 'Mon 2026-11-23 10:00', ['hangup']],
  [americas, '(415) 555-0195', 'Mon 2026-11-23 10:00', ['hangup']],
  [support, '00447700900300', 'Mon 2026-11-23 10:00', onCall],
  [australia, '02 5550 1331', 'Tue 2026-11-24 10:00', onCall],
  [australia, '02 5550 1400', 'Tue 2026-11-24 10:00', deskOf('sydney')],
  [americas, '', 'Sat 2026-11-28 12:00', onCall],

  // Maria, in California.
  [maria, '', 'Tue 2026-12-01 08:59', announcement],
  [maria, '', 'Tue 2026-12-01 09:00', mobile],
  [maria, '', 'Tue 2026-12-01 17:00', message],
  [maria, '', 'Fri 2026-12-04 15:00', message],
  [maria, '', 'Fri 2026-12-04 20:00', announcement],
  [maria, '', 'Mon 2026-12-21 10:00', announcement],
  [maria, '', 'Mon 2027-01-04 09:00', mobile],
  [maria, '(415) 555-0172', 'Sun 2026-12-27 03:00', family]
])('%s, called by "%s", %s: %j', async (number, caller, when, plan) => {
  givenExample()
  const [weekday = '', ...at] = when.split(' ')
  const instant = Date.parse(`${at[0] ?? ''}T12:00Z`)
  expect(new Date(instant).toUTCString()).toMatch(new RegExp(`^${weekday},`))
  const [json = ''] = await printedBy(explainCommand(), number, '--from', caller, '--at', at.join(' '), '--json')
  const answer = JSON.parse(json) as {
    readonly plan: { readonly steps: { readonly targets: { readonly dial: string }[] }[]; readonly fallback: string }
  }
  const steps = answer.plan.steps.map(({ targets }) => targets.map(({ dial }) => dial).join(' '))
  expect([...steps, answer.plan.fallback]).toEqual(plan)
})

test.each([practice, support, americas, australia])(
  '%s has no gap in two weeks that include clock changes',
  async (number) => {
    givenExample()
    // London's on 28 March, Sydney's on 4 April.
    jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2027-03-22T12:00:00Z'))
    const [json = ''] = await printedBy(coverageCommand(), number, '--days', '14', '--json')
    expect(JSON.parse(json)).toMatchObject({ days: 14, gaps: [] })
  }
)

test('throughout a year of clock changes in three zones, each desk hands over to the next without a gap', async () => {
  const book = await givenStore(givenExample()).rules.rulesFor(support)
  // Tuesdays to Tuesdays of 2028, for which there are no holidays.
  const spans = coverageOf(support, unlistedCaller, Date.UTC(2028, 0, 4), Date.UTC(2028, 11, 26), book)
  const onCallSpans = spans.filter(({ rule }) => rule === 'on call')
  expect(onCallSpans).toHaveLength(51)
  const weekends = onCallSpans.map(({ from, to }) =>
    [from, to]
      .map((at) => `${new Date(at).toUTCString().slice(0, 3)} ${new Date(at).toISOString().slice(11, 16)}`)
      .join(' to ')
  )
  expect([...new Set(weekends)].sort()).toEqual([
    'Sat 00:00 to Sun 22:00',
    'Sat 00:00 to Sun 23:00',
    'Sat 01:00 to Sun 22:00'
  ])
})
