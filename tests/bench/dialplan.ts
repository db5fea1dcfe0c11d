// What the bench adds to the shipped configuration: the ways that the dialplan has without followme.
import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { byHandApp } from './by-hand'
import { dialOf, isFor, numberOf, phones, profiles, trunks } from './profiles'
import type { Profile } from './profiles'
import { numberScript } from '../sandbox/number-script'
import { ways } from './ways'
import type { WayId } from './ways'

/** Python as packaged: a wrapper of another kind in PATH would be measured with it. */
const python = '/usr/bin/python3'

/** Why a way cannot be measured on this machine; null where it can. */
export function lacking(way: WayId): string | null {
  return way === 'agi' && !existsSync(python) ? `there is no ${python}` : null
}

const extension = ({ id }: Profile, steps: readonly string[]) =>
  [`exten => ${id},1,${steps[0] ?? ''}`, ...steps.slice(1).map((step) => ` same => n,${step}`)].join('\n')

const dialled = (profile: Profile) =>
  extension(profile, [
    ...profile.targets.map(({ ringSeconds }, at) => `Dial(${dialOf(profile, at)},${String(ringSeconds)})`),
    'Hangup(17)'
  ])

/** Step after step, as long as the look-up `row` gives one. */
const lookedUp = (profile: Profile, first: readonly string[], row: readonly string[]) =>
  extension(profile, [
    ...first,
    'Set(STEP=0)',
    'Set(STEP=$[${STEP} + 1])',
    ...row,
    'Dial(${DIAL},${SECONDS})',
    `Goto(${String(first.length + 2)})`
  ]) + '\n same => n(over),Hangup(17)'

const contexts: Readonly<Partial<Record<WayId, (profile: Profile) => string>>> = {
  dial: dialled,
  app: (profile) => extension(profile, [`FollowMe(bench-${profile.id},N)`, 'Hangup(17)']),
  realtime: (profile) => {
    const entry = `${numberOf('http', profile.id)}/\${STEP}`
    return lookedUp(
      profile,
      [],
      [
        `Set(HASH(ROW)=\${REALTIME_HASH(bench_targets,entry,${entry})})`,
        `GotoIf($["\${HASH(ROW,entry)}" != "${entry}"]?over)`,
        'Set(DIAL=${HASH(ROW,dial)})',
        'Set(SECONDS=${HASH(ROW,ring_seconds)})'
      ]
    )
  },
  'by-hand': (profile) =>
    extension(profile, [
      `Stasis(${[byHandApp, ...profile.targets.flatMap(({ ringSeconds }, at) => [dialOf(profile, at), String(ringSeconds)])].join(',')})`,
      'Hangup()'
    ]),
  agi: (profile) =>
    lookedUp(
      profile,
      [`AGI(look-up.py,${numberOf('http', profile.id)})`],
      ['GotoIf($[${STEP} > ${STEPS}]?over)', 'Set(DIAL=${DIAL_${STEP}})', 'Set(SECONDS=${SECONDS_${STEP}})']
    )
}

const agiScript = (database: string) => `#!${python} -IS
import sqlite3, sys
while sys.stdin.readline().strip():
    pass
rows = sqlite3.connect("file:${database}?mode=ro", uri=True).execute(
    "SELECT dial, ring_seconds FROM targets WHERE (number, rule) IN (SELECT number, name FROM rules"
    " WHERE number = ? AND enabled = 1 ORDER BY position LIMIT 1) ORDER BY step", (sys.argv[1],)).fetchall()
def tell(name, value):
    print('SET VARIABLE %s "%s"' % (name, value), flush=True)
    sys.stdin.readline()
tell("STEPS", len(rows))
for step, (dial, seconds) in enumerate(rows, 1):
    tell("DIAL_%d" % step, dial)
    tell("SECONDS_%d" % step, seconds)
`

/** FollowMe() as close to the others as it gets: no prompts, each number dialled by a context. */
function followMeConf(): string {
  const profile = ({ id, targets }: Profile) => [
    `[bench-${id}]`,
    'context => bench-app-out',
    ...targets.map(({ phone, ringSeconds }, at) => `number => ${phone},${String(ringSeconds)},${String(at + 1)}`)
  ]
  return [
    '[general]',
    'enable_callee_prompt => no',
    ...profiles.filter(({ id }) => isFor('app', id)).flatMap(profile),
    ''
  ].join('\n')
}

