// What a run prints for its failures.
import { judge } from './books'
import { account, callOf, fault, invite, number, started, waitsTalks } from './given-account'
import { failuresText } from './report'

const at = (afterMs: number): string => new Date(started + afterMs).toISOString().slice(11, 23)

test('a failed call is reported with its record, its violations, and the times of its ringing and of each fault', () => {
  const faults = [fault('locked', 1500, { what: 'database locked' }), fault('reset', 60_000)]
  const twice = account({ legs: [waitsTalks, callOf('b', [[1600, 'received', invite('PJSIP/bob')]])] })
  const verdicts = new Map([account(), twice].map((each) => [each, judge(each, faults)]))
  const collected = { accounts: [], faults, violations: ['one leg is left'], logged: [], asteriskLog: [] }
  expect(failuresText(collected, verdicts).split('\n')).toEqual([
    `  +15005550000 to ${number} (somebody answers), one: PJSIP/bob was rung 1 times, not 0`,
    `      ${at(0)}  the caller calls`,
    `      ${at(10)}  +442071838701 rings`,
    `      ${at(1500)}  FAULT locked: database locked`,
    `      ${at(1600)}  PJSIP/bob rings`,
    `      ${at(2500)}  FAULT locked: undone`,
    `      ${at(3500)}  FAULT locked: followme is well again`,
    '  the run: one leg is left'
  ])
})
