#!/bin/sh
# Installs what package-lock.json names, where that has not been done already. Sourced or run from the project's folder.
set -eu
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' || {
  echo "followme needs Node.js 20.19 or newer; this is $(node --version 2>/dev/null || echo 'no Node.js at all')" >&2
  exit 3
}
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
  echo "installing packages (about a minute where better-sqlite3 has to be compiled) …"
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-lock.json
fi
