// A jest reporter: the last line of a run reads `N passed, N failed`, whatever else was printed.
module.exports = class ClosingLine {
  onRunComplete(_contexts, results) {
    // A suite that could not even be loaded has no test to count.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const skipped = results.numPendingTests + results.numTodoTests
    // The default reporter prints its summary after the reporters have been told.
    process.on('exit', () => {
      process.stdout.write(
        `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`
      )
    })
  }
}
