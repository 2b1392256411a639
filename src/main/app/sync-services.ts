import type { Services } from '../services/services.ts'
import { createSync, withoutSync } from '../services/sync.ts'
import { findCursor } from '../data/replica/cursor.ts'
import { lagBehind, ofAllTables } from '../data/replica/lag.ts'
import { isoOf } from '../platform/clock.ts'
import type { SyncMeasures } from '../services/metrics.ts'
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
    events: core.events,
  })
}

/** For /metrics. Null: the node keeps no replica. */
export const syncMeasures = ({ db, clock, self }: Core, sync: TableSync | null): SyncMeasures | null => {
  if (!sync) return null
  const { state } = sync.rounds
  return {
    lag: async () => {
      if (db.server?.away()) return Number.NaN
      const cursor = await findCursor(sync.replica.db.look, self.nodeId)
      return ofAllTables((await lagBehind(db.read, cursor?.seq ?? 0)).byTable)
    },
    // As bad as it gets before the first round.
    age: () => (clock.now() - Date.parse(state().asOf ?? isoOf(0))) / 1000,
    pending: () => state().waiting,
  }
}
