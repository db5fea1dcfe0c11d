// No loop goes on, whatever the carriers keep of a call.
import fc from 'fast-check'
import { type Arrival, type CallOut, loopVerdict } from '../../src/call/loop'

const ann = '+15005550006'

/** A site all of whose numbers lead out and back again, and carriers that keep what they keep. */
interface Site {
  /** By number: its steps, each the number where the mobile of that step is forwarded, and what is left of the call. */
  readonly numbers: readonly (readonly Step[])[]
  readonly caller: string
}
interface Step {
  readonly to: number
  readonly kept: readonly [sign: 'header' | 'diversion' | 'none', caller: 'kept' | 'site' | 'mobile' | 'other']
  readonly afterMs: number
}

/** Without a sign, a call with a number that nobody has seen is not recognized. */
const kinds = (['header', 'diversion', 'none'] as const).flatMap((sign) =>
  (['kept', 'site', 'mobile', 'other'] as const)
    .filter((caller) => sign !== 'none' || caller !== 'other')
    .map((caller) => [sign, caller] as const)
)

const anySite: fc.Arbitrary<Site> = fc.integer({ min: 1, max: 4 }).chain((count) =>
  fc.record({
    numbers: fc.array(
      fc.array(
        fc.record({
          to: fc.nat(count - 1),
          kept: fc.constantFrom(...kinds),
          afterMs: fc.constantFrom(0, 6000)
        }),
        { minLength: 1, maxLength: 3 }
      ),
      { minLength: count, maxLength: count }
    ),
    caller: fc.constant(ann)
  })
)

type Mutable = { -readonly [Key in keyof CallOut]: CallOut[Key] }

/** How many calls there are of one, until everything has ended. */
function callsOf({ numbers, caller }: Site) {
  const live: Mutable[] = []
  const count = { admitted: 0, refused: 0, atOnce: 0 }
  let now = 0
  const call = (to: number, from: string, signs: Pick<Arrival, 'leg' | 'diverting'>): void => {
    if (count.admitted + count.refused > 5000) return
    const number = `+1415555010${String(to)}`
    const verdict = loopVerdict({ number, caller: from, at: now, ...signs }, live)
    const blamed = live.filter((each) => verdict?.calls.includes(each) === true)
    if (verdict?.reason !== undefined) {
      if (verdict.by === 'caller') for (const each of blamed) each.isLooping = true
      count.refused += 1
      return
    }
    for (const each of blamed) each.returns += 1
    const id = `c${String(count.admitted++)}`
    const arrivedAt = now
    const { cameFrom = null, mayHaveComeFrom = null } = verdict ?? {}
    const own: Mutable = {
      ...{ id, number, caller: from, cameFrom, mayHaveComeFrom, arrivedAt },
      ...{ legs: [], returns: 0, isLooping: false }
    }
    live.push(own)
    count.atOnce = Math.max(count.atOnce, live.length)
    for (const [index, forwarding] of (numbers[to] ?? []).entries()) {
      const rung = `+4474001234${String(to)}${String(index)}`
      const shows = { kept: from, site: number, mobile: rung, other: `+1500555${String(count.admitted)}` }[
        forwarding.kept[1]
      ]
      // What a leg shows is not known where the network changes it.
      const known = from === 'anonymous' ? from : forwarding.kept[1] === 'site' ? number : from
      own.legs = [{ id: `${id}.${String(index)}.1`, numbers: [rung], shows: known, since: now }]
      now += forwarding.afterMs
      call(forwarding.to, from === 'anonymous' ? from : shows, {
        leg: forwarding.kept[0] === 'header' ? `${id}.1.1` : undefined,
        diverting: forwarding.kept[0] === 'diversion' ? [rung] : []
      })
    }
    live.splice(live.indexOf(own), 1)
  }
  call(0, caller, { diverting: [] })
  return count
}

test('whatever carriers keep and mobiles do, a call becomes no more than some dozens', () => {
  fc.assert(
    fc.property(anySite, (site) => {
      const { admitted, refused } = callsOf(site)
      expect(admitted).toBeLessThanOrEqual(150)
      expect(refused).toBeGreaterThan(0)
    }),
    { numRuns: 2000 }
  )
})

test('without a number, and with four numbers that lead to each other, their number is limited, too', () => {
  fc.assert(
    fc.property(anySite, (site) => {
      const { atOnce, refused } = callsOf({ ...site, caller: 'anonymous' })
      // Twenty for each number, and after each of them three that have a sign, to the other numbers.
      expect(atOnce).toBeLessThanOrEqual(4 * 20 * 4)
      expect(refused).toBeGreaterThan(0)
    }),
    { numRuns: 2000 }
  )
})
