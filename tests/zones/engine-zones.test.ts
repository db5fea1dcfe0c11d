// What decides where nobody has given zone data.
import type * as timeZones from '../../src/rules/schedule/time-zones'

const summer = Date.UTC(2026, 6, 15)

test("without other zone data, Node.js's own data are used", () => {
  jest.isolateModules(() => {
    const anew = jest.requireActual<typeof timeZones>('../../src/rules/schedule/time-zones')
    const data = anew.zoneData()
    expect(data.sources).toEqual([{ name: 'Node.js', version: null, offsetsOf: expect.any(Function) as unknown }])
    expect([data.unread, data.aliasOf('US/Pacific'), data.since]).toEqual([[], undefined, 0])
    expect(anew.wallClockOf('Europe/London').wallAt(summer)).toBe(summer + 3_600_000)
  })
})
