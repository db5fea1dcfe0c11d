// The carrier's side of a call, as a SIPp scenario: places it, and cancels it, hangs up or waits for the other side to.
import {
  goto,
  HANG_UP,
  label,
  OK_TO_LAST,
  pause,
  scenario,
  send,
  sendWithAudio,
  UNREACHED,
  whenever,
  type Step
} from './scenario-xml'

export interface Call {
  /** The number called, as the carrier writes it. */
  readonly number: string
  /** The From header's value, without tag; may be as odd as callers are. Default: a plain +1 number. */
  readonly from?: string
  /** Further header lines of the INVITE, such as "P-Asserted-Identity: <sip:…>". */
  readonly headers?: readonly string[]
  /** Final answers that count as success. Default 200; 487 where the call is cancelled. */
  readonly expect?: number | readonly number[]
  /** Cancels so long after the last provisional answer (100, 180); where an answer comes first or crosses, hangs up instead. */
  readonly cancelAfterMs?: number
  /** Further headers of the CANCEL. */
  readonly cancelHeaders?: readonly string[]
  /** Hangs up so long after the answer. Without it, waits for the other side to. */
  readonly hangupAfterMs?: number
  /** A raw u-law file to send as audio, over and over. Default: silence, no packets at all. */
  readonly audioFile?: string
}

const PROVISIONAL = [180, 181, 183]

/** Refusals a call may cross with when it is being cancelled. */
const REFUSALS = [403, 404, 408, 480, 484, 486, 488, 500, 503, 603]

function request(call: Call, method: string, cseq: number, to: string, via: string): string[] {
  const from = call.from ?? '<sip:+15005550006@[local_ip]:[local_port]>'
  return [
    `${method} sip:${call.number}@[remote_ip]:[remote_port] SIP/2.0`,
    via,
    `From: ${from};tag=[pid]uac[call_number]`,
    to,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:carrier@[local_ip]:[local_port];transport=[transport]>',
    'Max-Forwards: 70'
  ]
}

/** Longer than any case; the other side hangs up, or the test stops SIPp. */
const FOREVER_MS = 600_000

const NEW_VIA = 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]'
/** The INVITE's own branch, as the last response brought it back. */
const SAME_VIA = '[last_Via:]'
const DIALOG_TO = '[last_To:]'

function response(code: number, next?: string): Step {
  return `<recv response="${code}"${next === undefined ? '' : ` optional="true" next="${next}"`}/>`
}

function passing(...codes: number[]): Step[] {
  return codes.map((code) => `<recv response="${code}" optional="true"/>`)
}

function ringing(expected: readonly number[]): Step[] {
  const finals = [...expected].sort((a, b) => a - b)
  const where = (code: number): string => (code === 200 ? 'answered' : 'refused')
  const last = finals.at(-1) ?? 200
  const others = finals.slice(0, -1).map((code) => response(code, where(code)))
  return [...passing(100, ...PROVISIONAL), ...others, response(last), goto(where(last))]
}

/** Nothing may be cancelled before something has come back (RFC 3261, 9.1): the time runs from the last provisional answer. */
function cancelling(call: Call, afterMs: number, to: string): Step[] {
  const refused = REFUSALS.map((code) => response(code, 'refused'))
  const whose200 = '<ereg regexp="INVITE" search_in="hdr" header="CSeq:" assign_to="invite"/>'
  return [
    '<recv response="100" next="start"/>',
    // SIPp sleeps for good on a message that comes between the pause's end and the CANCEL and makes it jump nowhere.
    ...PROVISIONAL.map((code) => whenever(`response="${code}"`, 'start')),
    ...REFUSALS.map((code) => whenever(`response="${code}"`, 'refused')),
    whenever('response="200"', 'answered'),
    whenever(`request="${HANG_UP}"`, 'cancel'),
    UNREACHED,
    label('start'),
    pause(afterMs),
    label('cancel'),
    send([...request(call, 'CANCEL', 1, to, SAME_VIA), ...(call.cancelHeaders ?? [])], 'retrans="500"'),
    ...passing(180, 183),
    ...refused,
    `<recv response="200" next="crossing" test="invite"><action>${whose200}</action></recv>`,
    // The CANCEL was taken; and still the answer may come in place of the 487.
    ...passing(180, 183),
    ...refused,
    response(200, 'crossed'),
    response(487),
    goto('refused'),
    // The answer was on its way, the CANCEL's own response still is: take both and hang up at once.
    label('crossing'),
    response(481, 'crossed'),
    response(200),
    label('crossed'),
    send(request(call, 'ACK', 1, DIALOG_TO, NEW_VIA)),
    send(request(call, 'BYE', 2, DIALOG_TO, NEW_VIA), 'retrans="500"'),
    ...passing(481),
    response(200),
    goto('end')
  ]
}

function talking(call: Call): Step[] {
  const audio = call.audioFile
  const hangup = call.hangupAfterMs ?? (call.cancelAfterMs === undefined ? undefined : 0)
  return [
    label('answered'),
    send(request(call, 'ACK', 1, DIALOG_TO, NEW_VIA)).replace('<send ', '<send next="talking" '),
    whenever('request="BYE"', 'bye'),
    whenever(`request="${HANG_UP}"`, 'hangup'),
    UNREACHED,
    label('talking'),
    ...(audio === undefined ? [] : [`<nop><action><exec rtp_stream="${audio},-1,0,PCMU/8000"/></action></nop>`]),
    pause(hangup ?? FOREVER_MS),
    label('hangup'),
    send(request(call, 'BYE', 2, DIALOG_TO, NEW_VIA), 'retrans="500"'),
    response(200),
    goto('end'),
    label('bye'),
    OK_TO_LAST,
    goto('end')
  ]
}

/** The scenario of one call, named by what it expects. */
export function uacScenario(call: Call): string {
  const byDefault = call.cancelAfterMs === undefined ? [200] : [200, 487]
  const expected = call.expect === undefined ? byDefault : [call.expect].flat()
  const to = `To: <sip:${call.number}@[remote_ip]:[remote_port]>`
  const port = call.audioFile === undefined ? '[media_port]' : '[rtpstream_audio_port]'
  const invite = [...request(call, 'INVITE', 1, to, NEW_VIA), ...(call.headers ?? [])]
  return scenario(`uac-invite-expect-${expected.join('-or-')}`, [
    sendWithAudio(invite, port, 'retrans="500"'),
    ...(call.cancelAfterMs === undefined ? ringing(expected) : cancelling(call, call.cancelAfterMs, to)),
    ...talking(call),
    label('refused'),
    send(request(call, 'ACK', 1, DIALOG_TO, SAME_VIA)),
    label('end'),
    '<nop/>'
  ])
}
