// The bench's SIPp scenarios: no more than the call needs, and a line in the log, in microseconds, at each point of interest.
import { goto, label, OK_TO_LAST, pause, scenario, send, sendWithAudio, TO_INVITE } from '../sandbox/scenario-xml'
import type { Step } from '../sandbox/scenario-xml'

const log = (what: string): string => `<action><log message="[timestamp] ${what}"/></action>`

/** Logged as soon as it is sent: a step of its own would come up to a millisecond later. */
const logged = (step: Step, what: string): Step => step.replace('</send>', `${log(what)}</send>`)

function request(method: string, number: string, cseq: number, to: string, via: string): string[] {
  return [
    `${method} sip:${number}@[remote_ip]:[remote_port] SIP/2.0`,
    via,
    'From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]uac[call_number]',
    to,
    'Call-ID: [call_id]',
    `CSeq: ${String(cseq)} ${method}`,
    'Contact: <sip:carrier@[local_ip]:[local_port];transport=[transport]>',
    'Max-Forwards: 70'
  ]
}

const reliably = 'retrans="500"'
const newVia = 'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]'

/** What the caller must get: an answer to hang up after, a refusal, or an answer that is hung up by the other side. */
export type Ending = 'answer' | 'refusal' | 'answer-and-bye'

/** Calls the number, and hangs up so long after an answer. Field 0 is the caller's number. */
export function callerScenario(number: string, ending: Ending, holdMs: number): string {
  const code = ending === 'refusal' ? '486' : '200'
  const invite = request('INVITE', number, 1, `To: <sip:${number}@[remote_ip]:[remote_port]>`, newVia)
  const acknowledged = send(request('ACK', number, 1, '[last_To:]', newVia))
  const bye = send(request('BYE', number, 2, '[last_To:]', newVia), reliably)
  const rest: Readonly<Record<Ending, readonly Step[]>> = {
    answer: [acknowledged, pause(holdMs), bye, '<recv response="200"/>'],
    refusal: [send(request('ACK', number, 1, '[last_To:]', '[last_Via:]'))],
    'answer-and-bye': [acknowledged, '<recv request="BYE"/>', OK_TO_LAST]
  }
  return scenario(`bench-invite-expect-${ending}`, [
    logged(sendWithAudio(invite, '[media_port]', reliably), 'invite [field0]'),
    ...[100, 180, 183].map((each) => `<recv response="${String(each)}" optional="true"/>`),
    `<recv response="${code}">${log('final [field0]')}</recv>`,
    ...rest[ending]
  ])
}

const who = '[$phone] [$caller]'
const whoCalls = [
  '<ereg regexp="^INVITE sip:([a-z0-9]+)@" search_in="msg" assign_to="line,phone"/>',
  '<ereg regexp="sip:([+0-9]+)@" search_in="hdr" header="From:" assign_to="from,caller"/>',
  '<ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" assign_to="cseq"/>'
]

const status = (line: string, attributes = ''): Step => send([`SIP/2.0 ${line}`, ...TO_INVITE], attributes)

/** A carrier that refuses each call before anything rings. */
export function refusingScenario(): string {
  return scenario('bench-refusing-carrier', [
    `<recv request="INVITE"><action>${whoCalls.join('')}<log message="[timestamp] rung ${who}"/></action></recv>`,
    logged(status('503 Service Unavailable', reliably), `left ${who}`),
    '<recv request="ACK"/>',
    '<Reference variables="line,from"/>'
  ])
}

/** Every phone: `busy` refuses, those whose names begin with `ring` ring until cancelled, `answers` does at once. */
export function phonesScenario(): string {
  const taken = [
    ...whoCalls,
    '<ereg regexp="^INVITE sip:busy@" search_in="msg" assign_to="isBusy"/>',
    '<ereg regexp="^INVITE sip:ring" search_in="msg" assign_to="isRinging"/>',
    `<log message="[timestamp] rung ${who}"/>`
  ]
  return scenario('bench-phones', [
    // SIPp takes a millisecond a step: none more than a phone needs.
    `<recv request="INVITE" next="busy" test="isBusy"><action>${taken.join('')}</action></recv>`,
    status('180 Ringing'),
    '<nop next="ringing" test="isRinging"/>',
    logged(sendWithAudio(['SIP/2.0 200 OK', ...TO_INVITE], '[media_port]', reliably), `left ${who}`),
    '<recv request="ACK"/>',
    '<recv request="BYE"/>',
    OK_TO_LAST,
    goto('end'),
    label('busy'),
    logged(status('486 Busy Here', reliably), `left ${who}`),
    '<recv request="ACK"/>',
    goto('end'),
    label('ringing'),
    `<recv request="CANCEL">${log(`left ${who}`)}</recv>`,
    OK_TO_LAST,
    status('487 Request Terminated', reliably),
    '<recv request="ACK"/>',
    label('end'),
    '<nop/>',
    '<Reference variables="line,from"/>'
  ])
}
