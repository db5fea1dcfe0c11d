// Which other calls a call is connected to: by an attended transfer between two of ours, or by a blind one to another virtual number.
import type { Kysely } from 'kysely'
import { areMadeTogether, firstEndIds, otherEndOf, secondEndIds } from '../../call/other-end'
import type { RecordedCall } from '../../ports'
import type { Schema } from '../database/schema'

/** The id of the other call, by the leg of this call that leads there: the caller's leg or a replacement. */
export async function otherCalls(
  db: Kysely<Schema>,
  { call, replacements }: RecordedCall
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const { leg, who } of replacements) {
    const other = await joinedAt(db, leg, who)
    if (other !== undefined) found.set(leg, other)
  }
  const before = await transferredFrom(db, call.aLeg)
  if (before !== undefined) found.set(call.aLeg, before)
  return found
}

async function joinedAt(db: Kysely<Schema>, leg: string, who: string): Promise<string | undefined> {
  const end = otherEndOf(who)
  if (end === undefined) return undefined
  const takers = await db.selectFrom('replacements').select(['call', 'leg']).where('who', '=', end).execute()
  const taker = takers.find((each) => areMadeTogether(leg, each.leg))
  if (taker !== undefined || !who.endsWith(';1')) return taker?.call
  const arrived = db.selectFrom('calls').select('id').where('a_leg', 'in', secondEndIds(leg))
  return (await arrived.executeTakeFirst())?.id
}

/** The call in which a blind transfer went to this caller's number. */
async function transferredFrom(db: Kysely<Schema>, aLeg: string): Promise<string | undefined> {
  const first = db.selectFrom('replacements').select('call').where('leg', 'in', firstEndIds(aLeg))
  return (await first.where('who', 'like', '%@%;1').executeTakeFirst())?.call
}
