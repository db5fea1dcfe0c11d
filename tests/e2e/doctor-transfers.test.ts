// followme doctor says who may transfer, and whose calls can be picked up.
import { useDoctor, type Doctored, type Found } from './doctored'

async function said({ doctor }: Doctored): Promise<Pick<Found, 'check' | 'level' | 'message'>[]> {
  const { checks } = JSON.parse((await doctor()).printed) as { readonly checks: readonly Found[] }
  return checks.flatMap(({ check, level, message }) =>
    ['transfers', 'pickup'].includes(check) ? [{ check, level, message }] : []
  )
}

describe("an office's Asterisk", () => {
  const doctored = useDoctor({ office: true })
  const { world, changed } = doctored

  test('it names the phones and the trunk that may transfer, and the ways to pick up', async () => {
    world.rule([['PJSIP/alice', 'PJSIP/bob'], ['+442071838750']])
    expect(await said(doctored)).toEqual([
      {
        check: 'transfers',
        level: 'ok',
        message:
          'these may send their callers wherever their context leads (allow_transfer = yes): PJSIP/alice, PJSIP/bob, PJSIP/dave'
      },
      {
        check: 'transfers',
        level: 'warning',
        message:
          'PJSIP/trunk may transfer, too: the network there can send your callers wherever its context leads, at your cost'
      },
      {
        check: 'pickup',
        level: 'ok',
        message:
          'a call that rings can be taken at another phone: by Pickup() and PickupChan(), as your dialplan has them; ' +
          'by the pickup group of PJSIP/alice (1, office), PJSIP/bob (1, office), PJSIP/dave (1, office)'
      }
    ])
  })

  test('where neither a phone nor the trunk may transfer, it says so and warns of nothing', async () => {
    world.rule([['PJSIP/alice']])
    const forbidding = ['alice', 'dave', 'trunk'].map((name) => `\n[${name}](+type=endpoint)\nallow_transfer = no\n`)
    const change = (text: string): string => text + forbidding.join('')
    await changed('pjsip.conf', change, ['module reload res_pjsip.so'], async () => {
      expect(await said(doctored)).toMatchObject([
        {
          check: 'transfers',
          level: 'ok',
          message: 'no phone that a rule names may transfer a call (allow_transfer = no)'
        },
        { check: 'pickup', level: 'ok' }
      ])
    })
  })
})

describe('Asterisk as it is configured here', () => {
  const doctored = useDoctor()

  test('it says that nobody can', async () => {
    doctored.world.rule([['PJSIP/alice'], ['+442071838750']])
    expect(await said(doctored)).toEqual([
      { check: 'transfers', level: 'ok', message: 'res_pjsip_refer is not loaded: nobody can transfer a call' },
      {
        check: 'pickup',
        level: 'ok',
        message: 'app_directed_pickup is not loaded, and no phone that a rule names is in a group: nobody can'
      }
    ])
  })
})
