#!/bin/sh
# npm run demo [-- --stay]: installs and builds where needed, then shows a call being hunted, on a real Asterisk.
set -eu
cd "$(dirname "$0")/../.."
sh tests/install.sh
[ -f dist/.tsbuildinfo ] || echo "building followme (about ten seconds) …"
node node_modules/typescript/bin/tsc -p src
# Whoever started this may have been killed meanwhile; from here on the kernel tells the demo, which then cleans up.
[ "$(cut -d ' ' -f 4 "/proc/$$/stat")" = "$PPID" ] || exit 1
exec setpriv --pdeathsig TERM node --import tsx tests/demo/demo.ts "$@"
