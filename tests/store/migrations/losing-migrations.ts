// Migrations that would lose rows in silence, with what the refusal says; and some that lose none, with what is told.
import { business } from '../given-site'

/** The business with more of everything. */
export const site = `${business}
INSERT INTO schedule_exceptions (schedule, from_date, to_date, label) VALUES ('office', '2026-12-25', '2026-12-26', 'Christmas');
INSERT INTO caller_lists VALUES ('vip'), ('blocked');
INSERT INTO caller_list_entries VALUES ('vip', '+4420*'), ('blocked', '+44900*');
INSERT INTO rules (number, name, position, callers) VALUES ('+442071838750', 'vip', 5, 'vip');
INSERT INTO targets (number, rule, step, dial) VALUES ('+442071838750', 'vip', 1, 'PJSIP/carol');
INSERT INTO virtual_numbers (number, label, time_zone, fallback) VALUES
  ('+442071838751', 'Lab', 'Europe/London', 'hangup'), ('+442071838752', 'Shop', 'Europe/London', 'busy');
INSERT INTO overrides (number, kind) VALUES ('+442071838751', 'closed');
`

const vip = "('+442071838750', 'vip'"
const day = "'+442071838750', 'day'"

type Case = readonly [what: string, sql: string, says: readonly string[]]

