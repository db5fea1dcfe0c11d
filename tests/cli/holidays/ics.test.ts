// Official calendars (.ics) as migrations: the forms that governments publish, and the ways in which files are broken.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { holidaysCommand } from '../../../src/cli/commands/holidays'
import { givenDirectory } from '../../store/fresh-database'

afterEach(() => jest.restoreAllMocks())

/** What `followme holidays --ics` prints for a file of these bytes, and what it says beside it. */
async function fromFile(bytes: string | Buffer, ...args: string[]): Promise<{ text: string; notes: string }> {
  const file = join(givenDirectory(), 'holidays.ics')
  writeFileSync(file, bytes)
  const printed: string[] = []
  const notes: string[] = []
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0)
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => notes.push(String(text)) > 0)
  try {
    await holidaysCommand()
      .configureOutput({ writeErr: () => undefined })
      .exitOverride()
      .parseAsync(['--ics', file, '--year', '2027', '--schedule', 'office', ...args], { from: 'user' })
  } finally {
    jest.restoreAllMocks()
  }
  return { text: printed.join(''), notes: notes.join('') }
}

function calendar(...events: string[][]): string {
  const body = events.map((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\r\n'))
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Test//EN', ...body, 'END:VCALENDAR', ''].join('\r\n')
}

/** The live rows: `2027-01-01 New Year`, `2027-01-01..2027-01-03 …`, `2027-12-24 09:00-12:00 …`. */
function rows({ text }: { text: string }): string[] {
  return [...text.matchAll(/^INSERT .* VALUES \((.*)\) ON CONFLICT/gm)].map(([, values = '']) => {
    const [, from = '', to = '', ...rest] = Array.from(values.matchAll(/'((?:[^']|'')*)'/g), ([, value = '']) => value)
    const label = rest.at(-1) ?? ''
    return `${from === to ? from : `${from}..${to}`} ${rest.length === 3 ? `${rest[0]}-${rest[1]} ` : ''}${label}`
  })
}

const day = ['UID:1', 'DTSTART;VALUE=DATE:20270101', 'DTEND;VALUE=DATE:20270102', 'SUMMARY:New Year']

test('a published calendar becomes a migration with its source', async () => {
  const { text, notes } = await fromFile(calendar([...day, 'TRANSP:TRANSPARENT', 'CLASS:PUBLIC', 'SEQUENCE:0']))
  expect(text).toMatch(/^-- Holidays of the calendar -\/\/Test\/\/EN, 2027, for the schedule 'office'\.\n/)
  expect(text).toMatch(/followme holidays --year 2027 --schedule office --ics .*holidays\.ics\n/)
  expect(text).toContain("'2027-01-01', '2027-01-01', 'New Year') ON CONFLICT DO NOTHING; -- Fri\n")
  expect(notes).toBe('')
})

// [what, the events, rows]
test.each<[string, string[][], string[]]>([
  ['a date only, without VALUE=DATE and DTEND', [['DTSTART:20270101', 'SUMMARY:A']], ['2027-01-01 A']],
  [
    'DTEND is the day after',
    [['DTSTART;VALUE=DATE:20270211', 'DTEND;VALUE=DATE:20270214', 'SUMMARY:A']],
    ['2027-02-11..2027-02-13 A']
  ],
  [
    'DTEND on the same day',
    [['DTSTART;VALUE=DATE:20270101', 'DTEND;VALUE=DATE:20270101', 'SUMMARY:A']],
    ['2027-01-01 A']
  ],
  ['DURATION', [['DTSTART;VALUE=DATE:20270101', 'DURATION:P3D', 'SUMMARY:A']], ['2027-01-01..2027-01-03 A']],
  [
    'across the turn of the year',
    [['DTSTART;VALUE=DATE:20261230', 'DTEND;VALUE=DATE:20270103', 'SUMMARY:A']],
    ['2027-01-01..2027-01-02 A']
  ],
  ['midnight to midnight', [['DTSTART:20270101T000000', 'DTEND:20270102T000000', 'SUMMARY:A']], ['2027-01-01 A']],
  ['every year', [['DTSTART;VALUE=DATE:20001225', 'RRULE:FREQ=YEARLY', 'SUMMARY:A']], ['2027-12-25 A']],
  [
    'the last Monday in May',
    [['DTSTART;VALUE=DATE:20200525', 'RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO', 'SUMMARY:A']],
    ['2027-05-31 A']
  ],
  [
    'a rule that has ended',
    [['DTSTART;VALUE=DATE:20200101', 'RRULE:FREQ=YEARLY;UNTIL=20260101', 'SUMMARY:A'], day],
    ['2027-01-01 New Year']
  ],
  ['29 February', [['DTSTART;VALUE=DATE:20240229', 'RRULE:FREQ=YEARLY', 'SUMMARY:A'], day], ['2027-01-01 New Year']],
  [
    'RDATE',
    [['DTSTART;VALUE=DATE:20270101', 'RDATE;VALUE=DATE:20270505,20270606', 'SUMMARY:A']],
    ['2027-01-01 A', '2027-05-05 A', '2027-06-06 A']
  ],
  [
    'EXDATE',
    [['DTSTART;VALUE=DATE:20270101', 'RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;VALUE=DATE:20270102', 'SUMMARY:A']],
    ['2027-01-01 A', '2027-01-03 A']
  ],
  [
    'RECURRENCE-ID moves one event of a series',
    [
      ['UID:s', 'DTSTART;VALUE=DATE:20200501', 'RRULE:FREQ=YEARLY', 'SUMMARY:A'],
      ['UID:s', 'RECURRENCE-ID;VALUE=DATE:20270501', 'DTSTART;VALUE=DATE:20270503', 'SUMMARY:A moved']
    ],
    ['2027-05-03 A moved']
  ],
  [
    'a cancelled event of a series',
    [
      ['UID:s', 'DTSTART;VALUE=DATE:20200501', 'RRULE:FREQ=YEARLY', 'SUMMARY:A'],
      ['UID:s', 'RECURRENCE-ID;VALUE=DATE:20270501', 'DTSTART;VALUE=DATE:20270501', 'STATUS:CANCELLED', 'SUMMARY:A'],
      day
    ],
    ['2027-01-01 New Year']
  ],
  [
    'a moved event without its series',
    [['UID:s', 'RECURRENCE-ID;VALUE=DATE:20270501', 'DTSTART;VALUE=DATE:20270503', 'SUMMARY:A']],
    ['2027-05-03 A']
  ],
  [
    'STATUS:CANCELLED',
    [
      [...day.slice(0, 3), 'SUMMARY:A', 'STATUS:CANCELLED'],
      ['UID:2', ...day.slice(1)]
    ],
    ['2027-01-01 New Year']
  ],
  [
    'a newer version',
    [
      [...day, 'SEQUENCE:0'],
      ['UID:1', 'DTSTART;VALUE=DATE:20270104', 'SUMMARY:Moved', 'SEQUENCE:2']
    ],
    ['2027-01-04 Moved']
  ],
  [
    'the same UID for all events',
    [day, ['UID:1', 'DTSTART;VALUE=DATE:20270501', 'SUMMARY:May']],
    ['2027-01-01 New Year', '2027-05-01 May']
  ],
  ['two events on one day', [day, ['UID:2', 'DTSTART;VALUE=DATE:20270101', 'SUMMARY:B']], ['2027-01-01 New Year, B']],
  ['the same event twice', [day, ['UID:2', ...day.slice(1)]], ['2027-01-01 New Year']],
  [
    'escaped text and a quote',
    [['DTSTART;VALUE=DATE:20270101', String.raw`SUMMARY:A\, B\; C\nD's`]],
    ["2027-01-01 A, B; C D''s"]
  ],
  ['a folded line', [['DTSTART;VALUE=DATE:20270101', 'SUMMARY:Ne', ' w Ye', '\tar']], ['2027-01-01 New Year']],
  ['no name', [['DTSTART;VALUE=DATE:20270101']], ['2027-01-01 holiday']],
  ['parameters of a name', [['DTSTART;VALUE=DATE:20270101', 'SUMMARY;LANGUAGE=en-us:A']], ['2027-01-01 A']]
])('%s', async (_, events, expected) => {
  expect(rows(await fromFile(calendar(...events)))).toEqual(expected)
})

test("half days become rows with the remaining hours, in the schedule's zone", async () => {
  const half = (start: string, end: string, name: string) => [`DTSTART${start}`, `DTEND${end}`, `SUMMARY:${name}`]
  const file = calendar(
    half(';TZID=Europe/London:20271224T120000', ';TZID=Europe/London:20271225T000000', 'Eve'),
    half(':20271231T110000Z', ':20271231T230000Z', 'Old Year'),
    half(';TZID=Europe/London:20270703T120000', ';TZID=Europe/London:20270703T180000', 'Saturday'),
    half(';TZID=Europe/London:20270505T100000', ';TZID=Europe/London:20270505T110000', 'Parade'),
    half(';TZID=Europe/London:20270505T150000', ';TZID=Europe/London:20270505T160000', 'Fair')
  )
  const zone = ['--zone', 'Europe/Paris']
  const given = await fromFile(file, '--hours', '09:00-17:00', ...zone)
  expect(rows(given)).toEqual([
    '2027-05-05 09:00-11:00 Parade, Fair',
    '2027-05-05 12:00-16:00 Parade, Fair',
    '2027-12-24 09:00-13:00 Eve',
    '2027-12-31 09:00-12:00 Old Year'
  ])
  // At the weekend such a row would open the schedule.
  expect(given.text).toMatch(/^-- INSERT .*'2027-07-03'.*'Saturday'/m)
  expect(rows(await fromFile(file, ...zone))).toEqual([])
})

test('a zone defined in the file is read from its VTIMEZONE', async () => {
  const zone = [
    'BEGIN:VTIMEZONE',
    'TZID:Our Time',
    'BEGIN:STANDARD',
    'DTSTART:19700101T000000',
    'TZOFFSETFROM:+0200',
    'TZOFFSETTO:+0200',
    'END:STANDARD',
    'END:VTIMEZONE'
  ]
  const event = ['DTSTART;TZID=Our Time:20271224T140000', 'DTEND;TZID=Our Time:20271225T000000', 'SUMMARY:Eve']
  const file = calendar(event).replace('BEGIN:VEVENT', [...zone, 'BEGIN:VEVENT'].join('\r\n'))
  expect(rows(await fromFile(file, '--hours', '09:00-17:00', '--zone', 'Europe/London'))).toEqual([
    '2027-12-24 09:00-12:00 Eve'
  ])
})

test('days marked as working days do not close the schedule', async () => {
  const file = calendar(
    ['DTSTART;VALUE=DATE:20270211', 'SUMMARY:春节'],
    ['DTSTART;VALUE=DATE:20270213', 'SUMMARY:春节 补班'],
    ['DTSTART;VALUE=DATE:20270220', 'SUMMARY:補行上班日'],
    ['DTSTART;VALUE=DATE:20271211', 'SUMMARY:Áthelyezett munkanap'],
    ['DTSTART;VALUE=DATE:20270301', 'SUMMARY:Non-working day']
  )
  expect(rows(await fromFile(file))).toEqual(['2027-02-11 春节', '2027-03-01 Non-working day'])
  expect(rows(await fromFile(file, '--hours', '09:00-18:00'))).toEqual(
    expect.arrayContaining(['2027-02-13 09:00-18:00 春节 补班', '2027-12-11 09:00-18:00 Áthelyezett munkanap'])
  )
})

test.each([
  ['LF', (text: string) => Buffer.from(text.replaceAll('\r\n', '\n'))],
  ['CR', (text: string) => Buffer.from(text.replaceAll('\r\n', '\r'))],
  ['a byte-order mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
  ['UTF-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['Latin-1', (text: string) => Buffer.from(text, 'latin1')],
  ['empty lines', (text: string) => Buffer.from(text.replaceAll('\r\n', '\r\n\r\n'))],
  ['two calendars in one file', (text: string) => Buffer.from(text + text)],
  ['lower-case names', (text: string) => Buffer.from(text.replace('DTSTART', 'dtstart').replace('SUMMARY', 'summary'))]
])('%s is read', async (_, bytes) => {
  const given = await fromFile(bytes(calendar(['DTSTART;VALUE=DATE:20271101', 'SUMMARY:Fête née'])))
  expect(rows(given)).toEqual(['2027-11-01 Fête née'])
})

test.each<[string, string, RegExp]>([
  ['an empty file', '', /is empty: download/],
  ['a web page', '<!DOCTYPE html><html>', /line 1: this is a web page/],
  ['text', 'hello', /line 1: "hello" is not BEGIN:VCALENDAR/],
  ['a truncated file', calendar(day).slice(0, 110), /line 4: VEVENT begins and does not end: the file was cut off/],
  [
    'an invalid line',
    calendar(['DTSTART;VALUE=DATE:20270101', 'what is this']),
    /line 6: "what is this" is not a calendar property/
  ],
  ['30 February', calendar(['DTSTART;VALUE=DATE:20270230']), /line 5: DTSTART "20270230" is not a date/],
  [
    'a date in another format',
    calendar(['DTSTART:2027-01-01']),
    /line 5: DTSTART "2027-01-01" is not a date: write it as 20270101/
  ],
  ['no DTSTART', calendar(['SUMMARY:A']), /'A' of line 4 has no DTSTART/],
  [
    'an end before the start',
    calendar(['DTSTART;VALUE=DATE:20270102', 'DTEND;VALUE=DATE:20270101', 'SUMMARY:A']),
    /'A' of line 4 ends before it begins/
  ],
  [
    'a rule with an unknown frequency',
    calendar([...day, 'RRULE:FREQ=BLAH']),
    /line 9: RRULE:FREQ=BLAH is not a valid rule for holidays/
  ],
  [
    'every minute',
    calendar([...day, 'RRULE:FREQ=MINUTELY']),
    /line 9: RRULE:FREQ=MINUTELY is not a valid rule for holidays: use FREQ=YEARLY/
  ],
  [
    'an unknown zone',
    calendar(
      ['DTSTART;TZID=Mars:20270101T100000', 'DTEND;TZID=Mars:20270101T110000'],
      ['DTSTART:20270101T100000Z', 'DTEND:20270101T110000Z']
    ),
    /UTC: give the schedule/
  ],
  ['the wrong year', calendar(['DTSTART;VALUE=DATE:20240101', 'SUMMARY:A']), /has nothing in 2027, but events of 2024/],
  ['no event', calendar(), /has no event/]
])('%s is refused with the line and the cure', async (_, text, message) => {
  await expect(fromFile(text)).rejects.toThrow(message)
})

test('a missing file, a calendar together with a country, and meaningless options are refused', async () => {
  const run = (...args: string[]) =>
    holidaysCommand()
      .configureOutput({ writeErr: () => undefined })
      .exitOverride()
      .parseAsync(['--year', '2027', '--schedule', 'office', ...args], { from: 'user' })
  await expect(run('--ics', join(givenDirectory(), 'none.ics'))).rejects.toThrow(/ENOENT.*name a readable file/)
  await expect(run('GB', '--ics', 'x.ics')).rejects.toThrow('give a calendar or a country, not both')
  await expect(run('--ics', 'x.ics', '--language', 'en')).rejects.toThrow('--language works with a country only')
  await expect(run('GB', '--zone', 'Europe/London')).rejects.toThrow('--zone Europe/London works with --ics only')
  await expect(run('--ics', 'x.ics', '--hours', '17-9')).rejects.toThrow('--hours 17-9: write when you open')
  await expect(run('--ics', 'x.ics', '--zone', 'Mars')).rejects.toThrow('time zone "Mars" is unknown')
  await expect(run()).rejects.toThrow('no country or calendar given')
})

test('a calendar of twenty thousand events is read', async () => {
  const events = Array.from({ length: 20_000 }, (_, at) => [
    `UID:${at}`,
    `DTSTART;VALUE=DATE:${2000 + (at % 100)}0101`,
    `SUMMARY:Event`
  ])
  expect(rows(await fromFile(calendar(...events)))).toEqual(['2027-01-01 Event'])
})
