import { sql, type Insertable, type Selectable, type SqlBool, type Updateable } from 'kysely'
import type { Limits } from '../../../shared/domain/task.ts'
import type { Query, Tx } from '../db.ts'
import type { Tables } from '../entities/index.ts'

/** Lock groups. */

export type LockRow = Selectable<Tables['Task_Lock']>
export type LockFields = Updateable<Tables['Task_Lock']>

export const allLocks = (db: Query): Promise<LockRow[]> =>
  db.selectFrom('Task_Lock').selectAll().orderBy('lockName').execute()

export const findLock = (db: Query, lockId: string): Promise<LockRow | undefined> =>
  db.selectFrom('Task_Lock').selectAll().where('lockId', '=', lockId).executeTakeFirst()

export const locksNamed = (db: Query, names: readonly string[]): Promise<LockRow[]> =>
  names.length === 0
    ? Promise.resolve([])
    : db.selectFrom('Task_Lock').selectAll().where('lockName', 'in', names).orderBy('lockName').execute()

/** Locks those of these groups that nobody else has locked; whoever has one counts its runs alone. */
export const lockFreeLocks = (tx: Tx, names: readonly string[]): Promise<LockRow[]> =>
  names.length === 0
    ? Promise.resolve([])
    : tx
        .selectFrom('Task_Lock')
        .selectAll()
        .where('lockName', 'in', names)
        .orderBy('lockName')
        .forUpdate()
        .skipLocked()
        .execute()

export const insertLock = async (tx: Tx, row: Insertable<Tables['Task_Lock']>): Promise<void> => {
  await tx.insertInto('Task_Lock').values(row).execute()
}

export const updateLock = async (tx: Tx, lockId: string, fields: LockFields): Promise<void> => {
  await tx.updateTable('Task_Lock').set(fields).where('lockId', '=', lockId).execute()
}

export const deleteLock = async (tx: Tx, lockId: string): Promise<void> => {
  await tx.deleteFrom('Task_Lock').where('lockId', '=', lockId).execute()
}

/** A list that is not empty, as JSON text has it; `_` for the bracket, which means more to one of the databases. */
const NAMES_LOCKS = '%"locks":_"%'

const namesLocks = sql<SqlBool>`${sql.ref('t.limits')} like ${NAMES_LOCKS}`

export interface LockUser {
  taskId: string
  taskName: string
  limits: Limits | null
}

/** A run and a lock group that it was claimed under. */
export type RunLock = Selectable<Tables['Run_Lock']>

/** What was claimed under these groups, whatever their tasks name now; `runs`: it has not ended since. */
export const runsUnder = async (
  db: Query,
  lockNames: readonly string[],
): Promise<(RunLock & { runs: boolean })[]> => {
  if (lockNames.length === 0) return []
  const rows = await db
    .selectFrom('Run_Lock as r')
    .leftJoin('Task_History as h', 'h.historyId', 'r.historyId')
    .select(['r.lockName', 'r.historyId', 'h.state'])
    .where('r.lockName', 'in', lockNames)
    .execute()
  return rows.map(({ state, ...lock }) => ({ ...lock, runs: state === 'Running' }))
}

/** Rows in one statement: SQL Server takes 2100 parameters. */
const AT_ONCE = 500

export const insertRunLocks = async (tx: Tx, locks: readonly RunLock[]): Promise<void> => {
  for (let from = 0; from < locks.length; from += AT_ONCE)
    await tx
      .insertInto('Run_Lock')
      .values(locks.slice(from, from + AT_ONCE))
      .execute()
}

export const deleteRunLocks = async (
  tx: Tx,
  lockName: string,
  historyIds: readonly string[],
): Promise<void> => {
  for (let from = 0; from < historyIds.length; from += AT_ONCE)
    await tx
      .deleteFrom('Run_Lock')
      .where('lockName', '=', lockName)
      .where('historyId', 'in', historyIds.slice(from, from + AT_ONCE))
      .execute()
}

export const renameRunLocks = async (tx: Tx, from: string, lockName: string): Promise<void> => {
  await tx.updateTable('Run_Lock').set({ lockName }).where('lockName', '=', from).execute()
}

/** Tasks that name lock groups. */
export const tasksWithLocks = (db: Query): Promise<LockUser[]> =>
  db
    .selectFrom('Tasks as t')
    .select(['t.taskId', 't.taskName', 't.limits'])
    .where(namesLocks)
    .orderBy('t.taskName')
    .execute()
