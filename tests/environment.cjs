// Where every test runs: a failure brings what the test's world has to say, and a test leaves no exit status to the run.
const { TestEnvironment } = require('jest-environment-node')

module.exports = class extends TestEnvironment {
  /** A world that wants to be heard when a test or a hook fails sets the global `lastWords`. */
  handleTestEvent({ name, error }) {
    if (name !== 'test_fn_failure' && name !== 'hook_failure') return
    const words = this.global.lastWords?.()
    if (words === undefined || typeof error?.stack !== 'string') return
    // Before the trace: jest prints what stands there as it is.
    const trace = error.stack.search(/\n\s+at /)
    const at = trace < 0 ? error.stack.length : trace
    error.stack = `${error.stack.slice(0, at)}\n\n${words}\n${error.stack.slice(at)}`
  }

  async teardown() {
    // A command under test sets it to its own; whether the run has failed is for jest to say.
    process.exitCode = undefined
    await super.teardown()
  }
}
