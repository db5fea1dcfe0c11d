-- Acme Dental, San Francisco. Office hours are Monday to Friday, 8 to 18; a dentist is on call the rest of the time.

-- ---- when we are open
INSERT INTO schedules (name, time_zone) VALUES
  ('office hours', 'America/Los_Angeles');

-- Opens at 8:00 on weekdays, for ten hours.
INSERT INTO schedule_windows (schedule, opens, minutes) VALUES
  ('office hours', '0 8 * * MON-FRI', 600);

-- On these dates the night rule holds all day.
INSERT INTO schedule_exceptions (schedule, from_date, to_date, label) VALUES
  ('office hours', '2026-12-24', '2026-12-27', 'Christmas'),
  ('office hours', '2027-01-01', '2027-01-01', 'New Year''s Day');

-- ---- the number on the door; a caller whom nobody answers may leave a message
INSERT INTO virtual_numbers (number, label, time_zone, fallback) VALUES
  ('+14155550100', 'Acme Dental', 'America/Los_Angeles', 'voicemail:100@default');

-- ---- who answers: the first rule that is open. 'night' has no schedule, so it takes whatever 'day' does not.
INSERT INTO rules (number, name, position, schedule) VALUES
  ('+14155550100', 'day',   10, 'office hours'),
  ('+14155550100', 'night', 20, NULL);

-- The front desk, then the assistant, then the practice manager. Three seconds are for show; people need 15 to 25.
INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES
  ('+14155550100', 'day', 1, 'PJSIP/alice', 3),
  ('+14155550100', 'day', 2, 'PJSIP/bob',   3),
  ('+14155550100', 'day', 3, 'PJSIP/carol', 20);

-- At night those on call ring in turn; the manager's phone rings longest, since it may have to wake somebody.
INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES
  ('+14155550100', 'night', 1, 'PJSIP/alice', 3),
  ('+14155550100', 'night', 2, 'PJSIP/bob',   3),
  ('+14155550100', 'night', 3, 'PJSIP/carol', 30);
