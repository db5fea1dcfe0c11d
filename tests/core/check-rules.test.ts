import { anotherNumber, faultsAfter } from './given-rules'

describe('a rule that an earlier one hides is named, with the proof', () => {
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
    ['always and for everyone', "NULL, NULL, '2026-01-01', '2027-12-31'", "NULL, NULL, '2026-01-01', '2027-06-30'"]
  ])('since that answers %s', (reason, earlier, later) => {
    expect(hidden(earlier, later)).toEqual([
      `error rules (+14155550199, two): it is never reached: rule 'one' (position 10) answers first, ${reason}; ` +
        "give it a position below 10, narrow 'one', or delete one of them"
    ])
  })

  test.each([
    ['by another schedule', "'nights', NULL, NULL, NULL", "'office', NULL, NULL, NULL"],
    ['by a schedule, and the later always', "'office', NULL, NULL, NULL", 'NULL, NULL, NULL, NULL'],
    ['for some, and the later for everyone', "NULL, 'vip', NULL, NULL", 'NULL, NULL, NULL, NULL'],
    ['for other callers', "NULL, 'vip', NULL, NULL", "NULL, 'france', NULL, NULL"],
    ['for fewer callers', "NULL, 'west', NULL, NULL", "NULL, 'vip', NULL, NULL"],
    ['from a later day on', "NULL, NULL, '2027-01-02', NULL", "NULL, NULL, '2027-01-01', NULL"],
    ['until an earlier day', "NULL, NULL, NULL, '2027-01-01'", 'NULL, NULL, NULL, NULL']
  ])('but not where that answers %s', (_how, earlier, later) => {
    expect(hidden(earlier, later)).toEqual([])
  })

  test('but not where that is disabled', () => {
    expect(hidden('NULL, NULL, NULL, NULL', 'NULL, NULL, NULL, NULL').length).toBe(1)
    const disabled = `${anotherNumber}
      INSERT INTO rules (number, name, position, enabled, fallback) VALUES
        ('+14155550199', 'one', 10, 0, 'busy'), ('+14155550199', 'two', 20, 1, 'busy');`
    expect(faultsAfter(disabled)).toEqual([])
  })
})
