#!/bin/sh
# npm run demo [-- --stay]: installs and builds where needed, then shows a call being hunted, on a real Asterisk.
set -eu
cd "$(dirname "$0")/../.."
sh tests/install.sh
if [ ! -f dist/main.js ] || [ ! -f dist/.tsbuildinfo ] || [ -n "$(find src tsconfig.json -newer dist/.tsbuildinfo)" ]; then
  echo "building followme (some five seconds) …"
  node node_modules/typescript/bin/tsc -p src
  # Where nothing had really changed, tsc leaves it as it was.
  touch dist/.tsbuildinfo
fi
# Whoever started this may have been killed meanwhile; from here on the kernel tells the demo, which then cleans up.
[ "$(cut -d ' ' -f 4 "/proc/$$/stat")" = "$PPID" ] || exit 1
exec setpriv --pdeathsig TERM node --import tsx tests/demo/demo.ts "$@"
