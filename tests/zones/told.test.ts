// What a running followme and `explain` say of the zone data: which are used, and where others on the machine disagree.
import { Writable } from 'node:stream'
import winston from 'winston'
import { startApp } from '../../src/app'
import { explainCommand } from '../../src/cli/commands/explain'
import { readConfig } from '../../src/config/config'
import { useZoneData } from '../../src/rules/schedule/time-zones'
import { createLog } from '../../src/log'
import { readZoneData } from '../../src/system/zone-data'
import { givenDatabaseFile, opened } from '../store/fresh-database'
import { givenZones, sourceText } from './compiled-zones'

/** The database with another law for Tokyo: ten hours ahead of UTC from 1 March 2027 on. */
const newer = givenZones(
  sourceText.replace(/^# version \S+/, '# version 2099a').replace('9 JP J%sT\n', '9 JP J%sT 2027 Mar\n10 - +10\n')
)
const source = `the system (${newer})`

const environment = { ...process.env }
beforeEach(() => void (process.env['TZDIR'] = newer))
afterEach(() => {
  process.env = { ...environment }
  jest.restoreAllMocks()
})

test('serve reports in its log and in /readyz which zone data it uses', async () => {
  const lines: Record<string, unknown>[] = []
  const log = createLog('info', false)
  for (const transport of log.transports) transport.silent = true
  const stream = new Writable({
    write: (line, _encoding, done) => {
      lines.push(JSON.parse(String(line)) as Record<string, unknown>)
      done()
    }
  })
  log.add(new winston.transports.Stream({ stream }))
  const before = Date.now()
  const settings = {
    FOLLOWME_DATABASE: givenDatabaseFile(),
    FOLLOWME_HTTP: '127.0.0.1:0',
    // Nobody listens there.
    FOLLOWME_ARI_URL: 'http://127.0.0.1:1',
    FOLLOWME_ARI_PASSWORD: 'x'
  }
  const app = await startApp({ config: readConfig(settings), log })
  try {
    const response = await fetch(`http://127.0.0.1:${app.httpPort}/readyz`)
    const { zones } = (await response.json()) as { zones: { since: string } }
    expect(zones).toEqual({ version: '2099a', source, since: expect.any(String) as string })
    expect(Date.parse(zones.since)).toBeGreaterThanOrEqual(before)
    expect(lines.filter(({ message }) => message === 'time zone data')).toMatchObject([
      {
        level: 'info',
        version: '2099a',
        source,
        others: expect.arrayContaining([expect.stringMatching(/ of Node\.js$/)]) as string[]
      }
    ])
  } finally {
    await app.stop()
  }
})

test('explain reports a zone about which copies of the zone data disagree, as text and as JSON', async () => {
  useZoneData(readZoneData)
  const database = givenDatabaseFile()
  process.env['FOLLOWME_DATABASE'] = database
  opened(database).sqlite.exec("INSERT INTO virtual_numbers (number, time_zone) VALUES ('+81312345678', 'Asia/Tokyo')")
  const printed: string[] = []
  jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
  const explain = async (...args: string[]): Promise<string> => {
    await explainCommand().parseAsync(['+81312345678', ...args], { from: 'user' })
    return printed.splice(0).join('\n')
  }
  const message = expect.stringMatching(
    /^from 2027-02-28 15:00 UTC .* has UTC\+09:00, not UTC\+10:00; .*2099a/
  ) as string
  expect(JSON.parse(await explain('--at', '2026-11-28', '--json'))).toMatchObject({
    zoneDisagreements: [{ timeZone: 'Asia/Tokyo', message, cure: expect.stringContaining('update tzdata') as string }]
  })
  expect(await explain('--at', '2026-11-28')).toMatch(
    /^Zone data disagree:\n {2}! Asia\/Tokyo: from 2027-02-28 15:00 UTC/m
  )
  expect(JSON.parse(await explain('--at', '2025-11-28', '--json'))).toMatchObject({ zoneDisagreements: [] })
})
