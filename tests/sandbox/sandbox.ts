// `npm run sandbox`: an Asterisk of one's own in the foreground, until Ctrl-C; an office's with `-- --office`.
import { startAsterisk } from './asterisk'
import { NoAsterisk } from './tree'

async function main(): Promise<void> {
  const asterisk = await startAsterisk({
    log: (line) => console.error(`· ${line}`),
    office: process.argv.includes('--office')
  })
  const line = (what: string, where: string): string => `  ${what.padEnd(24)}${where}`
  const program = [asterisk.tree.asterisk.command, ...asterisk.tree.asterisk.args].join(' ')
  console.log(
    [
      `Asterisk ${asterisk.tree.version} is up.`,
      '',
      line('a virtual number', `sip:+14155550100@127.0.0.1:${asterisk.sipPort} (from any softphone on this machine)`),
      line('PJSIP/NUMBER@trunk', `rings 127.0.0.1:${asterisk.carrierPort}`),
      ...[...asterisk.phones].map(([name, port]) => line(`PJSIP/${name}`, `rings 127.0.0.1:${port}`)),
      line('log', asterisk.logFile),
      line('console', `${program} -C ${asterisk.runDir}/etc/asterisk.conf -r`),
      '',
      `export FOLLOWME_ARI_URL=${asterisk.ariUrl} FOLLOWME_ARI_USER=${asterisk.ariUser} FOLLOWME_ARI_PASSWORD=${asterisk.ariPassword}`,
      '',
      'Ctrl-C ends it and leaves nothing behind.'
    ].join('\n')
  )
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
  await ended
  await asterisk.stop()
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = error instanceof NoAsterisk ? 3 : 1
})
