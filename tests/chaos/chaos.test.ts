import { shortRun } from './short-run'

test('no call is lost and every check passes while followme is killed, stopped, cut off and slowed down', async () => {
  expect(await shortRun(1, 'auto')).toBe('200 passed, 0 failed')
}, 300_000)
