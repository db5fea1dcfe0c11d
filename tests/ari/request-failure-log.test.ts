// Which failures of Asterisk's requests are worth a line of the log, and which are everyday life.
import { AriRequestError } from '../../src/ari/client/transport'
import { RequestFailureLog } from '../../src/ari/request-failure-log'
import { FakeClock, settled } from '../engine/fakes'
import { fakeLog } from '../fake-log'

function given(answer: () => Promise<unknown>) {
  const clock = new FakeClock()
  const log = fakeLog()
  return { clock, log, faults: new RequestFailureLog({ clock, log, ask: answer }) }
}

const isThere = () => Promise.resolve({ value: 'Ring' })
const isGone = () => Promise.reject(new AriRequestError(404, 'Channel not found'))
const error = (status: AriRequestError['status']) => new AriRequestError(status, 'failed')

test.each([
  ['a 500 for answering a caller who has just hung up is not logged', isGone, 0],
  ['a 500 for answering a caller who is still there is logged', isThere, 1]
])('%s', async (_, ask, lines) => {
  const { clock, log, faults } = given(ask)
  faults.judge('channels.answer', { channelId: 'caller' }, error(500))
  expect(log.texts).toEqual([])
  await clock.passSlowly(1000)
  await settled()
  expect(log.texts.filter((text) => text.startsWith('warn Asterisk is failing requests'))).toHaveLength(lines)
  expect(clock.pending).toBe(0)
})

test.each([
  ['channels.create', 500],
  ['bridges.createWithId', 500],
  ['channels.hangup', 404],
  ['bridges.addChannel', 409],
  ['channels.dial', 'disconnected']
] as const)(
  '%s failing with %s is not logged: the call handles it, or the connection is known to be lost',
  async (operation, status) => {
    const { clock, log, faults } = given(isThere)
    faults.judge(operation, { channelId: 'leg' }, error(status))
    await clock.passSlowly(1000)
    expect(log.texts).toEqual([])
  }
)

test.each(['timeout', 'cut', 503] as const)(
  'a failure of %s is logged immediately, and then once a minute',
  (status) => {
    const { clock, log, faults } = given(isThere)
    const again = () => faults.judge('channels.ring', { channelId: 'caller' }, error(status))
    for (let times = 0; times < 100; times++) again()
    expect(log.texts).toHaveLength(1)
    clock.pass(59_999)
    again()
    expect(log.texts).toHaveLength(1)
    clock.pass(1)
    again()
    expect(log.texts).toHaveLength(2)
  }
)
