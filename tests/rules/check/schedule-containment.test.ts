// What can be proved of two schedules from their rows, and what cannot: that a proof is right is tried in shadows.test.ts.
import { isNeverClosed, isOpenWhenever } from '../../../src/rules/check/schedule-containment'

type Window = readonly [opens: string, minutes: number]
type Exception = readonly [date: string, opensAt?: string, closesAt?: string]

const schedule = (windows: readonly Window[], exceptions: readonly Exception[] = [], timeZone = 'Europe/London') => ({
  name: 'hours',
  timeZone,
  windows: windows.map(([opens, minutes]) => ({ opens, minutes })),
  exceptions: exceptions.map(([date, opensAt = null, closesAt = null]) => ({
    ...{ fromDate: date, toDate: date, opensAt, closesAt, label: null }
  }))
})

const day: Window = ['0 9 * * *', 480]
const workday: Window = ['0 9 * * MON-FRI', 480]
const closed: Exception = ['2026-12-25']
const short: Exception = ['2026-12-24', '09:00', '12:00']

test.each<[string, ReturnType<typeof schedule>, ReturnType<typeof schedule>]>([
  ['the same windows', schedule([day]), schedule([day])],
  ['more days', schedule([day]), schedule([workday])],
  ['more months', schedule([['0 9 29 * *', 60]]), schedule([['0 9 29 2 *', 60]])],
  ['longer', schedule([['0 8 * * *', 600]]), schedule([day])],
  [
    'two that touch',
    schedule([
      ['0 9 * * *', 180],
      ['0 12 * * *', 300]
    ]),
    schedule([day])
  ],
  [
    'two that overlap',
    schedule([
      ['0 9 * * *', 300],
      ['0 10 * * *', 420]
    ]),
    schedule([day])
  ],
  [
    'one inside another',
    schedule([
      ['0 9 * * *', 480],
      ['0 10 * * *', 60]
    ]),
    schedule([day])
  ],
  [
    'one of several',
    schedule([
      ['0 9 * * *', 60],
      ['0 14 * * *', 240]
    ]),
    schedule([['0 15 * * *', 60]])
  ],
  ['all of several', schedule([['0 8 * * *', 720]]), schedule([['0 9,14 * * *', 60]])],
  ['the same exceptions', schedule([day], [closed, short]), schedule([day], [closed, short])],
  ['fewer days closed', schedule([day]), schedule([day], [closed])]
])('proved: %s', (_, wide, narrow) => {
  expect(isOpenWhenever(wide, narrow)).toBe(true)
})

test.each<[string, ReturnType<typeof schedule>, ReturnType<typeof schedule>]>([
  ['fewer days', schedule([workday]), schedule([day])],
  ['other days', schedule([['0 8 * * SAT', 600]]), schedule([workday])],
  ['all days except those that few months have', schedule([['0 9 1-28 * *', 480]]), schedule([day])],
  ['all months except February', schedule([['0 9 * 1,3-12 *', 60]]), schedule([['0 9 29 2 *', 60]])],
  ['opens later', schedule([['0 10 * * *', 480]]), schedule([day])],
  ['closes earlier', schedule([['0 9 * * *', 479]]), schedule([day])],
  [
    'a gap',
    schedule([
      ['0 9 * * *', 180],
      ['0 13 * * *', 240]
    ]),
    schedule([day])
  ],
  ['one of several is not contained', schedule([['0 8 * * *', 720]]), schedule([['0 9,20 * * *', 60]])],
  ['more days closed', schedule([day], [closed]), schedule([day])],
  ['more hours on one day', schedule([day]), schedule([day], [short])],
  ['other hours on that day', schedule([day], [short]), schedule([day], [['2026-12-24', '09:00', '13:00']])],
  ['another zone', schedule([day], [], 'Europe/Paris'), schedule([day])],
  ['no such zone', schedule([day], [], 'Mars/Base'), schedule([day], [], 'Mars/Base')],
  ['no such window', schedule([['0 25 * * *', 60]]), schedule([['0 25 * * *', 60]])],
  ['no such date', schedule([day], [['2026-02-30']]), schedule([day], [['2026-02-30']])]
])('not proved: %s', (_, wide, narrow) => {
  expect(isOpenWhenever(wide, narrow)).toBe(false)
})

test.each<[string, ReturnType<typeof schedule>, boolean]>([
  ['from midnight', schedule([['0 0 * * *', 1440]]), true],
  ['from some other hour', schedule([['0 9 * * *', 1440]]), true],
  ['beside a shorter one', schedule([workday, ['0 0 * * *', 1440]]), true],
  ['a minute short', schedule([['0 0 * * *', 1439]]), false],
  ['not on every day', schedule([['0 0 1-28 * *', 1440]]), false],
  ['with an exception', schedule([['0 0 * * *', 1440]], [closed]), false],
  ['in no zone', schedule([['0 0 * * *', 1440]], [], 'Mars/Base'), false],
  ['without windows', schedule([]), false]
])('a window of a whole day %s', (_, given, never) => {
  expect(isNeverClosed(given)).toBe(never)
})
