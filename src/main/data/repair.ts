import { isoOf, type Clock } from '../platform/clock.ts'
import { orphanRuns, orphanSchedules, type Finding } from './check.ts'
import type { OpenDatabase, Tx, WriteContext } from './db.ts'
import { steps } from './migrations/index.ts'
import { installTriggers } from './triggers.ts'

/** Records mended at once: a repair of thousands lets others write in between. */
const BATCH = 200

/**
 * Does what a finding's `fix` says; answers what was done, or null when there is nothing to repair by
 * machine. Look again afterwards with `checkDatabase`.
 */
export const repairFinding = async (
  db: OpenDatabase,
  finding: Finding,
  options: { context: WriteContext; clock: Clock },
): Promise<string | null> => {
  if (finding.ok) return null
  const { context, clock } = options
  switch (finding.id) {
    case 'triggers': {
      // They are looked at on the schema of this program alone.
      const wanted = { ...db, schemaVersion: steps.length }
      const install = () => db.write(context, (tx) => installTriggers(tx, wanted))
      const state = await (db.server ? db.server.alone(install) : install())
      return `installed: ${[...state.missing, ...state.changed].join(', ') || 'none'}; removed: ${state.extra.join(', ') || 'none'}`
    }
    case 'orphanSchedules':
      return `${await inBatches(db, context, deleteOrphanSchedules)} schedule rows deleted`
    case 'orphanRuns':
      return `${await inBatches(db, context, (tx) => stopOrphanRuns(tx, isoOf(clock.now())))} waiting runs ended`
    case 'integrity':
    case 'schema':
    case 'changeDigests':
    case 'size':
      return null
  }
}

const inBatches = async (
  db: OpenDatabase,
  context: WriteContext,
  batch: (tx: Tx) => Promise<number>,
): Promise<number> => {
  let total = 0
  for (;;) {
    const count = await db.write(context, batch)
    total += count
    if (count < BATCH) return total
  }
}

const deleteOrphanSchedules = async (tx: Tx): Promise<number> => {
  const rows = await orphanSchedules(tx).limit(BATCH).execute()
  if (rows.length === 0) return 0
  const ids = rows.map((row) => row.scheduleId)
  await tx.deleteFrom('Task_Schedule').where('scheduleId', 'in', ids).execute()
  return ids.length
}

const stopOrphanRuns = async (tx: Tx, now: string): Promise<number> => {
  const rows = await orphanRuns(tx).limit(BATCH).execute()
  if (rows.length === 0) return 0
  await tx
    .updateTable('Task_History')
    .set({ state: 'Stopped', error: 'its task no longer exists', endTime: now, updatedAt: now })
    .where(
      'historyId',
      'in',
      rows.map((row) => row.historyId),
    )
    .execute()
  return rows.length
}
