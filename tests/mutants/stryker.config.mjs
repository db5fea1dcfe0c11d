// How StrykerJS changes the pure code, one small fault at a time, and which tests must notice. See CONTRIBUTING.md.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.env.FOLLOWME_MUTANTS_FOLDER ?? 'call'

// What the dialplan noted of a call is tried with a real database.
const places = [`tests/${folder}`, ...(folder === 'failsafe' ? ['tests/store/records'] : [])]
const left = /caller-everywhere|check-size|schedule-size|records\/(?!failsafe)/
// A file's own tests are much faster than those of its whole folder.
const only = new RegExp(process.env.FOLLOWME_MUTANTS_TESTS ?? '')

const testFiles = places
  .flatMap((place) => readdirSync(place, { recursive: true }).map((name) => join(place, name)))
  .filter((path) => path.endsWith('.test.ts') && !left.test(path) && only.test(path))

export default {
  mutate: [`src/${folder}/**/*.ts`],
  plugins: [new URL('test-runner.mjs', import.meta.url).pathname],
  testRunner: 'in-process',
  testFiles,
  coverageAnalysis: 'perTest',
  // A table read once when its module loads would need all tests for every entry.
  ignoreStatic: true,
  concurrency: Number(process.env.FOLLOWME_MUTANTS_AT_A_TIME ?? 2),
  // A fault may make a loop endless.
  timeoutMS: 10_000,
  dryRunTimeoutMinutes: 20,
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  tempDirName: '.mutants',
  cleanTempDir: 'always',
  ignorePatterns: ['/dist', '/coverage', '/asterisk-conf', '/drivers', '/tests/e2e', '/tests/chaos', '*.db*'],
  thresholds: { high: 95, low: 85, break: null }
}
