// The engine's Telephony port in ARI's words: legs are channels, and each method is one request or a few in order.
import { reasonOf } from '../errors'
import { dialRefusal } from '../rules/gate'
import { endpointFor, isOutside, parseTarget } from '../rules/number'
import type { PresentedCaller } from '../rules/shown-caller'
import { TelephonyError } from '../ports'
import type {
  AsteriskSnapshot,
  DialplanTarget,
  Diversion,
  SnapshotLeg,
  Telephony,
  TelephonyEvent,
  TelephonyFailure
} from '../ports'
import { legArgument } from './events'
import { Contacts } from './contacts'
import { HoldingBridges } from './holding-bridges'
import { isObject, textIn } from './client/json'
import type { AriOperation, AriParameters } from './client/operations'
import { AriRequestError } from './client/transport'
import { toTelephonyError } from './telephony-error'
import { listed, snapshotBridges, snapshotLeg } from './snapshot'

type LeasePhase = Parameters<Telephony['setLease']>[2]

interface Requester {
  readonly wakesIdleChannels: boolean
  request(operation: AriOperation, parameters: AriParameters): Promise<unknown>
  accepts(operation: AriOperation, parameter: string): boolean
  eventBarrier(): Promise<void>
}

/**
 * A request to dial that was cut is asked again for so long, where it was not carried out: Asterisk may have no connection left.
 * Not longer, since the leg's hang-up would wait for it.
 */
const dialAgainMs = 5000

/** How long to wait for a Diversion to be set. */
const divertMs = 1000

/** CHANNEL(max_forwards) of a leg that has only been made. */
const undialledForwards = '20'

/**
 * The variables of a new leg: for trunks the hangup handler [followme-leg] and the header by which the leg is known if it comes back;
 * and the caller ID to present. `dial` copies the caller's own ID onto the leg, but a private ID (`priv`) takes precedence (ast_channel_connected_effective_id in main/channel.c).
 */
function variablesOf(leg: string, target: string, shown: PresentedCaller | undefined): AriParameters {
  const { number, name, isWithheld, alertInfo } = shown ?? {}
  const presentation = isWithheld === true ? 'prohib' : 'allowed'
  const variables = {
    ...(isOutside(target) && { 'CHANNEL(hangup_handler_push)': 'followme-leg,s,1' }),
    ...(isOutside(target) && target.startsWith('PJSIP/') && { 'PJSIP_HEADER(add,X-Followme)': leg }),
    ...(number !== undefined && {
      'CONNECTEDLINE(priv-num,i)': number,
      'CONNECTEDLINE(priv-num-pres,i)': presentation
    }),
    ...(name !== undefined && { 'CONNECTEDLINE(priv-name,i)': name, 'CONNECTEDLINE(priv-name-pres,i)': presentation }),
    ...(alertInfo !== undefined && target.startsWith('PJSIP/') && { 'PJSIP_HEADER(add,Alert-Info)': alertInfo })
  }
  return Object.keys(variables).length === 0 ? {} : { variables: { variables } }
}

export class AriTelephony implements Telephony {
  private readonly holding: HoldingBridges
  private readonly contacts: Contacts

  constructor(
    private readonly link: Requester,
    private readonly app: string,
    /** Dial string with `{number}`, for targets that are numbers. */
    private readonly trunk: string
  ) {
    this.holding = new HoldingBridges(link, app)
    this.contacts = new Contacts(link)
  }

  /** Must be called with every event of the link. */
  onEvent(event: TelephonyEvent): void {
    this.holding.onEvent(event)
    // Asterisk may have been started with another configuration.
    if (event.type === 'connected') this.contacts.forget()
  }

  /** Clears away what was made for legs to come. */
  close(): Promise<void> {
    return this.holding.close()
  }

  /**
   * Asterisk answers 500 when the driver cannot make a channel: an endpoint that is unknown, not registered or known
   * to be unreachable. `originator` lends the leg the caller's codecs.
   */
  async createLeg(
    leg: string,
    dial: string,
    aLeg: string,
    { contact, shown, trunk, isPrivate }: Parameters<Telephony['createLeg']>[3] = {}
  ): Promise<void> {
    const target = trunk ?? endpointFor(parseTarget(dial), this.trunk)
    const refusal = dialRefusal(target, '', undefined, isPrivate)
    if (refusal !== undefined) throw new TelephonyError('barred', refusal.reason)
    const endpoint = contact ?? target
    await this.ask(
      'channels.create',
      {
        endpoint,
        app: this.app,
        appArgs: `${legArgument},${aLeg}`,
        channelId: leg,
        originator: aLeg,
        ...variablesOf(leg, target, shown)
      },
      { 500: 'unavailable' }
    )
  }

