import { orphanTables } from '../../../src/store/migrations/orphan-rows'
import { givenDatabaseFile, opened } from '../fresh-database'

test('rows orphaned by a tool that ignores foreign keys are counted', () => {
  const { sqlite } = opened(givenDatabaseFile())
  sqlite.exec(`
    INSERT INTO schedules (name, time_zone) VALUES ('office', 'UTC');
    INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550100', 'UTC'), ('+14155550101', 'UTC');
    INSERT INTO rules (number, name, position, schedule) VALUES ('+14155550100', 'day', 10, 'office'), ('+14155550101', 'day', 10, NULL);
    INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550100', 'day', 1, 'PJSIP/alice'), ('+14155550100', 'day', 2, 'PJSIP/bob')`)
  expect(orphanTables(sqlite)).toEqual([])
  sqlite.pragma('foreign_keys = OFF')
  sqlite.exec(
    "DELETE FROM rules WHERE number = '+14155550100'; DELETE FROM virtual_numbers WHERE number = '+14155550101'"
  )
  expect(orphanTables(sqlite).sort()).toEqual([
    '1 of rules without their row of virtual_numbers',
    '2 of targets without their row of rules'
  ])
})
