import { isAssigned } from '../../../src/rules/numbering/numbering-plan'
import { callerOf } from '../../../src/rules/caller'
import { formerly, renumberings } from '../../../src/rules/numbering/renumbering'

// One or more of each change: as it was, and as it is.
const cases: Readonly<Record<string, readonly (readonly [was: string, is: string])[]>> = {
  Mexico: [
    ['+5215512345678', '+525512345678'],
    ['+5218112345678', '+528112345678']
  ],
  Brazil: [
    ['+551181234567', '+5511981234567'],
    ['+552199876543', '+5521999876543']
  ],
  Colombia: [
    ['+5712345678', '+576012345678'],
    ['+5742345678', '+576042345678']
  ],
  'Ivory Coast': [
    ['+22507080910', '+2250707080910'],
    ['+22505123456', '+2250505123456'],
    ['+22501123456', '+2250101123456'],
    ['+22520212345', '+2252720212345'],
    ['+22520012345', '+2252520012345'],
    ['+22520812345', '+2252120812345']
  ],
  Benin: [['+22997123456', '+2290197123456']],
  Gabon: [
    ['+24106123456', '+24166123456'],
    ['+24107123456', '+24177123456'],
    ['+2411123456', '+24111123456']
  ],
  Cameroon: [
    ['+23777123456', '+237677123456'],
    ['+23722123456', '+237222123456']
  ],
  Vietnam: [
    ['+841201234567', '+84701234567'],
    ['+841621234567', '+84321234567'],
    ['+841991234567', '+84591234567'],
    ['+84432123456', '+842432123456'],
    ['+842803123456', '+842083123456']
  ],
  Philippines: [
    ['+6328123456', '+63288123456'],
    ['+6327521234', '+63277521234'],
    ['+6327612345', '+63267612345'],
    ['+6323801234', '+63233801234']
  ],
  'Saudi Arabia': [['+96612345678', '+966112345678']],
  Kosovo: [
    ['+37744123456', '+38344123456'],
    ['+38649123456', '+38349123456']
  ],
  'Sint Maarten': [['+5995201234', '+17215201234']],
  Chile: [
    ['+5626123456', '+56226123456'],
    ['+5632212345', '+56322212345']
  ],
  Ecuador: [['+59399123456', '+593999123456']],
  Mauritius: [
    ['+2307123456', '+23057123456'],
    ['+2302512345', '+23052512345'],
    ['+2304912345', '+23054912345']
  ],
  Morocco: [
    ['+21222123456', '+212522123456'],
    ['+21261123456', '+212661123456']
  ],
  Algeria: [
    ['+21361234567', '+213661234567'],
    ['+21370123456', '+213770123456']
  ],
  Kuwait: [
    ['+9652456789', '+96522456789'],
    ['+9659712345', '+96599712345']
  ],
  Thailand: [['+6691234567', '+66891234567']],
  Nigeria: [
    ['+23414630643', '+2342014630643'],
    ['+23494630643', '+2342094630643'],
    ['+23484460643', '+2342084460643']
  ],
  Congo: [
    ['+2425123456', '+242055123456'],
    ['+2426612345', '+242066612345']
  ],
  Chad: [
    ['+2356612345', '+23566612345'],
    ['+2352512345', '+23522512345']
  ],
  Togo: [['+2282212345', '+22822212345']],
  'Guinea-Bissau': [
    ['+2453201234', '+245443201234'],
    ['+2455512345', '+245955512345'],
    ['+2456612345', '+245966612345']
  ],
  'Burkina Faso': [['+22640551234', '+22624551234']],
  'French Polynesia': [
    ['+689401234', '+68940401234'],
    ['+689712345', '+68987712345']
  ],
  Honduras: [
    ['+5042201234', '+50422201234'],
    ['+5049512345', '+50499512345']
  ],
  'El Salvador': [
    ['+5032212345', '+50322212345'],
    ['+5038812345', '+50378812345']
  ],
  Nicaragua: [
    ['+5052781234', '+50522781234'],
    ['+5058812345', '+50588812345']
  ],
  Georgia: [
    ['+99577123456', '+995577123456'],
    ['+99532234567', '+995322234567']
  ],
  Russia: [['+70951234567', '+74951234567']],
  Greece: [['+30977123456', '+306977123456']],
  Argentina: [
    ['+549111523456789', '+5491123456789'],
    ['+549341151234567', '+5493411234567']
  ],
  Egypt: [
    ['+20101234567', '+201001234567'],
    ['+20121234567', '+201221234567']
  ],
  Qatar: [
    ['+9745512345', '+97455512345'],
    ['+9743312345', '+97433312345']
  ],
  'Costa Rica': [
    ['+5062234567', '+50622234567'],
    ['+5068312345', '+50688312345']
  ],
  Switzerland: [['+4112345678', '+41442345678']],
  'Saint Helena': [['+2902123', '+29022123']],
  Ascension: [['+2472123', '+24762123']]
}

