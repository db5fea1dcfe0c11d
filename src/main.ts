#!/usr/bin/env node
// The entry point: it reports an unsupported Node.js before it loads anything else. Old versions load this file and
// src/node-version.ts too, and do not know the prefix `node:`.
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
  // Not an import statement, because those run first.
  void (createRequire(__filename)('./cli/program') as typeof program).run()
} else {
  process.stderr.write(`followme: ${refusal}\n`)
  process.exitCode = 3
}
