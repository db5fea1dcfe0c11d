// `npm run sandbox`: an Asterisk of one's own in the foreground, until Ctrl-C.
import { startAsterisk } from './asterisk'
import { NoAsterisk } from './tree'

async function main(): Promise<void> {
  const asterisk = await startAsterisk({ log: (line) => console.error(`· ${line}`) })
  const phones = [...asterisk.phones].map(([name, port]) => `  PJSIP/${name.padEnd(28)}→ 127.0.0.1:${port}`)
  console.log(
    [
      `Asterisk ${asterisk.tree.version} is up.`,
      '',
      `  call a virtual number          sip:+14155550100@127.0.0.1:${asterisk.sipPort}, from any softphone here`,
      `  PJSIP/NUMBER@trunk             → 127.0.0.1:${asterisk.carrierPort}`,
      ...phones.map((line) => line.replace(/PJSIP\/(\S+)\s+→/, (_, name: string) => `PJSIP/${name}`.padEnd(31) + '→')),
      `  log                            ${asterisk.logFile}`,
      `  console                        ${[asterisk.tree.asterisk.command, ...asterisk.tree.asterisk.args].join(' ')} -C ${asterisk.runDir}/etc/asterisk.conf -r`,
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
