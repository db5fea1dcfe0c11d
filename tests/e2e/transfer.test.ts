// Transfers by SIP on an office's Asterisk, where a phone may not: the wish is refused, and the conversation goes on.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../sandbox/child'
import { talk, useParties } from './parties'
import { useWorld } from './world'

const forbidding = '\n[carol](+)\nallow_transfer = no\n\n[trunk-in](+type=endpoint)\nallow_transfer = no\n'

const world = useWorld({ office: true, configure: (etc) => appendFileSync(join(etc, 'pjsip.conf'), forbidding) })
const parties = useParties(world)

describe.each(['target', 'caller'] as const)('if the %s may not transfer (allow_transfer = no)', (who) => {
  test.each(['blind', 'attended'] as const)(
    'a %s transfer is refused, and the conversation continues',
    async (kind) => {
      world.sql('DELETE FROM calls')
      world.rule([['PJSIP/carol']])
      const carol = await parties.phone('carol')
      const dave = await parties.phone('dave')
      const { call: caller, phone } = await parties.caller()
      const called = await carol.nth(0, 'up')
      await talk(caller, called)
      const [transferor, its] = who === 'target' ? [called, carol] : [caller, phone]
      if (kind === 'attended') {
        const consulted = its.call(who === 'target' ? 'dave' : '+14155550100')
        await until('the one who is asked to answer', () => consulted.state === 'up')
        expect([403, 501, 603]).toContain(await transferor.refer('dave', consulted))
        consulted.hangUp()
      } else expect([403, 501, 603]).toContain(await transferor.refer('dave'))
      await talk(caller, called)
      expect(dave.calls.filter(({ state }) => state !== 'over')).toHaveLength(0)
      caller.hangUp()
      await until('the one who was called to be released', () => called.state === 'over')
      const [first] = await world.settle()
      expect(first?.call).toMatchObject({
        outcome: 'answered',
        answeredBy: 'PJSIP/carol',
        endedBy: 'caller',
        cause: 16
      })
    }
  )
})
