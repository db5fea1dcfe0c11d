// Where every test runs: a test leaves no exit status to the run.
const { TestEnvironment } = require('jest-environment-node')

module.exports = class extends TestEnvironment {
  async teardown() {
    // A command under test sets it to its own; whether the run has failed is for jest to say.
    process.exitCode = undefined
    await super.teardown()
  }
}
