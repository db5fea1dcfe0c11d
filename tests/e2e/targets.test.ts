// followme targets beside a real Asterisk: which devices are registered, and who is in a call.
import { targetsCommand } from '../../src/cli/commands/targets'
import { printedBy } from '../cli/printed'
import { until } from '../sandbox/child'
import { useWorld } from './world'

const world = useWorld()
const environment = { ...process.env }
afterEach(() => {
  process.env = { ...environment }
})

test('registered phones are shown with their addresses, others as not registered, and one that talks with its call', async () => {
  world.rule([['PJSIP/alice', 'PJSIP/nobody'], ['PJSIP/bob']])
  const alice = await world.phone('alice', { kind: 'answer' })
  const call = world.dial()
  await until('Alice to talk', () => alice.calls()[0]?.finalCode === 200)
  await until('the record', async () => (await world.records())[0]?.call.answeredAt != null)
  Object.assign(process.env, {
    FOLLOWME_DATABASE: world.database,
    FOLLOWME_ARI_URL: world.asterisk.ariUrl,
    FOLLOWME_ARI_USER: world.asterisk.ariUser,
    FOLLOWME_ARI_PASSWORD: world.asterisk.ariPassword
  })
  const output = (await printedBy(targetsCommand())).join('\n')
  const [first] = await world.records()
  const address = (name: string) => `at sip:${name}@127.0.0.1:${String(world.asterisk.phones.get(name))}`
  const lines = output.split('\n').map((line) => line.split(/ {2,}/))
  expect(lines.slice(1).map(([dial, state]) => [dial, state])).toEqual([
    [
      'PJSIP/alice',
      `in call ${first?.call.id ?? ''} since ${new Date(first?.attempts[0]?.answeredAt ?? 0).toISOString().slice(0, 19).replace('T', ' ')}, ${address('alice')}`
    ],
    ['PJSIP/bob', `free, ${address('bob')}`],
    ['PJSIP/nobody', 'not registered']
  ])
  call.hangUp()
  await call.finished
  expect((await world.settle())[0]?.call.outcome).toBe('answered')
})
