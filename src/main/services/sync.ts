import { AppError } from '../../shared/domain/errors.ts'
import type { PendingChange, SyncStatus } from '../../shared/domain/sync.ts'
import { pendingChanges, type PendingRow } from '../data/replica/pending.ts'
import type { EventBus } from './events.ts'
import { giveUpEdit } from './sync/give-up.ts'
import { toPending } from './sync/records.ts'
import type { Rounds } from './sync/rounds.ts'
import { syncStatus, type StatusDeps } from './sync/status.ts'
import type { Services } from './services.ts'

/** Table sync as people see it: how far the nodes are, what waits, and a round when they ask for one. */

export interface SyncDeps extends StatusDeps {
  rounds: Pick<Rounds, 'run' | 'bootstrap' | 'between'>
  /** Asks another node for a round, through the cluster database. */
  askNode: (nodeId: string, bootstrap: boolean) => Promise<void>
  events: Pick<EventBus, 'emit'>
}

export const createSync = (deps: SyncDeps): Services['sync'] => {
  const { rounds, nodeId, askNode, replica } = deps
  return {
    status: () => syncStatus(deps),
    trigger: async (_caller, input): Promise<SyncStatus> => {
      if (input.nodeId !== undefined && input.nodeId !== nodeId) await askNode(input.nodeId, input.bootstrap)
      else await (input.bootstrap ? rounds.bootstrap() : rounds.run())
      return syncStatus(deps)
    },
    giveUp: async (_caller, changeId) => {
      const taskId = await rounds.between(() => giveUpEdit(deps, changeId))
      deps.events.emit({ type: 'task.changed', id: taskId, taskId })
      deps.events.emit({ type: 'sync.progress' })
    },
    pending: async (): Promise<PendingChange[]> => (await allPending(replica.look)).map(toPending),
  }
}

const allPending = async (db: StatusDeps['replica']['look']): Promise<PendingRow[]> => {
  const rows: PendingRow[] = []
  for (;;) {
    const page = await pendingChanges(db, rows.at(-1)?.pendingSeq ?? 0)
    if (page.length === 0) return rows.filter(({ tableName }) => tableName !== 'Task_Schedule')
    rows.push(...page)
  }
}

/** Of a node that keeps no replica. */
export const withoutSync = (
  reason: string,
  settings: { interval: number; tables: readonly string[] },
): Services['sync'] => {
  const status: SyncStatus = {
    ...{ enabled: false, reason, interval: settings.interval, tables: [...settings.tables] },
    ...{ newestSeq: null, fromReplica: null, nodes: [], openConflicts: null },
    ...{ commitToReplicaMs: null, sealedTo: null },
    progress: { phase: 'idle', done: 0, total: null },
  }
  return {
    status: () => Promise.resolve(status),
    trigger: () => Promise.reject(new AppError('CONFLICT', reason)),
    pending: () => Promise.resolve([]),
    giveUp: () => Promise.reject(new AppError('CONFLICT', reason)),
  }
}
