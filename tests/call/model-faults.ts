// What people and networks do to the model of Asterisk: answers that never come, with or without the effect, a gap in the events, the
// death of the process, and somebody else in the place of a leg.
import type { AsteriskModel, Choice } from './asterisk-model'

export function faultsOf(model: AsteriskModel): Choice[] {
  const faulty = model.nextReplies().filter(({ type }) => type !== 'hangUpReplaced')
  const choices: Choice[] = faulty.flatMap((command) => [
    { name: `no answer to ${command.type}`, happen: () => model.answer(command, 'timeout') },
    { name: `no connection for ${command.type}`, happen: () => model.answer(command, 'disconnected') },
    {
      name: `answer to ${command.type} lost`,
      happen: () => {
        model.carryOut(command)
        model.answer(command, 'timeout')
      }
    },
    {
      name: `connection lost with the answer to ${command.type}`,
      happen: () => {
        model.carryOut(command)
        model.answer(command, 'disconnected')
      }
    }
  ])
  choices.push({ name: 'reconnect', happen: () => model.reconnect() })
  const callerHere = model.caller === 'waiting' || model.caller === 'up'
  if (model.mayRestart && callerHere && model.journal.at(-1)?.call.endedAt === null) {
    for (const lost of [0, 1, 2])
      choices.push({ name: `restart, ${lost} records lost`, happen: () => model.restart(lost) })
    if ([...model.legs.values()].some(({ state }) => state !== 'gone')) {
      choices.push({ name: 'restart, all records lost', happen: () => model.restart(null) })
    }
  }
  return choices
}

/** Somebody picks up, transfers, or takes another's place. */
export function replacementsOf(model: AsteriskModel): Choice[] {
  const { legs, caller, replacements, wire } = model
  if (replacements.isEnough) return []
  const choices: Choice[] = []
  for (const [id, { state }] of legs) {
    if (!['dialled', 'ringing', 'up'].includes(state)) continue
    for (const isUp of state === 'up' ? [true] : [true, false]) {
      const happen = (): void => model.move(id, isUp ? 'up' : state, replacements.take(id, isUp))
      choices.push({ name: `another ${isUp ? 'answers' : 'rings'} for ${id}`, happen })
    }
  }
  const name = 'another is the caller'
  if (caller === 'up') choices.push({ name, happen: () => void wire.push(replacements.take(null, true)) })
  return choices
}
