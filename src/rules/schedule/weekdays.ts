// The days of the week by the names and numbers that cron has for them. PURE.

export const weekdayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const

/** The weekdays of a range, 0 (Sunday) to 6, past Saturday where it goes there. */
export function weekdaysBetween(from: string, to: string): number[] {
  const valueOf = (text: string) => {
    const named = weekdayNames.findIndex((name) => name === text.toUpperCase())
    return named < 0 ? Number(text) % 7 : named
  }
  const first = valueOf(from)
  const days = (valueOf(to) - first + 7) % 7
  return Array.from({ length: days + 1 }, (_, index) => (first + index) % 7)
}
