// The layers of the source: cli, doctor, app → engine, adapters → failsafe → call → rules. Imports go only in this direction;
// `npm run layering` checks that.
const adapters = ['ari', 'store', 'http', 'system']
const pure = 'rules/|call/|failsafe/|ports\\.ts$|errors\\.ts$'
const libraryFiles = [
  { name: 'cron-is-pure', file: '^src/rules/schedule/cron\\.ts$', library: 'node_modules/cron-parser/' },
  {
    name: 'time-zones-is-pure',
    file: '^src/rules/schedule/time-zones\\.ts$',
    library: 'node_modules/(@types/)?luxon/'
  },
  {
    name: 'numbering-plan-is-pure',
    file: '^src/rules/numbering/numbering-plan\\.ts$',
    library: 'node_modules/libphonenumber-js/'
  },
  {
    name: 'destinations-is-pure',
    file: '^src/rules/numbering/destinations\\.ts$',
    library: 'node_modules/libphonenumber-js/'
  }
]

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'rules-are-pure',
      comment: 'rules/ imports only rules/ and errors.ts',
      severity: 'error',
      from: { path: '^src/(rules/|errors\\.ts$)', pathNot: libraryFiles.map(({ file }) => file) },
      to: { pathNot: '^src/(rules/|errors\\.ts$)' }
    },
    ...libraryFiles.map(({ name, file, library }) => ({
      name,
      comment: 'the only file in rules/ that may import this library',
      severity: 'error',
      from: { path: file },
      to: { pathNot: ['^src/(rules/|errors\\.ts$)', library] }
    })),
    {
      name: 'calls-are-pure',
      comment: 'call/ imports only itself, rules/, errors.ts and the types of ports.ts',
      severity: 'error',
      from: { path: '^src/(call/|ports\\.ts$)' },
      to: { pathNot: '^src/(call/|rules/|ports\\.ts$|errors\\.ts$)' }
    },
    {
      name: 'failsafe-is-pure',
      comment: 'failsafe/ imports only itself, call/, rules/, errors.ts and the ports',
      severity: 'error',
      from: { path: '^src/failsafe/' },
      to: { pathNot: `^src/(failsafe/|${pure})` }
    },
    {
      name: 'engine-knows-no-adapter',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { pathNot: `^src/(engine/|${pure})` }
    },
    ...adapters.map((name) => ({
      name: `${name}-is-an-adapter`,
      comment:
        'an adapter imports the pure code, its own files and its libraries, but not the engine or another adapter',
      severity: 'error',
      from: { path: `^src/${name}/` },
      to: { path: '^src/', pathNot: `^src/(${name}/|${pure})` }
    })),
    {
      name: 'ari-client-stands-alone',
      comment: 'ari/client/ sends requests and knows nothing about calls, so it imports nothing else from ari/',
      severity: 'error',
      from: { path: '^src/ari/client/' },
      to: { path: '^src/', pathNot: `^src/(ari/client/|${pure})` }
    },
    {
      name: 'one-file-chooses-the-driver',
      comment:
        'only store/database/driver.ts imports better-sqlite3 and its types, because the version depends on Node',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/store/database/driver\\.ts$' },
      to: { path: '(^|/)better-sqlite3' }
    },
    {
      name: 'commands-have-no-connection',
      comment:
        'cli/ and doctor/ use the database through store/store.ts; only store/ and app.ts open connections and use their types',
      severity: 'error',
      from: { path: '^src/(cli|doctor)/' },
      to: {
        path: ['^src/store/database/(database|driver|live-database|memory-copy|schema)\\.ts$', 'node_modules/kysely/']
      }
    },
    {
      name: 'commands-stand-alone',
      comment: 'code that commands share is in cli/support/; only commands.ts imports the commands',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/commands\\.ts$' },
      to: { path: '^src/cli/commands/' }
    },
    {
      name: 'nothing-imports-the-cli',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli/|main\\.ts$)' },
      to: { path: '^src/(cli/|main\\.ts$)' }
    },
    {
      name: 'no-test-code-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^tests/' }
    }
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' }
  }
}
