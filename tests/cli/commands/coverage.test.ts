import { readFileSync, readlinkSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { coverageCommand } from '../../../src/cli/commands/coverage'
import { givenDatabaseFile, givenDirectory, opened } from '../../store/fresh-database'
import { printedBy } from '../printed'

const number = '+442071838750'
const site = `
  INSERT INTO schedules VALUES ('london', 'Europe/London'), ('night', 'Europe/London'), ('broken', 'Mars/Olympus');
  INSERT INTO schedule_windows VALUES ('london', '0 9 * * *', 480), ('night', '45 21 * * *', 315);
  INSERT INTO schedule_exceptions VALUES ('london', '2026-10-26', '2026-10-26', NULL, NULL, 'Bank holiday');
  INSERT INTO caller_lists VALUES ('hidden');
  INSERT INTO caller_list_entries VALUES ('hidden', 'anonymous');
  INSERT INTO virtual_numbers (number, label, time_zone, fallback, enabled) VALUES
    ('${number}', 'Sales & <Support>', 'Europe/London', 'voicemail:100@default', 1),
    ('+442071838751', '', 'UTC', 'busy', 1),
    ('+442071838752', '', 'UTC', 'busy', 0);
  INSERT INTO rules (number, name, position, schedule, callers, fallback) VALUES
    ('${number}', 'hidden', 5, NULL, 'hidden', 'hangup'), ('${number}', 'day', 10, 'london', NULL, NULL),
    ('${number}', 'night', 20, 'night', NULL, NULL), ('${number}', 'mars', 30, 'broken', NULL, NULL),
    ('+442071838751', 'on', 10, NULL, NULL, NULL);
  INSERT INTO targets (number, rule, step, dial) VALUES
    ('${number}', 'day', 1, 'PJSIP/alice'), ('${number}', 'day', 1, 'PJSIP/amy'), ('${number}', 'day', 2, 'PJSIP/bob'),
    ('${number}', 'night', 1, 'PJSIP/carol'), ('+442071838751', 'on', 1, 'PJSIP/dora');
`

const environment = { ...process.env }
beforeEach(() => {
  const file = givenDatabaseFile()
  opened(file).sqlite.exec(site)
  process.env['FOLLOWME_DATABASE'] = file
  // Saturday, four in the morning in London, the day before the clocks go back.
  jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-10-24T03:00:20Z'))
})
afterEach(() => {
  process.env = { ...environment }
  jest.restoreAllMocks()
})

async function coverage(...args: string[]): Promise<string> {
  return (await printedBy(coverageCommand(), ...args)).join('\n')
}

test('coverage draws who rings when in local time, with gaps and clock changes', async () => {
  expect(await coverage(number, '--days', '3')).toBe(
    `+442071838750 (Sales & <Support>), 3 days, Europe/London, one character per half hour

                00    03    06    09    12    15    18    21
Sat 2026-10-24          ··········AAAAAAAAAAAAAAAA·········*BBBB
Sun 2026-10-25  BBBBBB············AAAAAAAAAAAAAAAA·········*BBBB
Mon 2026-10-26  BBBBBB·····································*BBBB

  ·  no rule answers: nobody rings, voicemail:100@default
  A  rule 'day': PJSIP/alice + PJSIP/amy, then PJSIP/bob, then voicemail:100@default
  B  rule 'night': PJSIP/carol, then voicemail:100@default
  *  changes within the half hour

The clocks change:
  Sun 2026-10-25 Europe/London: the clocks go back 60 min, from 02:00 to 01:00: that time is repeated
    rule 'night' answers throughout it, from Sat 2026-10-24 21:45 to Sun 2026-10-25 03:00: 6.3 h, 60 min more than the clock shows

Correct this:
  ! skipped: schedule 'broken': time zone "Mars/Olympus" is unknown: write an IANA zone such as Europe/London

Gaps, where nobody rings, 39.3 h of 69:
  Sat 2026-10-24 04:00 to Sat 2026-10-24 09:00, 5 h: voicemail:100@default
  Sat 2026-10-24 17:00 to Sat 2026-10-24 21:45, 5 h: voicemail:100@default
  Sun 2026-10-25 03:00 to Sun 2026-10-25 09:00, 6 h: voicemail:100@default
  Sun 2026-10-25 17:00 to Sun 2026-10-25 21:45, 5 h: voicemail:100@default
  Mon 2026-10-26 03:00 to Mon 2026-10-26 21:45, 19 h: voicemail:100@default`
  )
})

test.each([
  [64, 'half hour', 64],
  [63, 'hour', 40],
  [40, 'hour', 40],
  [39, 'two hours', 28]
])('on a terminal of %i columns one character stands for %s', async (columns, grain, width) => {
  const before = Object.getOwnPropertyDescriptor(process.stdout, 'columns')
  Object.defineProperty(process.stdout, 'columns', { value: columns, configurable: true })
  try {
    const lines = (await coverage(number, '--days', '3')).split('\n')
    expect(lines[0]).toContain(`one character per ${grain}`)
    const rows = lines.slice(2, 6)
    expect(Math.max(...rows.map((row) => row.length))).toBe(width)
    // The shop opens at nine, below the ruler's nine or six.
    const [ruler = '', , sunday = ''] = rows
    const hour = grain === 'two hours' ? ruler.indexOf('06') + 1 : ruler.indexOf('09')
    expect(sunday.indexOf('A', 16)).toBe(grain === 'two hours' ? hour + 1 : hour)
    expect(lines).toContain(`  *  changes within the ${grain}`)
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.stdout, 'columns')
    else Object.defineProperty(process.stdout, 'columns', before)
  }
})

