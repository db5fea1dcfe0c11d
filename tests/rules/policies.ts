// Policies for tests of something else.
import { DialPolicy } from '../../src/rules/dial-policy'

/** Allows calls to every country, and none that cost more. */
export const everyCountry = new DialPolicy([{ prefix: '+', verdict: 'allow', note: null }], [])
