#!/bin/sh
# The database driver of Node.js 20, which cannot run better-sqlite3 13: compiles better-sqlite3 12 into node_modules/.node20.
# On any newer Node.js there is nothing to do. With the argument `dist` the package gets it too, ready to run, so that nothing
# is compiled where the package is installed.
set -eu
cd "$(dirname "$0")/.."
# The reason is the same that src/store/database/driver.ts goes by.
[ "$(node -p 'process.versions.napi < 10')" = true ] || exit 0
place=node_modules/.node20
if ! cmp -s drivers/node20/package-lock.json "$place/package-lock.json"; then
  echo "compiling the database driver of Node.js 20 (one to two minutes) …" >&2
  work=node_modules/.node20-build
  rm -rf "$work" "$place"
  mkdir -p "$work"
  cp drivers/node20/package.json drivers/node20/package-lock.json "$work/"
  # Where Node.js has its headers beside it, they are used; otherwise node-gyp downloads them from nodejs.org.
  beside=$(node drivers/node-headers.cjs)
  [ -z "$beside" ] || export npm_config_nodedir="$beside"
  (cd "$work" && npm ci --no-audit --no-fund --loglevel=error >&2) || {
    rm -rf "$work"
    headers=" and Node.js's headers (libnode-dev; without them, node-gyp downloads them from nodejs.org)"
    [ -z "$beside" ] || headers=
    echo "followme: the database driver of Node.js 20 could not be compiled; install a compiler (on Debian: apt-get install build-essential python3)$headers, or use Node.js 24, which needs none" >&2
    exit 3
  }
  made=$work/node_modules/better-sqlite3
  mkdir -p "$place/build/Release"
  cp -R "$made/package.json" "$made/LICENSE" "$made/lib" "$place/"
  cp "$made/build/Release/better_sqlite3.node" "$place/build/Release/"
  # Last: it says that the rest is whole.
  cp "$work/package-lock.json" "$place/"
  rm -rf "$work"
fi
[ "${1:-}" != dist ] || cp -R "$place" dist/node20
