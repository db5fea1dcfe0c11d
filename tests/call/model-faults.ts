// What people and networks do to the model of Asterisk: answers that never come, with or without the effect, a gap in the events, the
// death of the process, and somebody else in the place of a leg.
import type { Choice } from './asterisk-model'
import type { DrivenCall } from './driven-call'

export function faultsOf(driven: DrivenCall): Choice[] {
  const faulty = driven.nextReplies().filter(({ type }) => type !== 'hangUpReplaced')
  const choices: Choice[] = faulty.flatMap((command) => [
    { name: `no answer to ${command.type}`, happen: () => driven.answer(command, 'timeout') },
    { name: `no connection for ${command.type}`, happen: () => driven.answer(command, 'disconnected') },
    {
      name: `answer to ${command.type} lost`,
      happen: () => {
        driven.carryOut(command)
        driven.answer(command, 'timeout')
      }
    },
    {
      name: `connection lost with the answer to ${command.type}`,
      happen: () => {
        driven.carryOut(command)
        driven.answer(command, 'disconnected')
      }
    }
  ])
  choices.push({ name: 'reconnect', happen: () => driven.reconnect() })
  if (driven.mayRestart && driven.asterisk.hasCaller && driven.journal.at(-1)?.call.endedAt === null) {
    for (const lost of [0, 1, 2])
      choices.push({ name: `restart, ${lost} records lost`, happen: () => driven.restart(lost) })
    if ([...driven.asterisk.legs.values()].some(({ state }) => state !== 'gone')) {
      choices.push({ name: 'restart, all records lost', happen: () => driven.restart(null) })
    }
  }
  return choices
}

/** Somebody picks up, transfers, or takes another's place. */
export function replacementsOf({ asterisk }: DrivenCall): Choice[] {
  const { legs, caller, replacements, wire } = asterisk
  if (replacements.isEnough) return []
  const choices: Choice[] = []
  for (const [id, { state }] of legs) {
    if (!['dialled', 'ringing', 'up'].includes(state)) continue
    for (const isUp of state === 'up' ? [true] : [true, false]) {
      const happen = (): void => asterisk.move(id, isUp ? 'up' : state, replacements.take(id, isUp))
      choices.push({ name: `another ${isUp ? 'answers' : 'rings'} for ${id}`, happen })
    }
  }
  const name = 'another is the caller'
  if (caller === 'up') choices.push({ name, happen: () => void wire.push(replacements.take(null, true)) })
  return choices
}
