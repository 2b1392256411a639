import type { Kysely } from 'kysely'
import type { Tables } from '../entities/index.ts'
import type { ServerKind } from './open-server.ts'

/** Counting the rows of a large table, and reading large rows, takes longer than what a node asks. */
export const SNAPSHOT_SECONDS = 600

/** Connection.snapshot on a server: one read-only transaction. `own` is closed at its end. */
export const readSnapshot = async <T>(
  own: Kysely<Tables>,
  { snapshotIsolation }: Pick<ServerKind, 'snapshotIsolation'>,
  work: (state: Kysely<Tables>) => Promise<T>,
): Promise<T> => {
  try {
    const isolation = await snapshotIsolation(own)
    if (isolation === null) return await work(own)
    return await own.transaction().setIsolationLevel(isolation).setAccessMode('read only').execute(work)
  } finally {
    await own.destroy()
  }
}
