// A program with a sandbox and a call in it, for leaves-nothing.test.ts to end in every way.
import { readFileSync, readdirSync } from 'node:fs'

import { startAsterisk } from './asterisk'
import { uac, uas } from './sipp'

function childrenOf(pid: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const parent = Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
      return parent === pid ? [Number(name)] : []
    } catch {
      return []
    }
  })
}

async function main(): Promise<void> {
  const asterisk = await startAsterisk({ globals: { FOLLOWME_FAILSAFE: 'PJSIP/alice' } })
  const alice = await uas(asterisk, asterisk.phones.get('alice') ?? 0, { kind: 'ring' })
  uac(asterisk, { number: '+14155550100' })
  await alice.waitForCall('the call to ring', () => true)
  console.log(JSON.stringify({ pid: process.pid, children: childrenOf(process.pid), runDir: asterisk.runDir }))
}

void main()
