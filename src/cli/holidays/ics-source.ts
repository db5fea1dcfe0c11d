// The events as an iCalendar file has them: the line and name of each, and the version that counts.
import type ICAL from 'ical.js' with { 'resolution-mode': 'import' }

export interface SourceEvent {
  readonly component: ICAL.Component
  readonly line: number
  /** Its occurrences that the file moves or cancels. */
  readonly exceptions?: readonly ICAL.Component[]
}

/** How a message refers to an event. */
export function where(file: string, { component, line }: SourceEvent): string {
  return `${file}, the event '${nameOf(component)}' of line ${line}`
}

export function nameOf(component: ICAL.Component): string {
  const name = propertyText(component, 'summary')
  return name === '' ? 'holiday' : name
}

/** A property as one line; empty if the event does not have it. */
export function propertyText(component: ICAL.Component, property: string): string {
  return String(component.getFirstPropertyValue(property) ?? '')
    .replace(/\s+/g, ' ')
    .trim()
}

/**
 * The newest version of each event, with the occurrences that override its own. An occurrence whose series is not in the file
 * counts as an event.
 */
export function latest(all: readonly SourceEvent[]): SourceEvent[] {
  const text = (component: ICAL.Component, name: string) => String(component.getFirstPropertyValue(name) ?? '')
  const versions = new Map<string, SourceEvent[]>()
  for (const event of all) {
    const { component } = event
    const uid = text(component, 'uid')
    const key = uid === '' ? `line ${event.line}` : JSON.stringify([uid, text(component, 'recurrence-id')])
    const others = versions.get(key) ?? []
    const sequence = (each: SourceEvent) => Number(text(each.component, 'sequence'))
    // Publishers give one UID to many events; only a higher SEQUENCE replaces another event.
    const newest = others.every((each) => sequence(each) <= sequence(event))
    if (newest) versions.set(key, [...others.filter((each) => sequence(each) === sequence(event)), event])
  }
  const kept = [...versions.values()].flat()
  const uid = (event: SourceEvent) => text(event.component, 'uid')
  const isOverride = ({ component }: SourceEvent) => component.hasProperty('recurrence-id')
  const repeats = ({ component }: SourceEvent) => component.hasProperty('rrule') || component.hasProperty('rdate')
  const series = new Set(kept.filter((event) => !isOverride(event) && repeats(event)).map(uid))
  const overrides = new Map<string, ICAL.Component[]>()
  for (const event of kept.filter(isOverride)) {
    overrides.set(uid(event), [...(overrides.get(uid(event)) ?? []), event.component])
  }
  return kept
    .filter((event) => !isOverride(event) || !series.has(uid(event)))
    .map((event) =>
      !isOverride(event) && repeats(event) ? { ...event, exceptions: overrides.get(uid(event)) ?? [] } : event
    )
    .sort((a, b) => a.line - b.line)
}
