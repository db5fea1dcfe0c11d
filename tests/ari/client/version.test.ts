// Which Asterisk can do what.
import { wakesIdleChannels } from '../../../src/ari/client/version'

test.each([
  ['16.30.1', false],
  ['18.24.3', false],
  ['18.25.0', true],
  ['20.6.0~dfsg', false],
  ['20.10.0', true],
  ['21.4.3', false],
  ['21.5.0', true],
  ['22.0.0', true],
  ['22.10.1+dfsg', true],
  ['23.1.0', true],
  ['certified/18.9-cert16', false],
  ['GIT-master-f0c1c1a', false]
])('Asterisk %s wakes an idle channel to carry out a request: %s', (version, wakes) => {
  expect(wakesIdleChannels(version)).toBe(wakes)
})
