// What a phone says and hears, over RTP: each speaks with a tone of its own (u-law, one byte over and over), so that a case can tell
// who is heard. Pressed keys are telephone events (RFC 4733).
import { createSocket } from 'node:dgram'
import { bound, KEYS } from './sip-message'

export interface Voice {
  /** Where it listens. */
  readonly port: number
  /** How many packets with this tone have been heard. */
  heard(tone: number): number
  /** How many that are of nobody: music on hold. */
  heardOthers(tones: readonly number[]): number
  /** Presses these keys, one after another, while it speaks to somebody. */
  press(keys: string): void
  /** The keys that have been heard. */
  readonly keys: string
  /** From now on speaks to where this SDP says. */
  speakTo(sdp: string): void
  close(): void
}

const PACKET_MS = 20
const SAMPLES = 160
const HEADER_BYTES = 12
const KEYPAD = '0123456789*#'
/** How many packets a key is held for, and how many of speech follow. */
const [HELD, PAUSE] = [6, 6]
/** How often the end of a key is sent. */
const ENDS = 3

export async function openVoice(host: string, tone: number): Promise<Voice> {
  const socket = createSocket('udp4')
  await bound(socket, 0, host)
  const heard = new Map<number, number>()
  let speaking: NodeJS.Timeout | undefined
  let pressed: string[] = []
  let held = 0
  let keys = ''
  let lastKey = -1
  socket.on('message', (packet) => {
    const payload = packet.subarray(HEADER_BYTES)
    if ((packet.readUInt8(1) & 0x7f) === KEYS) {
      const at = packet.readUInt32BE(4)
      if (at !== lastKey) keys += KEYPAD[payload.readUInt8(0)] ?? '?'
      lastKey = at
      return
    }
    const [first] = payload
    // Music is not one byte over and over.
    const tone = first !== undefined && payload.every((byte) => byte === first) ? first : -1
    heard.set(tone, (heard.get(tone) ?? 0) + 1)
  })
  /** The packet of a key, one of those that it is held for: all have the time at which it was pressed. */
  function keyPacket(key: string, nth: number, count: number): Buffer {
    const packet = Buffer.alloc(HEADER_BYTES + 4)
    packet.writeUInt16BE(0x8000 | (nth === 1 ? 0x80 : 0) | KEYS, 0)
    packet.writeUInt32BE(((count - nth + 1) * SAMPLES) >>> 0, 4)
    packet.writeUInt8(KEYPAD.indexOf(key), HEADER_BYTES)
    packet.writeUInt8(10 | (nth > HELD ? 0x80 : 0), HEADER_BYTES + 1)
    packet.writeUInt16BE(Math.min(nth, HELD) * SAMPLES, HEADER_BYTES + 2)
    return packet
  }
  function tonePacket(count: number): Buffer {
    const packet = Buffer.alloc(HEADER_BYTES + SAMPLES, tone)
    packet.writeUInt16BE(0x8000, 0)
    packet.writeUInt32BE((count * SAMPLES) >>> 0, 4)
    return packet
  }
  function nextPacket(count: number): Buffer {
    const [key] = pressed
    if (key === undefined) return tonePacket(count)
    held += 1
    if (held <= HELD + ENDS) return keyPacket(key, held, count)
    if (held >= HELD + ENDS + PAUSE) {
      held = 0
      pressed = pressed.slice(1)
    }
    return tonePacket(count)
  }
  return {
    port: socket.address().port,
    heard: (other) => heard.get(other) ?? 0,
    heardOthers: (tones) => [...heard].reduce((sum, [each, count]) => (tones.includes(each) ? sum : sum + count), 0),
    press: (more) => {
      pressed.push(...more.split(''))
    },
    get keys() {
      return keys
    },
    speakTo: (sdp) => {
      const port = Number(/^m=audio (\d+)/m.exec(sdp)?.[1] ?? 0)
      const host = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1]
      clearInterval(speaking)
      let count = 0
      speaking = setInterval(() => {
        count += 1
        const packet = nextPacket(count)
        packet.writeUInt16BE(count & 0xffff, 2)
        packet.writeUInt32BE(tone, 8)
        socket.send(packet, port, host, () => undefined)
      }, PACKET_MS)
    },
    close: () => {
      clearInterval(speaking)
      socket.close()
    }
  }
}
