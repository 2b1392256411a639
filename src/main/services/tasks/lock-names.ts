import type { Issue } from '../../../shared/domain/errors.ts'
import type { Limits } from '../../../shared/domain/task.ts'
import type { Query, Tx } from '../../data/db.ts'
import { lockCluster } from '../../data/repos/locks.ts'
import { insertLock, locksNamed } from '../../data/repos/task-locks.ts'
import { newId } from '../../platform/ids.ts'

/** Lock groups as tasks name them (`limits.locks`). */

/** A name that is new lets one run go on at a time, until somebody says otherwise. */
export const NEW_LOCK_RUNS = 1

const namesOf = (limits: Limits | null): string[] => [...new Set(limits?.locks ?? [])].sort()

/** The names among these that no lock group has. */
const unknownNames = async (db: Query, names: readonly string[]): Promise<string[]> => {
  const known = new Set((await locksNamed(db, names)).map(({ lockName }) => lockName))
  return names.filter((name) => !known.has(name))
}

/**
 * Each lock group that a saved task names has a row. Who makes one, or takes one away, has the cluster locked: a name
 * that is there stays there while a task that names it is written.
 */
export const ensureLocks = async (tx: Tx, limits: Limits | null): Promise<void> => {
  const names = namesOf(limits)
  if (names.length === 0) return
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
export const lockWarnings = async (read: Query, limits: Limits | null): Promise<Issue[]> =>
  (await unknownNames(read, namesOf(limits))).map((name) => ({
    path: ['limits', 'locks'],
    message: `there is no lock group "${name}" yet: saving makes it, with room for ${NEW_LOCK_RUNS} run at a time`,
  }))