test('an hour skipped in spring is left blank', async () => {
  jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2027-03-28T00:00:00Z'))
  const text = await coverage(number, '--days', '1')
  expect(text).toContain('Sun 2027-03-28  AA  AA············BBBB')
  expect(text).toContain('forward 60 min, from 01:00 to 02:00: that time is skipped')
})

test('a number that always rings has no gaps', async () => {
  expect(await coverage('+442071838751')).toContain('No gaps: somebody rings at all times.')
})

test('--json prints one document with spans, gaps and clock changes', async () => {
  const document = JSON.parse(await coverage(number, '--days', '2', '--json')) as Record<string, unknown[]>
  expect(document).toMatchObject({ number, timeZone: 'Europe/London', days: 2, from: '2026-10-24T03:00:00.000Z' })
  expect(document['spans']?.[1]).toMatchObject({
    from: '2026-10-24T08:00:00.000Z',
    to: '2026-10-24T16:00:00.000Z',
    sign: 'A',
    outcome: 'rule',
    rule: 'day'
  })
  expect(document['gaps']?.[0]).toEqual({
    from: '2026-10-24T03:00:00.000Z',
    to: '2026-10-24T08:00:00.000Z',
    fallbacks: ['voicemail:100@default']
  })
  expect(document['clockChanges']).toEqual([
    {
      at: '2026-10-25T01:00:00.000Z',
      text: expect.stringContaining('back 60 min') as string,
      effect: expect.stringContaining('60 min more') as string
    }
  ])
})

test('overlaps are listed with the rule that wins by position; a final catch-all rule is not an overlap', async () => {
  opened(process.env['FOLLOWME_DATABASE'] ?? '').sqlite.exec(`
    INSERT INTO schedules VALUES ('late', 'Europe/London');
    INSERT INTO schedule_windows VALUES ('late', '0 15 * * *', 240);
    INSERT INTO rules (number, name, position, schedule) VALUES ('${number}', 'late', 15, 'late'), ('${number}', 'last', 90, NULL);
    INSERT INTO targets (number, rule, step, dial) VALUES
      ('${number}', 'late', 1, 'PJSIP/dora'), ('${number}', 'last', 1, 'PJSIP/emil')`)
  expect(await coverage(number, '--days', '3')).toContain(`
Overlaps, won by position:
  'day' before 'late': 4 h in 2 periods, first Sat 2026-10-24 15:00 to Sat 2026-10-24 17:00
`)
  expect(JSON.parse(await coverage(number, '--days', '1', '--json'))).toMatchObject({
    overlaps: [
      { answers: 'day', behind: 'late', spans: [{ from: '2026-10-24T14:00:00.000Z', to: '2026-10-24T16:00:00.000Z' }] }
    ]
  })
})

