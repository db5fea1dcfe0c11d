import { join } from 'node:path'
import { aCall, aReplacement, givenDirectory, noon, opened, ownMigrations } from '../../store/fresh-database'
import { answered, given, ringing, run, rung } from './given-calls'

describe('followme calls', () => {
  test('lists calls in an aligned table, the latest first', async () => {
    await given([answered, rung], [ringing, []])
    expect(await run('calls')).toBe(
      [
        'ARRIVED (UTC)        ID    NUMBER         CALLER              RULE  OUTCOME   BY           RING   TALK    CAUSE',
        '2026-11-22 12:01:00  9b11  +442071838750  an unknown number   day   ringing   -            -      -       -',
        '2026-11-22 12:00:00  3f2a  +14155550100   "Ann" +14155550199  day   answered  PJSIP/carol  9.3 s  12.3 s  16'
      ].join('\n')
    )
  })

  test('keeps its columns for names in Chinese, Japanese or Korean, which are two columns wide per character', async () => {
    await given(
      [aCall('3f2a', { callerName: '山田太郎' }), []],
      [aCall('9b11', { callerName: 'Ann', rule: '営業' }), []]
    )
    const table = await run('calls')
    // As a terminal shows it: each wide sign is two.
    const shown = table.replace(/\p{Script=Han}/gu, '##').split('\n')
    const column = (row: string, text: string): number => row.indexOf(text)
    expect(new Set(shown.slice(1).map((row) => column(row, 'ringing')))).toEqual(
      new Set([column(shown[0]!, 'OUTCOME')])
    )
  })

  test('filters by number, time and count', async () => {
    await given([answered, rung], [ringing, []])
    const ids = async (...args: string[]) =>
      (JSON.parse(await run('calls', '--json', ...args)) as { id: string }[]).map((call) => call.id)
    expect(await ids()).toEqual(['9b11', '3f2a'])
    expect(await ids('--number', '+14155550100')).toEqual(['3f2a'])
    expect(await ids('--since', '2026-11-22T12:00:30Z')).toEqual(['9b11'])
    expect(await ids('--since', '2026-11-22T13:00:30+01:00')).toEqual(['9b11'])
    expect(await ids('--since', '2026-11-22')).toEqual(['9b11', '3f2a'])
    expect(await ids('--since', '2026-11-22 12:00:30')).toEqual(['9b11'])
    expect(await ids('--number', '+1 (415) 555-0100')).toEqual(['3f2a'])
    expect(await ids('--limit', '1')).toEqual(['9b11'])
  })

  test('accepts a length of time, such as 2h ago', async () => {
    await given(
      [aCall('old', { startedAt: Date.now() - 3 * 3_600_000 }), []],
      [aCall('new', { startedAt: Date.now() }), []]
    )
    expect(await run('calls', '--since', '2h')).not.toContain('old')
    expect(await run('calls', '--since', '4h')).toContain('old')
  })

  test('prints records as JSON with their instants in ISO 8601', async () => {
    await given([answered, rung])
    expect(JSON.parse(await run('calls', '--json'))).toEqual([
      {
        ...answered,
        startedAt: '2026-11-22T12:00:00.000Z',
        answeredAt: '2026-11-22T12:00:09.340Z',
        endedAt: '2026-11-22T12:00:21.640Z'
      }
    ])
  })

  test('says so if there are no calls', async () => {
    await given()
    expect(await run('calls')).toBe('no calls')
    expect(await run('calls', '--json')).toBe('[]')
  })

  test.each([
    ['+14155550010', '+14155550010', 'did you mean +14155550100?'],
    ['4155550100', '+4155550100', 'did you mean +14155550100?'],
    ['+1 (415) 555-0100', '+14155550100', undefined],
    ['+15005550006', '+15005550006', undefined]
  ])('--number %s lists the calls to %s, and points out a mistyped number', async (text, number, hint) => {
    await given([answered, rung], [aCall('77aa', { number }), []])
    const { sqlite } = opened(process.env['FOLLOWME_DATABASE'] ?? '')
    sqlite.exec("INSERT INTO virtual_numbers (number, time_zone) VALUES ('+14155550100', 'UTC')")
    const said = jest.spyOn(console, 'error').mockImplementation(() => undefined)
    const calls = JSON.parse(await run('calls', '--json', '--number', text)) as { number: string }[]
    expect(new Set(calls.map((call) => call.number))).toEqual(new Set([number]))
    expect(said.mock.calls).toEqual(hint === undefined ? [] : [[`There is no virtual number ${number}: ${hint}`]])
  })

  test.each([
    ['+2h', /"\+2h" is in the future: it is .* now, write 2h for that long ago$/],
    ['tomorrow', /"tomorrow" is in the future: it is .* now, write an earlier instant$/],
    ['2999-01-01', /"2999-01-01" is in the future/]
  ])('--since %s is refused, with the cure', async (since, message) => {
    await given()
    await expect(run('calls', '--since', since)).rejects.toThrow(message)
  })

  test.each([
    ['--since', 'last week'],
    ['--since', '2026-11-22T25:00'],
    ['--number', 'sales'],
    ['--limit', '0'],
    ['--limit', 'all']
  ])('a wrong option is wrong usage: %s %s', async (...args) => {
    await given()
    await expect(run('calls', ...args)).rejects.toMatchObject({ code: 'usage' })
  })

  test('a missing or unmigrated database is a fault with the cure', async () => {
    const file = join(givenDirectory(), 'followme.db')
    process.env['FOLLOWME_DATABASE'] = file
    await expect(run('calls')).rejects.toThrow("does not exist; run 'followme migrate' to create it")
    opened(file, { create: true }).sqlite.exec('CREATE TABLE t (a)')
    await expect(run('calls')).rejects.toThrow(`(${ownMigrations.join(', ')}); run 'followme migrate'`)
  })
})

