import type { Selectable } from 'kysely'
import type { Query } from '../db.ts'
import type { Tables } from '../entities/index.ts'
import { PURGED } from '../sequencer.ts'

/** Pages of the cluster database's change log, for a replica that follows it. */

/** A numbered change. */
export type LogRow = Selectable<Tables['Data_Change']> & { seq: number }

/** How far a replica is. Number and id: a number alone would not notice that history was restored. */
export interface Cursor {
  seq: number
  /** Null where nothing was ever applied. */
  changeId: string | null
}

export type LogPage =
  | { kind: 'rows'; rows: LogRow[]; more: boolean }
  /** The log cannot be followed from this cursor: its records are read anew. */
  | { kind: 'lost'; reason: string }

/** The changes behind `cursor`, in the cluster's order, at most `limit`. Number them first (sequencer.ts). */
export const readLogPage = async (db: Query, cursor: Cursor, limit: number): Promise<LogPage> => {
  // The last one applied too: it must still be what it was.
  const found = await db
    .selectFrom('Data_Change')
    .selectAll()
    .where('seq', '>=', cursor.seq)
    .orderBy('seq')
    .limit(limit + 2)
    .execute()
  const rows = found.filter(isNumbered)
  const [first] = rows
  const lost =
    first?.seq === cursor.seq && first.changeId === cursor.changeId ? null : await lostAt(db, cursor)
  if (lost) return { kind: 'lost', reason: lost }
  const behind = rows.filter((row) => row.seq > cursor.seq)
  return { kind: 'rows', rows: behind.slice(0, limit), more: behind.length > limit }
}

export const isNumbered = (row: Selectable<Tables['Data_Change']>): row is LogRow => row.seq !== null

/** Why the change at the cursor is not there any more; null: it was purged, and nothing behind it. */
const lostAt = async (db: Query, cursor: Cursor): Promise<string | null> => {
  const purged = await purgedUpTo(db)
  if (purged > cursor.seq)
    return `changes up to ${purged} were purged, and this node had followed them up to ${cursor.seq} only`
  if (cursor.seq === 0 || purged === cursor.seq) return null
  return `change ${cursor.seq} of the cluster database is not the one this node had seen: it was restored from a backup`
}

/** The highest number of a change that retention removed; 0: none. */
export const purgedUpTo = async (db: Query): Promise<number> => {
  const row = await db
    .selectFrom('Sync_Counter')
    .select('value')
    .where('counterId', '=', PURGED)
    .executeTakeFirst()
  return row?.value ?? 0
}

/** The newest numbered change; null: there is none. */
export const newestChange = async (db: Query): Promise<{ seq: number; changeId: string } | null> => {
  const row = await db
    .selectFrom('Data_Change')
    .select(['seq', 'changeId'])
    .where('seq', 'is not', null)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && row.seq !== null ? { seq: row.seq, changeId: row.changeId } : null
}

/** The schema version that a change was made with; null: it is not there. */
export const schemaVersionAt = async (db: Query, seq: number): Promise<number | null> => {
  const row = await db
    .selectFrom('Data_Change')
    .select('schemaVersion')
    .where('seq', '=', seq)
    .executeTakeFirst()
  return row?.schemaVersion ?? null
}
