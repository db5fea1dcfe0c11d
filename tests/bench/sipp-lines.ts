// The lines that the bench's scenarios log, and what they say of each call. PURE.

/** What happened to a caller's call, at a microsecond since 1970. A phone has `left` when it has refused, answered or been cancelled. */
export interface Line {
  readonly at: number
  readonly what: 'invite' | 'final' | 'rung' | 'left'
  /** Whose line it is; null for the caller's. */
  readonly phone: string | null
  /** The caller's number, which tells the calls apart. */
  readonly caller: string
}

const pattern = /(\d{9,})\.(\d{6}) (invite|final|rung|left) (?:([a-z0-9]+) )?(\+?\d+)$/

export function linesOf(log: string): Line[] {
  return log.split('\n').flatMap((text) => {
    const [, seconds, micros, what, phone = null, caller = ''] = pattern.exec(text) ?? []
    if (seconds === undefined) return []
    return [{ at: Number(seconds) * 1e6 + Number(micros), what: what as Line['what'], phone, caller }]
  })
}

export interface Timed {
  /**
   * From the INVITE sent to the final answer received, in milliseconds, one a call; less what the phones took to refuse or
   * answer, which is SIPp's own.
   */
  readonly setUpMs: readonly number[]
  /** What they took, one a call. */
  readonly phonesMs: readonly number[]
  /** From the 486 that a phone has sent, or the CANCEL that it has received, to the INVITE at the next, in milliseconds. */
  readonly hopMs: readonly number[]
  /** INVITEs a second that the caller has really sent; NaN where there is but one. */
  readonly offeredRate: number
  /** Whose phones were not rung once each in this order, in words. */
  readonly wrong: readonly string[]
}

/**
 * Reads them, for calls that are each to ring these phones one after another; `quick` are those who refuse or answer at once. The first may
 * be left out where `isFirstOptional`.
 */
export function timed(
  lines: readonly Line[],
  phones: readonly string[],
  quick: readonly string[],
  isFirstOptional = false
): Timed {
  const byCaller = new Map<string, Line[]>()
  for (const line of lines.toSorted((a, b) => a.at - b.at)) {
    const known = byCaller.get(line.caller)
    if (known === undefined) byCaller.set(line.caller, [line])
    else known.push(line)
  }
  const setUpMs: number[] = []
  const phonesMs: number[] = []
  const hopMs: number[] = []
  const wrong: string[] = []
  for (const [caller, events] of byCaller) {
    const at = (what: Line['what'], phone: string | null = null) =>
      events.find((line) => line.what === what && line.phone === phone)?.at
    const rung = events.flatMap(({ what, phone }) => (what === 'rung' ? [phone ?? ''] : []))
    const isLeftOut = isFirstOptional && rung.join() === phones.slice(1).join()
    if (rung.join() !== phones.join() && !isLeftOut) {
      wrong.push(`${caller}: rang ${rung.join(', ') || 'nobody'} instead of ${phones.join(', ')}`)
    }
    const [invite, final] = [at('invite'), at('final')]
    const took = phones
      .filter((phone) => quick.includes(phone))
      .reduce((sum, phone) => sum + ((at('left', phone) ?? 0) - (at('rung', phone) ?? 0)) / 1000, 0)
    if (invite !== undefined && final !== undefined) {
      setUpMs.push((final - invite) / 1000 - took)
      phonesMs.push(took)
    }
    for (const [index, phone] of phones.slice(1).entries()) {
      const [left, next] = [at('left', phones[index]), at('rung', phone)]
      if (left !== undefined && next !== undefined) hopMs.push((next - left) / 1000)
    }
  }
  return { setUpMs, phonesMs, hopMs, offeredRate: rateOf(lines), wrong }
}

function rateOf(lines: readonly Line[]): number {
  const sent = lines.flatMap(({ what, at }) => (what === 'invite' ? [at] : [])).sort((a, b) => a - b)
  const seconds = ((sent.at(-1) ?? 0) - (sent[0] ?? 0)) / 1e6
  return seconds > 0 ? (sent.length - 1) / seconds : NaN
}
