// Loopback ports: each sandbox owns a block of 1000, so that several run side by side and never meet.
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

import { tryLock, type Lock } from './lock'

const FIRST = 12_000
const BLOCK = 1_000
// Up to 31999: below the ports Linux hands out by itself (32768 and up).
const BLOCKS = 20

/** The ports of one sandbox. Phones from 10, other signalling from 40, media of SIPp from 200, Asterisk's RTP from 500. */
export interface Ports {
  readonly sip: number
  readonly http: number
  readonly rtpStart: number
  readonly rtpEnd: number
  /** A port that is nobody else's for the life of the sandbox: where Asterisk calls a phone or the carrier. */
  nextPhone(): number
  /** A port nobody has had for a long time, for a caller or a test's own server. */
  next(): number
  /** The first of four ports for the media of one SIPp. */
  nextMedia(): number
  release(): void
}

function udpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.once('error', () => resolve(false))
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)))
  })
}

function tcpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Round again at the end: SIPps of earlier cases have long ended in a suite that runs hundreds. */
function counter(from: number, to: number, by: number): () => number {
  let at = from
  return () => {
    if (at + by > to) at = from
    at += by
    return at - by
  }
}

function portsOfPhones(from: number, to: number): () => number {
  let at = from
  return () => {
    if (at === to) throw new Error(`a sandbox has no more than ${to - from} phones`)
    return at++
  }
}

function portsOf(base: number, held: Lock): Ports {
  return {
    sip: base,
    http: base + 1,
    rtpStart: base + 500,
    rtpEnd: base + BLOCK - 1,
    nextPhone: portsOfPhones(base + 10, base + 40),
    next: counter(base + 40, base + 200, 1),
    nextMedia: counter(base + 200, base + 500, 4),
    release: () => held.release()
  }
}

/** Takes a free block. Rejects when all are taken. */
export async function takePorts(): Promise<Ports> {
  const start = Math.floor(Math.random() * BLOCKS)
  for (let turn = 0; turn < BLOCKS; turn++) {
    const base = FIRST + ((start + turn) % BLOCKS) * BLOCK
    const held = await tryLock(`ports-${base}`)
    if (held === null) continue
    if ((await udpFree(base)) && (await tcpFree(base + 1))) return portsOf(base, held)
    held.release()
  }
  throw new Error(`no free block of ports between ${FIRST} and ${FIRST + BLOCKS * BLOCK}: stop another sandbox`)
}
