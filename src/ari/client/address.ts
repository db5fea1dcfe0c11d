// The address of Asterisk's ARI, and our credentials.

export interface AriAddress {
  readonly url: string
  readonly user: string
  readonly password: string
  readonly app: string
}

/** Sent as a header, never in a URL, because URLs get logged. */
export function authorizationOf({ user, password }: Pick<AriAddress, 'user' | 'password'>): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
