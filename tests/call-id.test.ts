import { callIds } from '../src/call-id'

test('a call id contains the arrival time and is unique within its second, even if random draws repeat', () => {
  const drawn = [7, 7, 7, 8, 7, 7, 9]
  const mint = callIds(() => drawn.shift() ?? 0)
  const at = Date.parse('2026-11-22T11:48:12.345Z')
  expect([mint(at), mint(at + 100)]).toEqual(['20261122-114812-000007', '20261122-114812-000008'])
  // Another second.
  expect(mint(at + 1000)).toBe('20261122-114813-000007')
  // One that is past does not begin the latest anew.
  expect(mint(at - 5000)).toBe('20261122-114807-000007')
  expect(mint(at + 1001)).toBe('20261122-114813-000009')
})
