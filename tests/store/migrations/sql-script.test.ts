import { insertsOfOneRow, keywordsOf, statementsOf } from '../../../src/store/migrations/sql-script'

describe('statementsOf', () => {
  test('gives each statement with its first line', () => {
    const script = "-- a comment; not a statement\nINSERT INTO t VALUES ('a;b');\n\n/* two\nlines */ DELETE FROM t;"
    expect(statementsOf(script)).toEqual([
      { text: "INSERT INTO t VALUES ('a;b')", line: 2 },
      { text: 'DELETE FROM t', line: 5 }
    ])
  })

  test('keeps quoted strings of every kind together, with doubled quotes inside', () => {
    const script = 'SELECT \'it\'\'s; fine\', "a;""b", `c;d`, [e;f]; SELECT 2'
    expect(statementsOf(script).map((statement) => statement.text)).toEqual([
      'SELECT \'it\'\'s; fine\', "a;""b", `c;d`, [e;f]',
      'SELECT 2'
    ])
  })

  test('keeps the body of a trigger together, whatever statements end inside it', () => {
    const trigger =
      'CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN\n  UPDATE a SET x = CASE WHEN 1 THEN 2 END;\n  DELETE FROM b;\nEND'
    expect(statementsOf(`${trigger};\nSELECT 1;`)).toEqual([
      { text: trigger, line: 1 },
      { text: 'SELECT 1', line: 5 }
    ])
  })

  test('finds nothing in comments, blanks and single semicolons', () => {
    expect(statementsOf(' ;; -- nothing\n/* here */ ;\n')).toEqual([])
  })

  test('reads a script of 100,000 rows quickly', () => {
    const script = "INSERT INTO t VALUES ('a');\n".repeat(100_000)
    expect(statementsOf(script).at(-1)).toEqual({ text: "INSERT INTO t VALUES ('a')", line: 100_000 })
  })
})

test('the keywords at the start of a statement are given in capitals', () => {
  expect(keywordsOf({ text: 'rollback /* x */ to here', line: 1 }, 2)).toBe('ROLLBACK TO')
})

describe('insertsOfOneRow', () => {
  test('splits the rows of an INSERT, each with its line', () => {
    const statement = { text: "INSERT INTO t (a, b) VALUES\n  ('x', (1)),\n  ('y)', 2)", line: 7 }
    expect(insertsOfOneRow(statement)).toEqual([
      { text: "INSERT INTO t (a, b) VALUES ('x', (1))", line: 8, row: "('x', (1))" },
      { text: "INSERT INTO t (a, b) VALUES ('y)', 2)", line: 9, row: "('y)', 2)" }
    ])
  })

  test('does not change other statements', () => {
    expect(insertsOfOneRow({ text: 'INSERT INTO t SELECT 1', line: 1 })).toBeUndefined()
    expect(insertsOfOneRow({ text: 'INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING', line: 1 })).toBeUndefined()
    expect(insertsOfOneRow({ text: 'UPDATE t SET a = 1', line: 1 })).toBeUndefined()
  })
})
