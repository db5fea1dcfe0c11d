// target_limits after a transfer or a replacement, on an office's Asterisk: a target that has left the call is free, one that stays is not.
import { until } from '../sandbox/child'
import { useParties } from './parties'
import { conversation, ways } from './replacing'
import { useWorld } from './world'

const world = useWorld({ office: true })
const parties = useParties(world)

test.each(Object.entries(ways))(
  'after this, a target may be called again if it has left the call: %s',
  async (_way, take) => {
    world.sql(`DELETE FROM calls; DELETE FROM target_limits;
    INSERT INTO target_limits (dial) VALUES ('PJSIP/carol'), ('PJSIP/dave')`)
    const given = await conversation(world, parties)
    const { stays, place } = await take(given)
    await until('the record of it', async () => ((await world.records())[0]?.replacements.length ?? 0) > 0)
    world.rule([['PJSIP/carol'], ['PJSIP/dave']])
    const before = given.carol.calls.length
    const { call: another } = await parties.caller()
    await until('the second call to be recorded', async () => (await world.records()).length === 2)
    if (place === 'target') await given.carol.nth(before, 'up')
    else {
      await until('Carol to be skipped', async () => (await world.records())[1]?.attempts[0]?.outcome != null)
      expect((await world.records())[1]?.attempts[0]?.outcome).toBe('limited')
    }
    another.hangUp()
    stays.hangUp()
    await world.settle()
  }
)
