// docs/outcomes.md says what the table of outcomes says, of every SIP response and every cause that has a name.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { attemptOutcome, causeText } from '../../src/call/cause'
import { said } from '../call/final-responses'

const page = readFileSync(join(__dirname, '../../docs/outcomes.md'), 'utf8')

/** The rows whose first cell matches, as their cells. */
function rows(first: RegExp): string[][] {
  const cells = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
  return cells.filter(([, cell = '']) => first.test(cell)).map((row) => row.slice(1, -1))
}

test('the page lists every final response with its outcome', () => {
  const told = rows(/^(answered|[a-z-]+)$/).flatMap(([outcome = '', codes = '']) =>
    (codes.match(/\b[3-6]\d\d\b/g) ?? []).map((code) => [Number(code), outcome])
  )
  const known = Object.values(said).flat()
  expect(told.sort()).toEqual(known.map((code) => [code, attemptOutcome(127, code)]).sort())
})

test('the page lists every cause with its name and outcome', () => {
  const causes = Array.from({ length: 127 }, (_, index) => index + 1).filter(
    (cause) => !causeText(cause).startsWith('cause ')
  )
  const told = rows(/^\d+$/).map(([cause, text, outcome]) => [Number(cause), text, outcome])
  expect(told).toEqual(causes.map((cause) => [cause, causeText(cause), attemptOutcome(cause, undefined)]))
})
