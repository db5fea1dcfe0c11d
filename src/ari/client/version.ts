// The features of each version of Asterisk.

/** Whether it accepts requests over a WebSocket; undefined if the version is not recognized. */
export function takesRequests(version: string): boolean | undefined {
  return reaches(version, { 20: 14, 21: 9, 22: 4 })
}

/** Whether a request wakes a leg that is not up (by a null frame, in res/stasis/control.c). */
export function wakesIdleChannels(version: string): boolean {
  return reaches(version, { 18: 25, 20: 10, 21: 5, 22: 0 }) ?? false
}

/**
 * Whether `live_dangerously = no` keeps the ARI password from running programs through dialplan functions (GHSA-vrfp-mg3q-3959);
 * undefined if the version is not recognized.
 */
export function confinesFunctions(version: string): boolean | undefined {
  return reaches(version, { 20: [20, 1], 21: [12, 3], 22: [10, 1], 23: [4, 1] })
}

/**
 * `first`: for each series, by its major version, the first release with the feature, as minor version or minor and patch.
 * Every series after 23 has it. A build from git has no numbers.
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
