// Which Asterisk can do what, by its version.

/** Whether it takes requests over a WebSocket; undefined where the version tells nothing. */
export function takesRequests(version: string): boolean | undefined {
  return reaches(version, { 20: 14, 21: 9, 22: 4 })
}

/** Whether a leg that is not up is woken for what it is asked (by a null frame, in res/stasis/control.c). */
export function wakesLegs(version: string): boolean {
  return reaches(version, { 18: 25, 20: 10, 21: 5, 22: 0 }) ?? false
}

/** `first`: of each series, by its major version, the first minor one that can. All can from 23 on; one built from git has no numbers. */
function reaches(version: string, first: Readonly<Record<number, number>>): boolean | undefined {
  const [, major, minor] = /^(?:certified[/-])?(\d+)\.(\d+)/.exec(version) ?? []
  if (major === undefined) return undefined
  return Number(minor) >= (first[Number(major)] ?? (Number(major) >= 23 ? 0 : Infinity))
}
