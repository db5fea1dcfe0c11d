// What /readyz of a running followme says, as far as tests go by it.

export interface Readiness {
  readonly ready: boolean
  /** The calls that it believes to be in hand. */
  readonly calls: number
  readonly failsafeAgeSeconds: number | null
}

/** Null where nobody answers in time. On a connection of its own: one that is kept would be followme's to hold. */
export async function readiness(http: string): Promise<Readiness | null> {
  const options = { headers: { connection: 'close' }, signal: AbortSignal.timeout(1000) }
  const response = await fetch(`http://${http}/readyz`, options).catch(() => null)
  return ((await response?.json().catch(() => null)) ?? null) as Readiness | null
}
