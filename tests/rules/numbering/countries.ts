// Which countries a test goes through: FOLLOWME_COUNTRIES says how many, evenly spread.
export function countriesOf<T>(all: readonly T[], most = all.length): T[] {
  const wanted = Number(process.env['FOLLOWME_COUNTRIES'] ?? most)
  const step = Math.max(1, Math.round(all.length / wanted))
  return all.filter((_, index) => index % step === 0)
}
