// Numbers that one country dials in national form though they have another's country code. PURE.

/**
 * France and its overseas departments share one plan of ten digits under five country codes (Arcep, decision 2018-0881): the
 * digits after the 0 tell the code. Services (08, 09) are those of the country called.
 */
const french: readonly (readonly [string, RegExp])[] = [
  ['262', /^(?:26[239]|639|69[23])/],
  ['590', /^(?:59[01]|69[01])/],
  ['594', /^(?:594|694)/],
  ['596', /^(?:596|69[67])/],
  ['33', /^[1-7]/]
]

/** The international number that digits with a trunk prefix mean in the plan of a country code, where that is another's. */
export function neighbourOf(digits: string, code: string): string | undefined {
  // Ireland dials Northern Ireland, +44 28, as 048 (ComReg, National Numbering Scheme).
  if (code === '353') return /^048[0-9]{8}$/.test(digits) ? `+4428${digits.slice(3)}` : undefined
  if (!french.some(([each]) => each === code) || !/^0[1-7][0-9]{8}$/.test(digits)) return undefined
  const [owner] = french.find(([, start]) => start.test(digits.slice(1))) ?? []
  return owner === undefined || owner === code ? undefined : `+${owner}${digits.slice(1)}`
}

/** How the plan of a country code writes a number that has another's: the reverse of {@link neighbourOf}. */
export function seenFrom(number: string, code: string): readonly string[] {
  const [, irish] = /^\+4428([0-9]{8})$/.exec(number) ?? []
  const [, rest] = /^\+(?:33|262|59[046])([0-9]{9})$/.exec(number) ?? []
  const written = irish === undefined ? `0${rest ?? ''}` : `048${irish}`
  return neighbourOf(written, code) === number ? [written] : []
}
