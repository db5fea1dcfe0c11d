// A short form of `npm run test:node`: the package on the oldest and the newest Node.js, and followme on some that it refuses.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packed } from '../packaging/packed'
import { install, pairs, refusal, refused } from './trials'

jest.setTimeout(300_000)

let directory: string
let tarball: string

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'followme-pack-'))
  tarball = await packed(directory)
})
afterAll(() => rmSync(directory, { recursive: true }))

test.each([pairs[0]!, pairs.at(-1)!])(
  'on Node.js $node npm $npm installs it, and 5,000 numbers are migrated',
  async (pair) => {
    await install(pair, tarball, 1)
  }
)

test.each([refused[0]!, refused.at(-1)!])('on Node.js %s it does not start, and says what to install', async (line) => {
  await refusal(line)
})