export const losing: readonly Case[] = [
  // Left out.
  [
    'OR IGNORE, a constraint',
    `INSERT OR IGNORE INTO targets (number, rule, step, dial) VALUES (${day}, 3, '07700 900123')`,
    ['targets (+442071838750, day, 3, 07700 900123): targets.dial must be', 'correct these rows']
  ],
  [
    'or ignore, a value that is missing',
    "insert or ignore into virtual_numbers (number) values ('+442071838759')",
    ['virtual_numbers.time_zone must be given']
  ],
  [
    'OR IGNORE, a place that is taken',
    "INSERT OR/* */IGNORE INTO rules (number, name, position) VALUES ('+442071838750', 'late', 5)",
    [
      'rules (+442071838750, late): there is already a row with the same rules.number, rules.position',
      '-- followme: skips rules'
    ]
  ],
  [
    'OR IGNORE, one row of many',
    "INSERT OR IGNORE INTO caller_list_entries VALUES ('vip', '+44*'), ('vip', 'x20'), ('vip', '+33*')",
    ['caller_list_entries (vip, x20): ']
  ],
  [
    'OR IGNORE from a SELECT behind a WITH',
    "WITH n (p) AS (VALUES (5), (60)) INSERT OR IGNORE INTO rules (number, name, position) SELECT '+442071838750', 'r' || p, p FROM n",
    ['rules (+442071838750, r5): ']
  ],
  [
    'DO NOTHING',
    `INSERT INTO rules (number, name, position) VALUES ${vip}, 7) ON CONFLICT DO NOTHING`,
    ['rules (+442071838750, vip): ', '-- followme: skips rules']
  ],
  [
    'DO NOTHING, with RETURNING',
    `INSERT INTO rules (number, name, position) VALUES ${vip}, 7) ON CONFLICT DO NOTHING RETURNING name`,
    ['rules (+442071838750, vip): ']
  ],
  [
    'DO UPDATE whose WHERE does not hold',
    `INSERT INTO rules (number, name, position) VALUES ${vip}, 7) ON CONFLICT (number, name) DO UPDATE SET position = 7 WHERE excluded.position > 8`,
    ['rules (+442071838750, vip): ']
  ],
  [
    'UPDATE OR IGNORE',
    "UPDATE OR IGNORE rules SET position = 10 WHERE name = 'vip'",
    ['rules (+442071838750, vip): there is already']
  ],
  [
    'UPDATE OR IGNORE, a constraint',
    "UPDATE OR IGNORE targets SET dial = 'carol' WHERE rule = 'vip'",
    ['targets (+442071838750, vip, 1, PJSIP/carol): targets.dial must be']
  ],
  [
    "a trigger of the site's own",
    "CREATE TABLE wishes (p); CREATE TRIGGER t AFTER INSERT ON wishes BEGIN INSERT OR IGNORE INTO caller_list_entries VALUES ('vip', NEW.p); END; INSERT INTO wishes VALUES ('x20')",
    ['caller_list_entries (vip, x20): ']
  ],
  // Replaced.
  [
    'OR REPLACE, with what hangs on the row',
    "INSERT OR REPLACE INTO virtual_numbers (number, label, time_zone) VALUES ('+442071838750', 'Main', 'Europe/London')",
    [
      'rules (+442071838750, day), gone, by line 1',
      'targets (+442071838750, day, 2, PJSIP/bob), gone',
      'virtual_numbers (+442071838750), with other values in its place',
      '-- followme: removes virtual_numbers, rules, targets',
      'DO UPDATE'
    ]
  ],
  [
    'REPLACE',
    "REPLACE INTO rules (number, name, position, schedule) VALUES ('+442071838750', 'day', 50, NULL)",
    ['targets (+442071838750, day, 1, PJSIP/alice), gone']
  ],
  [
    'REPLACE of a row that nothing hangs on',
    "REPLACE INTO virtual_numbers (number, time_zone) VALUES ('+442071838752', 'Europe/Paris')",
    ['virtual_numbers (+442071838752), with other values']
  ],
  [
    'REPLACE by another unique key',
    "REPLACE INTO rules (number, name, position) VALUES ('+442071838750', 'new', 10)",
    ['rules (+442071838750, day), gone', 'targets (+442071838750, day, 1, PJSIP/alice), gone']
  ],
  [
    'UPDATE OR REPLACE',
    "UPDATE OR REPLACE rules SET position = 10 WHERE name = 'vip'",
    ['rules (+442071838750, day), gone']
  ],
  [
    "ON CONFLICT REPLACE in a trigger of the site's own",
    "CREATE TABLE wishes (p); CREATE TRIGGER t AFTER INSERT ON wishes BEGIN REPLACE INTO rules (number, name, position) VALUES ('+442071838750', 'w', NEW.p); END; INSERT INTO wishes VALUES (10)",
    ['rules (+442071838750, day), gone']
  ],
  // Gone along.
  [
    'a cascade',
    "\n\nDELETE FROM virtual_numbers WHERE number = '+442071838750'",
    [
      'line 3: ',
      'rules (+442071838750, day), gone',
      'targets (+442071838750, vip, 1, PJSIP/carol), gone',
      '-- followme: removes rules, targets'
    ]
  ],
  [
    'a cascade to an override',
    "DELETE FROM virtual_numbers WHERE number = '+442071838751'",
    ['overrides (+442071838751), gone', '-- followme: removes overrides']
  ],
  [
    'a cascade from a schedule',
    "UPDATE rules SET schedule = NULL WHERE name = 'day'; DELETE FROM schedules",
    ['schedule_windows (office, 30 8 * * MON-FRI, 540), gone', 'schedule_exceptions (office, 2026-12-25), gone']
  ],
  [
    'a cascade from a list, behind a WITH',
    "UPDATE rules SET callers = NULL WHERE name = 'vip'; WITH l AS (SELECT 'vip' AS name) DELETE FROM main.\"caller_lists\" WHERE name IN (SELECT name FROM l)",
    ['caller_list_entries (vip, +4420*), gone']
  ],
  // All at once.
  [
    'a DELETE of every row',
    'DELETE FROM targets',
    ['this removes every row of targets, 3 of them', '-- followme: removes targets']
  ],
  [
    'a DELETE of every row, with RETURNING',
    'DELETE FROM caller_list_entries RETURNING list',
    ['this removes every row of caller_list_entries, 2 of them']
  ],
  [
    'an UPDATE of every row',
    "UPDATE targets SET dial = 'PJSIP/dave'",
    ['this changes every row of targets, 3 of them', '-- followme: changes targets']
  ],
  ...(
    [
      ['targets', 'DELETE FROM targets WHERE step = 1 OR 2'],
      ['targets', "DELETE FROM targets WHERE rule = 'day' OR rule LIKE 'v%'"],
      ['targets', 'DELETE FROM targets WHERE 1=1'],
      ['virtual_numbers', "UPDATE virtual_numbers SET label = 'x' WHERE number LIKE '+%'"],
      ['virtual_numbers', "UPDATE virtual_numbers SET label = 'x' WHERE number <> '+1' AND number != '+2'"],
      ['targets', "DELETE FROM targets WHERE NOT step = 9 AND step >= 1 AND rule IS NOT 'x' AND dial NOT IN ('x')"],
      ['targets', 'DELETE FROM targets WHERE rule IN (SELECT name FROM rules)'],
      ['targets', 'DELETE FROM targets WHERE number = number'],
      ['targets', "DELETE FROM targets WHERE EXISTS (SELECT 1 FROM rules WHERE name = 'day')"],
      ['targets', 'UPDATE targets SET ring_seconds = 9 WHERE ring_seconds > 0'],
      ['targets', "UPDATE targets SET ring_seconds = r.position FROM rules AS r WHERE r.number = '+442071838750'"],
      ['targets', "UPDATE targets AS t SET ring_seconds = 9 FROM rules AS r WHERE r.name = 'day' OR t.step = 1"],
      ['rules', "WITH n (name) AS (VALUES ('day')) UPDATE rules SET position = position + 1 WHERE name IN n OR 1"]
    ] as const
  ).map(([table, sql]): Case => [`whatever the WHERE says: ${sql}`, sql, [`every row of ${table}, `, ` ${table}`]]),
  [
    'a DELETE of as many rows as SQLite comes by first',
    "DELETE FROM targets WHERE rule = 'day' LIMIT 1",
    ['this DELETE has a LIMIT and no ORDER BY']
  ],
  [
    'an UPDATE of as many rows as SQLite comes by first',
    'UPDATE targets SET ring_seconds = 9 LIMIT 2',
    ['this UPDATE has a LIMIT and no ORDER BY']
  ],
  // Nothing.
  [
    'an UPDATE that matches nothing',
    "UPDATE targets SET ring_seconds = 9 WHERE rule = 'dya'",
    ['this UPDATE matches no row of targets', '-- followme: skips targets']
  ],
  [
    'a DELETE that matches nothing',
    "DELETE FROM caller_list_entries WHERE pattern = '+44901*'",
    ['this DELETE matches no row of caller_list_entries']
  ],
  [
    'an INSERT from a SELECT that finds nothing',
    "INSERT INTO targets (number, rule, step, dial) SELECT number, name, 2, 'PJSIP/dave' FROM rules WHERE name = 'vpi'",
    ['this INSERT adds no row to targets']
  ],
  // Records.
  [
    'the records of calls',
    "INSERT INTO calls (id, number, caller_number, caller_name, a_leg, started_at, decision, plan) VALUES ('c', '1', '', '', '1', '2026-11-22T11:48:12.345Z', 'rule', '{}')",
    ["this changes calls, which holds followme's own records"]
  ],
  [
    'the failsafe',
    "INSERT INTO failsafe (number, step, fallback, computed_at) VALUES ('+442071838750', 1, 'busy', '2026-11-22T11:48:12.345Z')",
    ["this changes failsafe, which holds followme's own records"]
  ],
  // Misspelt permission.
  [
    'an unknown word after "-- followme:"',
    '-- followme: remove targets\nDELETE FROM targets',
    ['line 1, the comment "-- followme:": "remove targets" is unknown; write removes, changes or skips']
  ],
  [
    'an unknown table after "-- followme:"',
    '-- followme: removes target\nDELETE FROM targets',
    ['table "target" is unknown; write schedules, ']
  ]
]

