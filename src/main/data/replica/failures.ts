import type { OpenDatabase, Query, Tx } from '../db.ts'
import { hasFailureTables } from '../failure-tables.ts'
import { isUnsettled } from '../repos/failures.ts'

/*
 * Failures travel as they are now, not as changes: without its cluster database a node shows those that were known, and
 * its own runs go on from there. What was noted here is noted there when its runs are delivered, so what is there holds.
 */

/** The latest; the inbox of a cluster that has more is nobody's reading. */
const AT_MOST = 1000

/** Lays those that wait or go on over the replica, when there is something new. */
export const bringFailures = async (
  centre: Pick<OpenDatabase, 'read' | 'schemaVersion'>,
  replica: Pick<OpenDatabase, 'look' | 'write'>,
): Promise<void> => {
  if (!hasFailureTables(centre)) return
  const [there, here] = await Promise.all([signOf(centre.read), signOf(replica.look)])
  if (there === here) return
  const rows = await waiting(centre.read).selectAll().execute()
  await replica.write({ actor: 'system', applies: true }, async (tx: Tx) => {
    await tx.deleteFrom('Task_Failure').execute()
    for (const row of rows) await tx.insertInto('Task_Failure').values(row).execute()
  })
}

const waiting = (db: Query) =>
  db
    .selectFrom('Task_Failure')
    .where(isUnsettled)
    .orderBy('lastAt', 'desc')
    .orderBy('failureId', 'desc')
    .limit(AT_MOST)

/** Each has another version after each write. */
const signOf = async (db: Query): Promise<string> => {
  const rows = await waiting(db).select(['failureId', 'version']).execute()
  return rows.map(({ failureId, version }) => `${failureId} ${version}`).join('\n')
}
