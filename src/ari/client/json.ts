// Reads untrusted JSON: anything missing or of another type reads as empty. Depends on no other file.

export type Json = Readonly<Record<string, unknown>>

/** Undefined if the text is not JSON. Never throws. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function objectIn(json: Json, name: string): Json {
  const value = json[name]
  return isObject(value) ? value : {}
}

export function textIn(json: Json, name: string): string {
  const value = json[name]
  return typeof value === 'string' ? value : ''
}

export function numberIn(json: Json, name: string): number | undefined {
  const value = json[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

export function textsIn(json: Json, name: string): readonly string[] {
  const value = json[name]
  // Not String(): an object may have a toString that is not a function, and nesting may overflow the stack.
  return Array.isArray(value) ? value.map((each) => (typeof each === 'string' ? each : '')) : []
}

export function objectsIn(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
