// The failsafe's plan as followme has written it for Asterisk, for the cases of a file.
import { type OpenDatabase, openDatabase } from '../../src/store/database/database'
import type { World } from './world'

/** A connection to the database with the plan. It is open from the first case of the file to the last. */
export function useKeptPlan(world: World): () => OpenDatabase['sqlite'] {
  let reading: OpenDatabase
  beforeAll(() => {
    reading = openDatabase(world.database)
  })
  afterAll(() => reading.close())
  return () => reading.sqlite
}
