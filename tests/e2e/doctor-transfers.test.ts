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

  test('doctor names the phones and the trunk that may transfer, and the ways to pick up', async () => {
    world.rule([['PJSIP/alice', 'PJSIP/bob'], ['+442071838750']])
    expect(await said(doctored)).toEqual([
      {
        check: 'transfers',
        level: 'ok',
        message:
          'these phones may transfer callers to anything in their context (allow_transfer = yes): PJSIP/alice, PJSIP/bob, PJSIP/dave'
      },
      {
        check: 'transfers',
        level: 'warning',
        message:
          'PJSIP/trunk may transfer too: the network behind it can transfer your callers to anything in its context, at your cost'
      },
      {
        check: 'pickup',
        level: 'ok',
        message:
          'a ringing call can be picked up at another phone: with Pickup() and PickupChan() in your dialplan; ' +
          'in the pickup group of PJSIP/alice (1, office), PJSIP/bob (1, office), PJSIP/dave (1, office)'
      }
    ])
  })

  test('if neither a phone nor the trunk may transfer, doctor says so without a warning', async () => {
    world.rule([['PJSIP/alice']])
    const forbidding = ['alice', 'dave', 'trunk'].map((name) => `\n[${name}](+type=endpoint)\nallow_transfer = no\n`)
    const change = (text: string): string => text + forbidding.join('')
    await changed('pjsip.conf', change, ['module reload res_pjsip.so'], async () => {
      expect(await said(doctored)).toMatchObject([
        {
          check: 'transfers',
          level: 'ok',
          message: 'no phone in the rules may transfer a call (allow_transfer = no)'
        },
        { check: 'pickup', level: 'ok' }
      ])
    })
  })
})

describe("Asterisk with followme's own configuration", () => {
  const doctored = useDoctor()

  test('doctor says that nobody can transfer or pick up calls', async () => {
    doctored.world.rule([['PJSIP/alice'], ['+442071838750']])
    expect(await said(doctored)).toEqual([
      { check: 'transfers', level: 'ok', message: 'res_pjsip_refer is not loaded: nobody can transfer a call' },
      {
        check: 'pickup',
        level: 'ok',
        message:
          'app_directed_pickup is not loaded, and no phone in the rules is in a pickup group: nobody can pick up calls'
      }
    ])
  })
})
