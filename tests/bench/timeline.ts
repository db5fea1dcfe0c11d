// `npx tsx tests/bench/timeline.ts [calls a second] [rounds]`, after `npm run build`: what passes between a caller's INVITE and
// their answer, moment by moment, with Dial() and with followme over WebSockets. SIPp's clock and followme's are the
// machine's; the moments of a call that both have seen are put in one row. Medians; one call is refused, then answered.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { median } from './figures'
import { start } from './sipp-pair'
import type { Line } from './sipp-lines'
import { wayOf } from './ways'
import type { WayId } from './ways'
import { openWorld } from './world'
import type { World } from './world'

const [rate = 50, rounds = 3] = process.argv.slice(2).map(Number)
const calls = 6 * rate
const burst = { profile: 'busy', rate, calls, holdMs: 500 } as const

/** Keeps every message that followme sends or gets through ws, with the microsecond, and writes them down at the end. */
const preload = (frames: string): string => `
  const { WebSocket } = require(${JSON.stringify(resolve(__dirname, '../../node_modules/ws'))})
  const { send, emit } = WebSocket.prototype
  const kept = []
  const now = () => 1000 * (performance.timeOrigin + performance.now())
  WebSocket.prototype.send = function (data, ...rest) {
    kept.push([now(), 'out', String(data)])
    return send.call(this, data, ...rest)
  }
  WebSocket.prototype.emit = function (event, data, ...rest) {
    if (event === 'message') kept.push([now(), 'in', String(data)])
    return emit.call(this, event, data, ...rest)
  }
  process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(frames)}, JSON.stringify(kept)))`

/** One call's moments, in microseconds since 1970. */
type Moments = Map<string, number>

interface Frame {
  readonly type?: string
  readonly method?: string
  readonly uri?: string
  readonly args?: readonly string[]
  readonly channel?: { readonly id: string; readonly state: string; readonly caller: { readonly number: string } }
  readonly dialstatus?: string
  readonly peer?: { readonly id: string }
}

/** What followme has seen and asked: by caller, the first time of each. */
function framesOf(text: string): ReadonlyMap<string, Moments> {
  const callers = new Map<string, string>()
  const calls = new Map<string, Moments>()
  const note = (caller: string | undefined, what: string, at: number): void => {
    if (caller === undefined) return
    const moments = calls.get(caller) ?? new Map<string, number>()
    calls.set(caller, moments)
    if (!moments.has(what)) moments.set(what, at)
  }
  const frames = (JSON.parse(text) as [number, string, string][]).map(([at, way, data]) => {
    return { at, way, frame: JSON.parse(data) as Frame }
  })
  for (const { at, way, frame } of frames) {
    const { type, channel, args = [], uri = '', method = '' } = frame
    if (type === 'StasisStart' && channel !== undefined) {
      const isLeg = args[0] === 'leg'
      if (!isLeg) callers.set(channel.id, channel.caller.number)
      else callers.set(channel.id, callers.get(args[1] ?? '') ?? '')
      note(callers.get(channel.id), isLeg ? `shown ${stepOf(channel.id)}` : 'told of the call', at)
    } else if (type === 'ChannelDestroyed' && channel !== undefined) {
      note(callers.get(channel.id), `told of the end ${stepOf(channel.id)}`, at)
    } else if (type === 'ChannelStateChange' && channel?.state === 'Up') {
      note(callers.get(channel.id), `told of the answer ${stepOf(channel.id)}`, at)
    } else if (frame.dialstatus === 'ANSWER') {
      note(callers.get(frame.peer?.id ?? ''), `told of the answer ${stepOf(frame.peer?.id ?? '')}`, at)
    } else if (way === 'out' && method === 'POST') {
      const url = new URL(uri, 'http://asterisk/')
      const id = decodeURIComponent(url.pathname.split('/')[2] ?? '')
      const made = url.searchParams.get('channelId')
      const aLeg = (url.searchParams.get('appArgs') ?? '').split(',')[1] ?? ''
      if (made !== null) note(callers.get(aLeg), `asked to make ${stepOf(made)}`, at)
      else if (url.pathname.endsWith('/dial')) note(callers.get(id), `asked to dial ${stepOf(id)}`, at)
      else if (url.pathname.endsWith('/answer')) note(callers.get(id), 'asked to answer', at)
    }
  }
  return calls
}

/** The last but one part of `<callId>.<step>.<target>`. */
function stepOf(leg: string): string {
  return leg.split('.').at(-2) ?? ''
}

