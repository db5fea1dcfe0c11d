// Migrations of followme whose comments were rewritten after databases had been made with them.

/** The checksum of the former text, by the file's name. The statements are the same. */
const formerChecksums: Readonly<Record<string, string>> = {
  '0003_migration_files': '66d82991fac3f5ed45f69cf421894377f2b842c84b9cb2ad6b95fcaca4eaaaeb',
  '0004_dialled_forms': '6dedae359d90125ead2bbfb29895caefe3417bb37ddca34576f84c4e2dec942a',
  '0005_failsafe_talk_seconds': '8722f702206fd77be24997ed555c4e26166a50709be2326460b4b8ca0ff6670c'
}

/** Whether a checksum that is remembered is that of the text which the migration of this name once had. */
export function isFormerText(name: string, remembered: string): boolean {
  return formerChecksums[name] === remembered
}