test('each change of a numbering plan has a case', () => {
  const named = renumberings.map(({ source }) => source.replace(/,.*/, ''))
  expect([...new Set(named)].sort()).toEqual(Object.keys(cases).sort())
})

test.each(Object.entries(cases).flatMap(([country, pairs]) => pairs.map(([was, is]) => [country, was, is] as const)))(
  '%s: the old number %s means %s, in each spelling',
  (_, was, is) => {
    const sent = [was, was.slice(1), `00${was.slice(1)}`]
    expect(sent.map((each) => callerOf(each, '+442071838750').number)).toEqual([is, is, is])
    expect(callerOf(is, '+442071838750').number).toBe(is)
    const read = formerly(is, isAssigned).map((old) => callerOf(old, '+442071838750').number)
    expect(read).toContain(is)
    expect(new Set(read).size).toBe(1)
  }
)

// What would be the old form was never one, was given out anew, or has become another number.
test.each([
  ['+442071838750', 'whose plan has not changed'],
  ['+12025550123', 'next to a country whose plan has changed'],
  ['+5586974951020', 'whose old form was not a mobile number'],
  ['+576046425584', 'whose old form is assigned again'],
  ['+63282209038', 'whose old form has become +63232209038'],
  ['+66810329440', 'whose old form never existed']
])('%s, %s, has no old form', (is) => {
  expect(formerly(is, isAssigned)).toEqual([])
})

test.each([
  ['867123456', '+37167123456', '+37167123456'],
  ['8712345678', '+998712345678', '+998712345678'],
  ['8372213456', '+992372213456', '+992372213456'],
  ['8577123456', '+995577123456', '+995577123456']
])('without its abolished trunk prefix, %s for %s is %s', (sent, home, is) => {
  expect(callerOf(sent, home).number).toBe(is)
})

test('no number known to the metadata is renumbered, unless its old form is no longer assigned', () => {
  const over = renumberings.filter(({ isOver }) => isOver === true).flatMap(({ changes }) => changes)
  const olds = renumberings.flatMap(({ changes }) => changes.flatMap(({ was }) => samplesOf(was, 40)))
  const changed = olds
    .filter((old) => isAssigned(`+${old}`) && !over.some(({ was }) => was.test(old)))
    .filter((old) => callerOf(`+${old}`, '+442071838750').number !== `+${old}`)
  expect(changed).toEqual([])
})

// Honduras' 504 is New Orleans' area code, too.
test('for a number in North America, ten digits that are a North American number are not an old form', () => {
  const olds = renumberings.flatMap(({ changes }) => changes.flatMap(({ was }) => samplesOf(was, 40)))
  const own = olds.filter((old) => old.length === 10 && isAssigned(`+1${old}`))
  expect(own.length).toBeGreaterThan(100)
  expect(own.filter((old) => callerOf(old, '+14155550100').number !== `+1${old}`)).toEqual([])
})

/** Numbers that a pattern matches: digits of its classes and fillers, in turn. */
function samplesOf(pattern: RegExp, count = 400): string[] {
  const classes = /\[([0-9])(?:-([0-9]))?\](?:\{([0-9]+)\})?/g
  return Array.from({ length: count }, (_, nth) => {
    let state = nth * 7919 + 1
    const digit = (from: number, to: number) => {
      state = (state * 48_271) % 2_147_483_647
      return String(from + (state % (to - from + 1)))
    }
    return pattern.source
      .replace(classes, (_all, from: string, to = from, times = '1') =>
        Array.from({ length: Number(times) }, () => digit(Number(from), Number(to))).join('')
      )
      .replace(/[^0-9]/g, '')
  })
}

test('each change leads from unassigned to assigned numbers, unless it is marked as over', () => {
  const wrong = renumberings.flatMap(({ source, isOver = false, changes }) =>
    changes.flatMap(({ was, now }) => {
      const olds = samplesOf(was)
      expect(olds.filter((old) => !was.test(old))).toEqual([])
      const leads = olds.some((old) => isAssigned(`+${old.replace(was, now)}`))
      const isFree = isOver || olds.some((old) => !isAssigned(`+${old}`))
      return leads && isFree ? [] : [`${source}: ${String(was)}`]
    })
  )
  expect(wrong).toEqual([])
})
