import type { OpenDatabase } from '../db.ts'

/** The cluster database as use cases see it while a replica stands in for it. */
export interface Routed {
  /** Reads as of the replica while the cluster database is away; writes go to the cluster database, or fail. */
  reads: OpenDatabase
  /** Writes too: edits that wait on the replica. */
  edits: OpenDatabase
}

/** Asked anew for each statement, so that whoever holds one needs to know nothing of the change. */
export const routedDatabase = (
  centre: OpenDatabase,
  replica: OpenDatabase,
  isOffline: () => boolean,
): Routed => {
  const routed = (members: readonly (keyof OpenDatabase)[]): OpenDatabase =>
    new Proxy(centre, {
      get: (_, key: keyof OpenDatabase) => (isOffline() && members.includes(key) ? replica : centre)[key],
    })
  return { reads: routed(['read', 'look', 'now']), edits: routed(['read', 'look', 'now', 'write']) }
}