describe('followme call', () => {
  test('shows what happened, with the time since the call arrived', async () => {
    await given([answered, rung])
    expect(await run('call', '3f')).toBe(
      `call 3f2a, 2026-11-22T12:00:00.000Z
   0.000 s  arrived from "Ann" +14155550199 for +14155550100
   0.000 s  rule 'day': PJSIP/alice (20 s), then PJSIP/carol (15 s), then busy
   0.012 s  step 1 calls PJSIP/alice
   0.052 s  PJSIP/alice: busy (cause 17, SIP 486) after 40 ms
   0.060 s  step 2 calls PJSIP/carol
   0.240 s  PJSIP/carol rings
   9.340 s  PJSIP/carol answers after 9.1 s
  21.640 s  hung up by the caller (cause 16) after 12.3 s with PJSIP/carol`
    )
  })

  test('marks a call handled by the failsafe, from the beginning or from the takeover', async () => {
    const carried = { ...answered, failsafeAt: noon }
    await given([carried, rung], [{ ...answered, id: '9b11', failsafeAt: noon + 50 }, []])
    expect((await run('calls')).match(/answered \(failsafe\)/g)).toHaveLength(2)
    expect(JSON.parse(await run('calls', '--json', '--limit', '1'))).toMatchObject([
      { failsafeAt: new Date(noon + 50).toISOString(), server: 'sales-1' }
    ])
    expect(await run('call', '3f')).toContain(
      "0.000 s  followme is not running, the failsafe answers: rule 'day': PJSIP/alice (20 s), then PJSIP/carol (15 s), then busy"
    )
    expect(await run('call', '3f', '--explain')).toContain('followme was not running, and the failsafe answered.')
    expect(await run('call', '9b')).toContain('0.050 s  followme has stopped: the failsafe takes over the call')
  })

  test('prints one JSON document with the attempts', async () => {
    await given([answered, rung])
    expect(JSON.parse(await run('call', '3f2a', '--json'))).toMatchObject({
      id: '3f2a',
      recovered: false,
      plan: answered.plan,
      attempts: [
        { step: 1, dial: 'PJSIP/alice', outcome: 'busy', sipCode: 486, startedAt: '2026-11-22T12:00:00.012Z' },
        { step: 2, dial: 'PJSIP/carol', answeredAt: '2026-11-22T12:00:09.340Z' }
      ]
    })
  })

  test('prints replacements: a target by step and number, the caller as null', async () => {
    const replacements = [
      aReplacement({ place: '3f2a.2.1', at: noon + 10_000, leg: '17.9', who: 'PJSIP/bob' }),
      aReplacement()
    ]
    await given([answered, rung, replacements], [ringing, []])
    expect(JSON.parse(await run('call', '3f2a', '--json'))).toMatchObject({
      replacements: [
        { step: 2, target: 1, leg: '17.9', who: 'PJSIP/bob', at: '2026-11-22T12:00:10.000Z', otherCall: null },
        { step: null, target: null, leg: '1795867212.7', who: 'PJSIP/dave', at: '2026-11-22T12:00:12.000Z' }
      ]
    })
    expect(JSON.parse(await run('call', '9b11', '--json'))).toMatchObject({ replacements: [] })
    expect(await run('call', '3f2a')).toContain(
      `   9.340 s  PJSIP/carol answers after 9.1 s
  10.000 s  PJSIP/bob takes the place of PJSIP/carol
  12.000 s  PJSIP/dave takes the place of the caller
  21.640 s  hung up by PJSIP/dave (cause 16) after 12.3 s with PJSIP/bob`
    )
  })

  test('names the other call that a transfer connected it to', async () => {
    const taken = (place: string | null, end: 1 | 2) =>
      aReplacement({ place, leg: `1795867212.${String(end)}`, who: `_attended@transfer-0000001f;${String(end)}` })
    await given(
      [{ ...answered, endedBy: 'target' }, rung, [taken('3f2a.2.1', 1)]],
      [ringing, [], [taken(null, 2)]],
      [aCall('77c0', { aLeg: '1795867212.4' }), []],
      [aCall('88d1'), [], [aReplacement({ leg: '1795867212.3', who: '+14155550100@office-00000020;1' })]]
    )
    expect(await run('call', '3f2a')).toContain(
      `  12.000 s  _attended@transfer (call 9b11) takes the place of PJSIP/carol
  21.640 s  hung up by _attended@transfer (call 9b11) (cause 16) after 12.3 s with _attended@transfer (call 9b11)`
    )
    expect(await run('call', '9b11')).toContain('_attended@transfer (call 3f2a) takes the place of the caller')
    expect(await run('call', '77c0')).toContain(
      'arrived from "Ann" +14155550199 for +14155550100, transferred from call 88d1'
    )
    expect(await run('call', '88d1')).toContain('+14155550100@office (call 77c0) takes the place of the caller')
    expect(JSON.parse(await run('call', '9b11', '--json'))).toMatchObject({
      transferredFrom: null,
      replacements: [{ who: '_attended@transfer-0000001f;2', otherCall: '3f2a' }]
    })
    expect(JSON.parse(await run('call', '77c0', '--json'))).toMatchObject({ transferredFrom: '88d1', replacements: [] })
  })

  test('reports an unknown call', async () => {
    await given()
    await expect(run('call', 'zz')).rejects.toMatchObject({ code: 'not-found' })
  })
})
