// What was dialled and who calls, in whatever form they arrive: one reading for the rules, the log and the records.
import { rulesOf } from './fakes'
import { number, setUp } from './set-up'

test.each([
  '4155550100',
  '+4155550100',
  '14155550100',
  '+14155550100',
  '0014155550100',
  '01114155550100',
  '+01114155550100'
])('a call to %s is a call to the virtual number written that way', async (dialled) => {
  const { arrive, calls, telephony } = setUp()
  await arrive('17.1', dialled)
  expect(telephony.asked).toContain('createLeg c1.1.1 PJSIP/alice')
  expect(calls.calls.get('c1')?.call).toMatchObject({ number, callerNumber: '+15005550006' })
})

test('a call to an unknown number is refused, and the log and the record say how it was read and where to look', async () => {
  const { arrive, calls, logged } = setUp()
  await arrive('17.1', '4155550999')
  const refusal = expect.stringMatching(
    /no virtual number is \+4155550999.*\[from-trunk\] in extensions\.conf/
  ) as string
  expect(logged).toContainEqual(refusal)
  expect(calls.calls.get('c1')?.call).toMatchObject({ decision: 'unknown-number', plan: { refusal } })
})

test('a number that may mean two virtual numbers is refused, and both are named', async () => {
  const { arrive, calls } = setUp(rulesOf(number, [['PJSIP/alice']], { others: ['+74155550100'] }))
  await arrive('17.1', '+4155550100')
  const refusal = expect.stringContaining('+4155550100 may be +14155550100 or +74155550100') as string
  expect(calls.calls.get('c1')?.call).toMatchObject({ decision: 'unknown-number', plan: { refusal } })
})

test.each([
  ['415-555-0123', '+14155550123'],
  ['011442079460018', '+442079460018'],
  ['Restricted', 'anonymous'],
  ['100', '100']
])('a caller sent as %s is %s in the log and the record', async (sent, read) => {
  const { handle, calls } = setUp()
  await handle({
    type: 'incoming',
    call: { aLeg: '17.1', number: '4155550100', caller: { number: sent, name: 'Ann' } }
  })
  expect(calls.calls.get('c1')?.call).toMatchObject({ number, callerNumber: read, callerName: 'Ann' })
})
