#!/bin/sh
# Installs what package-lock.json names, where that has not been done already. Sourced or run from the project's folder.
set -eu
# The same test as that of src/node-version.ts, which can be used only when all is installed.
node -e '
  const [major, minor] = process.versions.node.split(".").map(Number)
  const lines = require("./package.json").engines.node.split(" || ").map((line) => line.slice(1).split(".").map(Number))
  process.exit(lines.some((line) => line[0] === major && line[1] <= minor) ? 0 : 1)' || {
  echo "followme needs Node.js 20 (20.19 or later), 22 (22.14 or later), 24 or 26; this is $(node --version 2>/dev/null || echo 'no Node.js at all')" >&2
  exit 3
}
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
  echo "installing packages (about half a minute) …"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-lock.json
fi
sh drivers/prepare.sh
