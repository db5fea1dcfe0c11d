import fc from 'fast-check'
import { chainFaults, crowdFaults } from '../../../src/rules/check/chains'
import type { Links } from '../../../src/rules/check/cycles'
import { decide, maxHops } from '../../../src/rules/decide'
import { bookOf, maxNumbersBehind } from '../../../src/rules/rule-book'
import { indexOf } from '../../../src/rules/rule-tables'
import { readRuleSet } from '../../../src/store/rules/rule-tables'
import { SqliteRuleStore } from '../../../src/store/rules/rule-store'
import { givenDatabase } from '../../store/fresh-database'
import { faultsAfter } from '../given-rules'
import { fakeLog } from '../../fake-log'

/** Numbers that lead on, each to the next, by their fallbacks. */
const chain = (length: number) =>
  Array.from({ length }, (_, index) => {
    const fallback = index === length - 1 ? 'busy' : `number:+1415555020${index + 1}`
    return `INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES ('+1415555020${index}', 'UTC', '${fallback}');`
  }).join('')

test('a chain of numbers longer than a plan follows is reported with the path', () => {
  const way = [1, 2, 3, 4, 5, 6, 7].map((index) => `+1415555020${index}`).join(' → ')
  expect(faultsAfter(chain(8))).toEqual([
    `warning virtual_numbers (+14155550201): a call may go through 6 other numbers, one after another, and is not followed beyond 5: ${way}; let a shorter way lead to the last`
  ])
})

test('a chain as long as a plan follows is no fault, and the plan follows it', () => {
  expect(faultsAfter(chain(6))).toEqual([])
  const { sqlite } = givenDatabase()
  const notes = (length: number) => {
    sqlite.exec(`DELETE FROM virtual_numbers; ${chain(length)}`)
    return decide('+14155550200', { number: '', name: '' }, 0, bookOf(indexOf(readRuleSet(sqlite)))).notes
  }
  expect(notes(6)).toEqual([])
  expect(notes(7)).toEqual([expect.stringContaining('that is the limit')])
})

test.each(['+14155550200', '+14155550206'])('a chain shortened by disabling %s is no fault', (number) => {
  const faults = faultsAfter(`${chain(7)} UPDATE virtual_numbers SET enabled = 0 WHERE number = '${number}'`)
  expect(faults.filter((fault) => fault.includes('may go through'))).toEqual([])
})

test('a call over the trunk starts a new chain, and a circle is reported as a circle', () => {
  const trunk = `INSERT INTO rules (number, name, position) VALUES ('+14155550203', 'all', 1);
    INSERT INTO targets (number, rule, step, dial) VALUES ('+14155550203', 'all', 1, '+14155550204');
    UPDATE virtual_numbers SET fallback = 'busy' WHERE number = '+14155550203'`
  expect(faultsAfter(chain(8) + trunk)).toEqual([expect.stringContaining('comes back through the trunk as a new one')])
  const circle = "UPDATE virtual_numbers SET fallback = 'number:+14155550200' WHERE number = '+14155550207'"
  expect(faultsAfter(chain(8) + circle)).toEqual([expect.stringMatching(/^error .*calls go round in a circle/)])
})

describe('many numbers behind one number', () => {
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
    '%i: a call rings all of them up to the limit, read either way, and check reports the excess',
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

  test('numbers behind a disabled rule do not count towards the limit', async () => {
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

describe('a chain among any numbers', () => {
  const numbers = Array.from({ length: 9 }, (_, index) => `+1415555020${index}`)
  const numberAt = fc.nat(numbers.length - 1)
  /** Links between the numbers, most of them to the next one; each link has one row or two, in the plan or not. */
  const anyLinks = fc
    .tuple(
      fc.array(fc.constantFrom([true], [true], [true, false], [false]), { minLength: 8, maxLength: 8 }),
      fc.array(fc.tuple(numberAt, numberAt, fc.array(fc.boolean(), { minLength: 1, maxLength: 2 })), { maxLength: 6 })
    )
    .map(([onward, others]): Links => {
      const links = new Map(numbers.map((number) => [number, new Map<string, ReturnType<typeof rowsTo>>()]))
      const rows = [...onward.map((inPlan, from) => [from, from + 1, inPlan] as const), ...others]
      for (const [from, at, inPlan] of rows) {
        const to = numbers[at] ?? ''
        if (from !== at) links.get(numbers[from] ?? '')?.set(to, rowsTo(to, inPlan))
      }
      return links
    })
  const rowsTo = (to: string, inPlan: readonly boolean[]) =>
    inPlan.map((each) => ({ table: 'targets', key: to, to, schedule: null, inPlan: each }))
  const nextsOf = (links: Links, number: string): string[] =>
    [...(links.get(number) ?? [])].flatMap(([next, rows]) => (rows.some(({ inPlan }) => inPlan) ? [next] : []))
  /** Every way from the number; a circle makes them endless. */
  const longestFrom = (links: Links, number: string, way: readonly string[] = []): number =>
    way.includes(number)
      ? Infinity
      : Math.max(0, ...nextsOf(links, number).map((next) => 1 + longestFrom(links, next, [...way, number])))

  test('is reported for each number whose longest path is one number too long, with such a path', () => {
    fc.assert(
      fc.property(anyLinks, (links) => {
        const faults = chainFaults(links, new Map())
        expect(faults.map(({ key }) => key).sort()).toEqual(
          numbers.filter((number) => longestFrom(links, number) === maxHops + 1)
        )
        for (const { table, key, message } of faults) {
          const way = message.replace(/^.*: /, '').split(' → ')
          expect([table, way[0], way.length]).toEqual(['virtual_numbers', key, maxHops + 2])
          for (const [index, next] of way.slice(1).entries()) expect(nextsOf(links, way[index] ?? '')).toContain(next)
        }
      }),
      { numRuns: Number(process.env['FOLLOWME_RUNS'] ?? 300) }
    )
  })

  /** Of so many numbers each leads to the next `width`. */
  const wide = (count: number, width: number): Links => {
    const all = Array.from({ length: count }, (_, index) => `+1415555${1000 + index}`)
    return new Map(
      all.map((number, index) => [
        number,
        new Map(all.slice(index + 1, index + 1 + width).map((to) => [to, rowsTo(to, [true])]))
      ])
    )
  }

  test.each([
    ['as many numbers as are read', maxNumbersBehind + 1, maxNumbersBehind, []],
    ['one number more', maxNumbersBehind + 2, maxNumbersBehind + 1, ['+14155551000']],
    ['as many numbers as are read within the hops, and more beyond,', 70, 10, []],
    ['one number more at the last hop', 70, 11, Array.from({ length: 19 }, (_, index) => `+1415555${1000 + index}`)]
  ])('%s behind one number', (_, count, width, keys) => {
    const faults = crowdFaults(wide(count, width), new Map())
    expect(faults.map(({ key }) => key)).toEqual(keys)
    for (const { table, message, cure } of faults) {
      expect(`${table} ${message}; ${cure}`).toBe(
        'virtual_numbers more than 50 other numbers stand behind it, and those beyond are not rung; let fewer number: targets and fallbacks lead on, or name the phones themselves'
      )
    }
  })
})
