-- One person, one number: the mobile in working hours, voicemail on weekday evenings, an announcement otherwise. Family gets
-- through at any time.

-- ---------------------------------------------------------------------------------------------------------------------
-- When.

INSERT INTO schedules (name, time_zone) VALUES
  ('working', 'America/Los_Angeles'),
  ('evening', 'America/Los_Angeles');

INSERT INTO schedule_windows (schedule, opens, minutes) VALUES
  -- 9:00 to 17:00, and Fridays until 15:00.
  ('working', '0 9 * * MON-THU', 480),
  ('working', '0 9 * * FRI', 360),
  -- From the end of work until 20:00.
  ('evening', '0 17 * * MON-THU', 180),
  ('evening', '0 15 * * FRI', 300);

-- A range is closed from its first date to its last, both included. followme holidays US CA --year 2027 --schedule working
-- prints the public holidays of a year.
INSERT INTO schedule_exceptions (schedule, from_date, to_date, label) VALUES
  ('working', '2026-11-26', '2026-11-27', 'Thanksgiving'),
  ('working', '2026-12-21', '2027-01-03', 'winter break'),
  ('evening', '2026-11-26', '2026-11-27', 'Thanksgiving'),
  ('evening', '2026-12-21', '2027-01-03', 'winter break');

-- ---------------------------------------------------------------------------------------------------------------------
-- Callers.

INSERT INTO caller_lists (name) VALUES ('family');
INSERT INTO caller_list_entries (list, pattern) VALUES
  ('family', '+14155550171'),
  ('family', '+14155550172');

-- ---------------------------------------------------------------------------------------------------------------------
-- Who. At times without a rule (nights, weekends, time off) the caller hears a sound file of your own, sounds/custom/closed,
-- and the call ends.

INSERT INTO virtual_numbers (number, label, time_zone, fallback) VALUES
  ('+14155550150', 'Maria Lopez, Bookkeeping', 'America/Los_Angeles', 'announce:custom/closed');

INSERT INTO rules (number, name, position, schedule, callers, fallback) VALUES
  -- First, and without a schedule: at any time. If nobody answers: voicemail, not the announcement.
  ('+14155550150', 'family',  10, NULL,      'family', 'voicemail:400@default'),
  ('+14155550150', 'working', 20, 'working', NULL,     'voicemail:400@default'),
  -- Rings nobody: straight to voicemail.
  ('+14155550150', 'evening', 30, 'evening', NULL,     'voicemail:400@default');

INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES
  ('+14155550150', 'family',  1, '+14155550151',  30),
  -- The phone at home, registered with Asterisk.
  ('+14155550150', 'family',  2, 'PJSIP/home',    30),
  ('+14155550150', 'working', 1, '+14155550151',  25);
