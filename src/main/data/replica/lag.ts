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
  const oldest = await db
    .selectFrom('Data_Change')
    .select('changedAt')
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
  // Mostly nobody is behind: one look at an index.
  if (!oldest) return { byTable: new Map(), oldestAt: null }
  const behind = db
    .selectFrom('Data_Change')
    .select('tableName')
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(MOST_COUNTED)
  const rows = await db
    .selectFrom(behind.as('behind'))
    .select((select) => ['tableName', select.fn.countAll<number>().as('count')])
    .groupBy('tableName')
    .execute()
  return {
    byTable: new Map(rows.map(({ tableName, count }) => [tableName, Number(count)])),
    oldestAt: oldest.changedAt,
  }
}

/** Changes of all tables. */
export const totalOf = ({ byTable }: Lag): number => [...byTable.values()].reduce((a, b) => a + b, 0)
