// A phone, or the carrier's other side, as a SIPp scenario: what it does with a call, by the number called.
import {
  goto,
  HANG_UP,
  label,
  OK_TO_LAST,
  pause,
  scenario,
  send,
  sendWithAudio,
  TO_INVITE,
  UNREACHED,
  whenever,
  type Step
} from './scenario-xml'

/** What a simulated phone does with a call. */
export type Behaviour =
  /** Rings, answers (default at once) with further headers, hangs up so long after the answer (default: waits for the other side). */
  | {
      readonly kind: 'answer'
      readonly afterMs?: number
      readonly hangupAfterMs?: number
      readonly audioFile?: string
      readonly headers?: readonly string[]
    }
  /** Refuses with a SIP code: 486 busy, 603 declined, 404, 480, 503; in words, and with further headers, of its own. */
  | {
      readonly kind: 'refuse'
      readonly code: number
      readonly afterMs?: number
      readonly reason?: string
      readonly headers?: readonly string[]
    }
  /** Answers with a 200 that has no SDP, although it was offered some: nobody can be heard (RFC 3264). */
  | { readonly kind: 'answer-without-sdp' }
  /** Rings until cancelled. */
  | { readonly kind: 'ring' }
  /** Rings, and answers when it is cancelled: a 200 OK that crosses the CANCEL. */
  | { readonly kind: 'answer-on-cancel' }
  /** 302: says to call that SIP address instead. */
  | { readonly kind: 'redirect'; readonly contact: string }
  /** Takes the INVITE and says nothing. */
  | { readonly kind: 'silent' }

/** Behaviour by number or name called (the user part of the request's address); `default` for the others. */
export type Behaviours = Readonly<Record<string, Behaviour>>

const REASONS: Readonly<Record<number, string>> = {
  404: 'Not Found',
  480: 'Temporarily Unavailable',
  486: 'Busy Here',
  503: 'Service Unavailable',
  603: 'Decline'
}

function status(code: number, reason: string, more: readonly string[] = []): Step {
  return send([`SIP/2.0 ${code} ${reason}`, ...TO_INVITE, ...more], code >= 300 ? 'retrans="500"' : '')
}

function hangup(): Step {
  return send(
    [
      'BYE [$uri] SIP/2.0',
      'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
      'From:[$to];tag=[pid]uas[call_number]',
      'To:[$from]',
      'Call-ID: [call_id]',
      'CSeq: 1 BYE',
      'Max-Forwards: 70'
    ],
    'retrans="500"'
  )
}

const FOREVER_MS = 600_000
const RINGING = status(180, 'Ringing')
const answered = '<nop><action><assign assign_to="answered" value="1"/></action></nop>'

/** The 200 OK; over again where a CANCEL crossed it, which is no more than a retransmission. */
function answer(audioFile?: string, headers: readonly string[] = []): Step {
  const port = audioFile === undefined ? '[media_port]' : '[rtpstream_audio_port]'
  return sendWithAudio(['SIP/2.0 200 OK', ...TO_INVITE, ...headers], port, 'retrans="500"')
}

function talk({ hangupAfterMs, audioFile, headers }: Extract<Behaviour, { kind: 'answer' }>): Step[] {
  return [
    answered,
    answer(audioFile, headers),
    '<recv request="ACK"/>',
    ...(audioFile === undefined
      ? []
      : [`<nop><action><exec rtp_stream="${audioFile},-1,0,PCMU/8000"/></action></nop>`]),
    pause(hangupAfterMs ?? FOREVER_MS),
    hangup(),
    '<recv response="200"/>',
    goto('end')
  ]
}

function ringFor(ms: number | undefined): Step[] {
  return ms === undefined ? [] : [RINGING, pause(ms)]
}

function behave(behaviour: Behaviour): Step[] {
  switch (behaviour.kind) {
    case 'answer':
      return [...ringFor(behaviour.afterMs), ...talk(behaviour)]
    case 'refuse':
      return [
        ...ringFor(behaviour.afterMs),
        status(behaviour.code, behaviour.reason ?? REASONS[behaviour.code] ?? 'Refused', behaviour.headers),
        '<recv request="ACK"/>',
        goto('end')
      ]
    case 'answer-without-sdp':
      return [status(200, 'OK'), '<recv request="ACK"/>', pause(FOREVER_MS), goto('end')]
    case 'ring':
      return [RINGING, pause(FOREVER_MS), goto('end')]
    case 'answer-on-cancel':
      // A phone that counts as answered already treats a CANCEL as one that came too late.
      return [answered, RINGING, pause(FOREVER_MS), goto('end')]
    case 'redirect':
      return [
        send(['SIP/2.0 302 Moved', ...TO_INVITE.slice(0, -1), `Contact: <${behaviour.contact}>`], 'retrans="500"'),
        '<recv request="ACK"/>',
        goto('end')
      ]
    case 'silent':
      return [pause(FOREVER_MS), goto('end')]
  }
}

/** What may come at any moment: a CANCEL before or after the answer (RFC 3261, 9.2), a BYE, and the word to hang up. */
const interruptions: readonly Step[] = [
  label('cancelled'),
  OK_TO_LAST,
  '<nop next="too-late" test="answered"/>',
  status(487, 'Request Terminated'),
  '<recv request="ACK"/>',
  goto('end'),
  label('too-late'),
  answer(),
  '<recv request="ACK"/>',
  '<recv request="BYE"/>',
  label('bye'),
  OK_TO_LAST,
  goto('end'),
  label('hangup'),
  hangup(),
  '<recv response="200"/>',
  goto('end')
]

function escapeForRegexp(user: string): string {
  return user.replace(/[^A-Za-z0-9]/g, (character) => `[${character}]`)
}

/** The scenario of a phone. */
export function uasScenario(behaviours: Behaviours): string {
  const branches = Object.entries(behaviours).filter(([user]) => user !== 'default')
  const tests = branches.map(
    ([user], index) =>
      `<ereg regexp="^INVITE sip:${escapeForRegexp(user)}[@;>]" search_in="msg" assign_to="called${index}"/>`
  )
  const header = (name: string, variable: string, regexp = '.*'): string =>
    `<ereg regexp="${regexp}" search_in="hdr" header="${name}:" assign_to="${variable}"/>`
  const fallback = behaviours['default'] ?? { kind: 'refuse', code: 404 }
  return scenario('uas', [
    '<recv request="INVITE" next="start"><action>' +
      header('CSeq', 'cseq', '[0-9]+') +
      header('From', 'from') +
      header('To', 'to') +
      header('Contact', 'uri', 'sip:[^>;]*') +
      tests.join('') +
      '</action></recv>',
    whenever('request="CANCEL"', 'cancelled'),
    whenever('request="BYE"', 'bye'),
    whenever(`request="${HANG_UP}"`, 'hangup'),
    UNREACHED,
    label('start'),
    ...branches.map((_, index) => `<nop next="branch${index}" test="called${index}"/>`),
    ...behave(fallback),
    ...branches.flatMap(([, behaviour], index) => [label(`branch${index}`), ...behave(behaviour)]),
    ...interruptions,
    label('end'),
    '<nop/>',
    // A variable that no step happens to use is an error to SIPp.
    '<Reference variables="cseq,from,to,uri,answered"/>'
  ])
}
