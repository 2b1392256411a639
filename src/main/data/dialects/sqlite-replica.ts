import { createPendingFunctions } from '../sqlite/pending-functions.ts'
import type { Dialect, SqliteConfig } from './dialect.ts'
import { connectFile, sqlite } from './sqlite.ts'
import { pendingObjects } from './sqlite-pending-triggers.ts'

/**
 * A node's copy of a server database: a file as any other, but what is edited there is noted in Sync_Pending for the
 * cluster database, which alone logs changes.
 */
export const replica: Dialect<SqliteConfig> = {
  ...sqlite,
  sealsLog: false,
  captureObjects: pendingObjects,
  connect: (options) => {
    const { config, contexts, clock } = options
    const { stamp, compressionLevel } = config
    if (!stamp) throw new Error('a replica needs hybrid times')
    return connectFile(replica, options, createPendingFunctions({ contexts, clock, compressionLevel, stamp }))
  },
}
