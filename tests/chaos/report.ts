// What a run is told as: the table of what struck and what became of the calls, and each violation with all that is known.
import { feltBy, whoOf } from './account'
import type { Account, Struck } from './account'
import type { Verdict } from './books'
import { faultKinds } from './fault-kinds'
import type { Collected } from './run'
import type { Plan } from './plan'
import type { SipCall } from '../sandbox/sip-log'

/** The plan, a line a call and a fault, for those who compare two. */
export function planText({ seed, calls, faults, lengthMs }: Plan): string {
  const at = (ms: number): string => `${(ms / 1000).toFixed(2).padStart(8)} s`
  const lines = [
    ...calls.map(({ atMs, caller, number, profile }) => [atMs, `${caller} calls ${number}: ${profile.name}`] as const),
    ...faults.map(({ atMs, kind, lastsMs, during }) => {
      const lasts = lastsMs === 0 ? '' : ` for ${(lastsMs / 1000).toFixed(1)} s`
      return [atMs, `FAULT ${kind}${lasts}${during ? ', during the one before' : ''}`] as const
    })
  ]
  return [
    `seed ${String(seed)}: ${String(calls.length)} calls, ${String(faults.length)} faults, ${(lengthMs / 1000).toFixed(0)} s`,
    ...lines.sort(([one], [other]) => one - other).map(([ms, text]) => `${at(ms)}  ${text}`)
  ].join('\n')
}

/** The table of a run. */
export function tableText({ accounts, faults }: Collected, verdicts: ReadonlyMap<Account, Verdict>): string {
  const all = [...verdicts.values()]
  const count = (is: (verdict: Verdict) => boolean): number => all.filter(is).length
  const counted = (name: string, those: readonly Struck[]): [string, number, number] => {
    const held = those.reduce((sum, { fromAt }) => sum + accounts.filter((each) => isUp(each, fromAt)).length, 0)
    return [name, those.length, held]
  }
  const outcomes: [string, number][] = [
    ['a person', count(({ outcome }) => outcome === 'person')],
    ['the fallback', count(({ outcome }) => outcome === 'fallback')],
    ['refused: no such number', count(({ outcome }) => outcome === 'refused')],
    ['cancelled by the caller', count(({ outcome }) => outcome === 'cancelled')]
  ]
  const row = (name: string, ...cells: number[]): string =>
    `  ${name.padEnd(26)}${cells.map((cell) => String(cell).padStart(8)).join('')}`
  return [
    `  ${'fault'.padEnd(26)}  struck    held`,
    ...faultKinds.map((kind) => {
      const those = faults.filter((fault) => fault.kind === kind)
      return row(...counted(kind, those))
    }),
    row(...counted('all', faults)),
    row(...counted('of these during another', faults.filter(isDuringAnother(faults)))),
    '',
    `  ${'calls that came to'.padEnd(26)}   calls`,
    ...outcomes.map(([name, calls]) => row(name, calls)),
    row('all', accounts.length),
    row(
      'of these by the failsafe',
      count(({ byFailsafe }) => byFailsafe)
    ),
    row(
      'and in no record',
      count(({ isUnwritten }) => isUnwritten)
    ),
    row(
      'lost',
      count(({ outcome }) => outcome === 'lost')
    )
  ].join('\n')
}

/** It did strike while another went on, and not only by the plan. */
function isDuringAnother(all: readonly Struck[]): (fault: Struck) => boolean {
  return ({ fromAt, during }) =>
    during && all.some((other) => !other.during && other.fromAt < fromAt && fromAt < other.undoneAt)
}

/** Ringing or talking at this instant. */
function isUp({ seen }: Account, at: number): boolean {
  return seen !== undefined && seen.invite.at <= at && (seen.messages.at(-1)?.at ?? 0) >= at
}

