// A number that is dialled in another form, while followme is dead: the dialplan finds the virtual number that followme would.
import { until } from '../sandbox/child'
import { ready } from './served'
import { number, useWorld } from './world'

const world = useWorld({ readable: true, withoutApp: true })
/** Ten of its digits are written as `number` is in North America. */
const russian = '+74155550100'

/** What followme leaves behind, killed: the plan of each number, and the forms in which it may be dialled. */
async function left(...numbers: readonly string[]): Promise<void> {
  const served = await ready(world)
  for (const each of numbers) {
    await until(`the forms of ${each}`, async () =>
      (await world.asterisk.cli(`realtime load followme_dialled form +00${each.slice(1)}`)).includes(each)
    )
    await until(`the plan of ${each}`, async () =>
      (await world.asterisk.cli(`realtime load followme_failsafe entry ${each}/1`)).includes('PJSIP')
    )
  }
  served.child.kill('SIGKILL')
  await served.exited
}

function isAlso(each: string): void {
  world.sql(`INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES ('${each}', 'UTC', 'busy');
    INSERT INTO rules (number, name, position) VALUES ('${each}', 'always', 10);
    INSERT INTO targets (number, rule, step, dial, ring_seconds) VALUES ('${each}', 'always', 1, 'PJSIP/bob', 20)`)
}

const forms = [
  ...['4155550100', '14155550100', '+14155550100', '0014155550100', '01114155550100', '04155550100'],
  ...['+4155550100', '+14155550100;npdi;rn=+14155550000', '4155550100;rn=+14155550000', '+1-415-555-0100']
]

test('a virtual number dialled in any form rings its targets, and the record names the virtual number', async () => {
  world.rule([['PJSIP/alice']])
  await left(number)
  const alice = await world.phone('alice', { kind: 'refuse', code: 486 })
  for (const dialled of forms) await world.call({ number: dialled, expect: 486 })
  expect(alice.calls()).toHaveLength(forms.length)
  await world.call({ number: '4155550101', expect: 404 })
  await world.startApp()
  await until('the records', async () => (await world.records()).length === forms.length + 1)
  const records = (await world.settle()).map(({ call }) => [call.number, call.decision, call.failsafeAt !== null])
  expect(records.slice(0, forms.length)).toEqual(forms.map(() => [number, 'rule', true]))
  await world.stopApp()
})

test('a form that may mean two virtual numbers is refused until one of them is removed', async () => {
  world.rule([['PJSIP/alice']])
  isAlso(russian)
  await left(number, russian)
  const alice = await world.phone('alice', { kind: 'refuse', code: 486 })
  await world.call({ number: '4155550100', expect: 404 })
  await world.call({ number: '14155550100', expect: 486 })
  world.sql(`DELETE FROM virtual_numbers WHERE number = '${russian}'`)
  await world.call({ number: '4155550100', expect: 486 })
  expect(alice.calls()).toHaveLength(2)
})
