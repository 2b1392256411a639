import { join } from 'node:path'
import type { OpenDatabase } from '../../../src/main/data/db.ts'
import { steps } from '../../../src/main/data/migrations/index.ts'
import { openReplica } from '../../../src/main/data/replica/open-replica.ts'
import { systemClock } from '../../../src/main/platform/clock.ts'
import { newId } from '../../../src/main/platform/ids.ts'
import { pullChanges, type PullResult } from '../../../src/main/services/sync/pull.ts'
import { sourceProgram } from '../../../tests/support/program.ts'

export const SYNCED = ['Tasks', 'Task_Schedule', 'Nodes']

/** A replica in a file, and what makes it follow. */
export interface Follower {
  path: string
  pull(): Promise<PullResult>
  close(): Promise<void>
}

export const openFollower = async (centre: OpenDatabase, folder: string): Promise<Follower> => {
  const nodeId = newId()
  const path = join(folder, `${nodeId}.db`)
  const replica = await openReplica({
    ...{ path, nodeId, clock: systemClock, readerEntry: sourceProgram.readerEntry },
    ...{ programVersion: sourceProgram.version, compressionLevel: 6, timeoutSeconds: 5 },
    clusterId: null,
  })
  const deps = {
    ...{ centre, replica: replica.db, nodeId, tables: SYNCED, clock: systemClock },
    ...{ schemaVersion: steps.length, observe: replica.observe, onProgress: () => {} },
  }
  return {
    path,
    pull: () => pullChanges(deps, new AbortController().signal),
    close: () => replica.db.close(),
  }
}
