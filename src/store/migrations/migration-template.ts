// The contents of a new migration: every kind of row once, commented out.

/** A migration that does nothing until its lines are uncommented. `title` is for people. */
export function migrationTemplate(title: string): string {
  return `-- ${title}
--
-- Take the dashes off the lines that you want, and make them yours. Then see what would change, and apply it:
--   followme migrate --dry-run
--   followme migrate
-- A migration that has been applied is never edited, not even an empty one: write the next.

-- When somebody is there: cron in the schedule's own zone, and for how many minutes of wall clock.
--INSERT INTO schedules (name, time_zone) VALUES ('support hours', 'Europe/London');
--INSERT INTO schedule_windows (schedule, opens, minutes) VALUES ('support hours', '30 8 * * MON-FRI', 540);

-- A day that is another: closed, or with hours of its own.
--INSERT INTO schedule_exceptions (schedule, from_date, to_date, opens_at, closes_at, label) VALUES
--  ('support hours', '2030-12-24', '2030-12-24', '09:00', '12:00', 'Christmas Eve'),
--  ('support hours', '2030-12-25', '2030-12-26', NULL, NULL, 'Christmas');

-- Callers: exact numbers, prefixes, anonymous.
--INSERT INTO caller_lists (name) VALUES ('important');
--INSERT INTO caller_list_entries (list, pattern) VALUES ('important', '+442071838750'), ('important', '+1415*');

-- A number, and what a caller gets whom nobody answers: busy, hangup, voicemail:BOX@CONTEXT, announce:SOUND,
-- dialplan:CONTEXT,EXTEN,PRIORITY or number:+OTHER.
--INSERT INTO virtual_numbers (number, label, time_zone, fallback) VALUES
--  ('+442079460000', 'Support', 'Europe/London', 'voicemail:100@default');

-- Its rules: the first by position that is open, and meant for the caller, answers.
--INSERT INTO rules (number, name, position, schedule, callers) VALUES
--  ('+442079460000', 'important', 10, NULL, 'important'),
--  ('+442079460000', 'day', 20, 'support hours', NULL);

-- Who rings: steps one after another, the targets of one step together.
--INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES
--  ('+442079460000', 'important', 1, 'PJSIP/alice', 30),
--  ('+442079460000', 'day', 1, 'PJSIP/alice', 20),
--  ('+442079460000', 'day', 2, 'PJSIP/bob', 20),
--  ('+442079460000', 'day', 2, '+447700900123', 20);

-- What is there already is changed and removed with UPDATE and DELETE. A migration that would lose rows beyond its own words
-- is refused. To allow that, name the tables in a comment such as one of these:
--   -- followme: removes rules, targets   (they go along with a number or a rule, or all at once)
--   -- followme: changes targets          (every row at once)
--   -- followme: skips rules              (a row that is there already stays; a statement may find nothing)
--UPDATE targets SET ring_seconds = 25 WHERE number = '+442079460000' AND rule = 'day' AND step = 1;
--DELETE FROM caller_list_entries WHERE list = 'important' AND pattern = '+1415*';
`
}
