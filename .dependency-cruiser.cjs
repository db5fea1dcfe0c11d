// The walls of the layout: cli, app → engine, adapters → core. An import across one of them fails `npm run layering`.
const adapters = ['ari', 'store', 'http', 'system']

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-is-pure',
      comment: 'core/ imports only core/',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '^src/core/(cron|time-zones|numbering-plan)\\.ts$' },
      to: { pathNot: '^src/core/' }
    },
    {
      name: 'cron-is-pure',
      comment: 'core/cron.ts may use cron-parser beside core/',
      severity: 'error',
      from: { path: '^src/core/cron\\.ts$' },
      to: { pathNot: '^src/core/|node_modules/cron-parser/' }
    },
    {
      name: 'time-zones-is-pure',
      comment: 'core/time-zones.ts may use luxon beside core/',
      severity: 'error',
      from: { path: '^src/core/time-zones\\.ts$' },
      to: { pathNot: '^src/core/|node_modules/(@types/)?luxon/' }
    },
    {
      name: 'numbering-plan-is-pure',
      comment: 'core/numbering-plan.ts may use libphonenumber-js beside core/',
      severity: 'error',
      from: { path: '^src/core/numbering-plan\\.ts$' },
      to: { pathNot: '^src/core/|node_modules/libphonenumber-js/' }
    },
    {
      name: 'engine-knows-only-core',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { pathNot: '^src/(engine|core)/' }
    },
    ...adapters.map((name) => ({
      name: `${name}-is-an-adapter`,
      comment: 'an adapter knows core/, itself and its libraries; never the engine or another adapter',
      severity: 'error',
      from: { path: `^src/${name}/` },
      to: { path: '^src/', pathNot: `^src/(${name}|core)/` }
    })),
    {
      name: 'one-file-chooses-the-driver',
      comment:
        'better-sqlite3, types included, is imported by store/driver.ts alone: which version runs depends on Node',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/store/driver\\.ts$' },
      to: { path: '(^|/)better-sqlite3' }
    },
    {
      name: 'nothing-imports-the-cli',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli/|program\\.ts$|main\\.ts$)' },
      to: { path: '^src/(cli/|program\\.ts$|main\\.ts$)' }
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