  async mayHaveSeveralContacts(dial: string): Promise<boolean> {
    try {
      return await this.contacts.canHaveSeveral(dial)
    } catch (error) {
      throw toTelephonyError(error)
    }
  }

  async contactsOf(dial: string, aLeg: string): Promise<readonly string[]> {
    try {
      return await this.contacts.of(dial, aLeg)
    } catch (error) {
      // Nothing was created, whatever happened to the request.
      const isUnsent = error instanceof AriRequestError && error.status === 'disconnected'
      throw new TelephonyError(isUnsent ? 'disconnected' : 'failed', reasonOf(error))
    }
  }

  /** `caller` passes the caller's number and name on to the target. Without a timeout Asterisk would ring for ever. */
  async dialLeg(
    leg: string,
    aLeg: string,
    timeoutSeconds: number,
    again: boolean,
    diversion?: Diversion
  ): Promise<void> {
    if (again && (await this.isDialled(leg))) return
    if (diversion !== undefined) await this.setDiversion(aLeg, diversion)
    try {
      await this.holding.place(leg)
      await this.dial(leg, { channelId: leg, caller: aLeg, timeout: timeoutSeconds })
    } catch (error) {
      // It was gone before it had a place.
      if (error instanceof AriRequestError && error.status === 404) this.holding.release(leg)
      throw toTelephonyError(error)
    }
  }

  /**
   * In one request, by the dialplan's own ARRAY(). A count of 0 sends no header. Asterisk answers before the leg's thread has done it, and
   * `dial` would copy what was there before: so it is read until it is there.
   */
  private async setDiversion(aLeg: string, diversion: Diversion): Promise<void> {
    const { number, reason } = diversion ?? { number: '', reason: 'unknown' }
    const mark = diversion === null ? 'none' : reason
    try {
      await this.setVariable(
        aLeg,
        'ARRAY(REDIRECTING(from-num,i),REDIRECTING(from-num-pres,i),REDIRECTING(reason,i),REDIRECTING(count,i),FOLLOWME_DIVERTED)',
        `${number},allowed,${reason},${diversion === null ? 0 : 1},${mark}`
      )
      await this.untilSet(aLeg, 'FOLLOWME_DIVERTED', mark)
    } catch (error) {
      // A caller who has gone ends the call, and a carrier may take it without the header.
      if (error instanceof TelephonyError && error.failure === 'disconnected') throw error
    }
  }