function momentsOf(lines: readonly Line[], frames: ReadonlyMap<string, Moments>): Moments[] {
  const calls = new Map<string, Moments>()
  for (const { at, what, phone, caller } of lines) {
    const moments = calls.get(caller) ?? new Map(frames.get(caller) ?? [])
    calls.set(caller, moments)
    moments.set(phone === null ? what : `${what} ${phone}`, at)
  }
  return [...calls.values()]
}

/** Title, from which moment, to which. */
type Segment = readonly [string, string, string]

const whole: readonly Segment[] = [
  ['**from the INVITE to the first phone**', 'invite', 'rung busy'],
  ['**from its 486 to the second phone**', 'left busy', 'rung answers'],
  ['**from its 200 to the caller**', 'left answers', 'final']
]

const parts: readonly (readonly Segment[])[] = [
  [
    ['INVITE, and the dialplan, until followme is told of the call', 'invite', 'told of the call'],
    ['followme decides, and asks for the leg', 'told of the call', 'asked to make 1'],
    ['Asterisk makes it, and shows it', 'asked to make 1', 'shown 1'],
    ['followme asks to dial it', 'shown 1', 'asked to dial 1'],
    ['Asterisk sends the INVITE', 'asked to dial 1', 'rung busy']
  ],
  [
    ['Asterisk takes the 486, ends the leg, and followme is told', 'left busy', 'told of the end 1'],
    ['followme asks for the next leg', 'told of the end 1', 'asked to make 2'],
    ['Asterisk makes it, and shows it', 'asked to make 2', 'shown 2'],
    ['followme asks to dial it', 'shown 2', 'asked to dial 2'],
    ['Asterisk sends the INVITE', 'asked to dial 2', 'rung answers']
  ],
  [
    ['Asterisk takes the 200, and followme is told', 'left answers', 'told of the answer 2'],
    ['followme asks to answer the caller', 'told of the answer 2', 'asked to answer'],
    ['Asterisk sends the 200', 'asked to answer', 'final']
  ]
]

const ms = (calls: readonly Moments[], [, from, to]: Segment): number =>
  median(calls.flatMap((each) => [((each.get(to) ?? NaN) - (each.get(from) ?? NaN)) / 1000]).filter(Number.isFinite))

async function measured(world: World, id: WayId): Promise<Moments[]> {
  const frames = join(world.asterisk.runDir, 'frames.json')
  const hook = join(world.asterisk.runDir, 'frames.cjs')
  writeFileSync(hook, preload(frames))
  const way = wayOf(id)
  const server = await world.program(way, { NODE_OPTIONS: `--require ${hook}` })
  try {
    // Both warm; what is told of these is left out below.
    await (
      await start(world.asterisk, { ...burst, way: id, calls: 500 })
    ).seen
    const { lines, failed } = await (await start(world.asterisk, { ...burst, way: id })).seen
    if (failed > 0) throw new Error(`${String(failed)} calls failed`)
    await world.recorded()
    await world.empty()
    await server?.stop()
    const began = Math.min(...lines.map(({ at }) => at))
    const seen = server === null ? '[]' : laterThan(began, readFileSync(frames, 'utf8'))
    return momentsOf(lines, framesOf(seen))
  } finally {
    await server?.stop()
    rmSync(frames, { force: true })
  }
}

/** The callers' numbers are the same in each burst. */
function laterThan(began: number, frames: string): string {
  return JSON.stringify((JSON.parse(frames) as [number, string, string][]).filter(([at]) => at >= began))
}

async function main(): Promise<void> {
  const world = await openWorld(() => undefined)
  const seen = new Map<WayId, Moments[][]>()
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const id of ['dial', 'websocket'] as const)
        seen.set(id, [...(seen.get(id) ?? []), await measured(world, id)])
    }
  } finally {
    await world.close()
  }
  const over = (id: WayId, segment: Segment): string =>
    median((seen.get(id) ?? []).map((each) => ms(each, segment))).toFixed(2)
  console.log(`${String(rate)} calls a second, ${String(rounds)} rounds, medians in milliseconds\n`)
  console.log('| | Dial() | followme ws |\n| --- | ---: | ---: |')
  for (const [index, segment] of whole.entries()) {
    console.log(`| ${segment[0]} | ${over('dial', segment)} | ${over('websocket', segment)} |`)
    for (const part of parts[index] ?? []) console.log(`| ${part[0]} | | ${over('websocket', part)} |`)
  }
}

void main()
