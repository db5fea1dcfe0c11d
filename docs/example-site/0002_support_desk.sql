-- A support desk on three continents that follows the sun: Sydney, London, San Francisco, and an engineer on call for the rest.

-- ---------------------------------------------------------------------------------------------------------------------
-- When. Each desk works by its own clock: nobody comes an hour early because the clocks changed on another continent. So the
-- hours are chosen so that each hand-over overlaps, whatever the difference between the three clocks. In UTC:
--
--                     Sydney 9:00-19:00   London 7:00-17:00   San Francisco 8:00-17:00   Sydney, the next day
--   November to March    22:00-08:00         07:00-17:00             16:00-01:00             22:00-08:00
--   end of March, Oct.   22:00-08:00         06:00-16:00             15:00-00:00             22:00-08:00
--   April to September   23:00-09:00         06:00-16:00             15:00-00:00             23:00-09:00
--
-- In the weeks between, when San Francisco has changed its clocks and London has not, the overlap is two hours there.

INSERT INTO schedules (name, time_zone) VALUES
  ('desk Sydney', 'Australia/Sydney'),
  ('desk London', 'Europe/London'),
  ('desk San Francisco', 'America/Los_Angeles');

-- Weekdays by each desk's own calendar: Monday begins in Sydney, on Sunday evening in London. Friday ends in San Francisco.
INSERT INTO schedule_windows (schedule, opens, minutes) VALUES
  ('desk Sydney', '0 9 * * MON-FRI', 600),
  ('desk London', '0 7 * * MON-FRI', 600),
  ('desk San Francisco', '0 8 * * MON-FRI', 540);

-- Each desk has the holidays of its own country. The engineer on call covers the gaps.
-- followme holidays AU NSW --year 2027 --schedule 'desk Sydney' prints those of one year.
INSERT INTO schedule_exceptions (schedule, from_date, to_date, label) VALUES
  ('desk Sydney', '2026-12-25', '2026-12-28', 'Christmas and Boxing Day'),
  ('desk Sydney', '2027-01-01', '2027-01-01', 'New Year''s Day'),
  ('desk Sydney', '2027-01-26', '2027-01-26', 'Australia Day'),
  ('desk London', '2026-12-25', '2026-12-28', 'Christmas and Boxing Day'),
  ('desk London', '2027-01-01', '2027-01-01', 'New Year''s Day'),
  ('desk San Francisco', '2026-11-26', '2026-11-27', 'Thanksgiving'),
  ('desk San Francisco', '2026-12-25', '2026-12-25', 'Christmas Day'),
  ('desk San Francisco', '2027-01-01', '2027-01-01', 'New Year''s Day');

-- ---------------------------------------------------------------------------------------------------------------------
-- Callers. An entry is a number, the beginning of numbers with a *, or anonymous. How the carrier writes the caller's number
-- does not matter: 020 7946 0999 on the British number is +442079460999.

INSERT INTO caller_lists (name) VALUES ('blocked'), ('vip');
INSERT INTO caller_list_entries (list, pattern) VALUES
  -- One nuisance, and a whole range of them.
  ('blocked', '+442079460999'),
  ('blocked', '+1415555019*'),
  -- Customers with a priority contract: one mobile, and a company with all of its extensions.
  ('vip', '+447700900300'),
  ('vip', '+6125550133*');

-- ---------------------------------------------------------------------------------------------------------------------
-- Who. One number has the rules. The other two are local numbers, so that customers need not call abroad: they have no
-- rules of their own and use those of the first.

INSERT INTO virtual_numbers (number, label, time_zone, fallback) VALUES
  ('+442079460300', 'Support',            'Europe/London',       'voicemail:300@default'),
  ('+14155550130',  'Support, Americas',  'America/Los_Angeles', 'number:+442079460300'),
  ('+61255501300',  'Support, Australia', 'Australia/Sydney',    'number:+442079460300');

INSERT INTO rules (number, name, position, schedule, callers, fallback) VALUES
  -- A rule without targets, but with a fallback of its own, turns callers away. It must be first.
  ('+442079460300', 'blocked',       10, NULL,                 'blocked', 'hangup'),
  -- Before the desks, so that these callers never wait for one.
  ('+442079460300', 'vip',           20, NULL,                 'vip',     NULL),
  -- In a hand-over two desks are open, and the lower position answers: the desk that has just begun its day. Only London
  -- keeps its callers until it closes.
  ('+442079460300', 'London',        30, 'desk London',        NULL,      NULL),
  ('+442079460300', 'Sydney',        40, 'desk Sydney',        NULL,      NULL),
  ('+442079460300', 'San Francisco', 50, 'desk San Francisco', NULL,      NULL),
  -- Weekends, holidays, and all other times without a desk.
  ('+442079460300', 'on call',       90, NULL,                 NULL,      NULL);

INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES
  -- The engineer on call, then the deputy.
  ('+442079460300', 'vip',           1, '+14155550135',     25),
  ('+442079460300', 'vip',           2, '+447700900135',    25),
  -- Each desk rings all of its phones, and if nobody is free, the engineer on call.
  ('+442079460300', 'London',        1, 'PJSIP/london1',    20),
  ('+442079460300', 'London',        1, 'PJSIP/london2',    20),
  ('+442079460300', 'London',        2, '+14155550135',     25),
  ('+442079460300', 'Sydney',        1, 'PJSIP/sydney1',    20),
  ('+442079460300', 'Sydney',        1, 'PJSIP/sydney2',    20),
  ('+442079460300', 'Sydney',        2, '+14155550135',     25),
  ('+442079460300', 'San Francisco', 1, 'PJSIP/sanfran1',   20),
  ('+442079460300', 'San Francisco', 1, 'PJSIP/sanfran2',   20),
  ('+442079460300', 'San Francisco', 2, '+14155550135',     25),
  ('+442079460300', 'on call',       1, '+14155550135',     25),
  ('+442079460300', 'on call',       2, '+447700900135',    25);
