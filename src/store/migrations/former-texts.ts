// Migrations of followme whose text changed after databases had been created with it.

/**
 * The checksum of the other text, by the file's name. The statements are the same, except in 0001, which for a while contained
 * what is now 0010_emergency_numbers; such a database applies that again.
 */
const formerChecksums: Readonly<Record<string, string>> = {
  '0001_schema': '73170b1d966751f754fd84323eec2c43833a7b2c3d9ea8b9e610dc052271fec0',
  '0003_migration_files': '66d82991fac3f5ed45f69cf421894377f2b842c84b9cb2ad6b95fcaca4eaaaeb',
  '0004_dialled_forms': '6dedae359d90125ead2bbfb29895caefe3417bb37ddca34576f84c4e2dec942a',
  '0005_failsafe_talk_seconds': '8722f702206fd77be24997ed555c4e26166a50709be2326460b4b8ca0ff6670c'
}

/** Whether a recorded checksum is that of the migration's former text. */
export function isFormerText(name: string, remembered: string): boolean {
  return formerChecksums[name] === remembered
}
