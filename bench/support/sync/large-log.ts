import { sql } from 'kysely'
import type { OpenDatabase } from '../../../src/main/data/db.ts'
import { BLOCK_SIZE } from '../../../src/main/data/seals.ts'
import { numberChanges } from '../../../src/main/data/sequencer.ts'
import { nodeRow } from '../../../tests/data/rows.ts'
import { say } from '../folders.ts'
import { makeEdits } from './edits.ts'

export const RECORDS = 100_000
export const FOLLOWERS = 12
const MADE_AT_ONCE = 250_000

/** Changes there are before the log is made long: their images are the others'. */
export const startLog = async (db: OpenDatabase): Promise<number> => {
  await makeEdits(db, 1000)
  await numberChanges(db)
  return newestSeq(db)
}

/** Nodes that follow the log. */
export const addFollowers = async (db: OpenDatabase): Promise<void> => {
  const updatedAt = await db.now()
  await db.write({ actor: 'bench' }, async (tx) => {
    for (let index = 0; index < FOLLOWERS; index += 1) {
      const nodeId = followerId(index)
      const node = nodeRow({ nodeId, nodeName: `node-${index}` })
      await tx.insertInto('Nodes').values(node).execute()
      const cursor = { nodeId, seq: 0, schemaVersion: 5, databaseId: 'bench', waiting: 0, updatedAt }
      await tx.insertInto('Sync_Cursor').values(cursor).execute()
    }
  })
}

/** One after the other along the log, from the share `from` of it on; the last one is at its end. */
export const spreadFollowers = async (db: OpenDatabase, from = 0): Promise<void> => {
  const newest = await newestSeq(db)
  await db.write({ actor: 'bench' }, async (tx) => {
    for (let index = 0; index < FOLLOWERS; index += 1) {
      const seq = Math.floor(newest * (from + ((1 - from) * index) / (FOLLOWERS - 1)))
      await tx.updateTable('Sync_Cursor').set({ seq }).where('nodeId', '=', followerId(index)).execute()
    }
  })
}

export const followerId = (index: number): string =>
  `01900005-0000-7000-8000-${String(index).padStart(12, '0')}`

export const newestSeq = async (db: OpenDatabase): Promise<number> => {
  const row = await db.look
    .selectFrom('Data_Change')
    .select('seq')
    .where('seq', 'is not', null)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  return row.seq ?? 0
}

/**
 * Makes the log `changes` long, by copies of its first changes with other numbers, ids and records: sealed, and with
 * statistics as on a server that has been at rest.
 */
export const lengthenLog = async (
  db: OpenDatabase,
  { changes, samples }: { changes: number; samples: number },
): Promise<void> => {
  const startedAt = performance.now()
  // Built once in the end instead of kept right row by row.
  const indexes = await looseIndexes(db)
  await runAll(
    db,
    indexes.map(({ name }) => `drop index "${name}"`),
  )
  for (let from = await newestSeq(db); from < changes; from += MADE_AT_ONCE) {
    const count = Math.min(MADE_AT_ONCE, changes - from)
    await db.write({ actor: 'bench' }, async (tx) => {
      await sql.raw(copying({ from, count, samples })).execute(tx)
      await sql.raw(`update "Sync_Counter" set "Value" = ${from + count} where "CounterID" = 1`).execute(tx)
    })
  }
  await runAll(db, [...indexes.map(({ text }) => text), sealing(changes)])
  // On a connection of its own: no transaction may be open.
  await sql.raw('vacuum analyze "Data_Change"').execute(db.read)
  await sql.raw('analyze').execute(db.read)
  say(`a log of ${changes} changes in ${Math.round((performance.now() - startedAt) / 1000)} s`)
}

/** Those that nothing here asks while the log is filled, by name and by what makes them. */
const looseIndexes = async (db: OpenDatabase): Promise<{ name: string; text: string }[]> => {
  const { rows } = await sql<{ name: string; text: string }>`
    select indexname as name, indexdef as text from pg_indexes
    where tablename = 'Data_Change' and indexname like 'idx_%'`.execute(db.read)
  return rows
}

const runAll = (db: OpenDatabase, texts: readonly string[]): Promise<void> =>
  db.write({ actor: 'bench' }, async (tx) => {
    for (const text of texts) await sql.raw(text).execute(tx)
  })

/** One transaction has three changes, and the changes of one second have one time. */
const copying = ({ from, count, samples }: { from: number; count: number; samples: number }): string => `
insert into "Data_Change" ("Seq", "ChangeID", "TableName", "RecordID", "Action", "OldData", "NewData", "ChangedBy",
  "ChangedAt", "NodeID", "TransactionID", "SchemaVersion", "Digest")
select n, '01900003-0000-7000-8000-' || lpad(to_hex(n), 12, '0'), s."TableName",
  '01900004-0000-7000-8000-' || lpad(to_hex((n::bigint * 7919) % ${RECORDS}), 12, '0'), s."Action", s."OldData",
  s."NewData", s."ChangedBy", to_char(timestamp '2024-06-01' + n * interval '1 second',
  'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), s."NodeID", '01900006-0000-7000-8000-' || lpad(to_hex(n / 3), 12, '0'),
  s."SchemaVersion", s."Digest"
from generate_series(${from + 1}, ${from + count}) n join "Data_Change" s on s."Seq" = 1 + n % ${samples}`

const sealing = (changes: number): string => `
insert into "Change_Seal" ("ToSeq", "FromSeq", "ChangeCount", "Digest", "SealedAt")
select n, n - ${BLOCK_SIZE - 1}, ${BLOCK_SIZE}, repeat('0', 64), '2024-06-01T00:00:00.000Z'
from generate_series(${BLOCK_SIZE}, ${changes}, ${BLOCK_SIZE}) n on conflict do nothing`