export const harmless: readonly Case[] = [
  [
    'an upsert',
    `INSERT INTO rules (number, name, position) VALUES ${vip}, 7) ON CONFLICT (number, name) DO UPDATE SET position = excluded.position`,
    ['  changes rules (+442071838750, vip: position 5 → 7)']
  ],
  [
    'OR IGNORE of a row that is there, the same in every column',
    "INSERT OR IGNORE INTO caller_lists VALUES ('vip'), ('new')",
    ['  adds caller_lists (new)']
  ],
  [
    'REPLACE by the same row, where nothing hangs on it',
    "REPLACE INTO caller_list_entries VALUES ('vip', '+4420*'), ('vip', '+4421*')",
    ['  adds caller_list_entries (vip, +4421*)']
  ],
  [
    'REPLACE where what hung on the row is written again',
    "REPLACE INTO caller_lists VALUES ('blocked'); INSERT INTO caller_list_entries VALUES ('blocked', '+44900*')",
    []
  ],
  [
    'a DELETE that names its rows one table after another',
    "DELETE FROM targets WHERE rule = 'vip'; DELETE FROM rules WHERE name = 'vip'",
    ['  removes rules (+442071838750, vip)', '  removes targets (+442071838750, vip, 1, PJSIP/carol)']
  ],
  [
    'a new number for another, with its rules, and with whatever else changes in its row',
    "UPDATE virtual_numbers SET number = '+442071838799', fallback = 'hangup' WHERE number = '+442071838750'",
    [
      "  renames virtual_numbers (+442071838750) → (+442071838799: fallback 'busy' → 'hangup')",
      '  renames rules (+442071838750, day) → (+442071838799, day), (+442071838750, vip) → (+442071838799, vip)',
      '  renames targets (+442071838750, day, 1, PJSIP/alice) → (+442071838799, day, 1, PJSIP/alice), (+442071838750, day, 2, PJSIP/bob) → (+442071838799, day, 2, PJSIP/bob), (+442071838750, vip, 1, PJSIP/carol) → (+442071838799, vip, 1, PJSIP/carol)'
    ]
  ],
  [
    'a cascade that the file means',
    "-- followme: removes rules, targets\nDELETE FROM virtual_numbers WHERE number = '+442071838750'",
    [
      '  removes virtual_numbers (+442071838750)',
      '  removes rules (+442071838750, day), (+442071838750, vip)',
      '  removes targets (+442071838750, day, 1, PJSIP/alice), (+442071838750, day, 2, PJSIP/bob), (+442071838750, vip, 1, PJSIP/carol)'
    ]
  ],
  [
    'every row, where the file means it',
    '-- followme: changes targets\nUPDATE targets SET ring_seconds = 9',
    [
      '  changes targets (+442071838750, day, 1, PJSIP/alice: ring_seconds 20 → 9), (+442071838750, day, 2, PJSIP/bob: ring_seconds 20 → 9), (+442071838750, vip, 1, PJSIP/carol: ring_seconds 20 → 9)'
    ]
  ],
  ...(
    [
      ['targets', "WHERE number = '+442071838750'"],
      ['targets', 'WHERE step == 1 OR (targets.step IN (2, 3) AND main.targets.ring_seconds > 0)'],
      [
        'targets AS t',
        `WHERE (t."number", rule) IN (VALUES ('+442071838750', 'day'), ('+442071838750', 'vip')) RETURNING 1`
      ],
      ['targets', "WHERE ((number IS '+442071838750')) ORDER BY step LIMIT 10"],
      ['targets', "FROM rules AS r WHERE r.name = targets.rule AND targets.number = '+442071838750'"]
    ] as const
  ).map(([table, where]): Case => [
    `every row, where the WHERE names it: ${where}`,
    `DELETE FROM targets WHERE rule = 'vip'; UPDATE ${table} SET ring_seconds = 9 ${where}`,
    [
      '  changes targets (+442071838750, day, 1, PJSIP/alice: ring_seconds 20 → 9), (+442071838750, day, 2, PJSIP/bob: ring_seconds 20 → 9)',
      '  removes targets (+442071838750, vip, 1, PJSIP/carol)'
    ]
  ]),
  ['the only row of a table, whatever the WHERE says', "UPDATE overrides SET kind = 'closed' WHERE 1", []],
  [
    'a row left out, where the file means it, and it is told',
    `--FOLLOWME: SKIPS rules\nINSERT INTO rules (number, name, position) VALUES ${vip}, 7) ON CONFLICT DO NOTHING`,
    ['  leaves out rules (+442071838750, vip): there is already a row with the same rules.number, rules.name']
  ],
  [
    'what matches nothing, where the file means it',
    "-- followme: skips targets\nUPDATE targets SET ring_seconds = 9 WHERE rule = 'dya'",
    []
  ],
  [
    "the site's own tables, as it likes",
    'CREATE TABLE notes (id INTEGER PRIMARY KEY, t TEXT UNIQUE ON CONFLICT REPLACE); INSERT INTO notes (t) VALUES (1), (1), (2); DELETE FROM notes; UPDATE notes SET t = 1',
    []
  ]
]