/** A call with its timeline: what each side saw, what followme and Asterisk logged, and the faults around it. */
export function callText(account: Account, verdict: Verdict, { faults, logged, asteriskLog }: Collected): string {
  const { planned, seen, legs } = account
  const from = (seen?.invite.at ?? 0) - 1000
  const to = (seen?.messages.at(-1)?.at ?? 0) + 5000
  const ids = idsOf(account)
  const lines = [
    ...messagesOf('caller', seen === undefined ? [] : [seen]),
    ...messagesOf('people', legs),
    ...logged.flatMap((line) => logLine(line, ids)),
    ...asteriskLog.filter((line) => line.includes(planned.number)).map((line) => [asteriskTime(line), line] as const),
    ...feltBy(account, faults).flatMap(faultLines)
  ]
  return [
    headOf(account, [...verdict.violations, ...verdict.notes]),
    ...inOrder(lines.filter(([at]) => at >= from && at <= to))
  ].join('\n')
}

/**
 * What a run has failed for, a few lines each: a log of which only the end is kept still says which calls, what is wrong with
 * them and what struck when.
 */
export function failuresText({ violations, faults }: Collected, verdicts: ReadonlyMap<Account, Verdict>): string {
  const calls = [...verdicts].flatMap(([account, verdict]) => {
    if (verdict.violations.length === 0) return []
    const { seen, legs } = account
    const lines: Line[] = [
      ...(seen === undefined ? [] : [[seen.invite.at, 'the caller calls'] as const]),
      ...legs.map((leg) => [leg.invite.at, `${whoOf(leg)} rings`] as const),
      ...feltBy(account, faults).flatMap(faultLines)
    ]
    return [headOf(account, verdict.violations), ...inOrder(lines)]
  })
  return [...calls, ...violations.map((each) => `the run: ${each}`)].map((line) => `  ${line}`).join('\n')
}

function headOf(account: Account, words: readonly string[]): string {
  const { planned } = account
  const ids = idsOf(account)
  const id = ids.length === 0 ? 'no record' : ids.join(', ')
  return `${planned.caller} to ${planned.number} (${planned.profile.name}), ${id}: ${words.join('; ')}`
}

function idsOf({ records }: Account): string[] {
  return records.map(({ call }) => call.id)
}

function inOrder(lines: readonly Line[]): string[] {
  return [...lines].sort(([one], [other]) => one - other).map(([at, text]) => `    ${clock(at)}  ${text}`)
}

type Line = readonly [at: number, text: string]

function messagesOf(side: string, calls: readonly SipCall[]): Line[] {
  return calls.flatMap(({ callId, messages }) =>
    messages.map(({ at, direction, start, method }) => {
      const arrow = direction === 'sent' ? '→' : '←'
      return [at, `${side} ${arrow} ${start} (${method}, ${callId.slice(0, 12)})`] as const
    })
  )
}

function faultLines({ kind, what, fromAt, undoneAt, wellAt }: Struck): Line[] {
  return [
    [fromAt, `FAULT ${kind}: ${what}`],
    [undoneAt, `FAULT ${kind}: undone`],
    [wellAt, `FAULT ${kind}: followme is well again`]
  ]
}

function logLine(line: string, ids: readonly string[]): Line[] {
  if (!ids.some((id) => line.includes(id)) && !/no connection|connected to|is running/.test(line)) return []
  try {
    const { timestamp, level, message, ...rest } = JSON.parse(line) as Record<string, string>
    return [[Date.parse(timestamp ?? ''), `followme ${level ?? ''}: ${message ?? ''} ${JSON.stringify(rest)}`]]
  } catch {
    return []
  }
}

/** `[2026-11-22 18:00:00.123] WARNING…`, in the machine's zone; or to the second. */
function asteriskTime(line: string): number {
  return Date.parse(/^\[([^\]]+)\]/.exec(line)?.[1] ?? '') || 0
}

function clock(at: number): string {
  return Number.isFinite(at) ? new Date(at).toISOString().slice(11, 23) : '            '
}
