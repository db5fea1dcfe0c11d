// The judge is judged: a call that balances, and each way in which what carrier and people have seen may not.
import type { Account, Struck } from './account'
import { judge } from './books'
import { account, bye, callerGets, callOf, fault, invite, number, ok, record, rings, unanswered } from './given-account'
import { people } from './profiles'

const { waits, slow, hangsUp, busy } = people
const cancelled = (who: string): Account['legs'][number] =>
  rings(who, [800, 'received', 'CANCEL sip:x SIP/2.0', 'CANCEL'])
const fellBack = { ...unanswered, outcome: 'fallback', fallback: 'busy', endedBy: 'followme' } as const

test('a call that goes as planned passes', () => {
  expect(judge(account(), [])).toEqual({
    outcome: 'person',
    byFailsafe: false,
    isUnwritten: false,
    violations: [],
    notes: []
  })
})

test.each<[string, Partial<Account>, RegExp]>([
  ['never placed', { seen: undefined }, /never placed/],
  ['without a final response', { seen: callerGets(), legs: [] }, /never given an answer/],
  ['refused with 503', { seen: callerGets([900, 'received', 'SIP/2.0 503 No']), legs: [] }, /given 503/],
  [
    'answered by the wrong target',
    { legs: [rings(slow.number, [790, 'sent', ok], [7810, 'received', bye, 'BYE'])] },
    /came to \+442071838702/
  ],
  [
    'that got the fallback although a target would have answered',
    { seen: callerGets([900, 'received', 'SIP/2.0 486 Busy Here']), legs: [] },
    /came to 486/
  ],
  ['whose caller was answered by nobody', { legs: [] }, /answered by nobody/],
  [
    'that heard the apology',
    { seen: callerGets([800, 'received', ok], [3000, 'received', bye, 'BYE', 41]), legs: [] },
    /apology/
  ],
  [
    'whose caller was dropped',
    { seen: callerGets([800, 'received', ok], [3000, 'received', bye, 'BYE', 16]) },
    /dropped: both/
  ],
  [
    'whose target was dropped',
    { legs: [rings(waits.number, [790, 'sent', ok], [3000, 'received', bye, 'BYE'])] },
    /dropped: the person was/
  ],
  ['whose target gave up', { legs: [rings(waits.number, [790, 'sent', ok], [3000, 'sent', bye, 'BYE'])] }, /gave up/],
  [
    'whose target stayed connected after the caller hung up',
    { legs: [rings(waits.number, [790, 'sent', ok], [9900, 'received', bye, 'BYE'])] },
    /hung up 2100 ms apart/
  ],
  [
    'whose caller heard ringing after a target had answered',
    { seen: callerGets([3800, 'received', ok], [7800, 'sent', bye, 'BYE']) },
    /answered 3010 ms apart/
  ],
  [
    'whose caller heard silence',
    {
      seen: callOf('a', [
        [0, 'sent', invite(number)],
        [13_000, 'received', ok],
        [20_000, 'sent', bye, 'BYE']
      ])
    },
    /heard nothing for 13000 ms/
  ],
  [
    'that rang a target twice',
    { legs: [cancelled(waits.number), account().legs[0] ?? cancelled('')] },
    /rung 2 times, not 1/
  ],
  [
    'that also rang the wrong target',
    { legs: [...account().legs, cancelled(busy.number)] },
    /8704 was rung 1 times, not 0/
  ],
  [
    'whose phones rang after the caller had hung up',
    { legs: [...account().legs, rings(busy.number, [9900, 'received', 'CANCEL sip:x SIP/2.0', 'CANCEL'])] },
    /8704 rang for 2100 ms after the caller had gone/
  ],
  ['without a record of its attempt', { records: [record({}, [])] }, /rung 1 times, but 0 attempts/],
  ['taken by the failsafe while followme was running', { failsafes: 1 }, /failsafe has fired/],
  [
    'answered by a second target without a caller',
    { legs: [...account().legs, rings(slow.number, [790, 'sent', ok])] },
    /nobody was there/
  ]
])('a call %s fails the check', (_, change, words) => {
  expect(judge(account(change), []).violations.join('; ')).toMatch(words)
})

test.each<[string, readonly Struck[]]>([
  ['there was no fault', []],
  ['followme was stopped', [fault('stopped', 100)]],
  ['followme was killed', [fault('killed', 100)]],
  ['the network was down', [fault('half-open', 100)]],
  ['Asterisk was slow', [fault('slow', 100)]],
  ['another number was overridden', [fault('overridden', 100, { numbers: [] })]]
])('giving the fallback although a target answers is a violation if %s', (_, faults) => {
  const left = {
    seen: callerGets([900, 'received', 'SIP/2.0 486 Busy Here']),
    legs: [],
    records: [record(fellBack, [])]
  }
  expect(judge(account(left), faults).violations).toEqual([`came to 486, not to ${waits.number}`])
})

