// followme override: a temporary switch for one number, which takes precedence over its rules.
import { Argument, Command } from 'commander'
import { calledBy, dialFinding } from '../../rules/check/dial'
import { type Finding } from '../../rules/finding'
import { AppError } from '../../errors'
import { decide } from '../../rules/decide'
import { formatInstant } from '../../rules/schedule/instant'
import { unlistedCaller } from '../../rules/number'
import { type NumberRules, type Override, type RuleBook, overrideText } from '../../rules/rule'
import type { StoredOverride } from '../../store/rules/override-store'
import type { Store } from '../../store/store'
import { openRecords, openToWrite } from '../support/database'
import { overrideInForce, whatCallersGet } from '../support/decision-text'
import { noSuchNumber, virtualNumber } from '../support/dialled-number'
import { isoOrNull } from '../support/json'
import { type OverrideEnd, checkForward, overrideOf } from '../support/override-words'
import { suggestValues } from '../support/completion-values'
import { printable } from '../support/text'

export function overrideCommand(): Command {
  return new Command('override')
    .description('temporarily close a number, forward it, or force one of its rules whatever the time')
    .addCommand(setCommand())
    .addCommand(listCommand())
    .addCommand(clearCommand())
}

function setCommand(): Command {
  return new Command('set')
    .description("set a number's override, replacing any it has; it takes effect from the next call")
    .argument('<number>', 'the virtual number, +14155550100')
    .addArgument(
      suggestValues(
        new Argument('<what>', 'closed, forward:TARGET (forward:PJSIP/carol, forward:+442071838750) or rule:NAME'),
        ['closed', 'forward:', 'rule:']
      )
    )
    .option(
      '--until <instant>',
      "when it ends: 2026-11-23T18:00Z, or '2026-11-23 18:00', 18:00 or tomorrow in the number's time zone"
    )
    .option(
      '--for <duration>',
      'how long it lasts: 30m, 2h, 1h30m, 3d, 1w; a day ends at the same time of day (default: until cleared)'
    )
    .option('--by <name>', 'who sets it, shown in lists and explanations')
    .action(async (text: string, what: string, options: OverrideEnd & { readonly by?: string }) => {
      const now = Date.now()
      await withStore(async (store) => {
        const number = await virtualNumber(text, store.rules)
        const book = await store.rules.rulesFor(number)
        const rules = await knownNumber(store, book, number)
        const override = overrideOf(rules, what, { ...options, now })
        const then = await bookWith(store, book, { ...rules, override })
        checkForward(override, decide(number, unlistedCaller, now, then))
        const doubt = override.kind === 'forward' ? await doubtOf(store, number, override.value ?? '') : undefined
        if (doubt !== undefined) console.error(printable(`warning: ${doubt.message}; ${doubt.cure}`))
        store.setOverride(number, override, now)
        if (rules.override !== null && !isExpired(rules.override, now)) {
          console.log(`Replaces: ${printable(overrideInForce(rules.override, rules.timeZone))}.`)
        }
        console.log(whatCallersGet(number, then, now))
      })
    })
}

function clearCommand(): Command {
  return new Command('clear')
    .description("clear a number's override; its rules apply again from the next call")
    .argument('<number>', 'the virtual number, +14155550100')
    .action(async (text: string) => {
      const now = Date.now()
      await withStore(async (store) => {
        const number = await virtualNumber(text, store.rules)
        const book = await store.rules.rulesFor(number)
        const rules = await knownNumber(store, book, number)
        if (rules.override === null || !store.clearOverride(number)) {
          throw new AppError('not-found', `${number} has no override: 'followme override list' lists all overrides`)
        }
        const was = isExpired(rules.override, now) ? ', which had expired' : ''
        console.log(`Cleared: ${printable(overrideText(rules.override))}${was}.`)
        console.log(whatCallersGet(number, new Map(book).set(number, { ...rules, override: null }), now))
      })
    })
}

function listCommand(): Command {
  return new Command('list')
    .description('list all overrides, including expired ones')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { readonly json?: true }) => {
      const store = openRecords()
      try {
        const overrides = await store.overrides()
        const now = Date.now()
        if (json === true)
          console.log(
            JSON.stringify(
              overrides.map((each) => overrideJson(each, now)),
              null,
              2
            )
          )
        else console.log(overrides.length === 0 ? 'no overrides' : overrides.map((each) => line(each, now)).join('\n'))
      } finally {
        store.close()
      }
    })
}

function line(stored: StoredOverride, now: number): string {
  const { number, label, timeZone, setAt } = stored
  const name = label === '' ? number : `${number} (${label})`
  const state = isExpired(stored, now)
    ? `${overrideText(stored)}, expired ${formatInstant(stored.expiresAt ?? now, timeZone)}`
    : overrideInForce(stored, timeZone)
  const since = Number.isNaN(setAt) ? '' : `, since ${formatInstant(setAt, timeZone)}`
  return printable(`${name}: ${state}${since}`)
}

function overrideJson(stored: StoredOverride, now: number): object {
  const { number, label, kind, value, setBy, expiresAt, setAt } = stored
  return {
    number,
    label,
    kind,
    value,
    setBy,
    setAt: Number.isNaN(setAt) ? null : isoOrNull(setAt),
    expiresAt: isoOrNull(expiresAt),
    expired: isExpired(stored, now)
  }
}

function isExpired({ expiresAt }: Override, now: number): boolean {
  return expiresAt !== null && expiresAt <= now
}

async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
  const store = openToWrite()
  try {
    await work(store)
  } finally {
    store.close()
  }
}

/** The fault that `check` would report of it. */
async function doubtOf({ rules }: Store, number: string, dial: string): Promise<Finding | undefined> {
  const own = await rules.numbersAmong(calledBy(dial, number))
  return dialFinding(new Set(own), number, dial)
}

/** The rules as they will be, including the numbers that the new override leads to. */
async function bookWith(store: Store, book: RuleBook, rules: NumberRules): Promise<RuleBook> {
  const value = rules.override?.value ?? ''
  const target = value.startsWith('number:')
    ? await store.rules.rulesFor(value.slice('number:'.length))
    : new Map<string, NumberRules>()
  return new Map([...target, ...book, [rules.number, rules]])
}

async function knownNumber(store: Store, book: RuleBook, number: string): Promise<NumberRules> {
  const rules = book.get(number)
  if (rules !== undefined) return rules
  throw await noSuchNumber(number, store.rules)
}
