// StrykerJS's test runner for the pure code. It loads the tests, and the code, anew for each mutant, but in one process and from
// what was compiled once: jest takes a second or more for a mutant, this takes as long as the tests themselves.
import { readFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { basename, dirname, join, relative, sep } from 'node:path'
import { jestExpect as expect } from '@jest/expect'
import { commonTokens, declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'
import { determineHitLimitReached, DryRunStatus, TestStatus, toMutantRunResult } from '@stryker-mutator/api/test-runner'
import { transformSync } from '@swc/core'
import { bind as bindEach } from 'jest-each'
import { SnapshotState } from 'jest-snapshot'

const setupFiles = ['tests/zones/setup.ts', 'tests/mutants/setup.ts']
const compiled = new Map()
// What a test reaches where nothing is remembered from those before it: numbering plans, and the policy's answers.
const anew = process.env.FOLLOWME_MUTANTS_ANEW === '1'

Module._extensions['.ts'] = (module, path) => {
  if (!compiled.has(path)) compiled.set(path, compile(path))
  const require = module.require.bind(module)
  compiled.get(path)(module.exports, require, module, path, dirname(path), { requireActual: require })
}

function compile(path) {
  const { code } = transformSync(readFileSync(path, 'utf8'), {
    filename: path,
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' }
  })
  return new Function('exports', 'require', 'module', '__filename', '__dirname', 'jest', code)
}

/** Test files loaded anew, each with its own copy of the code that it tests; what is in node_modules stays. */
class Suite {
  require = createRequire(join(process.cwd(), 'package.json'))

  constructor() {
    this.defineGlobals()
  }

  defineGlobals() {
    const describe = (name, body) => {
      const outer = this.scope
      this.scope = new Scope(`${outer.name} ${name}`, outer)
      body()
      this.scope = outer
    }
    const test = (title, body) => {
      const name = `${this.scope.name} ${title}`.trim()
      const alike = this.tests.filter((other) => other.name === name).length
      const id = idOf(this.file, alike === 0 ? name : `${name} (${String(alike + 1)})`)
      this.tests.push({ id, name, body, scope: this.scope, file: this.file, snapshotState: this.snapshotState })
    }
    describe.each = bindEach(describe, false)
    test.each = bindEach(test)
    Object.assign(globalThis, { describe, test, expect })
    for (const hook of ['beforeAll', 'beforeEach', 'afterEach', 'afterAll']) {
      globalThis[hook] = (body) => this.scope[hook].push(body)
    }
  }

  /** The tests that the file's describe() and test() list. */
  load(file) {
    this.file = file
    this.tests = []
    this.scope = new Scope('')
    this.snapshotState = new SnapshotState(join(dirname(file), '__snapshots__', `${basename(file)}.snap`), {
      updateSnapshot: 'none',
      rootDir: process.cwd(),
      snapshotFormat: { escapeString: false, printBasicPrototype: false },
      prettierPath: null
    })
    for (const path of Object.keys(Module._cache)) {
      if (path.startsWith(process.cwd() + sep) && !path.includes(`${sep}node_modules${sep}`)) delete Module._cache[path]
    }
    for (const path of [...setupFiles.map((each) => join(process.cwd(), each)), file]) this.require(path)
    return this.tests
  }

  /** Why the test fails; undefined: it does not. */
  async run({ body, scope, name, file, snapshotState }) {
    expect.setState({ testPath: file, currentTestName: name, snapshotState, suppressedErrors: [] })
    const scopes = scope.outward()
    try {
      for (const { beforeAll } of scopes.toReversed()) while (beforeAll.length > 0) await beforeAll.shift()()
      for (const { beforeEach } of scopes.toReversed()) for (const hook of beforeEach) await hook()
      await body()
      const [suppressed] = expect.getState().suppressedErrors
      return suppressed?.message
    } catch (error) {
      return String(error)
    } finally {
      for (const { afterEach } of scopes) for (const hook of afterEach) await hook()
    }
  }
}

/** A describe(), or a file. */
class Scope {
  beforeAll = []
  beforeEach = []
  afterEach = []
  afterAll = []

  constructor(name, outer) {
    this.name = name
    this.outer = outer
  }

  outward() {
    return [this, ...(this.outer?.outward() ?? [])]
  }
}

/** Begins with the file's own name, so that a mutant loads no others. */
function idOf(file, name) {
  return `${relative(process.cwd(), file)}: ${name}`
}

class InProcessTestRunner {
  static inject = [commonTokens.options]

  /** How long it took last time to load each file, and to run each test, in milliseconds. */
  took = new Map()

  constructor({ testFiles }) {
    this.testFiles = testFiles.map((file) => join(process.cwd(), file))
  }

  capabilities() {
    return { reloadEnvironment: true }
  }

  async dryRun() {
    const stryker = (globalThis.__stryker__ ??= {})
    stryker.mutantCoverage = { static: {}, perTest: {} }
    const tests = []
    const suite = new Suite()
    for (const file of this.testFiles) {
      stryker.currentTestId = undefined
      let listed = this.load(suite, file)
      for (const index of listed.keys()) {
        if (anew && index > 0) {
          stryker.currentTestId = undefined
          listed = this.load(suite, file)
        }
        stryker.currentTestId = listed[index].id
        tests.push(await this.resultOf(suite, listed[index]))
      }
    }
    return { status: DryRunStatus.Complete, tests, mutantCoverage: stryker.mutantCoverage }
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }) {
    const stryker = (globalThis.__stryker__ ??= {})
    Object.assign(stryker, { activeMutant: activeMutant.id, hitCount: 0, hitLimit, currentTestId: undefined })
    const tests = []
    try {
      const suite = new Suite()
      const loaded = new Map()
      for (const { file, ids } of this.partsOf(testFilter)) {
        if (tests.at(-1)?.status === TestStatus.Failed) break
        if (!loaded.has(file)) loaded.set(file, this.load(suite, file))
        for (const test of loaded.get(file).filter(({ id }) => ids.has(id))) {
          tests.push(await this.resultOf(suite, test))
          if (tests.at(-1).status === TestStatus.Failed) break
        }
      }
    } catch (error) {
      tests.push({ id: 'load', name: 'load', timeSpentMs: 0, status: TestStatus.Failed, failureMessage: String(error) })
    }
    const endless = determineHitLimitReached(stryker.hitCount, stryker.hitLimit)
    return endless ?? toMutantRunResult({ status: DryRunStatus.Complete, tests })
  }

  /** The tests of each file, the slow ones apart, the quickest first: a mutant that a plain case notices waits for no property. */
  partsOf(ids) {
    const tookOf = (key) => this.took.get(key) ?? 0
    const parts = this.testFiles.flatMap((file) => {
      const own = ids.filter((id) => id.startsWith(idOf(file, '')))
      const isSlow = (id) => tookOf(id) > 100
      return [own.filter((id) => !isSlow(id)), own.filter(isSlow)]
        .filter((some) => some.length > 0)
        .map((some) => ({ file, ids: new Set(some), tookMs: some.reduce((sum, id) => sum + tookOf(id), tookOf(file)) }))
    })
    return parts.sort((one, other) => one.tookMs - other.tookMs)
  }

  load(suite, file) {
    const from = performance.now()
    const tests = suite.load(file)
    this.took.set(file, performance.now() - from)
    return tests
  }

  async resultOf(suite, test) {
    const from = performance.now()
    const failureMessage = await suite.run(test)
    const timeSpentMs = performance.now() - from
    this.took.set(test.id, timeSpentMs)
    const result = { id: test.id, name: test.id, fileName: test.file, timeSpentMs }
    if (failureMessage === undefined) return { ...result, status: TestStatus.Success }
    return { ...result, status: TestStatus.Failed, failureMessage }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessTestRunner)]
