// A mutant that a plain case finds does not wait for the properties: files of plain cases first, small ones before large ones.
const { statSync } = require('node:fs')
const Sequencer = require('@jest/test-sequencer').default

const weight = ({ path }) => statSync(path).size + (/property|agreement|any-rules|cron/.test(path) ? 1e6 : 0)

module.exports = class extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => weight(a) - weight(b))
  }
}
