// Where Asterisk's ARI is, and who we are there.

export interface AriAddress {
  readonly url: string
  readonly user: string
  readonly password: string
  readonly app: string
}

/** Sent as a header, never in a URL: those get logged. */
export function authorizationOf({ user, password }: Pick<AriAddress, 'user' | 'password'>): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
