import { CompiledQuery, sql } from 'kysely'
import type { Query } from '../db.ts'
import type { CopyWords } from '../dialects/dialect.ts'
import { CHANGES, NUMBERED_AT_ONCE } from '../sequencer.ts'
import { copyTables, storedIn } from './tables.ts'

/** The numbers of changes in a database that was copied: new ones come behind the old ones (sequencer.ts). */

/** The source's counter, to begin behind what was numbered there even if those changes are gone. */
export const readCounter = async (db: Query): Promise<number> => {
  const row = await storedIn(db)
    .selectFrom('Sync_Counter')
    .select('Value')
    .where('CounterID', '=', CHANGES)
    .executeTakeFirst()
  return Number(row?.['Value'] ?? 0)
}

/** Where triggers number changes there is nobody to number those that came without: behind the others, in their order. */
export const numberPending = async (db: Query): Promise<void> => {
  for (;;) {
    const numbered = await db.transaction().execute(numberSome)
    if (numbered < NUMBERED_AT_ONCE) return
  }
}

const numberSome = async (tx: Query): Promise<number> => {
  const stored = storedIn(tx)
  const pending = await stored
    .selectFrom('Data_Change')
    .select('LocalSeq')
    .where('Seq', 'is', null)
    .orderBy('LocalSeq')
    .limit(NUMBERED_AT_ONCE)
    .execute()
  let { seq } = await highest(tx)
  for (const { LocalSeq } of pending) {
    seq += 1
    await stored.updateTable('Data_Change').set({ Seq: seq }).where('LocalSeq', '=', LocalSeq).execute()
  }
  return pending.length
}

/**
 * Sets the counter to the highest number, and the key that counts itself behind it: SQLite numbers by that key
 * (sqlite-triggers.ts), and servers may have numbered more changes than they kept.
 */
export const countChanges = async (db: Query, words: CopyWords, sourceCounter: number): Promise<void> => {
  const { seq, localSeq } = await highest(db)
  const counter = Math.max(sourceCounter, seq)
  await storedIn(db)
    .updateTable('Sync_Counter')
    .set({ Value: counter })
    .where('CounterID', '=', CHANGES)
    .execute()
  const behind = Math.max(counter, localSeq)
  const table = copyTables().find(({ counts }) => counts !== null)
  if (!table?.counts || behind === 0) return
  for (const statement of words.countBehind(table.name, table.counts, behind))
    await db.executeQuery(CompiledQuery.raw(statement))
}

const highest = async (db: Query): Promise<{ seq: number; localSeq: number }> => {
  const row = await storedIn(db)
    .selectFrom('Data_Change')
    .select([
      sql<number | null>`max(${sql.ref('Seq')})`.as('seq'),
      sql<number | null>`max(${sql.ref('LocalSeq')})`.as('localSeq'),
    ])
    .executeTakeFirst()
  return { seq: Number(row?.seq ?? 0), localSeq: Number(row?.localSeq ?? 0) }
}
