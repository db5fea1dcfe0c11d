#!/bin/sh
# The whole test run: install, types, lint, layering, then every test, those on a real Asterisk included.
set -eu
cd "$(dirname "$0")/.."
sh tests/install.sh
npm run --silent typecheck
npm run --silent lint
npm run --silent layering
npm run --silent build
exec npx --no-install jest "$@"
