// How a request of ARI is written. That Asterisk reads it so, and describes the same operations: e2e/contract.test.ts.
import { requestOf } from '../../../src/ari/client/operations'

test('the path, query and body of a request are encoded so that Asterisk reads the original values', () => {
  const parameters = { channelId: 'a/b c', variable: 'TIMEOUT(absolute)', value: '50% & +1 é \ud800' }
  expect(requestOf('channels.setChannelVar', parameters)).toEqual({
    method: 'POST',
    uri: 'channels/a%2Fb%20c/variable?variable=TIMEOUT(absolute)&value=50%25%20%26%20%2B1%20%C3%A9%20%EF%BF%BD'
  })
  const filter = { allowed: [{ type: 'Dial' }] }
  expect(requestOf('applications.filter', { applicationName: 'x', filter })).toEqual({
    method: 'PUT',
    uri: 'applications/x/eventFilter',
    body: JSON.stringify(filter)
  })
})
