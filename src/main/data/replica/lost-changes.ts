import type { Query } from '../db.ts'
import { purgedUpTo } from './log-page.ts'

/** Changes that a replica had followed and that its cluster database does not have: it was restored from a backup. */
export interface LostChanges {
  count: number
  /** Of these, edits of this node that were delivered: they wait nowhere any more. */
  own: number
  /** Only so many were looked at, and none was there. */
  atLeast: boolean
}

/** Looked at, newest first: what was lost is at the end of the log. */
const MOST = 2_000
const AT_ONCE = 200

/** @param origin what the cluster database notes of edits that this node delivered. */
export const lostChanges = async (centre: Query, replica: Query, origin: string): Promise<LostChanges> => {
  const followed = await replica
    .selectFrom('Data_Change')
    .select(['changeId', 'origin'])
    .where('seq', '>', await purgedUpTo(centre))
    .orderBy('seq', 'desc')
    .limit(MOST)
    .execute()
  const lost: LostChanges = { count: 0, own: 0, atLeast: false }
  for (let from = 0; from < followed.length; from += AT_ONCE) {
    const some = followed.slice(from, from + AT_ONCE)
    const gone = await goneOf(centre, some)
    lost.count += gone.length
    lost.own += gone.filter((one) => one.origin === origin).length
    // The older ones are there.
    if (gone.length < some.length) return lost
  }
  return { ...lost, atLeast: followed.length === MOST }
}

const goneOf = async <Change extends { changeId: string }>(
  centre: Query,
  changes: readonly Change[],
): Promise<Change[]> => {
  const ids = changes.map(({ changeId }) => changeId)
  const there = await centre
    .selectFrom('Data_Change')
    .select('changeId')
    .where('changeId', 'in', ids)
    .execute()
  const known = new Set(there.map(({ changeId }) => changeId))
  return changes.filter(({ changeId }) => !known.has(changeId))
}

/** Completes the reason why a replica was filled anew; empty when nothing was lost. */
export const lostText = ({ count, own, atLeast }: LostChanges): string => {
  if (count === 0) return ''
  const changes = `${atLeast ? 'at least ' : ''}${count} ${count === 1 ? 'change' : 'changes'}`
  const are = count === 1 ? 'is' : 'are'
  const edits = own === 1 ? '1 edit' : `${own} edits`
  return (
    `; ${changes} that this node had followed ${are} gone there` +
    (own === 0 ? '' : `, with ${edits} of this node that had been delivered: make them again`)
  )
}
