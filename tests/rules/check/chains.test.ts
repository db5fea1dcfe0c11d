import { decide } from '../../../src/rules/decide'
import { bookOf } from '../../../src/rules/rule-book'
import { indexOf } from '../../../src/rules/rule-tables'
import { readRuleSet } from '../../../src/store/rules/rule-tables'
import { SqliteRuleStore } from '../../../src/store/rules/rule-store'
import {} from '../../engine/fakes'
import { givenDatabase } from '../../store/fresh-database'
import { faultsAfter } from '../given-rules'
import { fakeLog } from '../../fake-log'

/** Numbers that lead on, each to the next, by their fallbacks. */
const chain = (length: number) =>
  Array.from({ length }, (_, index) => {
    const fallback = index === length - 1 ? 'busy' : `number:+1415555020${index + 1}`
    return `INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES ('+1415555020${index}', 'UTC', '${fallback}');`
  }).join('')

test('numbers that lead on for longer than a plan follows are named, with the way', () => {
  const way = [1, 2, 3, 4, 5, 6, 7].map((index) => `+1415555020${index}`).join(' → ')
  expect(faultsAfter(chain(8))).toEqual([
    `warning virtual_numbers (+14155550201): a call may go through 6 other numbers, one after another, and is not followed beyond 5: ${way}; let a shorter way lead to the last`
  ])
})

test('numbers that lead on as far as a plan follows are no fault, and the plan does follow', () => {
  expect(faultsAfter(chain(6))).toEqual([])
  const { sqlite } = givenDatabase()
  const notes = (length: number) => {
    sqlite.exec(`DELETE FROM virtual_numbers; ${chain(length)}`)
    return decide('+14155550200', { number: '', name: '' }, 0, bookOf(indexOf(readRuleSet(sqlite)))).notes
  }
  expect(notes(6)).toEqual([])
  expect(notes(7)).toEqual([expect.stringContaining('that is the limit')])
})

test('what goes out through the trunk begins anew, and a circle is told as one', () => {
  const trunk = `INSERT INTO rules (number, name, position) VALUES ('+14155550203', 'all', 1);
    INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550203', 'all', 1, '+14155550204');
    UPDATE virtual_numbers SET fallback = 'busy' WHERE number = '+14155550203'`
  expect(faultsAfter(chain(8) + trunk)).toEqual([])
  const circle = "UPDATE virtual_numbers SET fallback = 'number:+14155550200' WHERE number = '+14155550207'"
  expect(faultsAfter(chain(8) + circle)).toEqual([expect.stringMatching(/^error .*calls go round in a circle/)])
})

describe('many numbers behind one', () => {
  const hub = '+14155559000'
  const crowd = (size: number) =>
    `INSERT INTO virtual_numbers (number, time_zone) VALUES ('${hub}', 'UTC');
     INSERT INTO rules (number, name, position) VALUES ('${hub}', 'all', 1);` +
    Array.from({ length: size }, (_, index) => {
      const each = `+1415555${String(1000 + index)}`
      return `INSERT INTO virtual_numbers (number, time_zone) VALUES ('${each}', 'UTC');
        INSERT INTO rules (number, name, position) VALUES ('${each}', 'all', 1);
        INSERT INTO targets (number, rule, step, dial) VALUES ('${each}', 'all', 1, 'PJSIP/phone${String(index)}'),
          ('${hub}', 'all', ${String(index + 1)}, 'number:${each}');`
    }).join('')

  test.each([
    [31, 0],
    [40, 0],
    [50, 0],
    [51, 1],
    [60, 10]
  ])(
    '%i: a call rings all of them, or those that the limit takes, by either way of reading; check says so',
    async (size, left) => {
      const { db, sqlite, close } = givenDatabase()
      sqlite.exec(crowd(size))
      const caller = { number: '', name: '' }
      const live = decide(
        hub,
        caller,
        0,
        await new SqliteRuleStore({ db, sqlite, close }, fakeLog()).rulesFor(hub, caller)
      )
      const compared = decide(hub, caller, 0, bookOf(indexOf(readRuleSet(sqlite))))
      expect(live.plan).toEqual(compared.plan)
      expect(live.notes).toEqual(compared.notes)
      expect(live.plan.steps).toHaveLength(size - left)
      expect(live.notes.filter((note) => note.includes('there is no virtual number'))).toEqual([])
      expect(live.notes).toHaveLength(left)
      const faults = left === 0 ? [] : [expect.stringMatching(/^error .*more than 50 other numbers stand behind it/)]
      expect(faultsAfter(crowd(size))).toEqual(faults)
    }
  )

  test('those that only a disabled rule leads to take no place of those that are rung', async () => {
    const { db, sqlite, close } = givenDatabase()
    const last = '+14155558000'
    const sql = `${crowd(60)} UPDATE rules SET enabled = 0 WHERE number = '${hub}';
      INSERT INTO virtual_numbers (number, time_zone) VALUES ('${last}', 'UTC');
      INSERT INTO rules (number, name, position) VALUES ('${hub}', 'other', 2), ('${last}', 'all', 1);
      INSERT INTO targets (number, rule, step, dial) VALUES
        ('${last}', 'all', 1, 'PJSIP/last'), ('${hub}', 'other', 1, 'number:${last}');`
    sqlite.exec(sql)
    const book = await new SqliteRuleStore({ db, sqlite, close }, fakeLog()).rulesFor(hub)
    const { plan, notes } = decide(hub, { number: '', name: '' }, 0, book)
    expect(plan.steps.flatMap(({ targets }) => targets.map(({ dial }) => dial))).toEqual(['PJSIP/last'])
    expect(notes).toEqual([])
    expect(faultsAfter(sql)).toEqual([])
  })
})
