// The office's Asterisk has what it is there for: a case on it that passes would else say nothing.
import { startAsterisk } from './asterisk'
import type { SandboxAsterisk } from './asterisk'

let asterisk: SandboxAsterisk
beforeAll(async () => {
  asterisk = await startAsterisk({ office: true })
}, 300_000)
afterAll(() => asterisk.stop())

test("the office's Asterisk can transfer, pick up and play music", async () => {
  for (const module of ['res_pjsip_refer', 'app_directed_pickup', 'res_musiconhold', 'bridge_builtin_features']) {
    expect(await asterisk.cli(`module show like ${module}.so`)).toMatch(new RegExp(`${module}\\.so .* Running `))
  }
  expect(await asterisk.cli('moh show files')).toMatch(/Class: default\n\s+File: \S+/)
  const features = await asterisk.cli('features show')
  for (const [what, keys] of Object.entries({ Pickup: '\\*8', 'Blind Transfer': '##', 'Attended Transfer': '\\*2' })) {
    expect(features).toMatch(new RegExp(`${what} .* ${keys} *\\n`))
  }
})

test('its endpoints may transfer and show identities, its phones have groups, and Dave has two devices', async () => {
  for (const endpoint of ['alice', 'carol', 'dave', 'trunk', 'trunk-in']) {
    const shown = await asterisk.cli(`pjsip show endpoint ${endpoint}`)
    for (const option of ['allow_transfer', 'send_pai', 'send_rpid', 'trust_id_inbound', 'trust_id_outbound']) {
      expect(shown).toMatch(new RegExp(`^ ${option} +: true$`, 'm'))
    }
    if (endpoint.startsWith('trunk')) continue
    for (const [option, value] of [
      ['call_group', '1'],
      ['pickup_group', '1'],
      ['named_call_group', 'office'],
      ['named_pickup_group', 'office'],
      ['context', 'office']
    ]) {
      expect(shown).toMatch(new RegExp(`^ ${String(option)} +: ${String(value)}$`, 'm'))
    }
    expect(shown.match(/^ +Contact: +\w+\/sip:/gm)).toHaveLength(endpoint === 'dave' ? 2 : 1)
  }
})
