// Pieces of SIPp scenarios that caller and phone share.

/** One step of a scenario, as XML. */
export type Step = string

/** What stands in a CDATA section: SIPp wants each header on a line of its own, unindented. */
function cdata(lines: readonly string[]): string {
  return `<![CDATA[\n${lines.join('\n')}\n]]>`
}

/** A message without a body. */
export function send(lines: readonly string[], attributes = ''): Step {
  return `<send ${attributes}>${cdata([...lines, 'Content-Length: 0', '', ''])}</send>`
}

/** A message offering or accepting audio: u-law and keypad tones. */
export function sendWithAudio(lines: readonly string[], port: string, attributes = ''): Step {
  const sdp = [
    'v=0',
    'o=sipp 53655765 2353687637 IN IP4 [local_ip]',
    's=-',
    'c=IN IP4 [local_ip]',
    't=0 0',
    `m=audio ${port} RTP/AVP 0 101`,
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15'
  ]
  const head = [...lines, 'Content-Type: application/sdp', 'Content-Length: [len]', '']
  return `<send ${attributes}>${cdata([...head, ...sdp, ''])}</send>`
}

/** What a test sends to a SIPp, within a call, to make that one hang up: no time to be guessed. Nobody else sends it. */
export const HANG_UP = 'INFO'

/** In answer to whatever request came last. */
export const OK_TO_LAST = send([
  'SIP/2.0 200 OK',
  '[last_Via:]',
  '[last_From:]',
  '[last_To:]',
  '[last_Call-ID:]',
  '[last_CSeq:]'
])

/**
 * From here on, whatever step the call is at, this message makes it go on at `next`. SIPp has no wait that such a message
 * cannot interrupt, so a crossing of messages is a case of its own nowhere else. The step above must jump over these.
 */
export function whenever(what: string, next: string): Step {
  return `<recv ${what} optional="global" next="${next}"/>`
}

/** The headers of a response to the INVITE, whatever came since: a CANCEL has all of its headers but for CSeq. */
export const TO_INVITE = [
  '[last_Via:]',
  '[last_From:]',
  '[last_To:];tag=[pid]uas[call_number]',
  '[last_Call-ID:]',
  'CSeq: [$cseq] INVITE',
  'Contact: <sip:phone@[local_ip]:[local_port];transport=[transport]>'
]

/** Stands below a row of `whenever`, never reached: SIPp insists on something mandatory between those and a <send>. */
export const UNREACHED: Step = '<recv request="MESSAGE"/>'

export function pause(ms: number): Step {
  return `<pause milliseconds="${Math.max(1, ms)}"/>`
}

export function label(id: string): Step {
  return `<label id="${id}"/>`
}

export function goto(id: string): Step {
  return `<nop next="${id}"/>`
}

export function scenario(name: string, steps: readonly Step[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="${name}">\n${steps.join('\n')}\n</scenario>\n`
}
