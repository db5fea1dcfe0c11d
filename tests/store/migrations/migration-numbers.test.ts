// Two colleagues, one number: each message names the file that keeps its name, and following it to the letter ends well.
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { reasonOf } from '../../../src/errors'
import { type Site, givenSite } from '../given-site'

const list = (name: string) => `INSERT INTO caller_lists VALUES ('${name}');\n`

/** A site that has applied 0001_start and 0005_a; then a merge brings what it brings. */
function givenMerge(change: (site: Site) => void): Site {
  const site = givenSite({ '0001_start.sql': list('start'), '0005_a.sql': list('a') })
  site.run()
  change(site)
  return site
}

/** What `migrate` says, with the names of files alone. */
function refusal({ run, site }: Site): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    return reasonOf(error)
      .replaceAll(`${site}/`, '')
      .replaceAll(/ on \S+Z/g, '')
  }
}

/** Does each `rename X to Y` of a message. */
function follow(message: string, { site, file }: Site): void {
  const renames = [...message.matchAll(/rename (\S+?) (?:back )?to (\S+?\.sql)/g)]
  expect(renames.length).toBeGreaterThan(0)
  for (const [, from = '', to = ''] of renames) {
    expect(readdirSync(site)).not.toContain(to)
    renameSync(file(from), file(to))
  }
}

const b = ({ file }: Site): void => writeFileSync(file('0005_b.sql'), list('b'))
const rename =
  (from: string, to: string) =>
  ({ file }: Site): void =>
    renameSync(file(from), file(to))
const together =
  (...changes: ((site: Site) => void)[]) =>
  (site: Site): void => {
    for (const change of changes) change(site)
  }

test.each<[string, (site: Site) => void, string, string[]]>([
  [
    'a second file has the number of the applied one',
    b,
    '0005_a.sql and 0005_b.sql have the same number; 0005_a.sql is applied and keeps its name: rename 0005_b.sql to 0006_b.sql',
    ['0006_b']
  ],
  [
    'the applied one was renumbered',
    together(b, rename('0005_a.sql', '0006_a.sql')),
    '0005_b.sql has the number of 0005_a.sql, which was applied and is not there any more: rename 0005_b.sql to 0007_b.sql, and rename 0006_a.sql back to 0005_a.sql',
    ['0007_b']
  ],
  [
    'the applied one was renamed, and a second file has its number',
    together(b, rename('0005_a.sql', '0005_c.sql')),
    '0005_b.sql has the number of 0005_a.sql, which was applied and is not there any more: rename 0005_b.sql to 0006_b.sql, and rename 0005_c.sql back to 0005_a.sql',
    ['0006_b']
  ],
  [
    'three files have the same number',
    together(b, ({ file }) => writeFileSync(file('0005_z.sql'), list('z'))),
    '0005_a.sql is applied and keeps its name: rename 0005_b.sql to 0006_b.sql, rename 0005_z.sql to 0007_z.sql',
    ['0006_b', '0007_z']
  ],
  [
    'later files are pending',
    together(b, ({ file }) => writeFileSync(file('0008_later.sql'), list('later'))),
    'keeps its name: rename 0005_b.sql to 0009_b.sql',
    ['0008_later', '0009_b']
  ],
  [
    'the applied one was renamed',
    rename('0005_a.sql', '0005_c.sql'),
    "0005_c.sql was called 0005_a.sql when it was applied: rename 0005_c.sql back to 0005_a.sql; or accept it as it is: 'followme migrate --accept 0005'",
    []
  ],
  [
    'the applied one was renumbered, and nothing took its place',
    rename('0005_a.sql', '0007_a.sql'),
    '0007_a.sql was called 0005_a.sql when it was applied: rename 0007_a.sql back to 0005_a.sql',
    []
  ],
  [
    'two new files have the same number',
    together(
      ({ file }) => writeFileSync(file('0006_x.sql'), list('x')),
      ({ file }) => writeFileSync(file('0006_y.sql'), list('y'))
    ),
    '0006_x.sql and 0006_y.sql have the same number, and neither is applied here: rename 0006_y.sql to 0007_y.sql',
    ['0006_x', '0007_y']
  ]
])('%s', (_, change, message, names) => {
  const site = givenMerge(change)
  const said = refusal(site) ?? ''
  expect(said).toContain(message)
  follow(said, site)
  expect(site.run().map(({ name }) => name)).toEqual(names)
  expect(site.run()).toEqual([])
})

test('a file numbered below an applied one is refused with a suggested name', () => {
  const site = givenMerge(({ file }) => writeFileSync(file('0003_late.sql'), list('late')))
  expect(refusal(site)).toBe(
    'migration 0003_late.sql comes before 0005_a, which is applied already; give it a number above 0005, as in 0006_late.sql'
  )
})

test('if the applied file is gone and another has its number, both cures are given', () => {
  const site = givenMerge(together(b, ({ file }) => rmSync(file('0005_a.sql'))))
  const said = refusal(site) ?? ''
  expect(said).toContain(
    'rename 0005_b.sql to 0006_b.sql, and restore 0005_a.sql from version control, or from the text that is kept:\n  sqlite3 '
  )
})

test('if the applied file is gone, a new file with another number is not mistaken for it', () => {
  const site = givenMerge(({ file }) => {
    rmSync(file('0001_start.sql'))
    writeFileSync(file('0006_new.sql'), list('new'))
  })
  expect(refusal(site)).toContain('site migration 0001_start.sql was applied but its file is missing; restore it')
})
