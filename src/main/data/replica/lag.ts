import { capturedTables } from '../capture.ts'
import type { Query } from '../db.ts'

/** How much of the change log lies behind a number. */
export interface Lag {
  /** Changes by table. */
  byTable: Map<string, number>
  /** When the oldest of them was made; null: there is none. */
  oldestAt: string | null
}

/** Counted no further than this, of one table: who is so far behind is behind. */
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
  const [first, ...others] = capturedTables().map(({ name }) => countOf(db, name, seq))
  const rows = (await others.reduce((all, one) => all?.unionAll(one), first)?.execute()) ?? []
  const counted = rows.map(({ tableName, count }) => [tableName, Number(count)] as const)
  return { byTable: new Map(counted.filter(([, count]) => count > 0)), oldestAt: oldest.changedAt }
}

/** Each table by itself: so the index answers. The rows, which are wide, would have to be read for their table. */
const countOf = (db: Query, tableName: string, seq: number) => {
  const behind = db
    .selectFrom('Data_Change')
    .select('seq')
    .where('tableName', '=', tableName)
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(MOST_COUNTED)
  return db
    .selectFrom(behind.as('behind'))
    .select((select) => [
      select.val(tableName).as('tableName'),
      select.fn.countAll<number | string>().as('count'),
    ])
}

/** What is counted by table, of all of them. */
export const ofAllTables = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((a, b) => a + b, 0)
