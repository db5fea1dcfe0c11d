import { shortRun } from './short-run'

test('no call is lost under faults if requests go over HTTP', async () => {
  expect(await shortRun(2, 'http')).toBe('200 passed, 0 failed')
}, 300_000)
