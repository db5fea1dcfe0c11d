// Which Asterisk can do what, by its version.

/** Whether it takes requests over a WebSocket; undefined where the version tells nothing. */
export function takesRequests(version: string): boolean | undefined {
  return reaches(version, { 20: 14, 21: 9, 22: 4 })
}

/** Whether a leg that is not up is woken for what it is asked (by a null frame, in res/stasis/control.c). */
export function wakesIdleChannels(version: string): boolean {
  return reaches(version, { 18: 25, 20: 10, 21: 5, 22: 0 }) ?? false
}

/**
 * Whether `live_dangerously = no` keeps the ARI password from running programs through dialplan functions (GHSA-vrfp-mg3q-3959);
 * undefined where the version does not show it.
 */
export function confinesFunctions(version: string): boolean | undefined {
  return reaches(version, { 20: [20, 1], 21: [12, 3], 22: [10, 1], 23: [4, 1] })
}

/**
 * `first`: of each series, by its major version, the first release that can: its minor version, or minor and patch. All can
 * in a later series, from 23 on; one built from git has no numbers.
 */
function reaches(
  version: string,
  first: Readonly<Record<number, number | readonly [minor: number, patch: number]>>
): boolean | undefined {
  const [, major, minor, patch] = /^(?:certified[/-])?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? []
  if (major === undefined) return undefined
  const [firstMinor, firstPatch] = [first[Number(major)] ?? (Number(major) >= 23 ? 0 : Infinity)].flat()
  const isLater = Number(minor) > (firstMinor ?? 0)
  return isLater || (Number(minor) === firstMinor && Number(patch ?? 0) >= (firstPatch ?? 0))
}
