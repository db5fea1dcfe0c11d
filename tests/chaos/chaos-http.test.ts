import { shortRun } from './short-run'

test('nor is one where requests go over HTTP', async () => {
  expect(await shortRun(2, 'http')).toBe('200 passed, 0 failed')
}, 300_000)
