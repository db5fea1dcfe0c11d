#!/bin/sh
# The whole test run: install, types, lint, layering, then every test, those on a real Asterisk included.
set -eu
cd "$(dirname "$0")/.."
sh tests/install.sh
npm run --silent typecheck
npm run --silent lint
npm run --silent layering
npm run --silent build
# Pairs of schedule and instant that are compared with the oracle; `npm run test:unit` compares a few.
export FOLLOWME_ORACLE="${FOLLOWME_ORACLE:-100000}"
# Countries whose callers are read; `npm run test:unit` takes a few.
export FOLLOWME_COUNTRIES="${FOLLOWME_COUNTRIES:-300}"
# Random orders of a call's events.
export FOLLOWME_ORDERS="${FOLLOWME_ORDERS:-20000}"
# Most of a test on a real Asterisk is waiting: twice as many at a time as there are processors.
exec npx --no-install jest --maxWorkers="$(($(nproc) * 2))" "$@"
