import { sql } from 'kysely'
import type { Query, OpenDatabase, Tx } from './db.ts'

/**
 * Numbers changes on servers (replication.md §3). A number given by a trigger could become visible after a higher
 * one, and a reader that had passed it would never see that change. So changes are written without a number, and
 * whoever reads them numbers what is visible first, one at a time: nothing can come below a cursor any more, and
 * writers wait for nobody.
 */

/** The counter of changes (CounterID). */
export const CHANGES = 1
/** The counter of the highest number whose change was purged (CounterID). */
export const PURGED = 2
/** The schema version that brought the counter; in one before it changes wait for `migrate`. */
const COUNTED_SINCE = 3
/** Changes numbered in one transaction. */
export const NUMBERED_AT_ONCE = 500

/** The counters as the schema is made. Run it while nobody else migrates. */
export const startCounters = async (db: Query, schemaVersion: number): Promise<void> => {
  if (schemaVersion < COUNTED_SINCE) return
  for (const counterId of [CHANGES, PURGED]) {
    const found = await db
      .selectFrom('Sync_Counter')
      .select('value')
      .where('counterId', '=', counterId)
      .execute()
    if (found.length === 0) await db.insertInto('Sync_Counter').values({ counterId, value: 0 }).execute()
  }
}

/** Gives every committed change its number; answers how many got one. Nothing to do on a file. */
export const numberChanges = async (db: OpenDatabase): Promise<number> => {
  if (db.dialect.sequencedByTrigger || db.schemaVersion < COUNTED_SINCE) return 0
  let total = 0
  for (;;) {
    if (!(await hasPending(db.look))) return total
    const numbered = await db.write({ actor: 'system' }, numberSome)
    total += numbered
    if (numbered < NUMBERED_AT_ONCE) return total
  }
}

/** Mostly there is none: then no transaction is opened, and nobody waits for the counter. */
const hasPending = async (db: Query): Promise<boolean> => {
  const rows = await db
    .selectFrom('Data_Change')
    .select('localSeq')
    .where('seq', 'is', null)
    .limit(1)
    .execute()
  return rows.length > 0
}

const numberSome = async (tx: Tx): Promise<number> => {
  // A statement of its own: the next one then sees what whoever held the counter before has numbered.
  const counter = await tx
    .selectFrom('Sync_Counter')
    .select('value')
    .where('counterId', '=', CHANGES)
    .forUpdate()
    .executeTakeFirst()
  if (!counter) throw new Error('the counter of changes is gone')
  const rows = await tx
    .selectFrom('Data_Change')
    .select('localSeq')
    .where('seq', 'is', null)
    .orderBy('localSeq')
    .limit(NUMBERED_AT_ONCE)
    .execute()
  if (rows.length === 0) return 0
  const ids = rows.map((row) => row.localSeq)
  const cases = ids.map((id, index) => sql`when ${sql.lit(id)} then ${sql.lit(counter.value + index + 1)}`)
  await tx
    .updateTable('Data_Change')
    .set({ seq: sql<number>`case ${sql.ref('localSeq')} ${sql.join(cases, sql` `)} end` })
    .where('localSeq', 'in', ids)
    .execute()
  await tx
    .updateTable('Sync_Counter')
    .set({ value: counter.value + ids.length })
    .where('counterId', '=', CHANGES)
    .execute()
  return ids.length
}
