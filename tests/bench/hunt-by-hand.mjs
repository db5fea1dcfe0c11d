// A hunt as a developer writes it by hand from the examples of ari-client: two targets one after another, a bridge, and hang-ups. It is
// as quick as the library, and has no rules, records, time-outs of its own or restarts. `node hunt-by-hand.mjs URL USER PASSWORD APP`;
// the dialplan says Stasis(APP,PJSIP/alice,15,PJSIP/bob,15).
import ari from 'ari-client'

const [url, user, password, app] = process.argv.slice(2)
const client = await ari.connect(url, user, password)

const ignore = () => undefined

client.on('StasisStart', ({ args }, channel) => {
  // The legs that this program dials enter the application, too.
  if (args[0] === 'dialled') return
  const targets = []
  for (let index = 0; index < args.length; index += 2) {
    targets.push({ endpoint: args[index], seconds: Number(args[index + 1]) })
  }
  hunt(channel, targets).catch((error) => {
    console.error(error)
    channel.hangup().catch(ignore)
  })
})

async function hunt(caller, targets) {
  let isGone = false
  caller.once('StasisEnd', () => (isGone = true))
  await caller.ring()
  for (const { endpoint, seconds } of targets) {
    if (isGone) return
    const callee = await dial(caller, endpoint, seconds)
    if (callee !== null) return isGone ? callee.hangup().catch(ignore) : connect(caller, callee)
  }
  if (!isGone) await caller.hangup({ reason: 'busy' })
}

/** Rings one target; resolves with its channel once it has answered, with null if it has not. */
function dial(caller, endpoint, seconds) {
  const leg = client.Channel()
  return new Promise((resolve) => {
    const giveUp = () => leg.hangup().catch(ignore)
    const done = (answered) => {
      caller.removeListener('StasisEnd', giveUp)
      resolve(answered)
    }
    caller.once('StasisEnd', giveUp)
    leg.once('StasisStart', (_event, answered) => done(answered))
    leg.once('ChannelDestroyed', () => done(null))
    leg
      .originate({
        endpoint,
        app,
        appArgs: 'dialled',
        timeout: seconds,
        callerId: caller.caller.number,
        originator: caller.id
      })
      .catch(() => done(null))
  })
}

/** Joins the two until one of them hangs up. */
async function connect(caller, callee) {
  const bridge = client.Bridge()
  const end = (other) => {
    other.hangup().catch(ignore)
    bridge.destroy().catch(ignore)
  }
  caller.once('StasisEnd', () => end(callee))
  callee.once('StasisEnd', () => end(caller))
  await caller.answer()
  await bridge.create({ type: 'mixing' })
  await bridge.addChannel({ channel: [caller.id, callee.id] })
}

client.start(app)
