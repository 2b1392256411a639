import type { Query } from '../db.ts'

/** How much of the change log lies behind a number. */
export interface Lag {
  /** Changes by table. */
  byTable: Map<string, number>
  /** When the oldest of them was made; null: there is none. */
  oldestAt: string | null
}

/** Counted no further than this: who is so far behind is behind. */
const MOST_COUNTED = 10_000

export const lagBehind = async (db: Query, seq: number): Promise<Lag> => {
  const rows = await db
    .selectFrom('Data_Change')
    .select(['tableName', 'changedAt'])
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(MOST_COUNTED)
    .execute()
  const byTable = new Map<string, number>()
  for (const { tableName } of rows) byTable.set(tableName, (byTable.get(tableName) ?? 0) + 1)
  return { byTable, oldestAt: rows[0]?.changedAt ?? null }
}
