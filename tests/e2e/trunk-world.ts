// Two carriers, a PBX, and trunks of the database that lead to them, for the cases of a file.
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../sandbox/child'
import type { Behaviour } from '../sandbox/scenario-uas'
import type { SippHandle } from '../sandbox/sipp'
import { useKeptPlan } from './kept-plan'
import { number, type World, useWorld } from './world'

export interface TrunkOf {
  readonly endpoint?: string
  readonly template?: string
  readonly columns?: Readonly<Record<string, string | number>>
  readonly prefixes?: readonly string[]
}

/** Two trunks to two carriers. */
export const two = { first: { endpoint: 'trunk' }, second: {} }

export interface TrunkWorld extends World {
  /** The trunks by name, in this order. */
  trunks(rows: Readonly<Record<string, TrunkOf>>): void
  /** The carriers behind `trunk` and `second`. */
  carriers(first: Behaviour, second: Behaviour): Promise<readonly [SippHandle, SippHandle]>
  /** Starts followme, and waits until it is connected. */
  connected(): Promise<void>
  /** followme has stored the plan of so many rows for Asterisk, and is gone. */
  failsafeHasThePlan(rows: number): Promise<void>
}

/**
 * Endpoints: `second` is a carrier at dave's address, `branch` a PBX at carol's; nobody is at the address of `gone`, and `unregistered`
 * has none.
 */
export function useTrunks(): TrunkWorld {
  const world = useWorld({
    readable: true,
    withoutApp: true,
    globals: { FOLLOWME_CLAIM_SECONDS: '20' },
    configure: (etc) => {
      const file = join(etc, 'pjsip.conf')
      const text = readFileSync(file, 'utf8')
      const addressOf = (name: string): string =>
        new RegExp(`^contact = sip:${name}@(\\S+)$`, 'm').exec(text)?.[1] ?? ''
      const endpoint = (name: string, contact: string): string =>
        `\n[${name}](endpoint-base)\naors = ${name}\nidentify_by = ip\n\n[${name}]\ntype = aor\n${contact}\n`
      const all = [
        endpoint('second', `contact = sip:${addressOf('dave')}`),
        endpoint('branch', `contact = sip:${addressOf('carol')}`),
        endpoint('gone', 'contact = sip:127.0.0.1:9'),
        endpoint('unregistered', '')
      ]
      appendFileSync(file, all.join(''))
    }
  })
  const plan = useKeptPlan(world)
  afterEach(async () => {
    await world.stopApp()
    await world.settle()
    world.sql('DELETE FROM calls; DELETE FROM failsafe; DELETE FROM virtual_numbers; DELETE FROM trunks')
  })
  return Object.assign(world, {
    trunks: (rows: Readonly<Record<string, TrunkOf>>) =>
      Object.entries(rows).forEach(([name, row], index) => world.sql(trunkScript(name, index, row))),
    carriers: async (first: Behaviour, second: Behaviour) =>
      [await world.carrier({ default: first }), await world.phone('dave', second)] as const,
    connected: async () => {
      const before = world.logged.length
      await world.startApp()
      await until('followme to be connected', () =>
        world.logged.slice(before).some((line) => line.includes('connected to Asterisk'))
      )
    },
    failsafeHasThePlan: async (rows: number) => {
      await world.startApp()
      const last = plan().prepare('SELECT 1 FROM failsafe WHERE number = ? AND step = ?')
      await until('the failsafe to have the plan', () => last.get(number, rows) !== undefined)
      await world.stopApp()
    }
  })
}

function trunkScript(name: string, index: number, row: TrunkOf): string {
  const { endpoint = name, template = '{number}', columns = {}, prefixes = [] } = row
  const more = Object.entries(columns)
  const values = [name, index, `PJSIP/${template}@${endpoint}`, ...more.map(([, value]) => value)]
  return `INSERT INTO trunks (${['name', 'position', 'dial', ...more.map(([column]) => column)].join(', ')})
      VALUES (${values.map((value) => `'${String(value)}'`).join(', ')});
    ${prefixes.map((prefix) => `INSERT INTO trunk_prefixes (trunk, prefix) VALUES ('${name}', '${prefix}');`).join('\n')}`
}

/** The user part of the address that each call asked for. */
export function numbersCalled(handle: SippHandle): readonly string[] {
  return handle.calls().map(({ invite }) => /^INVITE sip:([^@]*)@/.exec(invite.raw)?.[1] ?? '')
}
