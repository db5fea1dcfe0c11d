import { shortRun } from './short-run'

test('calls flow while followme is killed, stopped, cut off and starved: none is lost, and the books balance', async () => {
  expect(await shortRun(1, 'auto')).toBe('200 passed, 0 failed')
}, 300_000)
