// What the database itself refuses, each in words that name the column.
import { givenDatabase } from '../fresh-database'

describe('an invalid row is refused with a message that names the column and the cure', () => {
  const number = "INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES ('+14155550100', 'UTC', 'busy');"
  const rule = `${number} INSERT INTO rules (number, name, position) VALUES ('+14155550100', 'day', 10);`
  const target = (step: number, dial: string, seconds: number) =>
    `${rule} INSERT INTO targets (number, rule, step, dial, ring_seconds)
     VALUES ('+14155550100', 'day', ${step}, '${dial}', ${seconds})`
  const schedule = "INSERT INTO schedules VALUES ('office', 'Europe/London');"
  const exception = (values: string) => `${schedule} INSERT INTO schedule_exceptions VALUES ('office', ${values}, NULL)`
  const entry = (pattern: string) =>
    `INSERT INTO caller_lists VALUES ('vip'); INSERT INTO caller_list_entries VALUES ('vip', '${pattern}')`
  const fallback = (text: string) => number.replace("'busy'", `'${text}'`)
  const full = (text: string) =>
    `${number} UPDATE virtual_numbers SET max_calls = 1, fallback_full = '${text}' WHERE number = '+14155550100'`
  const shown = (change: string) => `${number} UPDATE virtual_numbers SET ${change} WHERE number = '+14155550100'`
  const override = (values: string) =>
    `${number} INSERT INTO overrides (number, kind, value, expires_at) VALUES ('+14155550100', ${values})`

  const policy = (values: string) =>
    `INSERT INTO dial_policy (prefix, verdict, max_calls, max_per_hour, max_minutes_day) VALUES (${values})`

  const trunk = (values: string) =>
    `INSERT INTO trunks (name, position, dial, shows, diversion, max_calls, private) VALUES (${values})`
  const branch = trunk("'b', 1, 'PJSIP/{number}@branch', NULL, NULL, NULL, 1")
  const rings = (dial: string) =>
    `${branch}; ${number} INSERT INTO rules (number, name, position) VALUES ('+14155550100', 'r', 1);
     INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550100', 'r', 1, '${dial}')`

  test.each<[string, string]>([
    [
      trunk("'a b', 1, 'PJSIP/{number}@a', NULL, NULL, NULL, 0"),
      'trunks.name must have 1 to 40 letters, digits or . _ -'
    ],
    [trunk("'a', 1, 'PJSIP/a', NULL, NULL, NULL, 0"), 'trunks.dial must hold {number}, {digits} or {national} once'],
    [trunk("'a', 1, 'PJSIP/{number}{digits}@a', NULL, NULL, NULL, 0"), 'trunks.dial must hold {number}'],
    [trunk("'a', 1, 'PJSIP/{number}@a', 'nobody', NULL, NULL, 0"), 'trunks.shows must be number or caller, or null'],
    [
      trunk("'a', 1, 'PJSIP/{number}@a', NULL, 'yes', NULL, 0"),
      'trunks.diversion must be unconditional, follow-me, no-answer'
    ],
    [trunk("'a', 1, 'PJSIP/{number}@a', NULL, NULL, 0, 0"), 'trunks.max_calls must be 1 or more, or null'],
    [trunk("'a', 1, 'PJSIP/{number}@a', NULL, NULL, NULL, 2"), 'trunks.private must be 0 or 1'],
    [`${branch}; INSERT INTO trunk_prefixes VALUES ('b', '44')`, 'trunk_prefixes.prefix must be + and the digits'],
    ["INSERT INTO trunk_prefixes VALUES ('nobody', '+44')", 'FOREIGN KEY constraint failed'],
    ["INSERT INTO target_limits (dial) VALUES ('alice')", 'target_limits.dial must be a target as the rules write it'],
    ["INSERT INTO target_limits VALUES ('PJSIP/alice', 0, 0)", 'target_limits.max_calls must be 1 or more'],
    [
      "INSERT INTO target_limits VALUES ('PJSIP/alice', 1, 3601)",
      'target_limits.wrap_up_seconds must be between 0 and'
    ],
    [rings('PJSIP/101@trunk'), 'targets.dial must not call an emergency or service number'],
    [rings('PJSIP/112@branch'), 'targets.dial must not call an emergency or service number'],
    [number.replace('+1415', '1415'), 'virtual_numbers.number must be E.164 with a leading +'],
    [number.replace('5550100', '555-0100'), 'virtual_numbers.number must be E.164'],
    [number.replace('UTC', ''), 'virtual_numbers.time_zone must be an IANA zone'],
    [fallback('voicemail'), 'virtual_numbers.fallback must be busy, hangup, voicemail:BOX@CONTEXT'],
    [fallback('dialplan:default'), 'virtual_numbers.fallback must be'],
    [fallback('number:+14155550100'), 'virtual_numbers.fallback must not lead to the number itself'],
    [full('voicemail'), 'virtual_numbers.fallback_full must be busy, hangup, voicemail:BOX@CONTEXT'],
    [full('number:+14155550100'), 'virtual_numbers.fallback_full must not lead to the number itself'],
    [shown("caller_id_policy = 'did'"), 'virtual_numbers.caller_id_policy must be outside, caller, number or fixed'],
    [shown("caller_id_policy = 'fixed'"), 'virtual_numbers.caller_id_policy fixed needs a caller_id'],
    [shown("name_prefix = ''"), 'virtual_numbers.name_prefix must have 1 to 40 characters'],
    [shown('name_prefix = char(83, 10)'), 'virtual_numbers.name_prefix must have 1 to 40 characters'],
    [
      shown("alert_info = '<x>' || char(13, 10) || 'X: y'"),
      'virtual_numbers.alert_info must have 1 to 200 printable ASCII characters'
    ],
    [shown("alert_info = 'é'"), 'virtual_numbers.alert_info must have 1 to 200 printable ASCII characters'],
    [rule.replace('10)', '0)'), 'rules.position must be 1 or more'],
    [rule.replace("'day'", "' day'"), 'rules.name must not be empty, nor begin or end with a blank'],
    [target(0, 'PJSIP/alice', 20), 'targets.step must be 1 or more'],
    [target(1, 'PJSIP/alice', 601), 'targets.ring_seconds must be between 1 and 600'],
    [target(1, 'alice', 20), 'targets.dial must be +NUMBER, TECHNOLOGY/ADDRESS'],
    [target(1, 'PJSIP/alice&PJSIP/bob', 20), 'targets.dial must be'],
    [target(1, 'PJSIP/${EXTEN}', 20), 'targets.dial must be'],
    ...['+911', '+112', '+44999', '+61000'].map((dial): [string, string] => [
      target(1, dial, 20),
      'targets.dial must not call an emergency or service'
    ]),
    ...['112@trunk', '+911@trunk', 'trunk/999', '9@branch'].map((address): [string, string] => [
      target(1, `SIP/${address}`, 20),
      'targets.dial must not call an emergency or service'
    ]),
    [override("'forward', '+911', NULL"), 'overrides.value must not call an emergency or service number'],
    [override("'forward', 'PJSIP/112@trunk', NULL"), 'overrides.value must not call an emergency or service number'],
    [target(1, 'number:+14155550100', 20), 'targets.dial must not lead to the number itself'],
    [target(1, '+14155550100', 20), 'targets.dial must not lead to the number itself'],
    [`${schedule} INSERT INTO schedule_windows VALUES ('office', '* * * * *', 0)`, 'schedule_windows.minutes must be'],
    [`${schedule} INSERT INTO schedule_windows VALUES ('office', ' ', 10)`, 'schedule_windows.opens must be a cron'],
    [exception("'2026-02-30', '2026-03-01', NULL, NULL"), 'schedule_exceptions.from_date must be a date written'],
    [exception("'2026-12-25', '25.12.2026', NULL, NULL"), 'schedule_exceptions.to_date must be a date written'],
    [exception("'2026-12-25', '2026-12-24', NULL, NULL"), 'schedule_exceptions.to_date must not be before from_date'],
    [exception("'2026-12-25', '2026-12-25', '09:00', NULL"), 'give both opens_at and closes_at, or neither'],
    [exception("'2026-12-25', '2026-12-25', '9:00', '12:00'"), 'schedule_exceptions.opens_at must be a time written'],
    [exception("'2026-12-25', '2026-12-25', '09:00', '24:01'"), 'schedule_exceptions.closes_at must be a time'],
    [exception("'2026-12-25', '2026-12-25', '12:00', '09:00'"), 'schedule_exceptions.closes_at must be after opens_at'],
    [entry('1415*5'), 'caller_list_entries.pattern must be a number'],
    [entry('ann'), 'caller_list_entries.pattern must be a number'],
    [entry('++1415'), 'caller_list_entries.pattern must be a number'],
    [policy("'+44', 'allow', 0, NULL, NULL"), 'dial_policy.max_calls must be 1 or more, or null'],
    [policy("'+44', 'allow', NULL, -1, NULL"), 'dial_policy.max_per_hour must be 1 or more, or null'],
    [policy("'+44', 'limit', 1, 1, 0"), 'dial_policy.max_minutes_day must be 1 or more, or null'],
    [policy("'+44', 'deny', NULL, NULL, 1"), 'dial_policy: a row that denies has no limit'],
    [
      policy("'+', 'limit', NULL, NULL, NULL"),
      'dial_policy: give max_calls, max_per_hour or max_minutes_day with limit'
    ],
    [policy("'+44', 'maybe', 1, 1, 1"), 'dial_policy.verdict must be allow, deny or limit'],
    [policy("'44', 'allow', 1, 1, 1"), 'dial_policy.prefix must be + and the digits'],
    [override("'forward', NULL, NULL"), 'overrides.value must be null for closed'],
    [override("'away', NULL, NULL"), 'overrides.kind must be closed, forward or rule'],
    [override("'closed', NULL, 'tomorrow'"), 'overrides.expires_at must be an instant in UTC'],
    [override("'closed', NULL, '2026-11-22T24:30:00Z'"), 'overrides.expires_at must be an instant in UTC'],
    [override("'closed', NULL, '2026-11-22 18:00:00'"), 'overrides.expires_at must be an instant in UTC']
  ])('%s', (sql, message) => {
    const { sqlite } = givenDatabase()
    expect(() => sqlite.exec(sql)).toThrow(message)
  })

  test.each([
    [target(1, 'number:+14155550199', 600)],
    [target(9, '+442071838750', 1)],
    [target(1, 'PJSIP/1000@trunk', 20)],
    [target(1, 'PJSIP/112', 20)],
    [override("'forward', 'PJSIP/101', NULL")],
    [fallback('voicemail:100@default')],
    [fallback('announce:custom/closed')],
    [fallback('dialplan:from-internal,100,1')],
    [fallback('number:+14155550199')],
    [exception("'2026-12-24', '2026-12-26', '00:00', '24:00'")],
    [exception("'2026-12-25', '2026-12-25', NULL, NULL")],
    [policy("'+', 'limit', NULL, NULL, 600")],
    [policy("'+44', 'allow', 1, 1, 1")],
    [policy("'+33', 'deny', NULL, NULL, NULL")],
    [entry('anonymous')],
    [entry('+1415*')],
    [entry('+14155550100')],
    [entry('1001')],
    [override("'closed', NULL, '2026-11-22T18:00:00Z'")],
    [override("'rule', 'day', '2026-11-22T18:00:00.000Z'")]
  ])('but this is valid: %s', (sql) => {
    const { sqlite } = givenDatabase()
    expect(() => sqlite.exec(sql)).not.toThrow()
  })
})
