// What Asterisk can send, and what it becomes when it is bent: fields missing, renamed, of another type, deep, huge, out of
// range, of another call; text cut off. Used with made-up ports and on a real Asterisk alike.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'

interface Field {
  readonly of: Record<string, unknown>
  readonly name: string
}

/** One message of every type: see record-events.ts. */
export const everyMessage: readonly string[] = readFileSync(join(__dirname, 'ari-events.jsonl'), 'utf8')
  .trim()
  .split('\n')

export const typeOf = (message: string): string => (JSON.parse(message) as { type: string }).type

const nested = (depth: number, around: string, inner: string, behind: string): string =>
  around.repeat(depth) + inner + behind.repeat(depth)

/** In JSON, since not all of them can be made otherwise. */
const oddValues: readonly string[] = [
  ...['null', 'true', 'false', '0', '-1', '1.5', '1e308', '1e999', '-1e999', '9007199254740993', '""', '[]', '{}'],
  ...['"17"', '"leg"', '"Up"', '"ANSWER"', '"number:+14155550100"', '"+14155550100"', '".."', '"a/b?c#d"', '"%00"'],
  ...['"\\u0000"', '"\\ud800"', '"\\u202e电话📞"', '"a\\nb"', '"${SHELL(id)}"', '"\'); DROP TABLE calls;--"'],
  '{"toString":1,"valueOf":1}',
  '{"__proto__":{"id":"x","polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  '{"length":1e9,"id":["x"],"then":1}',
  '["leg"]',
  '["+14155550100","x"]',
  '[{"toString":null}]',
  '{"id":"1795370000.99"}',
  '{"id":"c9.1.1","state":"Up"}',
  nested(20_000, '[', '', ']'),
  nested(5000, '{"id":', '1', '}'),
  `"${'x'.repeat(100_000)}"`,
  `[${'"leg",'.repeat(10_000)}"leg"]`
]

const names = ['__proto__', 'constructor', 'toString', 'id', 'type', 'args', 'channel', 'peer', '', 'replace_channel']

/** Every field of a message, at any depth. */
function fieldsOf(value: unknown): Field[] {
  if (typeof value !== 'object' || value === null) return []
  const of = value as Record<string, unknown>
  return Object.keys(of).flatMap((name) => [{ of, name }, ...fieldsOf(of[name])])
}

interface Edit {
  readonly at: number
  readonly how: 'drop' | 'rename' | 'value' | 'list' | 'type'
  readonly which: number
}

// What an edit leaves in the place of an odd value, until the message is text: JSON.stringify would overflow at the deepest.
const place = (which: number): string => `@${String(which % oddValues.length)}@`

function bend(message: string, edits: readonly Edit[]): string {
  const bent = JSON.parse(message) as Record<string, unknown>
  for (const { at, how, which } of edits) {
    const fields = fieldsOf(bent)
    const field = fields[at % Math.max(1, fields.length)]
    if (field === undefined) break
    const { of, name } = field
    const value = of[name]
    if (how === 'value') of[name] = place(which)
    else if (how === 'list') of[name] = [value]
    else if (how === 'type') bent['type'] = typeOf(everyMessage[which % everyMessage.length] ?? '{}')
    else if (Array.isArray(of)) of.splice(Number(name), 1)
    else {
      Reflect.deleteProperty(of, name)
      const other = names[which % names.length] ?? ''
      // As an own field, as JSON.parse makes it: assigning __proto__ would not.
      const own = { value, enumerable: true, configurable: true, writable: true }
      if (how === 'rename') Object.defineProperty(of, other, own)
    }
  }
  return JSON.stringify(bent).replace(/"@(\d+)@"/g, (_, which: string) => oddValues[Number(which)] ?? 'null')
}

/** The message with each odd value in the place of each of its fields, one at a time. */
export function* oddFields(message: string): Generator<string> {
  const count = fieldsOf(JSON.parse(message)).length
  for (let at = 0; at < count; at += 1) {
    for (let which = 0; which < oddValues.length; which += 1) yield bend(message, [{ at, how: 'value', which }])
  }
}

/** A message of this type, bent. */
export function bentMessage(message: string): fc.Arbitrary<string> {
  const edit: fc.Arbitrary<Edit> = fc.record({
    at: fc.nat(1000),
    how: fc.constantFrom('drop', 'rename', 'value', 'value', 'list', 'type'),
    which: fc.nat(1000)
  })
  const edited = fc.array(edit, { maxLength: 4 }).map((edits) => bend(message, edits))
  const cut = fc.tuple(edited, fc.nat(2000)).map(([text, at]) => text.slice(0, at))
  const twice = edited.map((text) => `${text.slice(0, -1)},${text.slice(1)}`)
  const inList = edited.map((text) => `[${text}]`)
  return fc.oneof({ weight: 8, arbitrary: edited }, { weight: 1, arbitrary: cut }, twice, inList)
}

/** As many messages as asked for, of every type in turn; always the same ones for a seed. */
export function bentMessages(count: number, seed: number): string[] {
  const each = Math.ceil(count / everyMessage.length)
  const byType = everyMessage.map((message, index) =>
    fc.sample(bentMessage(message), { numRuns: each, seed: seed + index })
  )
  return Array.from({ length: each }, (_, turn) => byType.map((messages) => messages[turn] ?? ''))
    .flat()
    .slice(0, count)
}
