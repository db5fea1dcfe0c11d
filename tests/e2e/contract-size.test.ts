// What both transports promise where there is much of it.
import { objectsIn } from '../../src/ari/client/json'
import { asterisk, connect, kinds, leg, useAsterisk } from './contracted'

useAsterisk()

test.each(kinds)(
  "a list of channels larger than an Asterisk thread's stack does not crash Asterisk: over %s",
  async (kind) => {
    const connected = await connect(kind)
    const { connection } = connected
    for (let round = 0; round < 50; round += 1) await Promise.all(Array.from({ length: 30 }, () => leg(connected)))
    const channels = objectsIn(await connection.request('channels.list', {}))
    expect(channels.length).toBeGreaterThanOrEqual(1500)
    expect(JSON.stringify(channels).length).toBeGreaterThan(1_000_000)
    await asterisk.cli('channel request hangup all')
  }
)
