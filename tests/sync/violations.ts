import { readImage } from '../../src/main/data/images.ts'
import type { OpenDatabase } from '../../src/main/data/db.ts'
import type { PendingRow } from '../../src/main/data/replica/pending.ts'
import type { Image } from '../../src/shared/domain/change.ts'
import { diffImages, sameJson, withoutKept } from '../../src/shared/domain/diff.ts'
import { heldBy, type SyncNode } from './sync-node.ts'

/** What must hold of a world (world.ts) whatever happened in it (replication.md §5). */

export interface Player {
  sync: SyncNode
  db: OpenDatabase
  lastSeq: number
}

/** What somebody wrote on a replica. */
export interface Written {
  changeId: string
  taskId: string
  field: string
  value: unknown
}

export interface Past {
  centre: OpenDatabase
  players: readonly Player[]
  written: readonly Written[]
  /** Every edit that ever waited on a replica. */
  pendings: ReadonlyMap<string, PendingRow>
}

/** What does not hold; empty when all does. */
export const violationsIn = async ({ centre, players, written, pendings }: Past): Promise<string[]> => [
  ...(await divergences(centre, players)),
  ...(await lostWrites(centre, written)),
  ...(await silentOverwrites(centre, pendings)),
  ...(await replayed(centre, players, pendings)),
]

export const imageOf = ({ tableName, newData }: Pick<PendingRow, 'tableName' | 'newData'>): Image | null => {
  const read = newData ? readImage(tableName, newData) : null
  return read?.ok ? read.image : null
}

const divergences = async (centre: OpenDatabase, players: readonly Player[]): Promise<string[]> => {
  const wanted = await heldBy(centre)
  const problems: string[] = []
  for (const { sync, db } of players) {
    if (!sameJson(await heldBy(db), wanted)) problems.push(`${sync.nodeId} differs from the cluster database`)
    const waiting = await db.look.selectFrom('Sync_Pending').selectAll().execute()
    for (const row of waiting) problems.push(`${row.tableName} ${row.recordId} still waits: ${row.problem}`)
  }
  return problems
}

/** A value is in the log, or in a conflict, or it was the loser of a change that has one. */
const lostWrites = async (centre: OpenDatabase, written: readonly Written[]): Promise<string[]> => {
  const changes = await centre.read
    .selectFrom('Data_Change')
    .selectAll()
    .where('tableName', '=', 'Tasks')
    .execute()
  const images = changes.flatMap((change) => {
    const image = imageOf(change)
    return image ? [{ taskId: change.recordId, image }] : []
  })
  const conflicts = await centre.read.selectFrom('Sync_Conflict').selectAll().execute()
  const told = new Set(conflicts.map((conflict) => conflict.changeId))
  return written
    .filter(
      ({ changeId, taskId, field, value }) =>
        !told.has(changeId) &&
        !images.some((one) => one.taskId === taskId && sameJson(one.image[field] ?? null, value ?? null)),
    )
    .map(({ taskId, field, value }) => `lost: ${field} = ${String(value)} of ${taskId}`)
}

/** A value that was replaced by an edit that had not seen it is in a conflict. */
const silentOverwrites = async (
  centre: OpenDatabase,
  pendings: ReadonlyMap<string, PendingRow>,
): Promise<string[]> => {
  const applied = await centre.read.selectFrom('Sync_Applied').selectAll().execute()
  const conflicts = await centre.read.selectFrom('Sync_Conflict').select(['changeId']).execute()
  const told = new Set(conflicts.map((conflict) => conflict.changeId))
  const problems: string[] = []
  for (const { changeId, transactionId } of applied) {
    const pending = pendings.get(changeId)
    if (!pending || !transactionId || told.has(changeId) || !pending.oldData) continue
    const base = readImage('Tasks', pending.oldData)
    const changes = await centre.read
      .selectFrom('Data_Change')
      .selectAll()
      .where('transactionId', '=', transactionId)
      .where('tableName', '=', 'Tasks')
      .execute()
    for (const change of changes) {
      const before = change.oldData ? readImage('Tasks', change.oldData) : null
      if (!before?.ok || !base.ok) continue
      for (const { field, old } of withoutKept(diffImages(before.image, imageOf(change))))
        if (!sameJson(base.image[field] ?? null, old))
          problems.push(`${changeId} replaced ${field} = ${JSON.stringify(old)}, which it had not seen`)
    }
  }
  return problems
}

/** Every edit delivered once more: nothing changes. */
const replayed = async (
  centre: OpenDatabase,
  players: readonly Player[],
  pendings: ReadonlyMap<string, PendingRow>,
): Promise<string[]> => {
  const before = { held: await heldBy(centre), conflicts: await countOf(centre, 'Sync_Conflict') }
  const log = await countOf(centre, 'Data_Change')
  const [{ sync, db }] = players as [Player]
  const rows = [...pendings.values()].map(({ pendingSeq: _, ...row }) => row)
  for (const row of rows)
    await db.write({ actor: 'test', applies: true }, (tx) =>
      tx.insertInto('Sync_Pending').values(row).execute(),
    )
  await sync.push()
  const isSame =
    sameJson(await heldBy(centre), before.held) &&
    (await countOf(centre, 'Sync_Conflict')) === before.conflicts &&
    (await countOf(centre, 'Data_Change')) === log
  return isSame ? [] : ['edits delivered twice changed something']
}

const countOf = async (db: OpenDatabase, table: 'Sync_Conflict' | 'Data_Change'): Promise<number> => {
  const { count } = await db.read
    .selectFrom(table)
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}
