#!/usr/bin/env node
// The entry point: on a Node.js that followme does not run on, it says so before anything else is loaded. Like
// src/node-version.ts, it is read by old versions too, which do not know the prefix `node:`.
import { readFileSync } from 'fs'
import { createRequire } from 'module'
import { join } from 'path'
import { unsupportedNodeMessage } from './node-version'
import type * as program from './cli/program'

const { engines } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as {
  engines: { node: string }
}
const refusal = unsupportedNodeMessage(process.versions.node, engines.node)
if (refusal === undefined) {
  // Not an import: those come first.
  void (createRequire(__filename)('./cli/program') as typeof program).run()
} else {
  process.stderr.write(`followme: ${refusal}\n`)
  process.exitCode = 3
}
