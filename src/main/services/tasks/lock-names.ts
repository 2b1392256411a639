import { AppError, type Issue } from '../../../shared/domain/errors.ts'
import type { Limits } from '../../../shared/domain/task.ts'
import { hasClusterTables } from '../../data/cluster-tables.ts'
import type { Database, Query, Tx } from '../../data/db.ts'
import { lockCluster } from '../../data/repos/locks.ts'
import { insertLock, locksNamed } from '../../data/repos/task-locks.ts'
import { newId } from '../../platform/ids.ts'

/** Lock groups as tasks name them (`limits.locks`). */

/** A name that is new lets one run go on at a time, until somebody says otherwise. */
export const NEW_LOCK_RUNS = 1

const NEEDS_SCHEMA =
  'lock groups need the schema of this version: run pswebhost-node migrate, or leave them out'

const namesOf = (limits: Limits | null): string[] => [...new Set(limits?.locks ?? [])].sort()

/** The names among these that no lock group has. */
const unknownNames = async (db: Query, names: readonly string[]): Promise<string[]> => {
  const known = new Set((await locksNamed(db, names)).map(({ lockName }) => lockName))
  return names.filter((name) => !known.has(name))
}

/**
 * Each lock group that a saved task names has a row. Who makes one, or takes one away, has the cluster locked: a name
 * that is there stays there while a task that names it is written.
 * @throws AppError UNAVAILABLE where the database has no lock groups.
 */
export const ensureLocks = async (
  { tx, lockGroups }: { tx: Tx; lockGroups: boolean },
  limits: Limits | null,
): Promise<void> => {
  const names = namesOf(limits)
  if (names.length === 0) return
  if (!lockGroups) throw new AppError('UNAVAILABLE', `limits: ${NEEDS_SCHEMA}.`)
  await lockCluster(tx)
  for (const lockName of await unknownNames(tx, names))
    await insertLock(tx, {
      lockId: newId(),
      lockName,
      maxConcurrent: NEW_LOCK_RUNS,
      description: null,
      version: 1,
    })
}

/** What validation says of the names. */
export const lockIssues = async (
  read: Query,
  db: Pick<Database, 'schemaVersion'>,
  limits: Limits | null,
): Promise<{ errors: Issue[]; warnings: Issue[] }> => {
  const names = namesOf(limits)
  const path = ['limits', 'locks']
  if (names.length === 0) return { errors: [], warnings: [] }
  if (!hasClusterTables(db)) return { errors: [{ path, message: NEEDS_SCHEMA }], warnings: [] }
  const warnings = (await unknownNames(read, names)).map((name) => ({
    path,
    message: `there is no lock group "${name}" yet: saving makes it, with room for ${NEW_LOCK_RUNS} run at a time`,
  }))
  return { errors: [], warnings }
}
