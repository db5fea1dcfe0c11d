import { anotherNumber, faultsAfter } from '../given-rules'

test('each invalid column of a rule is reported, not only the first', () => {
  expect(
    faultsAfter(
      "UPDATE rules SET schedule = 'nowhere', callers = 'nobody', valid_from = '2026-02-30', valid_until = 'soon' WHERE name = 'day'",
      { force: true }
    )
  ).toEqual([
    expect.stringContaining("error rules (+442071838750, day): there is no schedule 'nowhere'"),
    expect.stringContaining("error rules (+442071838750, day): there is no list 'nobody'"),
    expect.stringContaining('error rules (+442071838750, day): date "2026-02-30" is not in the calendar'),
    expect.stringContaining('error rules (+442071838750, day): date "soon" is not in the calendar'),
    expect.stringContaining('warning schedules (office): no rule refers to it')
  ])
})

describe('a rule hidden by an earlier one is reported with the reason', () => {
  /** The faults of two rules of one number; the columns from `schedule` on. */
  const hidden = (earlier: string, later: string, more = '') =>
    faultsAfter(`${anotherNumber}
      INSERT INTO caller_lists VALUES ('west'), ('france');
      INSERT INTO caller_list_entries VALUES ('west', '+14155550123'), ('west', '+14155*'), ('france', '+33*');
      ${more}
      INSERT INTO rules (number, name, position, fallback, schedule, callers, valid_from, valid_until) VALUES
        ('+14155550199', 'one', 10, 'busy', ${earlier}), ('+14155550199', 'two', 20, 'busy', ${later}),
        ('+14155550100', 'keeps the lists in use', 90, 'busy', NULL, 'west', NULL, NULL),
        ('+14155550100', 'this too', 91, 'busy', NULL, 'france', NULL, NULL);`)

  test.each([
    ['always and for everyone', 'NULL, NULL, NULL, NULL', "'office', 'vip', '2027-01-01', NULL"],
    ['by the same schedule and for everyone', "'office', NULL, NULL, NULL", "'office', NULL, NULL, NULL"],
    ['always and for the same callers', "NULL, 'vip', NULL, NULL", "'nights', 'vip', NULL, NULL"],
    ["always, and its list 'vip' takes every caller of 'west'", "NULL, 'vip', NULL, NULL", "NULL, 'west', NULL, NULL"],
    ['always and for everyone', "NULL, NULL, '2026-01-01', '2027-12-31'", "NULL, NULL, '2026-01-01', '2027-06-30'"],
    ['always and for everyone', "NULL, NULL, NULL, '2027-12-31'", "NULL, NULL, NULL, '2027-12-31'"]
  ])('because the earlier rule answers %s', (reason, earlier, later) => {
    expect(hidden(earlier, later)).toEqual([
      `error rules (+14155550199, two): it is never reached: rule 'one' (position 10) answers first, ${reason}; ` +
        "give it a position below 10, narrow 'one', or delete one of them"
    ])
  })

  test.each([
    ['by another schedule', "'nights', NULL, NULL, NULL", "'office', NULL, NULL, NULL"],
    ['by a schedule, and the later rule always', "'office', NULL, NULL, NULL", 'NULL, NULL, NULL, NULL'],
    ['for some callers, and the later rule for everyone', "NULL, 'vip', NULL, NULL", 'NULL, NULL, NULL, NULL'],
    ['for other callers', "NULL, 'vip', NULL, NULL", "NULL, 'france', NULL, NULL"],
    ['for fewer callers', "NULL, 'west', NULL, NULL", "NULL, 'vip', NULL, NULL"],
    ['from a later date', "NULL, NULL, '2027-01-02', NULL", "NULL, NULL, '2027-01-01', NULL"],
    ['until some date', "NULL, NULL, NULL, '2027-01-01'", 'NULL, NULL, NULL, NULL'],
    ['until an earlier date', "NULL, NULL, NULL, '2027-01-01'", "NULL, NULL, NULL, '2027-01-02'"]
  ])('but not if the earlier rule answers %s', (_how, earlier, later) => {
    expect(hidden(earlier, later)).toEqual([])
  })

  const copies = `INSERT INTO schedules VALUES ('copy', 'Europe/London'), ('longer', 'Europe/London'),
      ('round the clock', 'Asia/Tokyo'), ('elsewhere', 'Europe/Paris'), ('mostly', 'UTC');
    INSERT INTO schedule_windows VALUES ('copy', '30 8 * * MON-FRI', 540), ('longer', '30 8 * * MON-FRI', 600),
      ('longer', '0 9 * * SAT', 60), ('round the clock', '0 0 * * *', 1440), ('elsewhere', '30 8 * * MON-FRI', 540),
      ('mostly', '* * 1-28 * *', 1440);
    INSERT INTO schedules VALUES ('from eight', 'Europe/London'), ('two halves', 'Europe/London');
    INSERT INTO schedule_windows VALUES ('from eight', '0 8 * * *', 660), ('two halves', '0 8 * * *', 300),
      ('two halves', '0 13 * * MON-SAT', 360);
    INSERT INTO schedule_exceptions VALUES ('copy', '2026-12-25', '2026-12-25', NULL, NULL, 'another label');
    INSERT INTO rules (number, name, position, fallback, schedule) SELECT '+14155550100', name, 100 + rowid, 'busy', name
      FROM (SELECT name, row_number() OVER () AS rowid FROM schedules WHERE name NOT IN ('office', 'nights'));`
  const hiding = (earlier: string, later: string, more = '') =>
    hidden(`'${earlier}', NULL, NULL, NULL`, `${later}, NULL, NULL, NULL`, copies + more)
      .filter((fault) => fault.includes('+14155550199, two'))
      .map((fault) => /answers first, (.*); give it/.exec(fault)?.[1])

  test.each([
    ['copy', "'office'", "whenever schedule 'office' is open (so is 'copy') and for everyone"],
    ['longer', "'office'", "whenever schedule 'office' is open (so is 'longer') and for everyone"],
    ['from eight', "'office'", "whenever schedule 'office' is open (so is 'from eight') and for everyone"],
    ['two halves', "'office'", "whenever schedule 'office' is open (so is 'two halves') and for everyone"],
    ['round the clock', "'office'", "always (schedule 'round the clock' never closes) and for everyone"],
    ['round the clock', 'NULL', "always (schedule 'round the clock' never closes) and for everyone"]
  ])('by comparing schedules: %s before %s', (earlier, later, reason) => {
    expect(hiding(earlier, later)).toEqual([reason])
  })

  test.each([
    ['office', "'longer'", ''],
    ['elsewhere', "'office'", ''],
    ['mostly', "'office'", ''],
    ['copy', "'office'", "DELETE FROM schedule_exceptions WHERE schedule = 'office';"],
    [
      'longer',
      "'office'",
      "INSERT INTO schedule_exceptions VALUES ('office', '2026-12-27', '2026-12-27', '09:00', '12:00', NULL);"
    ],
    [
      'round the clock',
      'NULL',
      "INSERT INTO schedule_exceptions VALUES ('round the clock', '2026-12-27', '2026-12-27', NULL, NULL, NULL);"
    ],
    ['round the clock', 'NULL', "UPDATE schedules SET time_zone = 'Mars/Base' WHERE name = 'round the clock';"]
  ])('but not if the schedule is not contained: %s before %s %s', (earlier, later, more) => {
    expect(hiding(earlier, later, more)).toEqual([])
  })

  test('but not because of lists with the names of such schedules', () => {
    const lists = `INSERT INTO caller_lists VALUES ('copy'), ('office');
      INSERT INTO caller_list_entries VALUES ('copy', '+33*'), ('office', '+1415*');`
    const neverReached = hidden("'copy', 'copy', NULL, NULL", "'office', 'office', NULL, NULL", copies + lists)
    expect(neverReached.filter((fault) => fault.includes('+14155550199, two'))).toEqual([])
  })

  test('but not if the schedule of the earlier rule is invalid', () => {
    const broken = "UPDATE schedules SET time_zone = 'Mars/Base' WHERE name = 'office';"
    const faults = hidden("'office', NULL, NULL, NULL", "'office', NULL, NULL, NULL", broken)
    expect(faults.filter((fault) => fault.includes('never reached'))).toEqual([])
  })

  test('but not if the earlier rule is skipped: it cannot ring anything, or its dates are invalid', () => {
    const two = (changes: string) =>
      faultsAfter(
        `${anotherNumber} INSERT INTO rules (number, name, position) VALUES ('+14155550199', 'one', 10), ('+14155550199', 'two', 20);
         INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550199', 'one', 1, 'Local/x@y'), ('+14155550199', 'two', 1, 'PJSIP/bob');
         ${changes}`,
        { force: true }
      ).map((fault) => fault.slice(0, fault.indexOf(':')))
    expect(two('')).toEqual(['error targets (+14155550199, one, 1, Local/x@y)'])
    expect(two("UPDATE targets SET dial = 'PJSIP/ann' WHERE rule = 'one'")).toEqual(['error rules (+14155550199, two)'])
    expect(
      two("INSERT INTO targets (number, rule, step, dial, enabled) VALUES ('+14155550199', 'one', 1, 'PJSIP/ann', 0)")
    ).toEqual(['error targets (+14155550199, one, 1, Local/x@y)'])
    expect(
      two(
        "UPDATE targets SET dial = 'PJSIP/ann' WHERE rule = 'one'; UPDATE rules SET valid_until = '-0001-01-01' WHERE name = 'one'"
      )
    ).toEqual(['error rules (+14155550199, one)'])
  })

  test('but not if the earlier rule is disabled', () => {
    expect(hidden('NULL, NULL, NULL, NULL', 'NULL, NULL, NULL, NULL').length).toBe(1)
    const disabled = `${anotherNumber}
      INSERT INTO rules (number, name, position, enabled, fallback) VALUES
        ('+14155550199', 'one', 10, 0, 'busy'), ('+14155550199', 'two', 20, 1, 'busy');`
    expect(faultsAfter(disabled)).toEqual([])
  })
})
