import type { IsolationLevel, Kysely } from 'kysely'
import type { Tables } from '../entities/index.ts'

/** Counting the rows of a large table, and reading large rows, takes longer than what a node asks. */
export const SNAPSHOT_SECONDS = 600

/** How a kind of server gives one state of its database. */
export interface Snapshots {
  /** The isolation in which a transaction sees one state of the database; null: this one has none. */
  snapshotIsolation: (db: Kysely<Tables>) => Promise<IsolationLevel | null>
}

/** Connection.snapshot on a server: one read-only transaction. `own` is closed at its end. */
export const readSnapshot = async <T>(
  own: Kysely<Tables>,
  { snapshotIsolation }: Snapshots,
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
