// Names of zones that are not what people think they are.
import { zoneFinding } from '../../../src/rules/check/zones'
import { wallClockOf } from '../../../src/rules/schedule/time-zones'
import { fixedZone } from '../../../src/rules/schedule/zone-names'
import { zoneNames } from '../../zones/compiled-zones'

test.each([
  ['EST', 'UTC-05:00 all year', 'America/New_York'],
  ['est', 'UTC-05:00 all year', 'America/New_York'],
  ['MST', 'UTC-07:00 all year', 'America/Denver'],
  ['HST', 'UTC-10:00 all year', 'Pacific/Honolulu'],
  ['GMT', 'UTC all year', 'Europe/London'],
  ['Etc/GMT0', 'UTC all year', 'Europe/London'],
  ['Etc/GMT+8', 'UTC-08:00 all year', 'America/Los_Angeles, or Asia/Singapore if UTC+08:00 is meant'],
  ['etc/gmt-1', 'UTC+01:00 all year', 'Europe/Paris'],
  ['Etc/GMT-14', 'UTC+14:00 all year', 'the zone of a place'],
  ['PST', 'read as America/Los_Angeles', 'America/Los_Angeles'],
  ['BST', 'read as Asia/Dhaka', 'Asia/Dhaka or Europe/London'],
  ['IST', 'read as Asia/Kolkata', 'Asia/Kolkata']
])('%s gives a warning: %s; write %s', (zone, says, cure) => {
  expect(zoneFinding(zone)).toMatchObject({
    level: 'warning',
    message: expect.stringContaining(says) as unknown,
    cure: expect.stringContaining(cure) as unknown
  })
})

test.each([
  ['EST', 'time zone "EST" is UTC-05:00 all year, without summer time'],
  ['GMT', 'time zone "GMT" is UTC all year, without summer time'],
  ['Etc/GMT+8', 'time zone "Etc/GMT+8" is UTC-08:00 all year, without summer time; the sign in its name is reversed']
])('%s gives the right warning: the sign is called reversed only if there is one', (zone, message) => {
  expect(zoneFinding(zone)?.message).toBe(message)
})

test.each(['Mars/GMT', 'Mars/Etc/GMT+8', 'Etc/GMT+800', 'Greenwich Village'])('%s is not a fixed zone', (zone) => {
  expect(fixedZone(zone)).toBeUndefined()
})

test.each([
  'UTC',
  'Etc/UTC',
  'Zulu',
  'CET',
  'WET',
  'EST5EDT',
  'US/Pacific',
  'PRC',
  'Asia/Tokyo',
  'America/Panama',
  'GB'
])('%s gives no warning', (zone) => expect(zoneFinding(zone)).toBeUndefined())

test.each([
  ['PDT', 'America/Los_Angeles'],
  ['CEST', 'Europe/Berlin'],
  ['AEST', 'Australia/Sydney'],
  ['UTC+2', 'Europe/Athens'],
  ['GMT-5', 'America/New_York'],
  ['UTC+12', 'Pacific/Auckland'],
  ['UTC+0300', 'Europe/Istanbul'],
  ['utc+03:00', 'Europe/Istanbul'],
  ['OldUTC+3', 'Europe/London'],
  ['UTC+05:30', 'Europe/London'],
  ['local', 'Europe/London']
])('%s is unknown, with the example %s', (zone, example) => {
  expect(zoneFinding(zone)).toMatchObject({ level: 'error', cure: `write an IANA zone such as ${example}` })
})

test('every name of the database that gives a warning has the fixed offset that the warning says', () => {
  const year = [Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1)] as const
  const doubted = zoneNames.filter((zone) => fixedZone(zone) !== undefined)
  expect(doubted.length).toBeGreaterThan(30)
  for (const zone of doubted) {
    const clock = wallClockOf(zone)
    expect(clock.changesBetween(...year)).toEqual([])
    expect((clock.wallAt(year[0]) - year[0]) / 3_600_000).toBe(fixedZone(zone)?.hours)
  }
  expect(zoneNames.filter((zone) => zoneFinding(zone) !== undefined)).toEqual(doubted)
})