  /** A variable that is not there yet is answered like a leg that is gone (404). */
  private async untilSet(channelId: string, variable: string, value: string): Promise<void> {
    const endAt = performance.now() + divertMs
    while (performance.now() < endAt) {
      const answer = await this.ask('channels.getChannelVar', { channelId, variable }).catch((error: unknown) => {
        if (!(error instanceof TelephonyError && error.failure === 'gone')) throw error
      })
      if (isObject(answer) && textIn(answer, 'value') === value) return
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  private async dial(leg: string, parameters: AriParameters): Promise<void> {
    const endAt = performance.now() + dialAgainMs
    for (;;) {
      try {
        await this.link.request('channels.dial', parameters)
        return
      } catch (error) {
        if (!(error instanceof AriRequestError) || error.status !== 'cut' || performance.now() >= endAt) throw error
        if (await this.isDialled(leg)) return
      }
    }
  }

  /**
   * Whether `dial` has been carried out for a leg, whatever has become of it since. It leaves one trace that shows before
   * anything rings: the leg may be forwarded once less often than its caller (main/max_forwards.c counts from 20).
   */
  private async isDialled(leg: string): Promise<boolean> {
    const answer = await this.ask('channels.getChannelVar', { channelId: leg, variable: 'CHANNEL(max_forwards)' })
    return isObject(answer) && textIn(answer, 'value') !== undialledForwards
  }

  async ringCaller(aLeg: string): Promise<void> {
    await this.ask('channels.ring', { channelId: aLeg })
  }

  async answerCaller(aLeg: string): Promise<void> {
    await this.ask('channels.answer', { channelId: aLeg })
  }

  async bridge(bridge: string, aLeg: string, bLeg: string): Promise<void> {
    try {
      await this.ask('bridges.createWithId', { bridgeId: bridge, type: 'mixing', name: this.app }, { 500: 'conflict' })
    } catch (error) {
      // An earlier request has made it already; Asterisk before 20.13 and 22.3 says 500 to that.
      if (!(error instanceof TelephonyError && error.failure === 'conflict')) throw error
    }
    // 400 and 404 say that a channel (or the bridge) is not there, 409 and 422 that one is not in our hands.
    await this.ask(
      'bridges.addChannel',
      { bridgeId: bridge, channel: `${aLeg},${bLeg}`, ...this.withoutReinvite() },
      { 400: 'gone', 422: 'conflict' }
    )
    this.holding.release(bLeg)
  }

  /**
   * Joining presents each party to the other, by a re-INVITE where its endpoint sends identities. One that does not answer it
   * loses the call after 32 s, so nobody is presented, where Asterisk knows how (22 does, 16.28 does not).
   */
  private withoutReinvite(): AriParameters {
    const isKnown = this.link.accepts('bridges.addChannel', 'inhibitConnectedLineUpdates')
    return isKnown ? { inhibitConnectedLineUpdates: 'true' } : {}
  }

  async destroyBridge(bridge: string): Promise<void> {
    await this.ask('bridges.destroy', { bridgeId: bridge })
  }

  async hangUp(leg: string, cause: number): Promise<void> {
    const why = this.link.accepts('channels.hangup', 'reason_code')
      ? { reason_code: String(cause) }
      : { reason: reasons[cause] ?? 'congestion' }
    await this.ask('channels.hangup', { channelId: leg, ...why })
  }

  /**
   * FOLLOWME_PHASE has the dialplan end the call when the lease runs out, instead of ringing somebody else; FOLLOWME_REACHED has the
   * failsafe begin with the step of that target. All are set in one request, by the dialplan's own ARRAY(): all or none.
   */
  async setLease(aLeg: string, seconds: number, { talking, talked, reached }: LeasePhase): Promise<void> {
    const values = [
      ...(talking || talked ? [['FOLLOWME_PHASE', talking ? 'talking' : '']] : []),
      ...this.reachedBy(reached),
      ['TIMEOUT(absolute)', String(seconds)]
    ]
    const names = values.map(([name]) => name).join(',')
    const variable = values.length === 1 ? names : `ARRAY(${names})`
    await this.setVariable(aLeg, variable, values.map(([, value]) => value).join(','))
  }

  /** Nothing for what the dialplan would not dial. */
  private reachedBy(dial = ''): string[][] {
    const endpoint = dial.startsWith('+') ? this.trunk.replace('{number}', dial) : dial
    return /^[A-Za-z0-9_.+@/*#-]+$/.test(endpoint) ? [['FOLLOWME_REACHED', endpoint]] : []
  }

  async leaveToDialplan(aLeg: string, { context, extension, priority, variables }: DialplanTarget): Promise<void> {
    for (const [name, value] of Object.entries(variables)) await this.setVariable(aLeg, name, value)
    await this.ask('channels.continueInDialplan', { channelId: aLeg, context, extension, priority })
  }

  async eventBarrier(): Promise<void> {
    try {
      await this.link.eventBarrier()
    } catch (error) {
      throw new TelephonyError('disconnected', reasonOf(error))
    }
  }

  /**
   * Stasis arguments mark our channels, names mark our bridges. Rejects as `failed` if an answer is not a complete list: whatever is
   * missing counts as gone, so half a list would end live calls.
   */
  async snapshot(): Promise<AsteriskSnapshot> {
    const answers = await Promise.all([this.ask('channels.list', {}), this.ask('bridges.list', {})])
    const [channels = [], bridges = []] = answers.map(listed)
    const legs = channels.map(async (each) => {
      const leg = snapshotLeg(each, this.app)
      return [textIn(each, 'id'), { ...leg, undialled: await this.isUndialled(textIn(each, 'id'), leg) }] as const
    })
    const snapshot = { legs: new Map(await Promise.all(legs)), bridges: snapshotBridges(bridges, this.app) }
    this.holding.clear(snapshot.bridges)
    return snapshot
  }

  private async isUndialled(id: string, { ours, state }: SnapshotLeg): Promise<boolean> {
    if (!ours || state !== 'down') return false
    try {
      return !(await this.isDialled(id))
    } catch (error) {
      // Half a snapshot: calls would go on as if nothing else had been missed.
      if (error instanceof TelephonyError && error.failure === 'disconnected') throw error
      return false
    }
  }

  private async setVariable(channelId: string, variable: string, value: string): Promise<void> {
    await this.ask('channels.setChannelVar', { channelId, variable, value })
  }

  /** One request; a failure becomes a {@link TelephonyError}. `meanings` names statuses that mean something here. */
  private async ask(
    operation: AriOperation,
    parameters: AriParameters,
    meanings: Readonly<Record<number, TelephonyFailure>> = {}
  ): Promise<unknown> {
    try {
      return await this.link.request(operation, parameters)
    } catch (error) {
      throw toTelephonyError(error, meanings)
    }
  }
}

/** Asterisk 16 takes a word for a few causes instead of the cause's number. Where it has none, the nearest. */
const reasons: Readonly<Record<number, string>> = {
  1: 'unallocated',
  16: 'normal',
  17: 'busy',
  18: 'timeout',
  19: 'no_answer',
  20: 'no_answer',
  26: 'answered_elsewhere'
}