test('a target may stay connected for a while if followme was stopped when the caller hung up, but no longer', () => {
  const stays = (untilMs: number, ...faults: Struck[]) => {
    const legs = [rings(waits.number, [790, 'sent', ok], [untilMs, 'received', bye, 'BYE'])]
    return judge(account({ legs, records: [record({}, [{}])] }), faults).violations
  }
  const stopped = fault('stopped', 7850)
  expect(stays(9900, stopped)).toEqual([])
  expect(stays(19_900, stopped).join()).toMatch(/hung up 12100 ms apart/)
  expect(stays(9900, fault('locked', 7850)).join()).toMatch(/hung up 2100 ms apart/)
})

test('under any fault, dropping a waiting target that has answered in favour of the fallback is a violation', () => {
  const givenUp = {
    seen: callerGets([1900, 'received', 'SIP/2.0 486 Busy Here']),
    legs: [rings(hangsUp.number, [790, 'sent', ok], [1910, 'received', bye, 'BYE'])],
    records: [record(fellBack, [{ dial: hangsUp.number }])]
  }
  const { violations } = judge(account(givenUp, 'the person hangs up'), [fault('stopped')])
  expect(violations.join()).toMatch(/nobody was there/)
})

test('during a fault, a target that hangs up before followme notices may cost the caller the call', () => {
  const late = {
    seen: callerGets([7900, 'received', 'SIP/2.0 486 Busy Here']),
    legs: [rings(hangsUp.number, [1010, 'sent', ok], [7010, 'sent', bye, 'BYE'])],
    records: [record({ ...fellBack, endedAt: 1_007_900 }, [{ dial: hangsUp.number }])]
  }
  const judged = (...faults: Struck[]) => judge(account(late, 'the person hangs up'), faults)
  const because = ['came to 486', `${hangsUp.number} has answered, and nobody was there`]
  expect(judged(fault('stopped', 900, { wellAt: 1_007_800 }))).toMatchObject({ violations: [], notes: because })
  expect(judged(fault('locked')).violations).not.toEqual([])
  expect(judged().violations).not.toEqual([])
})

test('parties that answered without a connection may be parted if one hangs up before reconnecting', () => {
  const unjoined = {
    seen: callerGets([1650, 'received', ok], [7060, 'received', bye, 'BYE', 17]),
    legs: [rings(hangsUp.number, [1010, 'sent', ok], [7010, 'sent', bye, 'BYE'])],
    records: [record({ ...fellBack, endedAt: 1_007_090 }, [{ dial: hangsUp.number }])]
  }
  const judged = (...faults: Struck[]) => judge(account(unjoined, 'the person hangs up'), faults).violations
  expect(judged(fault('reset', 2000, { sinceAt: 1_000_800, wellAt: 1_007_060 }))).toEqual([])
  expect(judged(fault('reset', 2000, { sinceAt: 1_000_800, wellAt: 1_004_000 })).join()).toMatch(/says fallback/)
  expect(judged(fault('slow', 800, { wellAt: 1_007_060 })).join()).toMatch(/says fallback/)
  expect(judged().join()).toMatch(/says fallback/)
})

test('a call under an override must be closed or forwarded accordingly, and its record must say so', () => {
  const closed = {
    seen: callerGets([50, 'received', 'SIP/2.0 486 Busy Here']),
    legs: [],
    records: [record({ ...fellBack, decision: 'override', endedAt: 1_000_060 }, [])]
  }
  const judged = (chance: number, change: Partial<Account>) =>
    judge(account({ ...closed, ...change }), [fault('overridden', -500, { chance })])
  expect(judged(0, {})).toMatchObject({ violations: [], notes: ['came to 486'] })
  expect(judged(0.9, {}).violations.join()).toMatch(/came to 486/)
  const unsaid = { records: [record({ ...fellBack, endedAt: 1_000_060 }, [])] }
  expect(judged(0, unsaid).violations.join()).toMatch(/says that rule has decided/)
  expect(judged(0, { legs: [cancelled(waits.number)] }).violations.join()).toMatch(/rung 1 times, not 0/)
})

