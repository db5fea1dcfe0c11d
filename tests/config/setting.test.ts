// The environment, full of nonsense: whatever is in it, the start neither hangs nor eats memory, the message names the
// variable, and no secret is in it.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { readConfig } from '../../src/config/config'
import { isError } from '../../src/errors'

const source = readFileSync(join(__dirname, '../../src/config/config.ts'), 'utf8')
const variables = [...new Set(source.match(/'FOLLOWME_[A-Z_]+'/g))].map((each) => each.slice(1, -1))
const secret = 'h3rring-Secret'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'followme-'))
  execFileSync('mkfifo', [join(directory, 'pipe')])
  mkdirSync(join(directory, 'directory'))
  writeFileSync(join(directory, 'huge'), secret.repeat(1_000_000))
  writeFileSync(join(directory, 'two lines'), `${secret}\n${secret}\n`)
  writeFileSync(join(directory, 'binary'), Buffer.from([0x41, 0, 0x1b, 0x5b, 0xff, 0x42]))
  writeFileSync(join(directory, 'empty'), '\n')
})
afterAll(() => rmSync(directory, { recursive: true }))

function complaintOf(env: Readonly<Record<string, string>>): string {
  try {
    readConfig(env)
    return ''
  } catch (error) {
    return isError(error) ? error.message : String(error)
  }
}

/** Beside everything that a start needs. */
function complaintOn(name: string, value: string): string {
  const password: Record<string, string> =
    name.startsWith('FOLLOWME_ARI_PASSWORD') && value !== '' ? {} : { FOLLOWME_ARI_PASSWORD: 'x' }
  return complaintOf({ ...password, [name]: value })
}

test('the list of settings is complete', () => {
  expect(variables).toContain('FOLLOWME_ARI_PASSWORD')
  expect(variables.length).toBeGreaterThanOrEqual(11)
})

describe.each(variables)('%s', (name) => {
  test.each([
    ['a line end', 'one\ntwo'],
    ['a carriage return', 'one\rtwo'],
    ['a terminal sequence', '\u001b[2Jx'],
    ['a C1 control', '\u009b2Jx'],
    ['a line separator', 'one\u2028two'],
    ['5,000 characters', 'x'.repeat(5000)]
  ])('a value with %s is refused with its name, on one line, and is not printed', (_, value) => {
    const complaint = complaintOn(name, value)
    expect(complaint).toContain(name)
    expect(complaint.split('\n')).toHaveLength(2)
    expect(complaint).not.toContain(value)
    // eslint-disable-next-line no-control-regex -- they are what is looked for
    expect(complaint.replace('\n', '')).not.toMatch(/[\u0000-\u001f\u0080-\u009f\u2028]|xxxxx{80}/)
  })

  test.each(['pipe', 'directory', 'huge', 'two lines', 'binary', 'empty', 'none'])(
    'a file that is %s is refused with its name, without delay, and its contents are not printed',
    (file) => {
      const complaint = complaintOn(`${name}_FILE`, join(directory, file))
      expect(complaint).toContain(name)
      expect(complaint).not.toContain(secret)
    }
  )

  test.each(['/dev/zero', '/dev/null', '/dev/tty', '/proc/self/mem', '/', '\0'])('the file %p is refused', (file) => {
    const before = process.memoryUsage().rss
    expect(complaintOn(`${name}_FILE`, file)).toContain(`${name}_FILE`)
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000)
  })

  test('any text is accepted, or refused with a message', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5000 }), (value) => {
        const complaint = complaintOn(name, value)
        expect(complaint === '' || complaint.includes(name)).toBe(true)
      })
    )
  })
})

test.each([
  ['FOLLOWME_ARI_URL', `http://followme:${secret}@127.0.0.1:99999`],
  ['FOLLOWME_ARI_URL', `ftp://followme:${secret}@127.0.0.1`],
  ['FOLLOWME_ARI_URL', `followme:${secret}@127.0.0.1:8088`],
  ['FOLLOWME_ARI_URL', `http://followme:${secret}@127.0.0.1:8088`],
  ['FOLLOWME_ARI_USER', `followme:${secret}`],
  ['FOLLOWME_ARI_PASSWORD_FILE', secret],
  ['FOLLOWME_ARI_PASSWORD', `${secret}\n`],
  ['FOLLOWME_ARI_PASSWORD', `${secret}ü`],
  ['FOLLOWME_HTTP', `followme:${secret}@127.0.0.1`]
])('a password given in %s by mistake (%p) is not printed', (name, value) => {
  const complaint = complaintOf({ [name]: value })
  expect(complaint).toContain(name)
  expect(complaint).not.toContain(secret)
})
