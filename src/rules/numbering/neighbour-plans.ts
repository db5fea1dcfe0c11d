// Numbers that one country dials in national form though they have another's country code. PURE.

/**
 * France and its overseas departments share one plan of ten digits under five country codes (Arcep, decision 2018-0881): the
 * digits after the 0 tell the code, and all others from 1 to 7 are those of 33. Services (08, 09) are those of the country called.
 */
const overseas: readonly (readonly [string, RegExp])[] = [
  ['262', /^0(?:26[239]|639|69[23])/],
  ['590', /^0(?:59[01]|69[01])/],
  ['594', /^0(?:594|694)/],
  ['596', /^0(?:596|69[67])/]
]
const french: readonly string[] = ['33', ...overseas.map(([code]) => code)]

/** The international number that digits with a trunk prefix mean in the plan of a country code that shares its numbers with another's. */
export function neighbourOf(digits: string, code: string): string | undefined {
  // Ireland dials Northern Ireland, +44 28, as 048 (ComReg, National Numbering Scheme).
  if (code === '353') return /^048[0-9]{8}$/.test(digits) ? `+4428${digits.slice(3)}` : undefined
  if (!french.includes(code) || !/^0[1-7][0-9]{8}$/.test(digits)) return undefined
  const [owner = '33'] = overseas.find(([, start]) => start.test(digits)) ?? []
  return `+${owner}${digits.slice(1)}`
}

/** How such a plan writes a number: the reverse of {@link neighbourOf}. */
export function seenFrom(number: string, code: string): readonly string[] {
  const written = [number.replace('+4428', '048'), number.replace(/\+(?:33|262|59[046])/, '0')]
  return written.filter((each) => neighbourOf(each, code) === number)
}
