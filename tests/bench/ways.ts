// The ways a call can take through the same Asterisk. A way that followme gains is a line here.

export type WayId = 'dial' | 'app' | 'realtime' | 'agi' | 'by-hand' | 'http' | 'websocket'

export interface Way {
  readonly id: WayId
  readonly title: string
  /** What stands for it in a table's head. */
  readonly short: string
  /** FOLLOWME_ARI_TRANSPORT of the followme that has the call; null where the dialplan does. */
  readonly transport: string | null
  /** A program of its own has the call, which is not followme. */
  readonly isByHand?: true
  /** Answers the caller before it hangs up where nobody else has, whatever it was told to tell them. */
  readonly answersAtLast?: true
  /** Part of `--quick`. */
  readonly isQuick: boolean
}

/** The first is what all are compared with. */
export const ways: readonly Way[] = [
  { id: 'dial', title: 'dialplan Dial()', short: 'Dial()', transport: null, isQuick: true },
  {
    id: 'app',
    title: 'FollowMe(), option N (answers when the target does), no prompts',
    short: 'FollowMe()',
    transport: null,
    answersAtLast: true,
    isQuick: true
  },
  {
    id: 'realtime',
    title: 'Dial() behind a look-up in SQLite in the dialplan (REALTIME_HASH; the same work as func_odbc)',
    short: 'SQL, Dial()',
    transport: null,
    isQuick: false
  },
  {
    id: 'agi',
    title: 'Dial() behind an AGI script (Python) that looks the rule up in SQLite',
    short: 'AGI, Dial()',
    transport: null,
    isQuick: false
  },
  {
    id: 'by-hand',
    title: 'a program of 75 lines on ari-client (tests/bench/hunt-by-hand.mjs)',
    short: 'ari-client by hand',
    transport: null,
    isByHand: true,
    isQuick: false
  },
  { id: 'http', title: 'followme over ari-client', short: 'followme http', transport: 'http', isQuick: true },
  {
    id: 'websocket',
    title: 'followme over WebSockets',
    short: 'followme ws',
    transport: 'websocket',
    isQuick: true
  }
]

export const reference: WayId = 'dial'

export function wayOf(id: WayId): Way {
  const way = ways.find((each) => each.id === id)
  if (way === undefined) throw new Error(`there is no way '${id}'`)
  return way
}
