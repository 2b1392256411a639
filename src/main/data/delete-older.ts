import type { Tx } from './db.ts'

/** Tables whose old rows go by their age alone: what is old, and what names a row. */
const AGES = {
  Data_Change: { key: 'localSeq', at: 'changedAt' },
  Sync_Applied: { key: 'changeId', at: 'appliedAt' },
  // Open ones have no such time: they wait for somebody, however old they are.
  Sync_Conflict: { key: 'conflictId', at: 'resolvedAt' },
  // So do those that go on.
  Task_Failure: { key: 'failureId', at: 'recoveredAt' },
  Webhook_Call: { key: 'callId', at: 'endedAt' },
} as const

export type AgingTable = keyof typeof AGES

/** All of them are asked in the same words, which are typed by one of them. */
type Any = 'Sync_Applied'
type AnyKey = 'changeId'
type AnyTime = 'appliedAt'

/** A batch of rows from before then, oldest first; answers how many went. First which, then those by key (maintenance.ts). */
export const deleteOlder =
  (table: AgingTable) =>
  async (tx: Tx, before: string, limit: number): Promise<number> => {
    const { key, at } = AGES[table]
    const old = await tx
      .selectFrom(table as Any)
      .select(key as AnyKey)
      .where(at as AnyTime, '<', before)
      .orderBy(at as AnyTime)
      .limit(limit)
      .execute()
    return deleteByKey(
      tx,
      table,
      old.map((row) => row[key as AnyKey]),
    )
  }

export const deleteByKey = async (
  tx: Tx,
  table: AgingTable,
  keys: readonly (string | number)[],
): Promise<number> => {
  if (keys.length === 0) return 0
  const result = await tx
    .deleteFrom(table as Any)
    .where(AGES[table].key as AnyKey, 'in', keys as readonly string[])
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