function extensions(): string {
  const dialplanWays = ways.filter(({ id }) => contexts[id] !== undefined)
  const measured = (id: WayId) => profiles.filter((profile) => isFor(id, profile.id))
  const entries = dialplanWays.flatMap(({ id }) =>
    measured(id).map((profile) => `exten => ${numberOf(id, profile.id)},1,Goto(bench-${id},${profile.id},1)`)
  )
  return [
    '[from-trunk](+)',
    ...entries,
    ...dialplanWays.flatMap(({ id }) => [`[bench-${id}]`, ...measured(id).map((each) => contexts[id]?.(each) ?? '')]),
    '[bench-app-out]',
    ...phones.map((phone) => `exten => ${phone},1,Dial(PJSIP/${phone})`),
    ''
  ].join('\n')
}

/** Adds it to a sandbox's configuration before Asterisk starts. All phones are one SIPp, where the carrier is. */
export function configureBench(etc: string, database: string): void {
  const change = (name: string, to: (text: string) => string) => {
    writeFileSync(join(etc, name), to(readFileSync(join(etc, name), 'utf8')))
  }
  appendFileSync(join(etc, 'extensions.conf'), `\n${extensions()}`)
  appendFileSync(join(etc, 'modules.conf'), '\nload = app_followme.so\nload = res_speech.so\nload = res_agi.so\n')
  appendFileSync(join(etc, 'extconfig.conf'), '\nbench_targets => sqlite3,followme_db,bench_targets\n')
  writeFileSync(join(etc, 'followme.conf'), followMeConf())
  const script = join(etc, '..', 'data', 'look-up.py')
  writeFileSync(script, agiScript(database))
  chmodSync(script, 0o755)
  change('pjsip.conf', (text) => {
    const carrier = /contact = sip:127\.0\.0\.1:(\d+)/.exec(text)?.[1] ?? ''
    // One carrier refuses, at an address of its own: the port of a phone that is not there.
    const refusing = /contact = sip:busy@127\.0\.0\.1:(\d+)/.exec(text)?.[1] ?? ''
    const ways = trunks.map(
      ({ name }, at) =>
        `\n[${name}](endpoint-base)\naors = ${name}\nidentify_by = ip\n\n[${name}]\ntype = aor\ncontact = sip:127.0.0.1:${at === 0 ? refusing : carrier}\n`
    )
    const atCarrier = text.replaceAll(/contact = sip:(\w+)@127\.0\.0\.1:\d+/g, `contact = sip:$1@127.0.0.1:${carrier}`)
    return atCarrier + ways.join('')
  })
  // A sandbox has ports for 125 calls.
  change('rtp.conf', (text) =>
    text.replace(/^rtpstart = .*/m, 'rtpstart = 33000').replace(/^rtpend = .*/m, 'rtpend = 60999')
  )
}

/** The caller's number tells the calls apart, at the carriers, too. */
function overTrunks(called: string, number: string): string {
  return `${numberScript(called, [[[number, 15]]])}
    UPDATE virtual_numbers SET caller_id_policy = 'caller' WHERE number = '${called}';
    INSERT INTO trunks (name, position, dial)
      VALUES ${trunks.map(({ name, user }, at) => `('${name}', ${String(at)}, 'PJSIP/${user}@${name}')`).join(', ')};`
}

/** The rules that all the look-ups read. */
export function benchRules(): string {
  const number = ({ id, targets, number: behind }: Profile) => {
    const called = numberOf('http', id)
    if (behind !== undefined) return overTrunks(called, behind)
    const rows = targets.map(({ phone, ringSeconds }, at) => ({
      step: String(at + 1),
      rest: `'PJSIP/${phone}', ${String(ringSeconds)}`
    }))
    return `INSERT INTO virtual_numbers (number, time_zone, fallback) VALUES ('${called}', 'UTC', 'busy');
      INSERT INTO rules (number, name, position) VALUES ('${called}', 'always', 10);
      INSERT INTO targets (number, rule, step, dial, ring_seconds)
        VALUES ${rows.map(({ step, rest }) => `('${called}', 'always', ${step}, ${rest})`).join(', ')};
      INSERT INTO bench_targets VALUES ${rows.map(({ step, rest }) => `('${called}/${step}', ${rest})`).join(', ')};`
  }
  return [
    'CREATE TABLE bench_targets (entry TEXT PRIMARY KEY, dial TEXT NOT NULL, ring_seconds INTEGER NOT NULL) STRICT;',
    ...profiles.map(number)
  ].join('\n')
}
