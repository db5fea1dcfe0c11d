// followme targets: each target and each trunk: what it does now, when it was last used, and how its calls went.
import { Command } from 'commander'
import { probe } from '../../ari/client/probe'
import { inspecting } from '../../ari/inspection'
import type { Figures } from '../../call/target-use'
import {
  type InCall,
  type TargetState,
  type TrunkUse,
  targetsIn,
  targetStates,
  trunkUses
} from '../../call/target-states'
import { readConfig } from '../../config/config'
import { reasonOf } from '../../errors'
import { phoneNameIn } from '../../rules/number'
import { targetLimitText } from '../../rules/target-limits'
import type { Store } from '../../store/store'
import { openRecords } from '../support/database'
import { siteClock } from '../support/instants'
import { isoOrNull } from '../support/json'
import { withProgress } from '../support/progress'
import { clockText, tableOf } from '../support/table'
import { printable } from '../support/text'

interface Options {
  readonly json?: true
}

const days = 30
const patienceMs = 5000

export function targetsCommand(): Command {
  return new Command('targets')
    .description(
      `show each target, trunk and registered device: what it does now, when it was last used, and how its calls of the last ${days} days went`
    )
    .option('--json', 'print one JSON document')
    .action(async ({ json }: Options) => {
      const records = openRecords()
      try {
        await withProgress({ first: 'reading the records', json }, ({ print }) => report(records, json === true, print))
      } finally {
        records.close()
      }
    })
}

async function report(records: Store, isJson: boolean, print: (line: string) => void): Promise<void> {
  const now = Date.now()
  const since = now - days * 86_400_000
  records.holdSnapshot()
  const set = records.ruleSet()
  const asked = await contactsOf(targetsIn(set).flatMap((dial) => phoneNameIn(dial) ?? []))
  const facts = { now, ...records.targetFacts(since, now), contacts: asked.contacts }
  const [targets, trunks] = [targetStates(set, facts), trunkUses(set, facts)]
  if (!isJson) {
    const unknown =
      asked.reason === null
        ? ''
        : `

Which phones are registered is not known: ${printable(asked.reason)}`
    print(tablesOf(targets, trunks, siteClock(await records.timeZones()).timeZone) + unknown)
    return
  }
  const document = {
    since: isoOrNull(since),
    asterisk: asked.reason,
    targets: targets.map(targetJson),
    trunks: trunks.map(trunkJson)
  }
  print(JSON.stringify(document, null, 2))
}

interface Asked {
  readonly contacts: ReadonlyMap<string, readonly string[]> | null
  /** Why Asterisk did not answer; null: it did. */
  readonly reason: string | null
}

/** The contacts that Asterisk would dial for each of these phones, without whatever it has after their addresses. */
async function contactsOf(phones: readonly string[]): Promise<Asked> {
  try {
    const { ari } = readConfig(process.env)
    await probe(ari, patienceMs)
    const contacts = await inspecting(ari, async ({ read }) => {
      const found = new Map<string, readonly string[]>()
      for (const phone of phones) {
        const value = (await read(`PJSIP_DIAL_CONTACTS(${phone})`)) ?? ''
        found.set(phone, value === '' ? [] : [...new Set(value.split('&'))])
      }
      return found
    })
    return { contacts, reason: null }
  } catch (error) {
    return { contacts: null, reason: reasonOf(error) }
  }
}

function tablesOf(targets: readonly TargetState[], trunks: readonly TrunkUse[], timeZone: string): string {
  if (targets.length === 0 && trunks.length === 0) return 'no rule has a target'
  const at = (ms: number) => clockText(ms, timeZone)
  const head = ['STATE', `LAST USED (${timeZone})`, 'TRIED', 'ANSWERED', 'BUSY', 'NO ANSWER', 'FAILED', 'ANSWERED IN']
  const tables = [
    tableOf(
      ['TARGET', ...head],
      targets.map((each) => [printable(each.dial), stateText(each, at), ...figuresText(each, at)])
    ),
    tableOf(
      ['TRUNK', ...head],
      trunks.map((each) => [printable(each.name), trunkText(each, at), ...figuresText(each, at)])
    )
  ]
  return tables.filter((_, index) => (index === 0 ? targets : trunks).length > 0).join('\n\n')
}

function stateText({ calls, limit, wrapsUpUntil, contacts }: TargetState, at: (ms: number) => string): string {
  const devices = contacts === null ? [] : [contacts.length === 0 ? 'not registered' : devicesText(contacts)]
  const most = limit === null ? [] : [targetLimitText(limit)]
  const now = [
    ...calls.map((each) => callText(each, at)),
    ...(wrapsUpUntil === null ? [] : [`wraps up until ${at(wrapsUpUntil)}`])
  ]
  const isAway = contacts?.length === 0
  return [...(now.length === 0 && !isAway ? ['free'] : now), ...devices, ...most].join(', ')
}

function trunkText({ calls, restsUntil }: TrunkUse, at: (ms: number) => string): string {
  const carried = calls.length === 0 ? [] : [calls.length === 1 ? '1 call' : `${calls.length} calls`]
  const rests = restsUntil === null ? [] : [`passed over until ${at(restsUntil)}`]
  const now = [...carried, ...rests]
  return now.length === 0 ? 'free' : now.join(', ')
}

function callText({ call, since, isAnswered }: InCall, at: (ms: number) => string): string {
  return `${isAnswered ? 'in call' : 'rings for call'} ${printable(call)} since ${at(since)}`
}

/** `at sip:alice@10.0.0.5:5060`, without parameters. */
function devicesText(contacts: readonly string[]): string {
  const addresses = contacts.map((each) => /sips?:[^;]*/.exec(each)?.[0] ?? each)
  return `at ${printable(addresses.join(' and '))}`
}

function figuresText(figures: Figures, at: (ms: number) => string): string[] {
  const { lastAt, tried, answered, busy, noAnswer, failed, medianAnswerMs } = figures
  const median = medianAnswerMs === null ? '-' : `${(medianAnswerMs / 1000).toFixed(1)} s`
  return [lastAt === null ? 'never' : at(lastAt), ...[tried, answered, busy, noAnswer, failed].map(String), median]
}

function targetJson({ dial, limit, calls, wrapsUpUntil, contacts, ...figures }: TargetState): object {
  return {
    dial,
    limit,
    calls: calls.map(callJson),
    wrapsUpUntil: isoOrNull(wrapsUpUntil),
    contacts,
    ...figuresJson(figures)
  }
}

function trunkJson({ name, calls, restsUntil, ...figures }: TrunkUse): object {
  return { name, calls: calls.map(callJson), restsUntil: isoOrNull(restsUntil), ...figuresJson(figures) }
}

function callJson({ call, since, isAnswered }: InCall): object {
  return { call, since: isoOrNull(since), isAnswered }
}

function figuresJson({ lastAt, medianAnswerMs, ...counts }: Figures): object {
  return { lastUsedAt: isoOrNull(lastAt), ...counts, medianAnswerMs }
}