test('--at sets the start, --from the caller', async () => {
  const text = await coverage(number, '--days', '1', '--at', '2026-12-01 06:00', '--from', 'anonymous')
  expect(text).toContain('called by an anonymous caller, 1 day, Europe/London')
  expect(text).toContain('Tue 2026-12-01              ····································')
  expect(text).toContain("·  rule 'hidden': nobody rings, hangup")
  expect(await coverage('--all', '--days', '2', '--at', '2026-12-01')).toContain('have gaps in 2 days from 2026-12-01')
})

test('a number with an invalid time zone is drawn in UTC, with a note', async () => {
  opened(process.env['FOLLOWME_DATABASE'] ?? '').sqlite.exec(
    `UPDATE virtual_numbers SET time_zone = 'Mars/Base' WHERE number = '${number}'`
  )
  const text = await coverage(number, '--days', '1', '--at', '2026-12-01')
  expect(text).toContain('1 day, UTC, one character per half hour')
  expect(text).toContain(`! the dates of ${number} cannot be read, and its times are shown in UTC`)
})

test('an opening within the skipped hour is shown at the clock change', async () => {
  opened(process.env['FOLLOWME_DATABASE'] ?? '').sqlite.exec(
    "UPDATE schedule_windows SET opens = '30 1 * * *', minutes = 60 WHERE schedule = 'night'"
  )
  expect(await coverage(number, '--days', '1', '--at', '2027-03-28')).toContain(
    "no rule answers until that moment, then rule 'night'"
  )
})

test('a device that cannot be written is reported and not replaced', async () => {
  const link = join(givenDirectory(), 'full')
  symlinkSync('/dev/full', link)
  await expect(coverage(number, '--svg', link)).rejects.toMatchObject({ code: 'unavailable' })
  expect(readlinkSync(link)).toBe('/dev/full')
})

test('--svg writes the drawing to a file, with escaped names', async () => {
  const file = join(givenDirectory(), 'wall.svg')
  await coverage(number, '--days', '2', '--svg', file)
  const svg = readFileSync(file, 'utf8')
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^]*<\/svg>\n$/)
  expect(svg).toContain('(Sales &amp; &lt;Support&gt;)')
  expect(svg.match(/<rect [^>]*fill="#d9d9d9"/g)).toHaveLength(5)
  await expect(coverage(number, '--svg', join(file, 'x'))).rejects.toMatchObject({ code: 'unavailable' })
})

test('--all lists the numbers that have gaps', async () => {
  expect(await coverage('--all', '--days', '2')).toBe(
    `+442071838750 (Sales & <Support>): 20.5 h of 45, first Sat 2026-10-24 04:00 to Sat 2026-10-24 09:00, 5 h: voicemail:100@default
1 of 2 numbers have gaps in the next 2 days`
  )
  expect(JSON.parse(await coverage('--all', '--json'))).toMatchObject([
    { number, gaps: expect.any(Array) as unknown[] }
  ])
})

test.each([
  [[], 'usage', /give either a number/],
  [[number, '--all'], 'usage', /give either a number/],
  [['--all', '--svg', 'x.svg'], 'usage', /draws a single number/],
  [[number, '--at', 'noon'], 'usage', /invalid --at "noon"/],
  [[number, '--days', '0'], 'usage', /from 1 to 366/],
  [['sales'], 'usage', /not a virtual number/],
  [['+15005550006'], 'not-found', /there is no virtual number \+15005550006: add it/],
  [['020 7183 8750'], 'usage', /not a virtual number: did you mean \+442071838750\?$/],
  [['+442071838705'], 'not-found', /no virtual number \+442071838705: did you mean \+442071838750\?$/],
  [['+442071838752'], 'not-found', /is disabled/]
])('%j is refused with the cure', async (args, code, message) => {
  await expect(coverage(...args)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string })
})
