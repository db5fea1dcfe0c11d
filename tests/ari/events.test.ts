import { readEvent } from '../../src/ari/events'
import { parsedJson } from '../../src/ari/client/json'

function read(event: object) {
  return readEvent(event)
}

const channel = {
  id: '17.1',
  state: 'Ring',
  caller: { name: 'Ann', number: '+15005550006' },
  dialplan: { exten: '+14155550100' }
}

test('an incoming call has its number in the first Stasis argument', () => {
  expect(read({ type: 'StasisStart', args: ['+14155550100'], channel })).toEqual({
    type: 'incoming',
    call: { aLeg: '17.1', number: '+14155550100', caller: { name: 'Ann', number: '+15005550006' } }
  })
})

test('an incoming call has the signs that it has come back in the arguments after its presentation', () => {
  const diversion = Buffer.from('=<sip:+447400123456@carrier>').toString('base64')
  const args = ['+14155550100', 'allowed', 'c1.1.1', diversion, 'PQ==']
  expect(read({ type: 'StasisStart', args, channel })).toMatchObject({
    call: { returned: { leg: 'c1.1.1', diverting: ['+447400123456'] } }
  })
})

test('without a Stasis argument, the extension is the number', () => {
  expect(read({ type: 'StasisStart', args: [], channel })).toMatchObject({ call: { number: '+14155550100' } })
})

test('a channel that followme created is a leg, not an incoming call', () => {
  expect(read({ type: 'StasisStart', args: ['leg'], channel: { id: 'c.1.1' } })).toEqual({
    type: 'legSeen',
    leg: 'c.1.1'
  })
})

test.each([
  ['RINGING', 'legRinging'],
  ['PROGRESS', 'legRinging'],
  ['ANSWER', 'legAnswered']
])('a Dial event with %s is %s', (dialstatus, type) => {
  expect(read({ type: 'Dial', dialstatus, peer: { id: 'c.1.1' } })).toEqual({ type, leg: 'c.1.1' })
})

test.each(['', 'BUSY', 'NOANSWER', 'CONGESTION', 'CHANUNAVAIL', 'CANCEL'])(
  "a Dial event with %p is ignored, because the leg's own end event says how it ended",
  (dialstatus) => {
    expect(read({ type: 'Dial', dialstatus, peer: { id: 'c.1.1' } })).toBeUndefined()
  }
)

test('a hang-up by the other end is reported; a soft hang-up, which may be a redirect, is not', () => {
  const request = { type: 'ChannelHangupRequest', channel: { id: '17.1' }, cause: 127 }
  expect(read(request)).toEqual({ type: 'legHangingUp', leg: '17.1', cause: 127 })
  expect(read({ ...request, soft: true })).toBeUndefined()
})

test('the end of a channel has its cause, and the SIP code if Asterisk knows it', () => {
  const destroyed = { type: 'ChannelDestroyed', channel: { id: 'c.1.1' }, cause: 17 }
  expect(read(destroyed)).toEqual({ type: 'legGone', leg: 'c.1.1', cause: 17 })
  expect(read({ ...destroyed, tech_cause: 486 })).toEqual({ type: 'legGone', leg: 'c.1.1', cause: 17, sipCode: 486 })
  expect(read({ ...destroyed, tech_cause: 0 })).toEqual({ type: 'legGone', leg: 'c.1.1', cause: 17 })
})

test.each([
  '',
  '{',
  'null',
  '[]',
  '7',
  '"x"',
  '{}',
  '{"type":7}',
  '{"type":"New"}',
  '{"type":"StasisStart"}',
  '{"type":"StasisEnd","channel":[]}',
  '{"type":"ChannelStateChange","channel":{"id":"x"}}',
  '{"type":"Dial"}'
])('%p is ignored', (text) => {
  expect(readEvent(parsedJson(text))).toBeUndefined()
})

test.each([
  ['PJSIP/bob-0000001f', 'PJSIP/bob'],
  ['PJSIP/front-desk-0000001f', 'PJSIP/front-desk'],
  // Which end of the two it is tells which other leg it is connected to.
  ['Local/55@office-0000001f;1', '55@office-0000001f;1'],
  ['Local/_attended@transfer-00000020;2', '_attended@transfer-00000020;2'],
  ['', '']
])('if channel %p replaces another, the replacing party is %p', (name, who) => {
  const start = { type: 'StasisStart', args: [], replace_channel: { id: 'c.1.1' } }
  const legReplaced = { type: 'legReplaced', leg: 'c.1.1', by: '17.9', isUp: true, who }
  expect(read({ ...start, channel: { id: '17.9', name, state: 'Up' } })).toEqual(legReplaced)
  expect(read({ ...start, channel: { id: '17.9', name, state: 'Ringing' } })).toEqual({ ...legReplaced, isUp: false })
})