describe('a number behind two trunks', () => {
  const { rerouted } = people
  const refused = rings('00442071838710', [20, 'sent', 'SIP/2.0 503 Service Unavailable'])
  const answered = rings('442071838710', [790, 'sent', ok], [7810, 'received', bye, 'BYE'])
  const first = { dial: rerouted.number, trunk: 'first', outcome: 'congestion' } as const
  const second = { dial: rerouted.number, trunk: 'second', tryNumber: 2 } as const
  const change = (legs: Account['legs'], attempts: Parameters<typeof record>[1]): Partial<Account> => ({
    legs,
    records: [record({ answeredBy: rerouted.number }, attempts)]
  })
  const judged = (given: Partial<Account>, ...faults: Struck[]) =>
    judge(account(given, 'through the second trunk'), faults).violations.join('; ')

  test('is asked for once by each, or by the second alone if the first is passed over', () => {
    expect(judged(change([refused, answered], [first, second]))).toBe('')
    expect(judged(change([answered], [{ ...first, outcome: 'limited' }, second]))).toBe('')
    expect(judged(change([answered], [first, second]))).toMatch(/00442071838710 was rung 0 times, not 1/)
    expect(judged(change([refused, answered], [{ ...first, outcome: 'limited' }, second]))).toMatch(
      /was rung 1 times, but 0 attempts/
    )
  })

  test('is never called twice by the same carrier, nor through the trunk behind', () => {
    expect(judged(change([refused, refused, answered], [first, second]))).toMatch(/00442071838710 was rung 2 times/)
    const behind = rings(rerouted.number, [20, 'sent', 'SIP/2.0 404 Not Found'])
    expect(judged(change([refused, behind, answered], [first, second]))).toMatch(
      /\+442071838710 was rung 1 times, not 0/
    )
  })

  test('is given up if nobody looked until its ring time was over, and no sooner', () => {
    const silent = (lastedMs: number) => {
      const attempt = { ...first, outcome: 'unreachable', startedAt: 1_000_005, endedAt: 1_000_005 + lastedMs } as const
      const seen = callerGets([lastedMs + 10, 'received', 'SIP/2.0 486 Busy Here'])
      const records = [record({ ...fellBack, endedAt: 1_000_010 + lastedMs }, [attempt])]
      return judged({ seen, legs: [refused], records }, fault('half-open', 5000, { wellAt: 1_016_000 }))
    }
    expect(silent(15_000)).toBe('')
    expect(silent(8_000)).toMatch(/no attempt whose end nobody has seen/)
  })

  test('is given up only if a process that was not there cannot know whether it has rung', () => {
    const given = (outcome: 'lost' | 'congestion'): Partial<Account> => ({
      seen: callerGets([900, 'received', 'SIP/2.0 486 Busy Here']),
      legs: [refused],
      records: [record({ ...fellBack, endedAt: 1_000_900 }, [{ ...first, outcome }])]
    })
    expect(judged(given('lost'), fault('killed', 20))).toBe('')
    expect(judged(given('congestion'), fault('killed', 20))).toMatch(/no attempt whose end nobody has seen/)
    expect(judged(given('lost'), fault('stopped', 20))).toMatch(/no attempt whose end nobody has seen/)
    expect(judged(given('lost'))).toMatch(/came to 486/)
  })
})

test('all devices of a phone ring once, and one answers', () => {
  const desk = rings('desk', [790, 'sent', ok], [7810, 'received', bye, 'BYE'])
  const records = [record({ answeredBy: 'PJSIP/pair' }, [{ dial: 'PJSIP/pair' }])]
  const judged = (legs: Account['legs'], ...faults: Struck[]) =>
    judge(account({ legs, records }, 'two devices, one answers'), faults).violations.join('; ')
  expect(judged([desk, cancelled('soft')])).toBe('')
  expect(judged([desk])).toMatch(/soft was rung 0 times/)
  expect(judged([desk, cancelled('soft'), cancelled('soft')])).toMatch(/soft was rung 2 times/)
})

describe('a call that the carrier sends back', () => {
  const first = record({ ...fellBack, endedAt: 1_000_900 }, [])
  const turn = (change: Partial<Account['records'][number]['call']> = {}) =>
    record({ ...unanswered, decision: 'loop', outcome: 'refused', cameFrom: 'one', ...change }, [])
  const judged = (turns: Account['records'], faults: readonly Struck[] = [], failsafes = 0) => {
    const seen = callerGets([900, 'received', 'SIP/2.0 486 Busy Here'])
    return judge(account({ seen, legs: [], records: [first, ...turns], failsafes }, 'a loop'), faults).violations.join()
  }

  test('is refused the first time, and its record names the call that it came from', () => {
    expect(judged([turn()])).toBe('')
    expect(judged([])).toMatch(/came back 0 times/)
    expect(judged([turn(), turn()])).toMatch(/came back 2 times/)
    expect(judged([turn({ decision: 'rule', outcome: 'fallback' })])).toMatch(/0 were refused as a loop/)
    expect(judged([turn({ cameFrom: null })])).toMatch(/does not name the call/)
    expect(judged([turn({ endedAt: null })])).toMatch(/left open/)
    expect(judged([turn({ outcome: 'abandoned' })])).toMatch(/not refused, but abandoned/)
  })

  test('may go round more often if followme is not there, but never without end', () => {
    const rule = turn({ decision: 'rule', outcome: 'fallback' })
    expect(judged([rule, turn()], [fault('killed', 20)])).toBe('')
    expect(judged([rule, rule, rule, rule, turn()], [fault('killed', 20)])).toMatch(/went round 5 times/)
    expect(judged([rule, turn()], [fault('locked', 20)])).toMatch(/came back 2 times/)
  })
})

