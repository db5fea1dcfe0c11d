// What the cases about the link to Asterisk ask of followme: is it connected, what has it said, does the next call work.
import { until } from '../sandbox/child'
import { answers } from './world'
import type { World } from './world'

export interface Linked {
  /** How many lines of the log contain this text. */
  readonly said: (text: string) => number
  /** Connected, with the events filtered: it is said only then. `times`: so often in this case. */
  readonly connected: (times?: number) => Promise<void>
  /** The loss of the connection has been noticed, `times` in this case. */
  readonly noticed: (times?: number) => Promise<void>
  /** One call is placed, and answered by alice. */
  readonly nextCallWorks: () => Promise<void>
  readonly readiness: () => Promise<{ status: number; text: string }>
}

export function linked(world: World): Linked {
  const said = (text: string): number => world.logged.filter((line) => line.includes(text)).length
  return {
    said,
    connected: (times = 1) =>
      until('followme to connect', () => world.app().connected && said('"connected to Asterisk"') >= times),
    noticed: (times = 1) => until('followme to notice', () => said('no connection to Asterisk') >= times),
    nextCallWorks: async () => {
      await world.phone('alice', answers)
      expect((await world.call()).calls[0]).toMatchObject({ finalCode: 200, cause: 16 })
      expect((await world.settle()).at(-1)?.call).toMatchObject({ outcome: 'answered', answeredBy: 'PJSIP/alice' })
    },
    readiness: async () => {
      const response = await fetch(`http://127.0.0.1:${String(world.app().httpPort)}/readyz`, {
        headers: { connection: 'close' }
      })
      return { status: response.status, text: await response.text() }
    }
  }
}
