// Every final response of SIP, from a carrier, through a real Asterisk: what the record says of it.
import { said } from '../core/final-responses'
import { useWorld } from './world'

jest.setTimeout(120_000)

const world = useWorld()
const responses = Object.entries(said).flatMap(([outcome, codes]) => codes.map((code) => ({ code, outcome })))
const numberFor = (code: number) => `+44207183${String(code).padStart(4, '0')}`

test('each refusal of a carrier leads to the next step, and only a decline is recorded as one', async () => {
  world.rule(responses.map(({ code }) => [`${numberFor(code)}@5`]))
  await world.carrier(
    Object.fromEntries(responses.map(({ code }) => [numberFor(code), { kind: 'refuse', code } as const]))
  )
  await world.call({ expect: 486 })
  const recorded = (await world.settle()).at(-1)?.attempts.map(({ dial, outcome }) => ({ dial, outcome }))
  const tells = !/ (16|17|18|19)\./.test(await world.asterisk.cli('core show version'))
  if (tells) expect(recorded).toEqual(responses.map(({ code, outcome }) => ({ dial: numberFor(code), outcome })))
  else expect(recorded?.map(({ outcome }) => outcome)).not.toContain('declined')
})
