#!/bin/sh
# Which faults in the pure code would the tests not notice? Of the files that are named, or of all that is pure (hours).
set -eu
cd "$(dirname "$0")/../.."
# As many orders of events, pairs of schedule and instant, countries, and random rules, as one mutant is worth.
export FOLLOWME_ORDERS="${FOLLOWME_ORDERS:-200}" FOLLOWME_ORACLE="${FOLLOWME_ORACLE:-1000}"
export FOLLOWME_COUNTRIES="${FOLLOWME_COUNTRIES:-25}" FOLLOWME_RUNS="${FOLLOWME_RUNS:-60}"
[ "$#" -gt 0 ] || set -- src/call/*.ts src/rules/*.ts src/rules/schedule/*.ts src/rules/numbering/*.ts src/rules/check/*.ts \
  src/rules/analysis/*.ts src/failsafe/*.ts
for folder in call rules failsafe; do
  files=$(printf '%s\n' "$@" | grep "^src/$folder/" | paste -sd, -) || continue
  [ -n "$files" ] || continue
  FOLLOWME_MUTANTS_FOLDER=$folder npx --no-install stryker run --mutate "$files" tests/mutants/stryker.config.mjs
done
