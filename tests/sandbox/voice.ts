// What a phone says and hears, over RTP: each speaks with a tone of its own (u-law, one byte over and over), so that a case can tell
// who is heard.
import { createSocket } from 'node:dgram'
import { bound } from './sip-message'

export interface Voice {
  /** Where it listens. */
  readonly port: number
  /** How many packets with this tone have been heard. */
  heard(tone: number): number
  /** How many that are of nobody: music on hold. */
  heardOthers(tones: readonly number[]): number
  /** From now on speaks to where this SDP says. */
  speakTo(sdp: string): void
  close(): void
}

const PACKET_MS = 20
const SAMPLES = 160
const HEADER_BYTES = 12

export async function openVoice(host: string, tone: number): Promise<Voice> {
  const socket = createSocket('udp4')
  await bound(socket, 0, host)
  const heard = new Map<number, number>()
  let speaking: NodeJS.Timeout | undefined
  socket.on('message', (packet) => {
    const payload = packet.subarray(HEADER_BYTES)
    const [first] = payload
    // Music is not one byte over and over.
    const tone = first !== undefined && payload.every((byte) => byte === first) ? first : -1
    heard.set(tone, (heard.get(tone) ?? 0) + 1)
  })
  return {
    port: socket.address().port,
    heard: (other) => heard.get(other) ?? 0,
    heardOthers: (tones) => [...heard].reduce((sum, [each, count]) => (tones.includes(each) ? sum : sum + count), 0),
    speakTo: (sdp) => {
      const port = Number(/^m=audio (\d+)/m.exec(sdp)?.[1] ?? 0)
      const host = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1]
      clearInterval(speaking)
      let count = 0
      speaking = setInterval(() => {
        count += 1
        const packet = Buffer.alloc(HEADER_BYTES + SAMPLES, tone)
        packet.writeUInt16BE(0x8000, 0)
        packet.writeUInt16BE(count & 0xffff, 2)
        packet.writeUInt32BE((count * SAMPLES) >>> 0, 4)
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
