// The order of the tests: first those that take longest, so that none of them is left to run alone at the end. jest knows how
// long each took only where it has run before, and goes by the size of the files elsewhere.
const Sequencer = require('@jest/test-sequencer').default

const longest = [
  'e2e/kill-at-every-state',
  'e2e/link-faults',
  'packaging/package',
  'chaos/chaos',
  'e2e/takeover',
  'e2e/doctor',
  'e2e/doctor-asterisk',
  'packaging/rules-guide',
  'e2e/process',
  'e2e/database',
  'zones/zone-sources',
  'e2e/contract-size',
  'e2e/dialplan-characters',
  'e2e/failsafe-records',
  'bench/bench',
  'rules/dialled-forms'
]

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const found = longest.findIndex((name) => path.endsWith(`/${name}.test.ts`))
      return found === -1 ? longest.length : found
    }
    // Stable: the others stay in jest's order.
    return [...super.sort(tests)].sort((one, other) => place(one) - place(other))
  }
}
