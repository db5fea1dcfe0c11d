import { anotherNumber, faultsAfter } from '../given-rules'

describe('a circle of numbers is reported with its path', () => {
  const circle = 'calls go round in a circle'

  test('through targets and fallbacks', () => {
    expect(
      faultsAfter(`${anotherNumber}
        UPDATE virtual_numbers SET fallback = 'number:+442071838750' WHERE number = '+14155550199';
        UPDATE virtual_numbers SET fallback = 'number:+14155550199' WHERE number = '+14155550100';`)
    ).toEqual([
      `error targets (+442071838750, day, 2, number:+14155550100): ${circle}: +14155550100 → +14155550199 → +442071838750 → +14155550100; let one of them end with a phone, voicemail or busy instead`
    ])
  })

  test('through the trunk and an override', () => {
    expect(
      faultsAfter(
        `DELETE FROM targets WHERE step = 2; ${anotherNumber}
         INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550100', 'night', 1, '+14155550199');
         INSERT INTO overrides (number, kind, value) VALUES ('+14155550199', 'forward', 'number:+14155550100');`
      )
    ).toEqual([
      `error overrides (+14155550199): ${circle}: +14155550100 → +14155550199 → +14155550100; let one of them end with a phone, voicemail or busy instead`,
      expect.stringMatching(/^warning targets .* comes back through the trunk as a new one; write number:/)
    ])
  })

  test('each circle separately', () => {
    const faults = faultsAfter(`${anotherNumber}
      UPDATE virtual_numbers SET fallback = 'number:+442071838750' WHERE number = '+14155550199';
      UPDATE virtual_numbers SET fallback = 'number:+14155550199' WHERE number = '+442071838750';
      UPDATE rules SET fallback = 'number:+14155550199' WHERE name = 'night';
      UPDATE rules SET fallback = 'number:+14155550100' WHERE name = 'vip';`)
    expect(faults.length).toBe(2)
    expect(faults.every((fault) => fault.includes(circle))).toBe(true)
  })

  test('as a warning only, if the schedules are never open at the same time', () => {
    const followTheSun = `DELETE FROM targets WHERE step = 2;
      INSERT INTO schedules VALUES ('am', 'UTC'), ('pm', 'UTC');
      INSERT INTO schedule_windows VALUES ('am', '0 0 * * *', 720), ('pm', '0 12 * * *', 720);
      INSERT INTO rules (number, name, position, schedule, fallback) VALUES
        ('+442071838750', 'am', 30, 'am', 'number:+14155550100'), ('+14155550100', 'pm', 30, 'pm', 'number:+442071838750');`
    expect(faultsAfter(followTheSun)).toEqual([
      `warning rules (+442071838750, am): ${circle}: +14155550100 → +442071838750 → +14155550100, though their schedules are never open all at once in the next 400 days; keep the schedules apart, or let one of the numbers end it`
    ])
    expect(faultsAfter(`${followTheSun} UPDATE schedule_windows SET minutes = 721 WHERE schedule = 'am';`)).toEqual([
      expect.stringMatching(/^error rules \(\+442071838750, am\): calls go round in a circle/)
    ])
  })

  test('but not through rules, targets and numbers that are disabled', () => {
    expect(
      faultsAfter(`${anotherNumber}
        UPDATE rules SET fallback = 'number:+442071838750', enabled = 0 WHERE name = 'night';
        INSERT INTO rules (number, name, position) VALUES ('+14155550199', 'day', 10);
        INSERT INTO targets (number, rule, step, dial, enabled) VALUES
          ('+14155550199', 'day', 1, 'PJSIP/bob', 1), ('+14155550199', 'day', 1, 'number:+442071838750', 0);
        UPDATE rules SET fallback = 'number:+14155550199' WHERE name = 'vip';`).filter((fault) =>
        fault.includes(circle)
      )
    ).toEqual([])
  })

  test('through fallback_full; two numbers that overflow into each other are not a circle', () => {
    const helping = `DELETE FROM targets WHERE step = 2;
      UPDATE virtual_numbers SET max_calls = 2, fallback_full = 'number:+14155550100' WHERE number = '+442071838750';
      UPDATE virtual_numbers SET max_calls = 2, fallback_full = 'number:+442071838750' WHERE number = '+14155550100';`
    expect(faultsAfter(helping)).toEqual([])
    expect(faultsAfter(`${helping} UPDATE rules SET fallback = 'number:+442071838750' WHERE name = 'night';`)).toEqual([
      `error virtual_numbers (+442071838750): ${circle}: +14155550100 → +442071838750 → +14155550100; let one of them end with a phone, voicemail or busy instead`
    ])
  })

  test('through a disabled rule named by an override, at any time', () => {
    const sql = `DELETE FROM targets WHERE step = 2;
      UPDATE virtual_numbers SET fallback = 'number:+14155550100' WHERE number = '+442071838750';
      UPDATE rules SET fallback = 'number:+442071838750', enabled = 0 WHERE name = 'night';`
    expect(faultsAfter(sql)).toEqual([])
    expect(
      faultsAfter(`${sql} INSERT INTO overrides (number, kind, value) VALUES ('+14155550100', 'rule', 'night');`)
    ).toEqual([expect.stringMatching(/^error .*: calls go round in a circle/)])
  })

  test('without numbers that only lead to it, whichever number comes first', () => {
    expect(
      faultsAfter(`${anotherNumber} DELETE FROM targets WHERE step = 2;
        UPDATE virtual_numbers SET fallback = 'number:+14155550199' WHERE number = '+14155550100';
        UPDATE virtual_numbers SET fallback = 'number:+442071838750' WHERE number = '+14155550199';
        UPDATE virtual_numbers SET fallback = 'number:+14155550199' WHERE number = '+442071838750';`)
    ).toEqual([
      `error virtual_numbers (+442071838750): ${circle}: +14155550199 → +442071838750 → +14155550199; let one of them end with a phone, voicemail or busy instead`
    ])
  })

  /** Each leads to the other by such a row: its table, and when it holds. */
  const each = (rows: readonly (readonly [number: string, schedule: string | null])[]) =>
    rows
      .map(([number, schedule], index) => {
        const other = number === '+442071838750' ? '+14155550100' : '+442071838750'
        return `INSERT INTO rules (number, name, position, schedule, fallback) VALUES
          ('${number}', 'r${index}', ${30 + index}, ${schedule === null ? 'NULL' : `'${schedule}'`}, 'number:${other}');`
      })
      .join('')
  const halves = `DELETE FROM targets WHERE step = 2; INSERT INTO schedules VALUES ('am', 'UTC'), ('pm', 'UTC');
    INSERT INTO schedule_windows VALUES ('am', '0 0 * * *', 720), ('pm', '0 12 * * *', 720);`

  test.each([
    [
      'another row always',
      [
        ['+442071838750', 'am'],
        ['+442071838750', null],
        ['+14155550100', 'pm']
      ]
    ],
    [
      'another row at that time',
      [
        ['+442071838750', 'am'],
        ['+442071838750', 'pm'],
        ['+14155550100', 'pm']
      ]
    ]
  ] as const)('if one row leads on at another time, but %s does too', (_, rows) => {
    expect(faultsAfter(halves + each(rows))).toEqual([
      expect.stringMatching(/^error rules .*: calls go round in a circle/)
    ])
  })

  test('if it would take too long to find out whether the schedules are ever open at the same time', () => {
    const minutes = `DELETE FROM targets WHERE step = 2; INSERT INTO schedules VALUES ('odd', 'UTC'), ('even', 'UTC');
      INSERT INTO schedule_windows VALUES ('odd', '1-59/2 * * * *', 1), ('even', '*/2 * * * *', 1);`
    const faults = faultsAfter(
      minutes +
        each([
          ['+442071838750', 'odd'],
          ['+14155550100', 'even']
        ])
    )
    expect(faults).toContainEqual(expect.stringMatching(/^error rules .*: calls go round in a circle: [^,]*;/))
  })

  test.each([
    [
      'an expired override',
      `INSERT INTO overrides (number, kind, value, expires_at) VALUES
      ('+14155550100', 'forward', 'number:+442071838750', '2026-11-22T12:00:00Z');`
    ],
    ['a fallback to the number itself', "UPDATE rules SET fallback = 'number:+14155550100' WHERE name = 'night';"]
  ])('but not through %s', (_, sql) => {
    expect(faultsAfter(sql, { force: true }).filter((fault) => fault.includes(circle))).toEqual([])
  })
})
