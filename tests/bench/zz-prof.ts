import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { openWorld } from './world'
import { start } from './sipp-pair'
import { wayOf } from './ways'
const stat = (pid: number) => { const t = readFileSync(`/proc/${pid}/stat`, 'utf8'); const f = t.slice(t.lastIndexOf(')') + 2).split(' ').map(Number); return [10 * f[11]!, 10 * f[12]!] }
async function main() {
  const [way = 'websocket', calls = '1000', rate = '50', ...cmd] = process.argv.slice(2)
  const world = await openWorld(() => undefined)
  try {
    const server = await world.followme(wayOf(way as never), process.env['PROF_NODE'] ? { NODE_OPTIONS: process.env['PROF_NODE'] } : {})
    await (await start(world.asterisk, { way, profile: 'busy', calls: 750, rate: 50, holdMs: 500 } as never)).seen
    await world.empty()
    const a = world.asterisk.pid(), f = server?.pid ?? 0
    const before = [stat(a), f ? stat(f) : [0, 0]]
    const c = cmd.length ? spawn('sh', ['-c', cmd.join(' ').replaceAll('ASTERISK', String(a)).replaceAll('FOLLOWME', String(f))], { stdio: 'inherit' }) : null
    const seen = await (await start(world.asterisk, { way, profile: 'busy', calls: Number(calls), rate: Number(rate), holdMs: 500 } as never)).seen
    await world.empty()
    const after = [stat(a), f ? stat(f) : [0, 0]]
    const per = after.map((x, i) => x.map((y, j) => ((y - before[i]![j]!) / Number(calls)).toFixed(2)))
    console.log(way, 'failed', seen.failed, 'asterisk user/sys', per[0], 'followme user/sys ms a call', per[1])
    if (c) { c.kill('SIGINT'); await new Promise((r) => c.on('exit', r)) }
    await server?.stop()
  } finally { await world.close() }
}
void main()
