// Properties are tried with the same examples for every mutant, and one that fails is not made smaller first.
import fc from 'fast-check'

fc.configureGlobal({ seed: 20261128, endOnFailure: true })
