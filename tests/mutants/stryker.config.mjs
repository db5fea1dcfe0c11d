// How StrykerJS changes the pure code, one small fault at a time, and which tests must notice. See CONTRIBUTING.md.
const folder = process.env.FOLLOWME_MUTANTS_FOLDER ?? 'call'

export default {
  mutate: [`src/${folder}/**/*.ts`],
  testRunner: 'jest',
  coverageAnalysis: 'perTest',
  // A table read once when its module loads would need a process of its own for every entry.
  ignoreStatic: true,
  jest: {
    enableFindRelatedTests: false,
    config: {
      testEnvironment: '@stryker-mutator/jest-runner/jest-env/node',
      roots: [`<rootDir>/tests/${folder}`],
      testPathIgnorePatterns: ['caller-everywhere', 'check-size', 'schedule-size'],
      globalSetup: null,
      setupFiles: ['<rootDir>/tests/zones/setup.ts', '<rootDir>/tests/mutants/setup.ts'],
      testSequencer: '<rootDir>/tests/mutants/quickest-first.cjs',
      reporters: []
    }
  },
  concurrency: Number(process.env.FOLLOWME_MUTANTS_AT_A_TIME ?? 2),
  // A fault may make a loop endless.
  timeoutMS: 10_000,
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  tempDirName: '.mutants',
  cleanTempDir: 'always',
  ignorePatterns: ['/dist', '/docs', '/coverage', '/asterisk-conf', '/drivers', '/tests/e2e', '/tests/chaos', '*.db*'],
  thresholds: { high: 95, low: 85, break: null }
}
