import type { Services } from '../services/services.ts'
import { createSync, withoutSync } from '../services/sync.ts'
import type { Core } from './core.ts'
import { whyNoReplica, type TableSync } from './table-sync.ts'

/** The use cases of table sync, whether the node keeps a replica or not. */
export const syncServices = (core: Core, sync: TableSync | null): Services['sync'] => {
  const { db, config, self } = core
  const { interval, tables } = config.tableSync
  if (!sync) return withoutSync(whyNoReplica(core) ?? 'This command has no replica.', { interval, tables })
  return createSync({
    ...{ centre: db, replica: sync.replica.db, nodeId: self.nodeId, interval, tables },
    ...{ rounds: sync.rounds, state: sync.rounds.state, offlineSince: sync.reach.offlineSince },
    askNode: sync.askNode,
  })
}