test('nobody is shown a number or a name that is withheld, and the record has neither', () => {
  const answered = rings('442071838712', [790, 'sent', ok], [7810, 'received', bye, 'BYE'])
  const { beyond } = people
  const judged = (raw: string, callerNumber: string) => {
    const [first, ...others] = answered.messages
    const messages = first === undefined ? [] : [{ ...first, raw }, ...others]
    const attempts = [{ dial: beyond.number, trunk: 'second' }]
    const records = [record({ answeredBy: beyond.number, callerNumber }, attempts)]
    return judge(account({ legs: [{ ...answered, messages }], records }, 'withheld, two trunks'), []).violations.join()
  }
  expect(judged('From: "Anonymous" <sip:anonymous@anonymous.invalid>', 'anonymous')).toBe('')
  expect(judged('P-Asserted-Identity: <sip:15005550000@127.0.0.1>', 'anonymous')).toMatch(/was shown a number/)
  expect(judged('From: "Hidden" <sip:anonymous@anonymous.invalid>', 'anonymous')).toMatch(/was shown a number/)
  expect(judged('From: <sip:anonymous@anonymous.invalid>', '+15005550000')).toMatch(/its record has a number that/)
})

test('the failsafe may ring every target once more, but only if followme was unavailable', () => {
  const again = rings(waits.number, [500, 'sent', ok], [510, 'received', bye, 'BYE'])
  const carried = record({ failsafeAt: 1_000_600 }, [{ outcome: 'lost' }, { step: 2 }])
  const judged = (legs: Account['legs'], faults: readonly Struck[], failsafes = 1) =>
    judge(account({ legs, failsafes, records: [carried] }), faults)
  const legs = [again, ...account().legs]
  expect(judged(legs, [fault('stopped', 400)])).toMatchObject({ byFailsafe: true, violations: [] })
  expect(judged(legs, [fault('disk-full', 400)]).violations.join()).toMatch(/fired with followme there/)
  expect(judged([again, ...legs], [fault('stopped', 400)]).violations.join()).toMatch(/rung 3 times, not 1 to 2/)
  expect(judged(legs, [fault('stopped', 400)], 2).violations.join()).toMatch(/had it 2 times/)
})

test('a phone whose ringing ended just before a crash may ring again', () => {
  const before = rings(waits.number, [40, 'sent', 'SIP/2.0 486 Busy Here'])
  const judged = (afterMs: number, kind: 'killed' | 'replaced' | 'stopped', wellAt = 1_000_000 + afterMs + 600) =>
    judge(account({ legs: [before, ...account().legs] }), [fault(kind, afterMs, { wellAt })]).violations
  expect(judged(100, 'killed')).toEqual([])
  // Replaced once the other has started.
  expect(judged(-500, 'replaced')).toEqual([])
  expect(judged(-500, 'killed').join()).toMatch(/rung 2 times/)
  expect(judged(100, 'stopped').join()).toMatch(/rung 2 times/)
  expect(judged(900, 'killed').join()).toMatch(/rung 2 times/)
})

test('a phone whose ring time ended before the next process could look may not have rung at all', () => {
  const { nobody } = people
  const judged = (lastsMs: number, ...faults: Struck[]) => {
    const endedAt = 1_000_005 + lastsMs
    const attempt = { dial: nobody.number, startedAt: 1_000_005, ringingAt: null, outcome: 'lost', endedAt } as const
    const records = [record({ ...fellBack, fallback: 'hangup', endedAt: endedAt + 10 }, [attempt])]
    const seen = callerGets([lastsMs + 20, 'received', 'SIP/2.0 480 No'])
    return judge(account({ seen, legs: [], records }, 'nobody at all'), faults).violations
  }
  const away = fault('killed', 100)
  expect(judged(2500, away)).toEqual([])
  expect(judged(2500, fault('killed', 100, { wellAt: 1_000_400 })).join()).toMatch(/rung 0 times/)
  expect(judged(2500, fault('killed', -900, { wellAt: 1_002_400 })).join()).toMatch(/rung 0 times/)
  expect(judged(2500, fault('stopped', 100)).join()).toMatch(/rung 0 times/)
})
