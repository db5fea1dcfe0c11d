#!/bin/sh
# The whole test run: install, types, lint, layering, then the tests, those on a real Asterisk included. With FOLLOWME_NIGHTLY=1
# (`npm run test:nightly`) also those that wait longest, and the longest searches.
set -eu
cd "$(dirname "$0")/.."
sh tests/install.sh
# Each of these keeps one processor busy: the linter beside the rest.
npm run --silent lint &
lint=$!
trap 'kill "$lint" 2> /dev/null || true' EXIT
npm run --silent typecheck
npm run --silent layering
npm run --silent build
wait "$lint"
trap - EXIT
# Most of a test on a real Asterisk is waiting: twice as many at a time as there are processors.
workers="$(($(nproc) * 2))"
if [ -n "${FOLLOWME_NIGHTLY:-}" ]; then
  # Pairs of schedule and instant that are compared with the oracle; orders of a call's events; rows, rules and edits made up.
  export FOLLOWME_ORACLE="${FOLLOWME_ORACLE:-100000}" FOLLOWME_ORDERS="${FOLLOWME_ORDERS:-20000}" FOLLOWME_RUNS="${FOLLOWME_RUNS:-2000}"
  # Countries whose numbers are read: all of them. Instants at which each time zone is compared with other readers of the data.
  export FOLLOWME_COUNTRIES="${FOLLOWME_COUNTRIES:-300}" FOLLOWME_INSTANTS="${FOLLOWME_INSTANTS:-50}"
  exec npx --no-install jest --maxWorkers="$workers" "$@"
fi
export FOLLOWME_ORACLE="${FOLLOWME_ORACLE:-20000}"
# A file that is named is run, whichever it is.
[ "$#" = 0 ] || exec npx --no-install jest --maxWorkers="$workers" "$@"
exec npx --no-install jest --maxWorkers="$workers" --testPathIgnorePatterns \
  chaos/chaos-http soak/soak e2e/quiet holidays/holidays-everywhere
