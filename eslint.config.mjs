import js from '@eslint/js'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.mutants/'] },
  {
    files: ['src/**/*.ts', 'src/**/*.js', 'tests/**/*.ts'],
    extends: [js.configs.recommended, ...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }
      ],
      // The types of winston's transports are not related as this rule has it.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Tests, too: on Node 20 the one that this name stands for crashes.
      'no-restricted-imports': ['error', { name: 'better-sqlite3', message: 'Use src/store/database/driver.ts.' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }]
    }
  },
  {
    // Programs that talk to a terminal.
    files: [
      'src/main.ts',
      'src/cli/**',
      'tests/sandbox/**',
      'tests/demo/**',
      'tests/bench/**',
      'tests/node/**',
      'tests/chaos/**',
      'tests/soak/**'
    ],
    rules: { 'no-console': 'off' }
  },
  {
    // A thread's own file: tsc checks it by its JSDoc, which these rules do not read.
    files: ['src/**/*.js'],
    rules: { '@typescript-eslint/no-require-imports': 'off', '@typescript-eslint/no-unsafe-assignment': 'off' }
  },
  { files: ['src/store/database/driver.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    // A property test's generators and a fake's methods read better without the ceremony.
    files: ['tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off'
    }
  }
)
