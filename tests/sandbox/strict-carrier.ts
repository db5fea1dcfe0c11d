// A carrier that asks for a password (RFC 3261, 22) and takes only calls that show a number of the customer's.
import { createHash } from 'node:crypto'
import { createSocket, type RemoteInfo } from 'node:dgram'

export interface StrictCarrier {
  readonly port: number
  /** Every INVITE, as it came. */
  readonly invites: readonly string[]
  /** How the next calls are challenged: 401, 407, or not at all. */
  challenge: 401 | 407 | null
  /** The numbers of which one must be the user of From or of P-Asserted-Identity; otherwise the call is refused with 403. */
  numbers: readonly string[]
  close(): void
}

const login = { user: 'site', realm: 'carrier', password: 's3cret' }

/** What the endpoint of pjsip.conf needs, besides `outbound_auth = NAME`. */
export function authSection(name: string): string {
  return `\n[${name}]\ntype = auth\nauth_type = userpass\nusername = ${login.user}\npassword = ${login.password}\n`
}

/** It refuses every call in the end: those that it takes with 486. */
export async function startStrictCarrier(): Promise<StrictCarrier> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const invites: string[] = []
  const carrier = {
    port: socket.address().port,
    invites,
    challenge: null as StrictCarrier['challenge'],
    numbers: [] as readonly string[],
    close: () => void socket.close()
  }
  socket.on('message', (data, from) => {
    const request = data.toString('latin1')
    if (request.startsWith('INVITE ')) {
      invites.push(request)
      respond(from, request, finalOf(request))
    } else if (!request.startsWith('ACK ')) {
      respond(from, request, ['200 OK'])
    }
  })

  function respond(to: RemoteInfo, request: string, [status = '', ...headers]: readonly string[]): void {
    const same = request.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq): /.test(line))
    const called = `${/^To: .*$/m.exec(request)?.[0] ?? ''};tag=strict`
    const response = [`SIP/2.0 ${status}`, ...same, called, ...headers, 'Content-Length: 0', '', ''].join('\r\n')
    socket.send(response, to.port, to.address)
  }

  function finalOf(request: string): readonly string[] {
    const { challenge, numbers } = carrier
    if (challenge !== null && !isAuthorized(request, challenge)) {
      const header = challenge === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate'
      return [
        `${String(challenge)} Unauthorized`,
        `${header}: Digest realm="${login.realm}", nonce="n1", algorithm=MD5`
      ]
    }
    return numbers.some((number) => usersIn(request).includes(number)) ? ['486 Busy Here'] : ['403 Forbidden']
  }

  return carrier
}

function isAuthorized(request: string, challenge: 401 | 407): boolean {
  const name = challenge === 401 ? 'Authorization' : 'Proxy-Authorization'
  const header = new RegExp(`^${name}: (.*)$`, 'm').exec(request)?.[1] ?? ''
  const given = (field: string): string => new RegExp(`${field}="([^"]*)"`).exec(header)?.[1] ?? ''
  const md5 = (...parts: readonly string[]): string => createHash('md5').update(parts.join(':')).digest('hex')
  const who = md5(login.user, login.realm, login.password)
  return given('response') === md5(who, 'n1', md5('INVITE', given('uri')))
}

/** The user parts of From and P-Asserted-Identity. */
export function usersIn(invite: string): readonly string[] {
  return Array.from(
    invite.matchAll(/^(?:From|P-Asserted-Identity): [^<\r\n]*<sips?:([^@>]*)@/gm),
    ([, user = '']) => user
  )
}
