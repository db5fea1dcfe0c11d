-- A dental practice in London: reception in office hours, a mobile over lunch, a dentist on duty at night and at weekends.

-- ---------------------------------------------------------------------------------------------------------------------
-- When. Every schedule follows the wall clock of its own zone, whatever daylight saving does.

INSERT INTO schedules (name, time_zone) VALUES
  ('practice open', 'Europe/London'),
  ('practice lunch', 'Europe/London'),
  ('duty Patel', 'Europe/London'),
  ('duty Jones', 'Europe/London');

INSERT INTO schedule_windows (schedule, opens, minutes) VALUES
  -- Two windows make a day with a lunch break: 8:30 to 13:00, and 14:00 to 17:30.
  ('practice open', '30 8 * * MON-FRI', 270),
  ('practice open', '0 14 * * MON-FRI', 210),
  -- Lunch is a schedule of its own, so that it can have a rule.
  ('practice lunch', '0 13 * * MON-FRI', 60),
  -- Weekday nights take turns: from 17:30 for 15 hours, until 8:30. A window belongs to the day it opens on, so Friday's
  -- night ends on Saturday at 8:30.
  ('duty Patel', '30 17 * * MON,WED,FRI', 900),
  ('duty Jones', '30 17 * * TUE,THU', 900),
  -- Weekends take turns, too: from Saturday 8:30 for 48 hours, until Monday 8:30. SAT#1 is the first Saturday of a month.
  ('duty Patel', '30 8 * * SAT#1', 2880),
  ('duty Patel', '30 8 * * SAT#3', 2880),
  ('duty Jones', '30 8 * * SAT#2', 2880),
  ('duty Jones', '30 8 * * SAT#4', 2880);
  -- A fifth Saturday belongs to neither dentist: the rule 'anyone' below covers it.

-- Bank holidays. An exception belongs to one schedule, so both have each. The duty schedules have none, so that they continue.
-- followme holidays GB ENG --year 2027 --schedule 'practice open' prints those of one year.
INSERT INTO schedule_exceptions (schedule, from_date, to_date, label) VALUES
  ('practice open', '2026-12-25', '2026-12-28', 'Christmas'),
  ('practice open', '2027-01-01', '2027-01-01', 'New Year''s Day'),
  ('practice open', '2027-03-26', '2027-03-29', 'Easter'),
  ('practice open', '2027-05-03', '2027-05-03', 'Early May bank holiday'),
  ('practice open', '2027-05-31', '2027-05-31', 'Spring bank holiday'),
  ('practice open', '2027-08-30', '2027-08-30', 'Summer bank holiday');

-- The same for lunch, and lunch is off on Christmas Eve as well.
INSERT INTO schedule_exceptions (schedule, from_date, to_date, label)
  SELECT 'practice lunch', from_date, to_date, label FROM schedule_exceptions WHERE schedule = 'practice open';
INSERT INTO schedule_exceptions (schedule, from_date, to_date, label) VALUES
  ('practice lunch', '2026-12-24', '2026-12-24', 'Christmas Eve');

-- A day with other hours: on Christmas Eve the practice is open from 8:30 to 12:00, instead of its usual hours.
INSERT INTO schedule_exceptions (schedule, from_date, to_date, opens_at, closes_at, label) VALUES
  ('practice open', '2026-12-24', '2026-12-24', '08:30', '12:00', 'Christmas Eve');

-- ---------------------------------------------------------------------------------------------------------------------
-- Who. The number that patients call; if nobody answers, they can leave a message in mailbox 200.

INSERT INTO virtual_numbers (number, label, time_zone, fallback) VALUES
  ('+442079460100', 'Dental practice', 'Europe/London', 'voicemail:200@default');

-- The first rule that is open answers. Gaps between the positions leave room for later rules.
INSERT INTO rules (number, name, position, schedule) VALUES
  ('+442079460100', 'day',        10, 'practice open'),
  ('+442079460100', 'lunch',      20, 'practice lunch'),
  ('+442079460100', 'duty Patel', 30, 'duty Patel'),
  ('+442079460100', 'duty Jones', 40, 'duty Jones'),
  -- Without a schedule it is always open: fifth weekends, bank holidays by day, Christmas Eve's afternoon.
  ('+442079460100', 'anyone',     90, NULL);

INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES
  -- Both phones of the reception ring together; after 20 seconds, the mobile that is in somebody's pocket.
  ('+442079460100', 'day',        1, 'PJSIP/reception1', 20),
  ('+442079460100', 'day',        1, 'PJSIP/reception2', 20),
  ('+442079460100', 'day',        2, '+447700900100',    20),
  -- Nobody is at the desk over lunch.
  ('+442079460100', 'lunch',      1, '+447700900100',    25),
  -- The dentist on duty, and then the other one: an emergency should not end in a mailbox.
  ('+442079460100', 'duty Patel', 1, '+447700900101',    30),
  ('+442079460100', 'duty Patel', 2, '+447700900102',    30),
  ('+442079460100', 'duty Jones', 1, '+447700900102',    30),
  ('+442079460100', 'duty Jones', 2, '+447700900101',    30),
  ('+442079460100', 'anyone',     1, '+447700900101',    30),
  ('+442079460100', 'anyone',     1, '+447700900102',    30);
